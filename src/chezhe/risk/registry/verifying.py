"""Whether what was uploaded is a model that may ever score a borrower: whole, of our schema, made of facts that we serve."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from chezhe.risk.deciding.champion import POINTS_MAX, POINTS_MIN
from chezhe.risk.facts.catalogue import CATALOGUE, UNSERVED
from chezhe.risk.facts.definitions import BOOLEAN, DATE, INTEGER, MONEY, RATE, TEXT, FactDefinition
from chezhe.risk.registry import errors, evidence
from chezhe.risk.registry.evidence import Seen
from chezhe.risk.registry.labels import KINDS
from chezhe.risk.registry.packing import NotAPackage, pack, unpack
from chezhe.scorecards import artefact, pipeline
from chezhe.scorecards.artefact import MANIFEST, Model
from chezhe.scorecards.errors import ModelError

# What a decision finds by the score cannot be what the score is found by.
DERIVED: Final = ("score", "tier", "exceptions")
NAMED_MAX: Final = 5
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


def verify(data: bytes) -> Verified:
    """Judge an uploaded zip. Raises ModelRefused (422) with the reason; nothing is believed before its hash is right."""
    try:
        return verify_files(unpack(data))
    except NotAPackage as fault:
        raise errors.of_package(fault) from None


def verify_files(files: Mapping[str, bytes]) -> Verified:
    """The same for the files of an artefact, the manifest among them."""
    try:
        model = artefact.of_files(files)
        if model.kind not in dict(KINDS):
            raise errors.of_content("kind")
        documents = {name: _document(model, name) for name in ("metrics.json", "model_card.json", "schema.json")}
    except ModelError as fault:
        raise errors.of_artefact(fault) from None
    _require_papers(documents["metrics.json"], documents["model_card.json"])
    _require_facts(model)
    _require_answers(model)
    _require_spread(model)
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


def _require_papers(metrics: Mapping[str, Any], card: Mapping[str, Any]) -> None:
    """What the pages and the drift watch will read in the papers is there, as figures and texts."""
    test = metrics.get("test")
    if not isinstance(test, dict) or not all(isinstance(value, int | float) for value in test.values()):
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


def _require_spread(model: Model) -> None:
    """Drift can be measured against what the model says of its training rows."""
    told = model.document("schema.json")
    everybody = [Seen({}), Seen({name: _sample(CATALOGUE[name]) for name in model.columns})]
    try:
        spreads: list[Any] = [told["probability"], *told["features"]]  # type: ignore[misc]
        is_whole = all(len(one["shares"]) == len(one.get("cuts", one.get("categories"))) + 2 for one in spreads)
        pipeline.drift(model, evidence.table_of(everybody, model.columns))
    except (ModelError, KeyError, TypeError, ValueError, IndexError, AttributeError):
        is_whole = False
    if not is_whole:
        raise errors.of_content("document", name="schema.json")


def _require_facts(model: Model) -> None:
    unknown = [name for name in model.columns if name not in CATALOGUE]
    if unknown:
        raise errors.of_content("inputs", names="、".join(unknown[:NAMED_MAX]))
    derived = [name for name in model.columns if name in DERIVED]
    if derived:
        raise errors.of_content("derived", names="、".join(derived))
    unserved = [str(CATALOGUE[name].title) for name in model.columns if name in UNSERVED]
    if unserved:
        raise errors.of_content("unserved", names="、".join(unserved))


def _require_answers(model: Model) -> None:
    """Nobody at all and somebody with a value for everything are scored: what cannot answer now would answer nobody."""
    for row in ({}, {name: _sample(CATALOGUE[name]) for name in model.columns}):
        try:
            said = model.score(row)
        except ModelError as fault:
            raise errors.of_content("facts", name=fault.field) from None
        score, chance = getattr(said, "score", None), getattr(said, "probability", None)
        if score is None or chance is None or not POINTS_MIN <= score <= POINTS_MAX or not 0 <= chance <= 1:
            raise errors.of_content("scores")


def _sample(fact: FactDefinition) -> Any:
    if fact.values:
        return fact.values[0]
    return _SAMPLES[fact.type]
