"""The borrower's cash on its way back: set aside when it was agreed to, ordered by a further person, paid by the bank."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.approvals.models import ApprovalRequest
from chezhe.customers.models import BankAccount
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound, SamePerson
from chezhe.ledger.bookings import Booking
from chezhe.payments import postings as payment_postings
from chezhe.payments import steps as payment_steps
from chezhe.risk.screening import freezing
from chezhe.servicing import previews, steps
from chezhe.servicing.changes import Asked
from chezhe.servicing.models import Loan, LoanChange
from chezhe.servicing.position import Refund, RefundPayment
from chezhe.servicing.previews import Preview
from chezhe.servicing.states import LOAN_CHANGE
from chezhe.servicing.steps import News


class AccountClosed(BusinessError):
    code = "account_closed"
    sentence = _("收款账户（尾号 %(tail)s）已停用，请取消本笔退款，重新申请并选择其他账户。")


class PaidComesFirst(BusinessError):
    code = "paid_comes_first"
    sentence = _("退款 %(number)s 的付款结果尚未登记，退回须在其后登记。")


REFUNDS = ("refund", "deposit_return")
VERBS = {"paid": "pay", "failed": "fail", "returned": "return"}


def asked(loan: Loan, amount: Money, account_tail: str, reason: str, *, is_deposit: bool = False) -> Asked:
    """A refund as a change to ask for. Raises Invalid (422) for an account that is not the borrower's."""
    kind = "deposit_return" if is_deposit else "refund"
    account = account_of(loan, account_tail.strip())
    return Asked(kind=kind, change=Refund(is_deposit=is_deposit), reason=reason, amount=amount, account=account)


def account_of(loan: Loan, tail: str) -> BankAccount:
    """The borrower's open account ending in `tail`; without one, that of the contract or else the main one.

    Raises Invalid (422) when there is none, or several end alike.
    """
    accounts = list(loan.customer.accounts.filter(closed_at__isnull=True).order_by("-is_main", "id"))
    if tail:
        chosen = [account for account in accounts if account.tail == tail]
        if len(chosen) != 1:
            raise Invalid(field="account_tail", code="account_not_found", sentence=_("客户名下没有尾号为 %(tail)s 的有效账户。"), tail=tail)
        return chosen[0]
    paid_to = [account for account in accounts if account.pk == loan.contract.account_id]
    if not accounts:
        raise Invalid(field="account_tail", code="account_missing", sentence=_("客户没有有效的银行账户，请先登记。"))
    return (paid_to or accounts)[0]


def reference_of(change: LoanChange) -> str:
    """What payments knows the order by."""
    return f"refund:{change.number}"


def require_another(change: LoanChange, by: Actor) -> None:
    """Raises SamePerson (409) for whoever asked for the refund or agreed to it."""
    request = ApprovalRequest.objects.get(number=change.approval_number)
    hands = {*request.maker_ids, *(person for vote in request.votes.all() for person in vote.people)}
    if hands & set(by.user_ids):
        raise SamePerson(name=by.name, verb=LOAN_CHANGE.label("order"))


def require_refund(change: LoanChange) -> None:
    """Raises Invalid (422) for a change that is no refund."""
    if change.kind not in REFUNDS:
        raise Invalid(code="not_a_refund", sentence=_("%(number)s 不是退款。"), number=change.number)


def require_payable(change: LoanChange, by: Actor) -> None:
    """Raises WrongState, SamePerson, AccountClosed or BusinessHeld (409) and Invalid (422): cancel it for a closed account, and ask
    again."""
    LOAN_CHANGE.require(change.status, "order")
    require_refund(change)
    require_another(change, by)
    assert change.account is not None
    if change.account.closed_at is not None:
        raise AccountClosed(tail=change.account.tail)
    freezing.require_free([change.loan.customer], by=by)


def guard_payout(number: str, by: Actor) -> None:
    """A refund is about to be sent, or sent once more, by payments. Raises NotFound (404) for none of ours, BusinessHeld (409) while
    the borrower is frozen."""
    change = LoanChange.objects.select_related("loan__customer").filter(number=number, kind__in=REFUNDS).first()
    if change is None:
        raise NotFound(what=number)
    freezing.require_free([change.loan.customer], by=by)


def require_cancellable(change: LoanChange) -> None:
    """Raises WrongState (409) and Invalid (422)."""
    LOAN_CHANGE.require(change.status, "cancel")
    require_refund(change)


def preview_payment(change: LoanChange, today: date) -> Preview:
    """What is booked when the bank has paid: by payments, then by the loan."""
    said = previews.preview_news(change.loan, _paid(change, today), today)
    left = Booking(today, "payout_paid", payment_postings.payout_paid(change.amount, change.subject))
    return replace(said, bookings=(left, *said.bookings))


def preview_cancelling(change: LoanChange, today: date) -> Preview:
    """What giving it up would do."""
    assert change.event is not None
    return previews.preview_reversal(change.loan, change.event, today)


def _paid(change: LoanChange, on: date) -> News:
    reference = f"refund-paid/{change.number}"
    return News(value_on=on, reference=reference, amount=change.amount, kind="refund_paid", change=RefundPayment())


def order(change: LoanChange, *, by: Actor) -> None:
    """Hand a locked refund that `require_payable` lets go to the bank."""
    assert change.account is not None
    loan, account = change.loan, change.account
    payout = payment_steps.request_payout(
        reference=reference_of(change), amount=change.amount, memo=loan.number, branch_id=loan.branch_id, by=by,
        payee=payment_steps.Payee(name=account.holder_name, account=account.card_number),
    )
    change.payout_number = payout.number
    change.save(update_fields=["payout_number"])
    moves.move(change, LOAN_CHANGE, "order", by=by)


def follow(loan: Loan, change: LoanChange, outcome: str, *, on: date, failure_code: str, by: Actor) -> None:
    """The bank has answered; both rows are locked. News of a step that is over changes nothing; that money came back, told before
    we have booked that it went, raises PaidComesFirst (409) and is delivered again later."""
    verb = VERBS.get(outcome, "")
    if outcome == "returned" and change.status in ("sent", "failed"):
        raise PaidComesFirst(number=change.number)
    if not LOAN_CHANGE.allows(change.status, verb):
        return
    today = business_date.current()
    if outcome == "paid":
        change.paid_event = steps.take_in(loan, _paid(change, on), today=today, by=by)
    elif outcome == "returned" and change.paid_event is not None:
        steps.take_back(loan, change.paid_event, reason=failure_code, today=today, by=by)
    change.failure_code = "" if outcome == "paid" else failure_code
    change.save(update_fields=["paid_event", "failure_code"])
    moves.move(change, LOAN_CHANGE, verb, by=by, reason=failure_code)


def cancel(loan: Loan, change: LoanChange, *, reason: str, by: Actor) -> None:
    """The cash becomes the borrower's unapplied cash again; both rows are locked."""
    if change.status == "failed":
        payment_steps.abandon_payout(reference=reference_of(change), reason=reason, by=by)
    assert change.event is not None
    moves.move(change, LOAN_CHANGE, "cancel", by=by, reason=reason)
    steps.take_back(loan, change.event, reason=reason, today=business_date.current(), by=by)
