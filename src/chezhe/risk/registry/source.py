"""The models that score, out of the registry: verified once in a process, kept by their hash."""

from __future__ import annotations

from typing import Final

import structlog

from chezhe.risk.deciding import champion
from chezhe.risk.deciding.values import Scorer
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.registry.packing import NotAPackage, unpack
from chezhe.risk.registry.states import ACTIVE, CHALLENGING
from chezhe.scorecards import artefact
from chezhe.scorecards.artefact import Model
from chezhe.scorecards.errors import ModelError

KEPT_MAX: Final = 32
log = structlog.get_logger("chezhe.risk")
# What decisions may ask for, today or when an old one is made again or a draft is tried.
BORROWERS: Final = ("person", "company")
_kept: dict[str, Scorer] = {}
_purposes: dict[str, str] = {}


def register() -> None:
    """Let the registry answer which model scores whom; called once at start-up."""
    champion.register(champion.Source(_active_for, _of_borrowers))


def _active_for(borrower_kind: str) -> Scorer | None:
    return active(borrower_kind) if borrower_kind in BORROWERS else None


def _of_borrowers(content_hash: str) -> Scorer | None:
    """What values cars or judges customers decides about no application."""
    found = by_hash(content_hash)
    return found if _purposes.get(content_hash) in BORROWERS else None


def active(purpose: str) -> Scorer | None:
    """The model in force for a purpose; None when there is none, or when its content cannot be believed."""
    return _first(purpose, (ACTIVE,))


def challenger(purpose: str) -> Scorer | None:
    """The model that answers beside it, if one does."""
    return _first(purpose, CHALLENGING)


def _first(purpose: str, statuses: tuple[str, ...]) -> Scorer | None:
    found = ScoringModel.objects.filter(purpose=purpose, status__in=statuses).values_list("content_hash", flat=True).first()
    return by_hash(found) if found else None


def by_hash(content_hash: str) -> Scorer | None:
    """Any model that was ever registered, in force or not; None for a hash that is not here."""
    if content_hash in _kept:
        return _kept[content_hash]
    row = ScoringModel.objects.filter(content_hash=content_hash).only("number", "purpose", "content").first()
    model = None if row is None else loaded(row)
    if row is None or model is None:
        return None
    if len(_kept) >= KEPT_MAX:
        _kept.clear()
        _purposes.clear()
    _purposes[content_hash] = row.purpose
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
