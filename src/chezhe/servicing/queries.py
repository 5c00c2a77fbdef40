"""What people and other rooms ask about loans."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import BankAccount
from chezhe.finmath.money import Money
from chezhe.finmath.settlement import Settlement
from chezhe.kernel import crypto, values
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.kernel.scope import Locking
from chezhe.kernel.subjects import Subject
from chezhe.payments.models import BankFile, BankLine
from chezhe.payments.reconciliation.proposing import Party
from chezhe.payments.rules import LOAN_NUMBER
from chezhe.servicing import backdating, lives
from chezhe.servicing import position as positions
from chezhe.servicing.models import Loan
from chezhe.servicing.position import Position
from chezhe.servicing.states import LOAN, ON_BOOKS, RUNNING

# How far ahead the payoff of a loan is quoted whose every instalment is due already.
CALLED_IN_QUOTE_DAYS = 30
_PAID = Locking(lambda by: Loan.objects.visible_to(by).select_related("product_version"))


def locked(number: str, by: Actor) -> Loan:
    """A loan that money comes for, with its product's version. Raises NotFound (404)."""
    return _PAID.lock(number, by)


@dataclass(frozen=True, slots=True, kw_only=True)
class Payoff:
    """What settles a loan on a day: the figure by item, the borrower's own cash with us, and what is left to pay."""

    loan_number: str
    on: date
    figure: Settlement
    unapplied: Money

    @property
    def total(self) -> Money:
        return Money(self.figure.total_fen)

    @property
    def drawn(self) -> Money:
        """How much of the borrower's cash with us is set off."""
        return Money(min(self.figure.total_fen, self.unapplied.fen))

    @property
    def to_pay(self) -> Money:
        return self.total - self.drawn

    def as_json(self) -> dict[str, Any]:
        return {"on": self.on.isoformat(), "unapplied_fen": self.unapplied.fen, "figure": values.to_json(self.figure)}


class PaidInFuture(BusinessError):
    code = "paid_in_future"
    http_status = 422
    field = "paid_on"
    sentence = _("到账日 %(paid_on)s 晚于业务日期 %(today)s，请核对日期。")


class PaidBeforePayout(BusinessError):
    code = "paid_before_payout"
    http_status = 422
    field = "paid_on"
    sentence = _("到账日 %(paid_on)s 早于放款日 %(paid_out_on)s，请核对日期或贷款编号。")


class PaidBeforeTakeover(BusinessError):
    code = "paid_before_takeover"
    http_status = 422
    field = "paid_on"
    sentence = _("贷款自 %(taken_over_on)s 起在本系统记账，到账日 %(paid_on)s 属于原系统；如当时漏记，请按 %(taken_over_on)s 登记并注明。")


class NotQuotable(BusinessError):
    code = "settlement_day_impossible"
    http_status = 422
    field = "on"
    sentence = _("结清日须在 %(first)s 与 %(last)s 之间。")


def require_own(loan: Loan, by: Actor) -> None:
    """A customer deals with the own loan alone: whoever borrows beside another reads it, and moves no account and takes no paper of it.

    Raises NotFound (404)."""
    if by.is_outsider and loan.customer_id not in by.party_ids:
        raise NotFound(what=loan.number)


def require_day(loan: Loan, paid_on: date, today: date) -> None:
    """Raises PaidInFuture, PaidBeforePayout or PaidBeforeTakeover (422): money cannot come tomorrow, nor before the loan."""
    if paid_on > today:
        raise PaidInFuture(paid_on=paid_on, today=today)
    if paid_on < loan.paid_out_on:
        raise PaidBeforePayout(paid_on=paid_on, paid_out_on=loan.paid_out_on)
    if paid_on < loan.begun_on:
        raise PaidBeforeTakeover(paid_on=paid_on, taken_over_on=loan.begun_on)


def require_quote(loan: Loan, on: date, today: date) -> Payoff:
    """`settlement_quote` for a day that can be asked for, also one that has passed. Raises WrongState, ChangedSince (409) and
    NotQuotable (422)."""
    LOAN.require(loan.status, "settle")
    now = max(today, loan.as_of)
    last = max(now, loan.matures_on) if loan.status == "active" else now + timedelta(days=CALLED_IN_QUOTE_DAYS)
    if not loan.begun_on <= on <= last:
        raise NotQuotable(first=loan.begun_on, last=last)
    backdating.require_nothing_since(loan, on, backdating.AFTER_SETTLEMENT)
    return settlement_quote(loan, on)


def settlement_quote(loan: Loan, on: date) -> Payoff:
    """The payoff of a loan on `on`: provided that nothing else is paid until then, or of a day that has passed, by what is known of
    it now."""
    return payoff_of(loan, lives.stood_on(loan, on), on)


def payoff_of(loan: Loan, position: Position, on: date) -> Payoff:
    """The payoff of a position already at or before `on`; what falls due until then takes unapplied cash first."""
    ready, _effects = positions.advance(position, on)
    return Payoff(loan_number=loan.number, on=on, figure=positions.payoff(ready, on), unapplied=Money(ready.unapplied_fen))


def current_position(loan: Loan, today: date) -> Position:
    """The loan as it stands on the business date, penalties to that day included."""
    return lives.standing(loan, max(today, loan.as_of))


# ---- bank lines -----------------------------------------------------------------------------------------------


def loan_for(line: BankLine, actor: Actor) -> str:
    """The number of the loan a receipt surely belongs to, or empty: named in the memo, or the payer's only active one."""
    named = LOAN_NUMBER.search(line.memo.upper().replace(" ", ""))
    if named:
        return named[0]
    if not line.payer_account:
        return ""
    digest = crypto.blind_index(line.payer_account, kind="card_number")
    mine = Loan.objects.visible_to(actor).filter(
        status__in=RUNNING, customer__accounts__card_number_hash=digest, customer__accounts__closed_at__isnull=True
    )
    numbers = list(mine.values_list("number", flat=True).distinct()[:2])
    return numbers[0] if len(numbers) == 1 else ""


def parties_of(numbers: list[str]) -> dict[str, Party]:
    """Who stands behind loans, for reconciliation to compare with what the bank says: the borrower and the accounts in use."""
    loans = Loan.objects.filter(number__in=numbers).values_list("number", "customer_id", "customer__name")
    tails: dict[int, set[str]] = {}
    accounts = BankAccount.objects.filter(customer__in=[customer for _number, customer, _name in loans], closed_at=None)
    for customer, tail in accounts.values_list("customer_id", "tail"):
        tails.setdefault(customer, set()).add(tail)
    return {number: Party(frozenset([name]), frozenset(tails.get(customer, ()))) for number, customer, name in loans}


def files_to_post(actor: Actor) -> QuerySet[BankFile]:
    """Bank files with lines that have found no loan yet."""
    return BankFile.objects.visible_to(actor).filter(lines__status__in=["open", "parked"]).distinct()


# ---- lists ----------------------------------------------------------------------------------------------------


def overdue(actor: Actor, on: date) -> QuerySet[Loan]:
    """Loans in the books with an instalment that fell due before `on` and is unpaid."""
    return Loan.objects.visible_to(actor).filter(status__in=ON_BOOKS, oldest_due_on__lt=on)


def falling_due(after: date, until: date) -> QuerySet[Loan]:
    """Active loans of the whole house on which something falls due after `after` and not later than `until`."""
    return Loan.objects.filter(status="active", next_due_on__gt=after, next_due_on__lte=until)


def open_subject(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    loan = Loan.objects.visible_to(actor).select_related("customer").fetch(number)
    label, url = f"{loan.customer.masked_name} {number}", reverse("servicing:loan", args=[number])
    return Subject(loan.subject, label, url, loan.branch_id, loan.owner_id)
