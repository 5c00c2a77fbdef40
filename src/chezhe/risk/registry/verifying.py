"""Whether what was uploaded is a model that may ever answer for its purpose: whole, of our schema, made of what we serve."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from chezhe.risk.deciding.champion import POINTS_MAX, POINTS_MIN
from chezhe.risk.facts.catalogue import CATALOGUE, UNSERVED
from chezhe.risk.facts.definitions import BOOLEAN, DATE, INTEGER, MONEY, RATE, TEXT
from chezhe.risk.registry import errors, evidence, labels, purposes
from chezhe.risk.registry.evidence import Seen
from chezhe.risk.registry.packing import NotAPackage, pack, unpack
from chezhe.risk.registry.purposes import Input, Purpose
from chezhe.scorecards import artefact, pipeline
from chezhe.scorecards.artefact import MANIFEST, Model
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.scored import Scored, Valued

NAMED_MAX: Final = 5
# What the errors of a price model are held against.
PROMISED: Final = ("mape", "coverage")
_SAMPLES: Final[Mapping[str, Any]] = {MONEY: 1, INTEGER: 1, RATE: Decimal("0.5"), BOOLEAN: True, TEXT: "A", DATE: date(2020, 1, 1)}


@dataclass(frozen=True, slots=True)
class Verified:
    """A model that may be registered, with its files packed again by us: what the manifest does not vouch for is gone."""

    model: Model
    packed: bytes
    metrics: dict[str, Any]
    card: dict[str, Any]

    @property
    def data_hash(self) -> str:
        """The SHA-256 of the rows it was trained on, as its card tells."""
        data = self.card.get("data")
        return str(data.get("sha256", ""))[:64] if isinstance(data, dict) else ""

    @property
    def parent_hash(self) -> str:
        """The hash of the model that it was recalibrated from; empty for one of its own."""
        return str(self.model.manifest.get("parent", ""))


def verify(data: bytes, purpose: Purpose) -> Verified:
    """Judge an uploaded zip. Raises ModelRefused (422) with the reason; nothing is believed before its hash is right."""
    try:
        return verify_files(unpack(data), purpose)
    except NotAPackage as fault:
        raise errors.of_package(fault) from None


def verify_files(files: Mapping[str, bytes], purpose: Purpose) -> Verified:
    """The same for the files of an artefact, the manifest among them."""
    try:
        model = artefact.of_files(files)
        if model.kind not in purpose.kinds:
            raise errors.of_content("kind" if model.kind == "valuation" else "kind_price")
        documents = {name: _document(model, name) for name in ("metrics.json", "model_card.json", "schema.json")}
    except ModelError as fault:
        raise errors.of_artefact(fault) from None
    _require_papers(documents["metrics.json"], documents["model_card.json"], PROMISED if model.kind == "valuation" else ())
    _require_inputs(model, purpose)
    _require_purpose(model, documents["model_card.json"], purpose)
    _require_answers(model, purpose)
    _require_spread(model, purpose)
    kept = {name: files[name] for name in (*model.files, MANIFEST)}
    return Verified(model, pack(kept), documents["metrics.json"], documents["model_card.json"])


def _document(model: Model, name: str) -> dict[str, Any]:
    """A paper of the model that a database can keep: no NaN, no infinity, no character zero."""
    if name not in model.files:
        raise errors.of_content("document", name=name)
    told = model.document(name)
    try:
        is_kept = r"\u0000" not in json.dumps(told, allow_nan=False)
    except ValueError:
        is_kept = False
    if not is_kept:
        raise errors.of_content("document", name=name)
    return told


def _require_papers(metrics: Mapping[str, Any], card: Mapping[str, Any], promised: Sequence[str]) -> None:
    """What the pages and the drift watch will read in the papers is there, as figures and texts; of `promised` each is a share."""
    test = metrics.get("test")
    is_told = isinstance(test, dict) and all(isinstance(value, int | float) for value in test.values())
    if not is_told or not all(0 < test.get(name, 0) < 1 for name in promised):  # type: ignore[union-attr]
        raise errors.of_content("document", name="metrics.json")
    parts, history = [card.get(name, {}) for name in ("data", "split")], card.get("recalibrations", [])
    is_card = all(isinstance(part, dict) for part in parts) and isinstance(history, list) and all(map(_is_recalibration, history))
    if not is_card or not isinstance(parts[0].get("rows", 0), int):
        raise errors.of_content("document", name="model_card.json")


def _is_recalibration(told: object) -> bool:
    if not isinstance(told, dict):
        return False
    halves = [told.get(name) for name in ("before", "after")]
    measured = [half.get(name) for half in halves if isinstance(half, dict) for name in ("ece", "rows")]
    figures = [told.get("slope"), told.get("shift"), *measured]
    return len(figures) == 6 and all(isinstance(figure, int | float) for figure in figures)


def _require_spread(model: Model, purpose: Purpose) -> None:
    """Drift can be measured against what the model says of its training rows."""
    told = model.document("schema.json")
    everybody = [Seen({}), Seen({name: _sample(purpose.inputs[name]) for name in model.columns})]
    try:
        spreads: list[Any] = [told["log_price" if model.kind == "valuation" else "probability"], *told["features"]]  # type: ignore[misc]
        is_whole = all(len(one["shares"]) == len(one.get("cuts", one.get("categories"))) + 2 for one in spreads)
        pipeline.drift(model, evidence.table_of(everybody, model.columns, purpose.types))
    except (ModelError, KeyError, TypeError, ValueError, IndexError, AttributeError):
        is_whole = False
    if not is_whole:
        raise errors.of_content("document", name="schema.json")


def _require_inputs(model: Model, purpose: Purpose) -> None:
    unknown = [name for name in model.columns if name not in purpose.inputs]
    if unknown:
        raise errors.of_content("inputs", names="、".join(unknown[:NAMED_MAX]))
    derived = [name for name in model.columns if name in purpose.derived]
    if derived:
        raise errors.of_content("derived", names="、".join(derived))
    unserved = [str(CATALOGUE[name].title) for name in model.columns if name in UNSERVED]
    if unserved:
        raise errors.of_content("unserved", names="、".join(unserved))


def _require_purpose(model: Model, card: Mapping[str, Any], purpose: Purpose) -> None:
    """The model was made for this and nothing else: it says so, or what it forecasts and asks for leaves no doubt."""
    stated, asked = card.get("purpose") or "", dict(labels.PURPOSES)[purpose.code]
    if stated:
        if stated != purpose.code:
            raise errors.of_content("purpose_other", made=dict(labels.PURPOSES).get(stated, str(stated)[:20]), asked=asked)
        return
    # What asks for nothing but the inputs of a narrower purpose is of that one.
    narrower = [one for one in purposes.every() if set(model.columns) <= one.inputs.keys() < purpose.inputs.keys()]
    if narrower:
        raise errors.of_content("purpose_other", made=dict(labels.PURPOSES)[narrower[0].code], asked=asked)
    if purpose.must_be_stated or purpose.forecasts and card.get("target") not in purpose.forecasts:
        raise errors.of_content("purpose_unstated", target=str(card.get("target", ""))[:40], asked=asked, code=purpose.code)


def _require_answers(model: Model, purpose: Purpose) -> None:
    """A row of nothing and one with a value for everything are answered: what cannot answer now would answer nobody."""
    for row in ({}, {name: _sample(purpose.inputs[name]) for name in model.columns}):
        try:
            said = model.score(row)
        except ModelError as fault:
            raise errors.of_content("facts", name=fault.field) from None
        if not (_is_price(said) if isinstance(said, Valued) else _is_score(said)):
            raise errors.of_content("scores")


def _is_score(said: Scored) -> bool:
    score, chance = getattr(said, "score", None), getattr(said, "probability", None)
    return score is not None and chance is not None and POINTS_MIN <= score <= POINTS_MAX and 0 <= chance <= 1


def _is_price(said: Valued) -> bool:
    return all(map(math.isfinite, said[:3])) and 0 < said.low <= said.value <= said.high


def _sample(one: Input) -> Any:
    return one.values[0] if one.values else _SAMPLES[one.type]
