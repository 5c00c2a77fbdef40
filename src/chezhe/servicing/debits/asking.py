"""A debit that somebody asks for, beside the calendar: what it would do, and the order."""

from __future__ import annotations

from datetime import date

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from chezhe.finmath.money import ZERO, Money
from chezhe.kernel import business_date, clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.ledger.bookings import Booking
from chezhe.payments.debits import postings as payment_postings
from chezhe.payments.debits import queries as payment_queries
from chezhe.payments.debits import rules as payment_rules
from chezhe.payments.debits.models import Mandate
from chezhe.servicing import previews
from chezhe.servicing.debits import following, ordering
from chezhe.servicing.debits.models import MANUAL_FROM, LoanDebit, number_of
from chezhe.servicing.models import Loan
from chezhe.servicing.previews import Preview
from chezhe.servicing.states import LOAN


class NoMandate(BusinessError):
    code = "mandate_missing"
    sentence = _("客户没有有效的代扣授权，不能扣款；请先在客户页面签署或恢复授权。")


class MoreThanOwed(BusinessError):
    code = "debit_above_due"
    http_status = 422
    field = "amount"
    sentence = _("扣款金额不能超过当日应还的 %(owed)s 元：授权只及于到期款项。")


class AboveLimit(BusinessError):
    code = "debit_above_limit"
    http_status = 422
    field = "amount"
    sentence = _("超过授权限额：今日最多还能扣 %(left)s 元（单笔限额 %(per_debit)s 元，超过的自动拆分）。")


class DebitInFlight(BusinessError):
    code = "debit_in_flight"
    sentence = _("扣款 %(number)s 已发送，渠道尚未答复；得到答复前不能再扣，以免重复扣款。")


class CollectedBefore(BusinessError):
    code = "debit_collected_before"
    sentence = _("已从客户账户扣到、又被人工冲正的款项还没有重新入账；请先在扣款页面重新入账，以免重复扣款。")


def require_possible(loan: Loan, amount: Money, today: date) -> tuple[Mandate, list[Money]]:
    """The mandate and the orders that such a debit would make.

    Raises WrongState (409), Invalid (422), MoreThanOwed (422), DebitInFlight (409), CollectedBefore (409), NoMandate (409) or
    AboveLimit (422).
    """
    LOAN.require(loan.status, "repay")
    if amount.fen <= 0:
        raise Invalid(field="amount", code="amount_not_positive", sentence=_("扣款金额须大于 0。"))
    owed = ordering.owed_on([loan], today)[loan.pk]
    if amount > owed:
        raise MoreThanOwed(owed=owed)
    open_one = LoanDebit.objects.filter(loan=loan, status="ordered").first()
    if open_one is not None:
        raise DebitInFlight(number=open_one.number)
    if ordering.with_unbooked([loan]):
        raise CollectedBefore()
    mandate = ordering.mandates_of([loan]).get(loan.customer_id)
    if mandate is None:
        raise NoMandate()
    limits = payment_queries.limits_of([mandate], today)[mandate.pk]
    parts = payment_rules.parts_of(amount, limits)
    if sum(part.fen for part in parts) != amount.fen:
        raise AboveLimit(left=limits.left, per_debit=limits.per_debit)
    return mandate, parts


def preview(loan: Loan, amount: Money, today: date) -> Preview:
    """What the debit would do to the loan and the books, if the channel collects all of it today. Nothing is written."""
    said = previews.preview_news(loan, following.news_of(amount, "preview", loan.number, today), today)
    first = Booking(today, "debit_collected", payment_postings.collected(amount, loan.subject))
    return Preview(said.before, said.after, (first, *said.bookings), said.is_replay)


def ask(loan: Loan, amount: Money, *, by: Actor) -> LoanDebit:
    """Order it under a turn of its own; the loan is locked. Raises what `require_possible` raises."""
    today, now = business_date.current(), clock.now()
    mandate, parts = require_possible(loan, amount, today)
    last = LoanDebit.objects.filter(loan=loan, day=today, turn__gte=MANUAL_FROM).aggregate(last=Max("turn"))["last"]
    turn = (last or MANUAL_FROM - 1) + 1
    one = LoanDebit.objects.create(
        number=number_of(loan.number, today, turn), loan=loan, mandate=mandate, day=today, turn=turn, due_at=now, amount=amount,
        collected=ZERO, booked=ZERO, asked_by_name=by.name,
    )
    want = ordering.Wanted(claim=one.number, mandate=mandate, parts=parts, branch_id=loan.branch_id, memo=loan.number)
    ordering.place([(one, want)], now, by=by)
    return one
