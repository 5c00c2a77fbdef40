"""VAT by hand: the tax within a price, what is taxed when a loan goes beyond 90 days, and the entry of a month, to the fen."""

from __future__ import annotations

from decimal import Decimal

import pytest

from chezhe.ledger import chart
from chezhe.servicing import postings as loan_postings
from chezhe.servicing.tax.postings import for_month
from chezhe.servicing.tax.rules import Books, OffBook, TaxItem, taken_back, tax_within, taxes_of

SIX, ONE, THREE = Decimal("0.06"), Decimal("0.01"), Decimal("0.03")
# Instalments of the worked case: 1,000.00, 976.79, 953.34, 929.66 on the books, then 905.74 outside.
ON_BOOKS, OUTSIDE = 385_979, 90_574


def left(fen: int) -> OffBook:
    """Interest leaves the balance sheet: a claim outside, and off the income."""
    return OffBook(fen, -fen)


def fell_due_outside(fen: int) -> OffBook:
    return OffBook(fen, 0)


def received(fen: int) -> OffBook:
    return OffBook(-fen, fen)


def waived(fen: int) -> OffBook:
    return OffBook(-fen, 0)


@pytest.mark.parametrize(("gross", "rate", "tax"), [
    (100_000, SIX, 5_660), (106, SIX, 6), (0, SIX, 0), (1, SIX, 0), (9, SIX, 1), (-100_000, SIX, -5_660), (-9, SIX, -1),
    (100_000, ONE, 990), (100_000, THREE, 2_913), (53, SIX, 3), (100_000, Decimal(0), 0),
])
def test_the_tax_within_a_price_is_half_up_once_and_is_given_back_exactly(gross: int, rate: Decimal, tax: int) -> None:
    assert tax_within(gross, rate) == tax == -tax_within(-gross, rate)


def test_each_item_is_rounded_by_itself() -> None:
    assert taxes_of((53, 53, 0, 0, 0, 0, 0), SIX) == (3, 3, 0, 0, 0, 0, 0) and tax_within(18 * 5, SIX) == 5
    assert sum(taxes_of((9, 9, 9, 9, 9), SIX)) == 5 and tax_within(45, SIX) == 3, "the lines are what is posted"


@pytest.mark.parametrize(("life", "unpaid_taxed", "why"), [
    ([left(ON_BOOKS)], ON_BOOKS, "taxed when it fell due, and unpaid"),
    ([left(ON_BOOKS), fell_due_outside(OUTSIDE)], ON_BOOKS, "what falls due outside waits for its money"),
    ([left(ON_BOOKS), fell_due_outside(OUTSIDE), received(100_000)], ON_BOOKS - 100_000, "the oldest first"),
    ([left(ON_BOOKS), fell_due_outside(OUTSIDE), received(ON_BOOKS)], 0, "the taxed part is paid"),
    ([left(ON_BOOKS), fell_due_outside(OUTSIDE), received(ON_BOOKS + OUTSIDE)], 0, "all is paid"),
    ([left(100), received(100), left(200)], 200, "a second time outside begins anew"),
    ([left(100), fell_due_outside(50), received(150), left(200), fell_due_outside(70), received(230)], 0, "and ends by itself"),
    ([left(100), fell_due_outside(50), waived(50)], 100, "forgiving takes the untaxed part first"),
    ([left(100), fell_due_outside(50), waived(150)], 0, "what was taxed and is forgiven is not taxed any more"),
    ([], 0, "nothing"),
])
def test_interest_beyond_ninety_days_is_taxed_once(life: list[OffBook], unpaid_taxed: int, why: str) -> None:
    assert taken_back(life) == unpaid_taxed, why


def test_late_interest_is_taxed_by_what_came_beyond_what_was_taxed() -> None:
    life = [left(ON_BOOKS), fell_due_outside(OUTSIDE), received(ON_BOOKS + 40_000)]
    income = sum(moved.income_fen for moved in life)
    assert income + taken_back(life) == 40_000, "of the fifth instalment 400.00 were received"


def test_a_months_entry() -> None:
    moved = for_month({TaxItem.INTEREST_DUE: 5_660, TaxItem.PENALTY: 31, TaxItem.WAIVER: -1_132}, -70, "vat:P01")
    assert [(t.debit, t.credit, t.fen) for t in moved] == [
        (chart.INTEREST_INCOME, chart.VAT_PAYABLE, 5_660), (chart.PENALTY_INCOME, chart.VAT_PAYABLE, 31),
        (chart.VAT_PAYABLE, chart.WAIVERS, 1_132), (chart.VAT_DEFERRED, chart.INTEREST_INCOME, 70),
    ]
    assert loan_postings.balances(moved)[chart.VAT_PAYABLE] == -(5_660 + 31 - 1_132)


def test_taxed_and_untaxed_income_make_the_income() -> None:
    books = Books(income_fen=152_095 - 385_979, not_due_fen=52_095, taken_back_fen=385_979, waived_fen=0, other_fen=0)
    assert books.proves(100_000) == 0 and books.proves(99_999) == 1
