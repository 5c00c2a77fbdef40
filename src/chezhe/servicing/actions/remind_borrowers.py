"""The worker reminds borrowers of what falls due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import jobs
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing import permissions, reminding


@dataclass(frozen=True, slots=True)
class Reminded:
    """Up to which loan borrowers have been looked at, and how many messages were written."""

    due_on: date
    days_ahead: int
    last: int
    messages: int

    @property
    def subject(self) -> str:
        return f"reminders:{self.due_on.isoformat()}"


@action(permissions.TELL_BORROWERS, label=_("发送到期提醒"))
def remind_borrowers(*, due_on: date, days_ahead: int, after: int, by: Actor) -> Reminded:
    """Remind the next borrowers of the instalment of `due_on`; while more are left, the worker is asked again."""
    loans = list(reminding.chunk_of(due_on, days_ahead, after))
    written = sum(reminding.remind(loan, due_on, days_ahead, by=by) is not None for loan in loans)
    last = loans[-1].pk if loans else after
    if len(loans) == reminding.CHUNK:
        jobs.enqueue("servicing.remind_borrowers", due_on=due_on.isoformat(), days_ahead=days_ahead, after=last)
    return Reminded(due_on, days_ahead, last, written)
