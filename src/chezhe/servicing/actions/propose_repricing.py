"""Repricing days have come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions
from chezhe.servicing.repricing import batches


@dataclass(frozen=True, slots=True)
class Proposed:
    """The batches that were made."""

    day: date
    numbers: tuple[str, ...]

    @property
    def subject(self) -> str:
        return f"repricing_day:{self.day.isoformat()}"


@action(permissions.WORK_REPRICING, label=_("提出重定价"))
def propose_repricing(*, day: date, by: Actor) -> Proposed:
    """Propose new rates for the floating loans whose repricing day has come, one batch a day; risk management agrees once."""
    return Proposed(day, tuple(batch.number for batch in batches.propose(day, by=by)))
