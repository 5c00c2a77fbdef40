"""Loans for the tests of this room and of those above it: a contract made by hand, then the real actions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.contracts.models import CONTRACT_PREFIX, Contract, Mortgage
from chezhe.customers import steps as customer_steps
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import CARD, WANG, person
from chezhe.documents.tests.people import Cast, hire, make_cast
from chezhe.finmath.allocation import AllocationRule
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.penalty import PenaltyRule
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import FeeTerms, FeeWhen, Method, QuoteTerms
from chezhe.kernel import business_date, numbers, roles, values
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.testing import moment
from chezhe.origination.models import PREFIX as APPLICATION_PREFIX
from chezhe.origination.models import Application
from chezhe.products import seeds
from chezhe.products.models import Product, ProductVersion
from chezhe.products.rules import SettlementTerms
from chezhe.servicing.actions.activate_loan import activate_loan
from chezhe.servicing.actions.open_business_day import open_business_day
from chezhe.servicing.actions.prepay_loan import prepay_loan
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.actions.settle_loan import settle_loan
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.receipts import CounterReceipt
from chezhe.vehicles.tests.filing import USED, vehicle

START = date(2026, 1, 15)
FEE = FeeTerms(code="service", amount_fen=5_000, when=FeeWhen.MONTHLY)
TERMS = ContractTerms(
    plan=QuoteTerms(
        principal_fen=10_000_000, annual_rate=Decimal("0.12"), method=Method.EQUAL_INSTALMENT, periods=36, start_date=START
    ),
    penalty=PenaltyRule(annual_rate=Decimal("0.18")), allocation=AllocationRule(), settlement=SettlementRule(fee_rate=Decimal("0.03")),
)
"""The worked case: 100 000.00 at 12 % over 36 months, 3 321.43 a month."""


@dataclass(frozen=True)
class Bank:
    """The people of a lender's back office, and Wang, who borrows."""

    cast: Cast
    fang: Actor
    wang: Customer


def make_bank() -> Bank:
    """Fang does finance for the whole house; Lin's customer Wang has a card with us."""
    business_date.open_day(START)
    _plain_product()
    cast = make_cast()
    fang = hire("方", cast.east, roles.FINANCE, reach=Reach.ALL)
    wang = person(WANG, cast.lin)
    customer_steps.add_account(wang, kind="card", card_number=CARD, bank_name="某银行")
    return Bank(cast, fang, wang)


def _plain_product() -> None:
    """T01: as P01, but settling early always costs."""
    terms = replace(
        seeds.new_car(), settlement=SettlementTerms(fee_rate=Decimal("0.03")), subsidised_purposes=("purchase", "consumption"))
    version = ProductVersion(
        product=Product.objects.create(code="T01", name="测试产品", english="Test product"), version=1, number="T01-v1",
        status="published", effective_from=START, drafted_at=moment("2026-01-01 10:00"),
    )
    version.write(terms)
    version.save()


def with_plan(terms: ContractTerms = TERMS, **changes: Any) -> ContractTerms:
    """The worked case with another plan."""
    return replace(terms, plan=replace(terms.plan, **changes))


def contract(
    bank: Bank, terms: ContractTerms = TERMS, *, product: str = "T01", vin: str = USED.vin, plate: str = USED.plate,
) -> Contract:
    """A contract in force, its mortgage registered."""
    by, version = bank.cast.lin, ProductVersion.objects.get(number=f"{product}-v1")
    car = vehicle(replace(USED, vin=vin, plate=plate), bank.wang, by)
    application = Application.objects.create(
        number=numbers.next_number(APPLICATION_PREFIX, START), status="accepted", customer=bank.wang, vehicle=car,
        product_version=version, branch=bank.cast.east, owner_id=by.user_id, created_at=moment("2026-01-10 10:00"),
        changed_at=moment("2026-01-10 10:00"), purpose="consumption", approval_expires_on=date(2026, 3, 1), bound="paid",
    )
    made = Contract.objects.create(
        number=numbers.next_number(CONTRACT_PREFIX, START), status="effective", application=application, customer=bank.wang,
        vehicle=car, product_version=version, account=bank.wang.accounts.get(), branch=bank.cast.east, owner_id=by.user_id,
        terms=values.to_json(terms), principal=Money(terms.plan.principal_fen), annual_rate=terms.plan.annual_rate,
        periods=terms.plan.periods, edition="2026", prepared_on=START, effective_on=START, prepared_by_name=by.name, needs_cost_sheet=False,
    )
    Mortgage.objects.create(contract=made, vehicle=car, status="registered", receipt_number="D1", registered_on=START)
    return made


def lend(bank: Bank, terms: ContractTerms = TERMS, **more: Any) -> Loan:
    """A loan paid out on START."""
    made = contract(bank, terms, **more)
    return activate_loan(contract_number=made.number, amount=made.principal, paid_on=START, by=SYSTEM)


def receipt(yuan: str, on: date, reference: str = "S1", **more: Any) -> CounterReceipt:
    amount = Money(int(Decimal(yuan.replace(" ", "")) * 100))
    return CounterReceipt(**{"amount": amount, "paid_on": on, "channel": "bank", "reference": reference, **more})


def days_pass(bank: Bank, to: date) -> None:
    """Open day after day until `to`."""
    while (today := business_date.current()) < to:
        next_day = min(to, date.fromordinal(today.toordinal() + 31))
        open_business_day(day=next_day, calendar_day=next_day, by=bank.fang)


def pay(bank: Bank, loan: Loan, yuan: str, on: date, reference: str = "S1") -> LoanEvent:
    return record_repayment(loan_number=loan.number, receipt=receipt(yuan, on, reference), by=bank.fang)


def settle(bank: Bank, loan: Loan, yuan: str, reference: str = "J1", on: date | None = None) -> LoanEvent:
    given = receipt(yuan, on or business_date.current(), reference, kind="settled")
    return settle_loan(loan_number=loan.number, receipt=given, by=bank.fang)


def prepay(
    bank: Bank, loan: Loan, yuan: str, mode: str = "reduce_instalment", reference: str = "T1", on: date | None = None,
) -> LoanEvent:
    given = receipt(yuan, on or business_date.current(), reference, kind="prepaid", mode=PrepaymentMode(mode))
    return prepay_loan(loan_number=loan.number, receipt=given, by=bank.fang)


def pay_instalments(bank: Bank, loan: Loan, count: int, yuan: str = "3321.43") -> None:
    """Each on its due date."""
    for event_due in list(loan.schedules.get(version=1).due_dates)[:count]:
        days_pass(bank, event_due)
        pay(bank, loan, yuan, event_due, f"R{event_due:%Y%m%d}")
    loan.refresh_from_db()
