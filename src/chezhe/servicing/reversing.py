"""Taking back what came in or was decided: everything that doing it books, before it is done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.ledger.bookings import Booking, mirrored
from chezhe.payments import postings as payment_postings
from chezhe.payments.models import BankLine, Tally
from chezhe.payments.reconciliation import leaving, taking_back
from chezhe.payments.states import BANK_LINE
from chezhe.servicing import bank_lines, changes, previews, refinancing, reversals
from chezhe.servicing.models import Loan, LoanChange, LoanEvent
from chezhe.servicing.previews import Preview


def preview(loan: Loan, event: LoanEvent, today: date) -> Preview:
    """A dry run of the whole reversal: the loan's own entries, the receipt that waits in suspense again, and of a refinancing what the
    new loan gets back."""
    said = previews.preview_reversal(loan, event, today)
    back = refinancing.back_of(event, today)
    given = previews.preview_news(*back, today).bookings if back else ()
    return replace(said, bookings=(*said.bookings, *_let_go(event, today), *given))


def would(change: LoanChange, today: date) -> tuple[Preview | None, BusinessError | None]:
    """What a change that waits would do if it were agreed to today, a reversal as well, and what would refuse the vote."""
    if change.kind != reversals.KIND:
        return changes.would(change, today)
    assert change.reverses_id is not None
    try:
        event = reversals.require(change.loan, change.reverses_id)
    except BusinessError as refusal:
        return None, refusal
    return preview(change.loan, event, today), None


def _let_go(event: LoanEvent, today: date) -> tuple[Booking, ...]:
    """What `bank_lines.let_go` books: of a receipt that a clerk had registered before, that it is in suspense again."""
    line = bank_lines.line_of(event)
    entry = leaving.booked_out(line) if line is not None and line.status == "matched" else None
    return mirrored([entry], today) if entry else ()


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
