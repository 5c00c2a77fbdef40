"""The models that score, out of the registry: verified once in a process, kept by their hash."""

from __future__ import annotations

from typing import Final

import structlog

from chezhe.risk.deciding import champion
from chezhe.risk.deciding.values import Scorer
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.registry.packing import NotAPackage, unpack
from chezhe.risk.registry.states import ACTIVE
from chezhe.scorecards import artefact
from chezhe.scorecards.artefact import Model
from chezhe.scorecards.errors import ModelError

KEPT_MAX: Final = 32
log = structlog.get_logger("chezhe.risk")
_kept: dict[str, Scorer] = {}


def register() -> None:
    """Let the registry answer which model scores whom; called once at start-up."""
    champion.register(champion.Source(active, by_hash))


def active(borrower_kind: str) -> Scorer | None:
    """The model in force for this kind of borrower; None when there is none, or when its content cannot be believed."""
    found = ScoringModel.objects.filter(purpose=borrower_kind, status=ACTIVE).values_list("content_hash", flat=True).first()
    return by_hash(found) if found else None


def by_hash(content_hash: str) -> Scorer | None:
    """Any model that was ever registered, in force or not; None for a hash that is not here."""
    if content_hash in _kept:
        return _kept[content_hash]
    row = ScoringModel.objects.filter(content_hash=content_hash).only("number", "content").first()
    model = None if row is None else loaded(row)
    if row is None or model is None:
        return None
    if len(_kept) >= KEPT_MAX:
        _kept.clear()
    _kept[content_hash] = Scorer(
        name=row.number, content_hash=model.hash, model=model, inputs=tuple(model.columns), points_min=champion.POINTS_MIN,
        points_max=champion.POINTS_MAX,
    )
    return _kept[content_hash]


def loaded(row: ScoringModel) -> Model | None:
    """The artefact of a row, verified; None, and a line in the log, for one that cannot be believed: its cases go to people."""
    try:
        return artefact.of_files(unpack(bytes(row.content)))
    except (ModelError, NotAPackage) as broken:
        log.error("registered model refused", number=row.number, code=str(broken))
        return None
