"""The models that are shipped: what a new house starts with, in force since before its first decision."""

from __future__ import annotations

from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from chezhe.kernel import clock
from chezhe.risk.registry import purposes
from chezhe.risk.registry.purposes import Purpose

if TYPE_CHECKING:
    from chezhe.risk.registry.verifying import Verified

# Before any decision: whatever an old one was scored by, the registry knows.
SINCE: Final = datetime(2018, 1, 1, tzinfo=clock.SHANGHAI)


def seed_models(**_named: Any) -> None:
    """Register each shipped model that is missing: in force where nothing is, otherwise as one that people may choose."""
    for purpose in purposes.every():
        if purpose.shipped is not None:
            _seed(purpose, purpose.shipped)


def _seed(purpose: Purpose, folder: Path) -> None:
    from chezhe.kernel import moves, numbers
    from chezhe.kernel.actor import SYSTEM
    from chezhe.risk.registry import steps
    from chezhe.risk.registry.models import PREFIX, ScoringModel
    from chezhe.risk.registry.states import ACTIVE, DRAFT
    from chezhe.scorecards import artefact

    if ScoringModel.objects.filter(content_hash=artefact.hash_of(folder)).exists():
        return
    found = _verified(purpose.code)
    row = steps.row_of(
        found, number=numbers.next_number(PREFIX, clock.today()), name=purpose.name, purpose=purpose.code, note="", by=SYSTEM)
    row.is_shipped = True
    row.status = DRAFT if ScoringModel.objects.filter(purpose=purpose.code, status=ACTIVE).exists() else ACTIVE
    row.save()
    moves.record(row.subject, "upload_model", "", row.status, by=SYSTEM)
    if row.status == ACTIVE:
        steps.turn(row.purpose, "active", row, "activate_model", by=SYSTEM, at=SINCE)


@cache
def _verified(code: str) -> Verified:
    """A shipped model, verified once in a process: databases of tests are seeded again and again."""
    from chezhe.risk.registry import verifying

    purpose = purposes.called(code)
    assert purpose.shipped is not None
    return verifying.verify_files({path.name: path.read_bytes() for path in purpose.shipped.iterdir() if path.is_file()}, purpose)
