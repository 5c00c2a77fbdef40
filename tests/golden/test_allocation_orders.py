"""AC-10 for every order of a product and every kind of money: what each item gets of 4 000.00, and what the ledger says."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chezhe.finmath import schedule
from chezhe.finmath.allocation import (
    COST_FIRST,
    PRINCIPAL_FIRST,
    AllocationChoice,
    AllocationMode,
    AllocationRule,
    Item,
    TransactionKind,
)
from chezhe.finmath.penalty import PenaltyRule
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import Method, QuoteTerms
from chezhe.ledger import chart
from chezhe.products.orders import INTEREST_FIRST
from chezhe.servicing import postings
from chezhe.servicing.position import Applied, Deposit, DepositUse, Incoming, Position, Terms, WriteOff, fold, opened

LEVEL = QuoteTerms(
    principal_fen=10_000_000, method=Method.EQUAL_INSTALMENT, start_date=date(2026, 1, 15), annual_rate=Decimal("0.12"), periods=36,
)
ON = date(2026, 4, 1)
K = TransactionKind
BY_ITEM = AllocationMode.BY_ITEM

# By order: penalty, compound interest, interest, principal that 4 000.00 pays of two overdue instalments (45 and 17 days).
ORDERS = {
    "cost": (AllocationRule(order=COST_FIRST), (7_216, 3_080, 157_561, 232_143)),
    "cost by item": (AllocationRule(order=COST_FIRST, mode=BY_ITEM), (7_216, 3_080, 197_679, 192_025)),
    "principal": (AllocationRule(order=PRINCIPAL_FIRST), (5_223, 2_250, 100_000, 292_527)),
    "principal by item": (AllocationRule(order=PRINCIPAL_FIRST, mode=BY_ITEM), (0, 0, 0, 400_000)),
    "interest": (AllocationRule(order=INTEREST_FIRST), (5_223, 2_250, 160_384, 232_143)),
    "interest by item": (AllocationRule(order=INTEREST_FIRST, mode=BY_ITEM), (0, 0, 197_679, 202_321)),
    "late, too soon": (AllocationRule(late_order=PRINCIPAL_FIRST, late_after_days=45), (7_216, 3_080, 157_561, 232_143)),
    "late": (AllocationRule(late_order=PRINCIPAL_FIRST, late_after_days=44), (5_223, 2_250, 100_000, 292_527)),
}
# After a write-off all of it is due: item by item the 508.45 that the running line earned are interest, too.
RECOVERED = {"cost by item": (7_216, 3_080, 248_524, 141_180), "interest by item": (0, 0, 248_524, 151_476)}
ITEMS = (Item.PENALTY, Item.COMPOUND, Item.INTEREST, Item.PRINCIPAL)


def loan(kind: TransactionKind, rule: AllocationRule) -> Position:
    """The loan of AC-01 whose product gives `kind` an order of its own; every other kind goes the opposite way."""
    other = replace(rule, order=COST_FIRST if rule.order != COST_FIRST else PRINCIPAL_FIRST, late_order=None, late_after_days=None)
    orders = tuple(AllocationChoice(kind=each, rule=rule if each is kind else other) for each in K if each is not K.REPAYMENT)
    terms = Terms(
        annual_rate=LEVEL.annual_rate, day_count=LEVEL.day_count, first_day_count=LEVEL.day_count, plan=LEVEL,
        penalty=PenaltyRule(annual_rate=Decimal("0.18")), settlement=SettlementRule(fee_rate=Decimal("0.03")),
        allocation=rule if kind is K.REPAYMENT else other, orders=orders,
    )
    return opened(terms, schedule.build(LEVEL), paid_out_on=LEVEL.start_date, principal_fen=LEVEL.principal_fen)


def arriving(kind: TransactionKind) -> list[Incoming]:
    """4 000.00 of this kind."""
    if kind is K.DEPOSIT:
        left = Incoming(on=LEVEL.start_date, source=chart.BANK, amount_fen=400_000, change=Deposit())
        return [left, Incoming(on=ON, source=chart.DEPOSITS_HELD, amount_fen=400_000, change=DepositUse())]
    money = Incoming(on=ON, source=chart.BANK, amount_fen=400_000, kind=K.REPAYMENT if kind is K.RECOVERY else kind)
    return [Incoming(on=ON, source="", amount_fen=0, change=WriteOff()), money] if kind is K.RECOVERY else [money]


@pytest.mark.parametrize("kind", list(K))
@pytest.mark.parametrize("name", list(ORDERS))
def test_ac10_each_kind_of_money_takes_its_own_order(kind: TransactionKind, name: str) -> None:
    rule, expected = ORDERS[name]
    _position, effects = fold(loan(kind, rule), arriving(kind), ON)
    applied = next(effect for effect in effects if isinstance(effect, Applied))
    assert applied.amount_fen == 400_000 and applied.allocation.unapplied_fen == 0
    got = tuple(sum(due.item_fen(item) for due in applied.allocation.paid) for item in ITEMS)
    assert got == (RECOVERED.get(name, expected) if kind is K.RECOVERY else expected)
    books = postings.balances(postings.for_effect(applied, "loan:1"))
    paid = dict(zip(ITEMS, got, strict=True))
    owed = chart.PROVISION if kind is K.RECOVERY else chart.LOAN_PRINCIPAL
    interest = chart.INTEREST_INCOME if kind is K.RECOVERY else chart.INTEREST_RECEIVABLE
    said = {owed: paid[Item.PRINCIPAL], interest: paid[Item.INTEREST], chart.PENALTY_INCOME: paid[Item.PENALTY],
            chart.COMPOUND_INCOME: paid[Item.COMPOUND]}
    assert {account: -books.get(account, 0) for account in said} == said
    assert books[chart.DEPOSITS_HELD if kind is K.DEPOSIT else chart.BANK] == 400_000


def test_money_that_is_used_up_as_unapplied_cash_is_a_repayment() -> None:
    """What a disposal brought too much waits, and falls to the next instalment as the borrower's own money."""
    rule = AllocationRule(order=PRINCIPAL_FIRST)
    early = Incoming(on=date(2026, 2, 1), source=chart.BANK, amount_fen=50_000, kind=K.DISPOSAL)
    _position, effects = fold(loan(K.DISPOSAL, rule), [early], date(2026, 2, 15))
    waited, used = (effect for effect in effects if isinstance(effect, Applied))
    assert waited.allocation.unapplied_fen == 50_000
    assert [due.interest_fen for due in used.allocation.paid] == [50_000], "cost first, as repayments of this loan go"
