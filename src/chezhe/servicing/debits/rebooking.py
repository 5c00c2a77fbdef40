"""Money that was collected and booked, and whose repayment somebody reversed by hand: it is on no loan until it is booked again."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.payments.debits.models import Debit
from chezhe.servicing import previews, references
from chezhe.servicing.debits import following
from chezhe.servicing.debits.models import LoanDebit
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.previews import Preview


class NothingCollected(BusinessError):
    code = "debit_not_collected"
    sentence = _("指令 %(order)s 没有扣到款，没有可入账的钱。")


class WentBack(BusinessError):
    code = "debit_went_back"
    sentence = _("指令 %(order)s 的款项已被银行冲回，钱不在我方，不能重新入账。")


class NotYetBooked(BusinessError):
    code = "debit_not_yet_booked"
    sentence = _("指令 %(order)s 的款项还没有首次入账，系统会自动入账，无需人工处理。")


class StillBooked(BusinessError):
    code = "debit_still_booked"
    sentence = _("指令 %(order)s 的 %(amount)s 元已在贷款 %(loan)s 入账，不能再入一次。")


def order_of(one: LoanDebit, reference: str) -> Debit:
    """An order of this try. Raises NotFound (404)."""
    order = Debit.objects.filter(claim=one.number, reference=reference).first()
    if order is None:
        raise NotFound(what=reference)
    return order


def unbooked(one: LoanDebit, orders: Iterable[Debit]) -> set[str]:
    """The references of those orders whose money was booked and is on the loan no more; one statement."""
    collected = {order.reference for order in orders if order.status == "collected"}
    booked = LoanEvent.objects.filter(loan=one.loan_id, facts__debit__in=sorted(collected)).values_list("facts__debit", "reversal")
    standing = {reference for reference, reversal in booked if reversal is None}
    return {reference for reference, _reversal in booked} - standing


def require_possible(one: LoanDebit, order: Debit) -> None:
    """Raises NothingCollected, WentBack, NotYetBooked or StillBooked (409)."""
    if order.status == "returned":
        raise WentBack(order=order.reference)
    if order.status != "collected":
        raise NothingCollected(order=order.reference)
    if references.standing_receipt(following.reference_of(order)):
        raise StillBooked(order=order.reference, amount=order.collected, loan=one.loan.number)
    if not LoanEvent.objects.filter(reference=following.reference_of(order)).exists():
        raise NotYetBooked(order=order.reference)


def preview(one: LoanDebit, order: Debit, today: date) -> Preview:
    """What booking it again would do: it counts from the day on which the borrower paid. Nothing is written."""
    return previews.preview_news(one.loan, following.news_for(one.loan, order, today), today)


def book(loan: Loan, one: LoanDebit, order: Debit, *, by: Actor) -> LoanEvent:
    """The loan, locked like the try, has the money once more. Raises what `require_possible` raises."""
    require_possible(one, order)
    return following.book(loan, one, order, by=by)


def let_go(event: LoanEvent) -> None:
    """Its repayment was reversed by hand: the try says that the loan no longer has this money."""
    order = Debit.objects.filter(reference=event.facts.get("debit", "")).first()
    if order is None:
        return
    one = LoanDebit.objects.lock(order.claim)
    one.booked = one.booked - event.amount
    one.save(update_fields=["booked"])
