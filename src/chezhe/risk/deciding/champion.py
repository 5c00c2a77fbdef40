"""Which model scores whom. The registry of models says so; until it does, the card that is shipped scores people.

A model is asked for by whom it scores (`person`, who may be a sole trader, or `company`) and, when an old decision is decided again, by
its hash. The shipped card was trained by our own commands (`chezhe invented-applications`, `chezhe model train`); see
docs/risk-decision.md.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import structlog

from chezhe.compliance.rules import PERSON, SOLE_TRADER
from chezhe.risk.deciding.values import Scorer
from chezhe.scorecards import artefact
from chezhe.scorecards.errors import ModelError

SHIPPED = Path(__file__).parent / "shipped" / "card"
# What a scorecard of any scale of ours can say: a figure outside is a broken model.
POINTS_MIN, POINTS_MAX = 0, 1200
log = structlog.get_logger("chezhe.risk")


@dataclass(frozen=True, slots=True)
class Source:
    """Where models come from: `active` by kind of borrower on the day, `by_hash` whatever once scored."""

    active: Callable[[str], Scorer | None]
    by_hash: Callable[[str], Scorer | None]


def loaded(folder: Path, name: str) -> Scorer | None:
    """The model in a folder, verified; None, and a line in the log, for one that cannot be believed: its cases go to people."""
    try:
        model = artefact.load(folder)
    except ModelError as broken:
        log.error("scoring model refused", folder=folder.name, code=broken.code)
        return None
    return Scorer(
        name=name, content_hash=model.hash, model=model, inputs=tuple(model.columns), points_min=POINTS_MIN, points_max=POINTS_MAX,
    )


@lru_cache(maxsize=1)
def _shipped() -> Scorer | None:
    return loaded(SHIPPED, "card")


def _active(borrower_kind: str) -> Scorer | None:
    return _shipped() if borrower_kind == PERSON else None


def _by_hash(content_hash: str) -> Scorer | None:
    found = _shipped()
    return found if found is not None and found.content_hash == content_hash else None


_sources: list[Source] = [Source(_active, _by_hash)]


def register(source: Source) -> None:
    """Let the registry of models answer; called once at start-up. The one registered last is asked."""
    _sources.append(source)


def unregister(source: Source) -> None:
    """Take a source away again: tests."""
    _sources.remove(source)


def scored_as(borrower_kind: str) -> str:
    """Whose model serves this kind of borrower: a sole trader answers with all he has, and is judged by what is known of the person."""
    return PERSON if borrower_kind == SOLE_TRADER else borrower_kind


def scorer_for(borrower_kind: str) -> Scorer | None:
    """The model in force for this kind of borrower; None when there is none."""
    return _sources[-1].active(scored_as(borrower_kind)) if borrower_kind else None


def scorer_called(content_hash: str) -> Scorer | None:
    """The model with this hash, in force or not: the newest source is asked first."""
    return next((found for source in reversed(_sources) if (found := source.by_hash(content_hash)) is not None), None)
