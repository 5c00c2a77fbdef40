"""The number under which money is booked: used twice it means the same money, and what was reversed may be booked again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.money import Money
from chezhe.kernel import locks
from chezhe.kernel.composed import Composed, Question
from chezhe.kernel.errors import BusinessError
from chezhe.servicing import lives
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.position import Position

_USED = Composed(lambda mark: LoanEvent.objects.filter(reference=mark).values_list("pk")[:1], "?")


class ReceiptReferenceTaken(BusinessError):
    code = "receipt_reference_taken"
    field = "reference"
    sentence = _("凭证号“%(reference)s”已登记过另一笔还款（%(loan)s），请核对是否重复。")


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a locked loan and of a reference in one trip: whether anything was ever booked under it, and how the loan
    stood after its newest event, if that is known."""

    is_used: bool
    position: Position | None


def of_line(bank_serial: str) -> str:
    """How the books name the money of a statement's line."""
    return f"bank-line/{bank_serial}"


def hold_transfer(bank_serial: str) -> None:
    """`hold_transfers` of one; what is no serial of a bank's is nobody's to hold."""
    if bank_serial and bank_serial.isprintable():
        locks.hold(_name_of(bank_serial))


def hold_transfers(bank_serials: Iterable[str]) -> None:
    """Whoever books a bank's transfer, from the statement or by hand, and on whichever loan, holds its serial before any line and
    any loan, and asks only then whether the other has booked it: the one who comes second sees what the first has done.

    The name is that under which a file's receipts are held once more (`steps.take_in`, `batches.take_in`), which then costs no lock.
    """
    locks.hold_all(_name_of(serial) for serial in bank_serials)


def _name_of(bank_serial: str) -> str:
    return f"receipt:{of_line(bank_serial)}"


def used(reference: str) -> Question[bool]:
    """Whether anything was ever booked under a reference."""
    return Question(_USED, (reference,), bool)


def clash(reference: str) -> ReceiptReferenceTaken | None:
    """Somebody was faster with the same slip, for another loan: the refusal; None when nobody's money stands under it."""
    event = standing_receipt(reference)
    return event and _taken(event)


def standing_receipt(reference: str) -> LoanEvent | None:
    """The money booked under this reference, unless it was reversed."""
    return standing(uses_of(reference))


def standing(uses: Sequence[LoanEvent]) -> LoanEvent | None:
    """The one of them that was not reversed."""
    return next((event for event in uses if not hasattr(event, "reversal")), None)


def uses_of(reference: str) -> list[LoanEvent]:
    """Every event booked under a reference: a second one only follows a first that was reversed."""
    if not used(reference).answer():
        return []
    events = LoanEvent.objects.select_related("loan", "reversal").order_by("pk")
    uses = list(events.filter(reference=reference))
    return uses if standing(uses) else [*uses, *events.filter(reference__startswith=f"{reference}/again-")]


def same(event: LoanEvent, loan: Loan, amount: Money, kind: str, transaction: TransactionKind) -> LoanEvent:
    """The event that stands, if it is this very money. Raises ReceiptReferenceTaken (409)."""
    if (event.loan_id, event.amount, event.kind, lives.transaction_of(event)) != (loan.pk, amount, kind, transaction):
        raise _taken(event)
    return event


def _taken(event: LoanEvent) -> ReceiptReferenceTaken:
    return ReceiptReferenceTaken(reference=event.reference.rpartition("/")[2], loan=event.loan.number)
