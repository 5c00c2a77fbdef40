"""Loans that a dealer brought, and the people of its commission."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.channels.commission import steps as plan_steps
from chezhe.channels.commission.steps import PlanTerms
from chezhe.channels.models import CommissionPlan, Dealer
from chezhe.channels.tests.dealing import dealer
from chezhe.contracts.models import PayeeAccount
from chezhe.finmath.contract import ContractTerms
from chezhe.kernel import clock, events, roles
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.testing import moment
from chezhe.payments.actions.settle_payout import settle_payout
from chezhe.payments.models import Payout
from chezhe.payments.steps import BankAnswer
from chezhe.servicing.actions.activate_loan import activate_loan
from chezhe.servicing.actions.approve_commission import approve_commission
from chezhe.servicing.actions.draw_up_commission import draw_up_commission
from chezhe.servicing.actions.pay_commission import pay_commission
from chezhe.servicing.commission.models import CommissionStatement
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.deciding import someone
from chezhe.servicing.tests.lending import START, Bank, contract, with_plan

# The worked case: 5 % of 175 000.00.
CASE = with_plan(principal_fen=17_500_000)
JANUARY, AFTER = date(2026, 1, 31), date(2026, 2, 3)


def planned(bank: Bank, rate: str = "0.05", hold: int = 24, **more: Any) -> CommissionPlan:
    """A dealer of Gao's, with a plan that was agreed to."""
    ours = Dealer.objects.first() or dealer(bank.cast.gao)
    terms = PlanTerms(rate=Decimal(rate), hold_months=hold, effective_from=START, **more)
    plan = plan_steps.propose(ours, terms, "新合作", on=START, by=bank.cast.gao)
    CommissionPlan.objects.filter(pk=plan.pk).update(status="agreed", decided_at=moment("2026-01-10 10:00"))
    plan.refresh_from_db()
    return plan


def brought(bank: Bank, ours: Dealer, terms: ContractTerms = CASE, **more: Any) -> Loan:
    """A loan that the dealer brought, paid out on START."""
    made = contract(bank, terms, **more)
    assert made.application is not None
    made.application.dealer = ours
    made.application.save(update_fields=["dealer"])
    return activate_loan(contract_number=made.number, amount=made.principal, paid_on=START, by=SYSTEM)


def heard() -> None:
    """The news is delivered."""
    events.deliver_all()


def account_of(ours: Dealer, bank: Bank) -> PayeeAccount:
    """Where the dealer is paid, agreed to by a second person."""
    found = PayeeAccount.objects.filter(dealer=ours).first()
    return found or PayeeAccount.objects.create(
        number="PA26-000001-X", status="verified", kind="dealer", dealer=ours, name=ours.name, bank_name="某银行", account="6222020200112233",
        tail="2233", branch=bank.cast.east, proposed_at=clock.now(), proposed_by_name="芬")


def second(bank: Bank) -> Actor:
    return someone(bank, "金", roles.FINANCE)


def drawn(bank: Bank, as_of: date = JANUARY) -> CommissionStatement:
    return draw_up_commission(as_of=as_of, by=bank.fang)[0]


def approved(bank: Bank, as_of: date = JANUARY) -> CommissionStatement:
    return approve_commission(statement_number=drawn(bank, as_of).number, by=second(bank))


def ordered(bank: Bank, statement: CommissionStatement) -> CommissionStatement:
    account_of(statement.dealer, bank)
    return pay_commission(statement_number=statement.number, by=someone(bank, "付", roles.FUNDING))


def answered(statement: CommissionStatement, outcome: str = "paid", code: str = "") -> CommissionStatement:
    """The bank says what became of the order."""
    statement.refresh_from_db()
    payout = Payout.objects.get(number=statement.payout_number)
    settle_payout(payout_number=payout.number, answer=BankAnswer(payout.attempt, outcome, "B1", code), by=SYSTEM)
    heard()
    statement.refresh_from_db()
    return statement
