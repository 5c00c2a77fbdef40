"""View-models of commission."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import moves
from chezhe.kernel.actor import Actor
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger.bookings import Booking
from chezhe.ledger.models import JournalEntry
from chezhe.ledger.vocabulary import event_label
from chezhe.payments.states import failure_label
from chezhe.servicing import pages
from chezhe.servicing.commission import permissions, statements
from chezhe.servicing.commission.models import CommissionStatement
from chezhe.servicing.commission.states import STATEMENT
from chezhe.ui.parts import Happening, Journal
from chezhe.ui.status import Status

_TONES = {
    "drawn": "warning", "approved": "progress", "closed": "good", "discarded": "neutral", "ordered": "progress", "paid": "good",
    "failed": "danger", "returned": "danger", "reversed": "neutral",
}
STATUSES = {code: Status(label, _TONES[code]) for code, label in STATEMENT.choices()}
TITLE = gettext_lazy("返佣结算")


def trail(last: Any = "") -> list[tuple[Any, str]]:
    """The breadcrumbs of a page behind the list of statements."""
    here = [(TITLE, reverse("servicing:commission_statements") if last else "")]
    return [*pages.TRAIL, *here, *([(last, "")] if last else [])]


def journals(said: Iterable[Booking]) -> list[Journal]:
    """Entries that would be posted."""
    return [ledger_pages.preview(b.on, event_label(b.event), b.transfers) for b in said]


def booked(statement: CommissionStatement) -> list[Journal]:
    """Entries that a statement has posted: its netting, its payments, and what was taken back of them."""
    entries = JournalEntry.objects.filter(reference__startswith=f"commission/{statement.number}/").order_by("pk")
    return [ledger_pages.journal_of(entry) for entry in entries]


def track(statement: CommissionStatement) -> list[Happening]:
    """What became of it, newest first."""
    return [
        Happening(m.moved_at, STATEMENT.label(m.verb) if m.status_from else _("编制"), m.actor_name, failure_label(m.reason),
                  STATUSES[m.status_to].tone)
        for m in reversed(moves.history(statement.subject))
    ]


def verbs(statement: CommissionStatement, actor: Actor) -> dict[str, bool]:
    """What the actor may do with a statement now."""
    allowed = {
        "can_approve": ("approve", permissions.APPROVE), "can_discard": ("discard", permissions.DRAW_UP),
        "can_pay": ("pay", permissions.PAY), "can_reverse": ("reverse", permissions.REVERSE),
    }
    return {name: STATEMENT.allows(statement.status, verb) and actor.can(right.code) for name, (verb, right) in allowed.items()}


def would(statement: CommissionStatement) -> list[Journal]:
    """What agreeing to it books."""
    return journals(statements.netting_of(statement))
