"""The number under which money is booked: used twice it means the same money, and what was reversed may be booked again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from chezhe.finmath.allocation import TransactionKind
from chezhe.finmath.money import Money
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
