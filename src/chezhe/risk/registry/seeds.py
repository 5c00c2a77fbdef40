"""The card that is shipped: the first model of a new house, in force since before its first decision."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_noop

from chezhe.kernel import clock
from chezhe.risk.deciding.champion import SHIPPED

NAME: Final = gettext_noop("随系统提供的评分卡")
# Before any decision: whatever an old one was scored by, the registry knows.
SINCE: Final = datetime(2018, 1, 1, tzinfo=clock.SHANGHAI)


def seed_models(**_named: Any) -> None:
    """Register the shipped card where it is missing: in force where nothing is, otherwise as one that people may choose."""
    from chezhe.kernel import moves, numbers
    from chezhe.kernel.actor import SYSTEM
    from chezhe.risk.registry import steps, verifying
    from chezhe.risk.registry.models import PREFIX, ScoringModel
    from chezhe.risk.registry.states import ACTIVE, DRAFT

    found = verifying.verify_files({path.name: path.read_bytes() for path in SHIPPED.iterdir() if path.is_file()})
    if ScoringModel.objects.filter(content_hash=found.model.hash).exists():
        return
    row = steps.row_of(found, number=numbers.next_number(PREFIX, clock.today()), name=NAME, purpose="person", note="", by=SYSTEM)
    row.is_shipped = True
    row.status = DRAFT if ScoringModel.objects.filter(purpose="person", status=ACTIVE).exists() else ACTIVE
    row.save()
    moves.record(row.subject, "upload_model", "", row.status, by=SYSTEM)
    if row.status == ACTIVE:
        steps.turn(row.purpose, "active", row, "activate_model", by=SYSTEM, at=SINCE)
