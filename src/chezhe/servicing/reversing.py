"""Taking back what came in or was decided: what may be, and everything that doing it books."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.payments import postings as payment_postings
from chezhe.payments.models import BankLine, Tally
from chezhe.payments.reconciliation import leaving, taking_back
from chezhe.payments.states import BANK_LINE
from chezhe.servicing import bank_lines, previews, refinancing
from chezhe.servicing.models import FOLDED_KINDS, NOT_REVERSIBLE, Loan, LoanEvent
from chezhe.servicing.previews import Booking, Preview


class AlreadyReversed(BusinessError):
    code = "repayment_already_reversed"
    sentence = _("这笔还款已于 %(on)s 冲正，不能再冲正一次。")


class NotReversible(BusinessError):
    code = "event_not_reversible"
    sentence = _("这类事项不能冲正；只有收款、收费和已生效的变更可以。")


def event_of(loan: Loan, event_id: int) -> LoanEvent:
    """What is to be taken back. Raises NotFound (404), NotReversible or AlreadyReversed (409)."""
    event = loan.events.filter(pk=event_id).first()
    if event is None:
        raise NotFound(what=event_id)
    if event.kind not in FOLDED_KINDS or event.kind in NOT_REVERSIBLE:
        raise NotReversible()
    reversal = LoanEvent.objects.filter(reverses=event).first()
    if reversal:
        raise AlreadyReversed(on=reversal.posted_on)
    return event


def require_reason(reason: str) -> str:
    """The reason without blanks around it. Raises Invalid (422) without one."""
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请写明冲正原因。"))
    return reason.strip()


def preview(loan: Loan, event: LoanEvent, today: date) -> Preview:
    """A dry run of the whole reversal: the loan's own entries, the receipt that waits in suspense again, and of a refinancing what the
    new loan gets back."""
    said = previews.preview_reversal(loan, event, today)
    back = refinancing.back_of(event, today)
    given = previews.preview_news(*back, today).bookings if back else ()
    return replace(said, bookings=(*said.bookings, *_let_go(event, today), *given))


def _let_go(event: LoanEvent, today: date) -> tuple[Booking, ...]:
    """What `bank_lines.let_go` books: of a receipt that a clerk had registered before, that it is in suspense again."""
    line = bank_lines.line_of(event)
    entry = leaving.booked_out(line) if line is not None and line.status == "matched" else None
    return (Booking(today, "reversal", previews.mirror_of(entry)),) if entry else ()


# ---- what the bank took back ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class TakenBack:
    """A receipt that the bank took back: the loan that it paid, if any, with what reversing does to it, and all entries."""

    loan: Loan | None
    preview: Preview | None
    bookings: tuple[Booking, ...]


def taken_back(tally: Tally, receipt: BankLine, today: date, *, by: Actor) -> TakenBack:
    """A dry run of taking a receipt back. Raises NotTakenBack, AmountOther, WrongState (409) or NotFound (404)."""
    paid = bank_lines.event_of(receipt.bank_serial)
    loan = Loan.objects.visible_to(by).select_related("product_version__product").fetch(paid.loan.number) if paid else None
    said = previews.preview_reversal(loan, paid, today) if loan and paid else None
    freed = (*said.bookings, *_let_go(paid, today)) if said and paid else ()
    taking_back.require_same(receipt, tally)
    if paid is None:
        BANK_LINE.require(receipt.status, "take_back")
    leaves = Booking(today, leaving.EVENTS["take_back"], payment_postings.taken_back(receipt.amount, receipt.subject))
    return TakenBack(loan, said, (*freed, leaves))
