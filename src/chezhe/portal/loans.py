"""A customer's loan as the portal shows it: the plan in plain lines, what was paid, and where money goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import queries as compliance_queries
from chezhe.contracts import queries as contract_queries
from chezhe.contracts.collateral.releasing import Progress
from chezhe.customers.models import BankAccount, Customer
from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.ledger import chart
from chezhe.payments.models import Mandate
from chezhe.payments.reconciliation import accounts
from chezhe.servicing import pages
from chezhe.servicing.debits.states import TRIED
from chezhe.servicing.models import MONEY_KINDS, Loan, LoanDebit, LoanEvent
from chezhe.servicing.position import Position
from chezhe.ui.status import Status

SHOWN_MAX, NEAR = 60, 3


@dataclass(frozen=True, slots=True)
class Instalment:
    """One line of the plan: what is asked on which day, and how much of it is paid."""

    period: int
    due_on: date
    total: Money
    paid: Money
    penalty: Money
    status: Status

    @property
    def is_open(self) -> bool:
        return self.paid < self.total


def instalments(position: Position) -> list[Instalment]:
    """The whole plan as it stands today."""
    return [
        Instalment(row.period, row.due_date, Money(row.total_fen), Money(row.paid_fen), Money(row.penalty_fen), row.status)
        for row in pages.plan_rows(position)
    ]


def next_of(plan: list[Instalment]) -> list[Instalment]:
    """The next few that are not paid."""
    return [line for line in plan if line.is_open][:NEAR]


def due_items(position: Position) -> list[tuple[Any, Money]]:
    """What is owed today by item, without what is nothing."""
    sums = [(label, sum(due.item_fen(item) for due in position.dues)) for item, label in pages.ITEMS.items()]
    return [(label, Money(fen)) for label, fen in sums if fen]


def paid_of(loan: Loan) -> list[LoanEvent]:
    """What came in and was not taken back, newest first."""
    return list(loan.events.filter(kind__in=MONEY_KINDS, reversal__isnull=True).order_by("-value_on", "-id")[:SHOWN_MAX])


@dataclass(frozen=True, slots=True)
class Transfer:
    """Where a customer sends money by hand; the loan's number in the memo leads it to the loan."""

    holder: str
    account: str
    memo: str


def transfer_for(loan: Loan, on: date) -> Transfer | None:
    """Our receiving account on a day; None while it is not registered."""
    number = next((one.number for one in accounts.ours(on) if one.code == chart.BANK), "")
    return Transfer(compliance_queries.lender().name, number, loan.number) if number else None


def mandate_of(customer: Customer) -> Mandate | None:
    """The leave to collect that runs."""
    return Mandate.objects.filter(customer=customer, status="active", account__closed_at__isnull=True).select_related("account").first()


def accounts_of(customer: Customer) -> list[BankAccount]:
    """The customer's accounts that are open, the main one first."""
    return list(customer.accounts.filter(closed_at__isnull=True).order_by("-is_main", "-id").defer("card_number"))


def tries_of(loan: Loan) -> list[tuple[LoanDebit, Status]]:
    """The last times that money was asked from the account, with how each went."""
    return [(one, debit_status(one)) for one in loan.debits.filter(status__in=TRIED).order_by("-day", "-turn")[:5]]


_DEBITS = {
    "planned": (_("银行处理中"), "progress"), "ordered": (_("银行处理中"), "progress"), "collected": (_("扣款成功"), "good"),
    "partly": (_("部分扣款"), "warning"), "failed": (_("扣款未成功"), "danger"), "skipped": (_("没有扣款"), "neutral"),
    "cancelled": (_("没有扣款"), "neutral"), "returned": (_("银行已退回扣款"), "warning"),
}


def debit_status(one: LoanDebit) -> Status:
    """How a debit stands, in words for the customer."""
    label, tone = _DEBITS[one.status]
    return Status(label, tone)


def release_of(loan: Loan) -> Status | None:
    """How far the mortgage's release has come, once the loan is paid off."""
    mortgage = getattr(loan.contract, "mortgage", None)
    if loan.status != "settled" or mortgage is None:
        return None
    is_done = mortgage.status == "released"
    return Status(_("抵押已解除") if is_done else _("正在办理解除抵押"), "good" if is_done else "progress")


def releases_of(loan: Loan, actor: Actor) -> list[Progress]:
    """Step by step for each car, to the borrower's door: what is done and when, the parcel's number, what comes next."""
    return contract_queries.release_progress(loan.contract.number, actor)


# How a step of the release stands, and its tone.
STEPS: Final = {
    "done": Status(_("已完成"), "good"), "current": Status(_("正在办理"), "progress"), "todo": Status(_("稍后办理"), "neutral"),
}
