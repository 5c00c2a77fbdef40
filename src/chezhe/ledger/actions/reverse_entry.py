"""Take back a manual entry."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.kernel import locks
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger import permissions, queries, steps
from chezhe.ledger.models import MANUAL, ManualEntry


class BookedByBusiness(BusinessError):
    code = "booked_by_business"
    sentence = gettext_lazy("%(number)s 由业务办理产生，请到原业务处冲正，以免业务台账与总账不符。")


@action(permissions.REVERSE_ENTRY)
def reverse_entry(*, entry_number: str, on: date, reason: str, business_date: date, by: Actor) -> ManualEntry:
    """Propose the mirror of a manual entry, dated `on`; it is written into the books when another member of finance agrees.

    Entries that a business event booked are reversed where they came from. Raises NotFound (404), BookedByBusiness,
    AlreadyReversed, ReversalWaits, ReversalOfReversal, PeriodClosed (409), Invalid (422) without a reason or for a day
    after the business date.
    """
    entry = queries.entry_called(entry_number, by)
    locks.hold(entry.subject)  # the row itself is nobody's to lock: the books take no update
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=gettext_lazy("请填写冲正原因。"))
    if on > business_date:
        raise Invalid(
            field="on", code="posted_on_ahead", sentence=gettext_lazy("记账日期不能晚于业务日期 %(day)s。"), day=business_date
        )
    if entry.reverses_id is None and entry.event != MANUAL:
        raise BookedByBusiness(number=entry.number)
    steps.require_reversible(entry)
    mirrored = tuple(transfer.mirrored() for transfer in steps.transfers_of(entry))
    title = _("冲正 %(entry)s（%(number)s）").replace("%(entry)s", entry.number)
    return steps.propose(
        title=title, posted_on=on, memo=reason.strip(), transfers=mirrored, business_date=business_date, by=by, reverses=entry,
    )
