"""Take back a manual entry."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import permissions, queries, steps
from chezhe.ledger.models import MANUAL, JournalEntry


class BookedByBusiness(BusinessError):
    code = "booked_by_business"
    sentence = _("%(number)s 由业务办理产生，请到原业务处冲正，以免业务台账与总账不符。")


@action(permissions.REVERSE_ENTRY)
def reverse_entry(*, entry_number: str, on: date, reason: str, by: Actor) -> JournalEntry:
    """Post the mirror of a manual entry, dated `on`.

    Entries that a business event booked are reversed where they came from. Raises NotFound (404), BookedByBusiness,
    AlreadyReversed, ReversalOfReversal, PeriodClosed (409), Invalid (422) without a reason.
    """
    entry = queries.entry_called(entry_number, by)
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请填写冲正原因。"))
    if entry.reverses_id is None and entry.event != MANUAL:
        raise BookedByBusiness(number=entry.number)
    reversal = steps.reverse(reference=entry.reference, on=on, reason=reason.strip(), by=by)
    events.publish("ledger.entry_reversed", reversal.subject, {"reverses": entry.number})
    return reversal
