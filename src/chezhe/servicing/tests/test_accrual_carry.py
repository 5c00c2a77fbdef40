"""What the accrual carries is told: the exact sum, what is posted of it, and less than half a fen between them."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from openpyxl import load_workbook

from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing.endofday import carry
from chezhe.servicing.models import AccrualBook, Loan
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay
from chezhe.servicing.tests.test_accruals import DAILY, FLAT
from chezhe.servicing.tests.test_doors import at, text_of

pytestmark = pytest.mark.django_db


def test_a_third_of_a_fen_is_carried_and_joins_the_next_evening(bank: Bank, loan: Loan) -> None:
    """1,000.00 a month on 30/360: 33.33⅓ a day."""
    said = []
    for day in (16, 17, 18):
        days_pass(bank, date(2026, 1, day))
        (row,) = carry.of_books()
        assert row.closed_on == date(2026, 1, day - 1) and row.posted == ledger_queries.balance(chart.ACCRUED_INTEREST, owner="accrual:T01")
        said.append((row.earned, row.posted.fen, carry.in_fen(row.carried), carry.in_yuan(row.earned)))
    assert said == [
        (Fraction(10_000, 3), 3_333, Decimal("0.3333"), Decimal("33.333333")),
        (Fraction(20_000, 3), 6_667, Decimal("-0.3334"), Decimal("66.666666")),
        (Fraction(30_000, 3), 10_000, Decimal("0.0000"), Decimal("100.000000")),
    ]
    assert all(yuan == (posted + rest) / 100 for _earned, posted, rest, yuan in said), "what is shown adds up"


def test_every_product_and_branch_carries_less_than_half_a_fen(bank: Bank, loan: Loan) -> None:
    lend(bank, FLAT, product="P01", vin="LRWYGCEK2RC000004", plate="沪A22222")
    lend(bank, DAILY, vin="LGXCE4CB4P0000003", plate="沪A33333")
    for on in (date(2026, 1, 29), date(2026, 2, 16), date(2026, 3, 3)):
        days_pass(bank, on)
        rows = carry.of_books()
        assert [row.product for row in rows] == ["P01", "T01"] and all(row.is_rounding for row in rows)
        earned, posted, rest = carry.total(rows)
        assert earned - posted.fen == rest == sum((row.carried for row in rows), Fraction(0)) and abs(rest) < len(rows)
    pay(bank, loan, "3321.43", date(2026, 3, 3))
    assert all(row.is_rounding for row in carry.of_books()), "what a payment changes waits for the evening"


def test_what_was_taken_over_since_waits_for_the_next_close_and_says_so(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 1, 20))
    AccrualBook.objects.update(posted_fen=AccrualBook.objects.get().posted_fen + 500)
    (row,) = carry.of_books()
    assert not row.is_rounding and carry.in_fen(row.carried) < -499


def test_page_list_file_and_api_tell_it(bank: Bank, loan: Loan, browser: Any) -> None:
    client = browser.acts_as(bank.fang)
    assert "利息计提结转" not in text_of(client.get(at("day")))
    days_pass(bank, date(2026, 1, 17))
    page = text_of(client.get(at("day")))
    assert "利息计提结转" in page and "66.666666" in page and "-0.3334" in page and "不足半分的尾差结转" in page
    assert "66.666666" in text_of(client.get(at("accrual_carry")))
    book = load_workbook(io.BytesIO(client.get(at("accrual_carry") + "?export=xlsx").getvalue()))
    assert any("66.666666" in str(cell) for row in book.worksheets[0].iter_rows(values_only=True) for cell in row)
    assert browser.api("servicing/end-of-days/2026-01-16").json()["accrual_carry"] == [{
        "product": "T01", "branch": bank.cast.east.name, "earned": "66.666666", "posted": "66.67", "carried": "-0.3334", "exact": "20000/3"}]
    days_pass(bank, date(2026, 1, 18))
    assert browser.api("servicing/end-of-days/2026-01-16").json()["accrual_carry"] == [], "the groups have gone on"
