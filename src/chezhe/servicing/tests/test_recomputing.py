"""A past day folded again: the same to the fen, and what has been learnt since is named."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import pyarrow
import pytest
from django.core.management import call_command
from pyarrow import parquet

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock
from chezhe.servicing import queries
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.endofday import pages as day_pages
from chezhe.servicing.endofday import recomputing, snapshot
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import TERMS, Bank, days_pass, lend, pay, receipt, settle, with_plan
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 19)


@pytest.fixture
def closed(bank: Bank, book: list[Loan]) -> list[Loan]:  # noqa: F811
    """The books after the close of DAY: some paid, some late; the clock goes on."""
    days_pass(bank, date(2026, 2, 15))
    pay(bank, book[0], "3321.43", date(2026, 2, 15), "R1")
    pay(bank, book[1], "100.00", date(2026, 2, 15), "R2")
    days_pass(bank, date(2026, 2, 20))
    pay(bank, book[3], "4000.00", date(2026, 2, 20), "R4")
    take_deposit(loan_number=book[3].number, receipt=receipt("500.00", date(2026, 2, 20), "B1", kind="deposited"), by=bank.fang)
    clock.tick(60)
    days_pass(bank, date(2026, 3, 20))
    snapshot.keep(DAY)
    clock.tick(60)
    return book


def test_a_day_comes_out_again_as_it_was_kept(bank: Bank, closed: list[Loan]) -> None:
    pay(bank, closed[0], "500.00", date(2026, 3, 20), "R3")
    days_pass(bank, date(2026, 3, 25))
    found = recomputing.recompute(DAY)
    assert (found.loans, found.wrong, found.news) == (len(closed), [], [])


def test_a_receipt_found_later_changes_what_the_day_would_be_and_is_named(bank: Bank, closed: list[Loan]) -> None:
    pay(bank, closed[2], "3321.43", date(2026, 3, 1), "LATE")
    event = closed[1].events.get(reference__contains="R2")
    reverse_repayment(loan_number=closed[1].number, event_id=event.pk, reason="错账", by=bank.fang)
    found = recomputing.recompute(DAY)
    assert not found.wrong
    first, second = sorted(map(str, found.news))
    assert closed[1].number in first and "taken back" in first and closed[2].number in second and "LATE of 2026-03-01" in second


def test_what_nothing_explains_is_wrong_and_ends_the_command_with_one(bank: Bank, closed: list[Loan]) -> None:
    Loan.objects.filter(pk=closed[0].pk).update(principal_left=Money(1))
    snapshot.keep(DAY)
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("close_days", "--recompute", DAY.isoformat(), stdout=said)
    assert ended.value.code == 1 and f"✗ {closed[0].number}: principal_left was kept as 1" in said.getvalue()


def test_a_day_that_was_never_kept_says_so(bank: Bank, closed: list[Loan]) -> None:
    with pytest.raises(recomputing.NothingKept):
        recomputing.recompute(date(2020, 1, 1))


def test_a_clock_that_was_put_back_does_not_make_later_news_known(bank: Bank, closed: list[Loan]) -> None:
    clock.tick(-3600)
    pay(bank, closed[2], "3321.43", date(2026, 3, 1), "LATE")
    found = recomputing.recompute(DAY)
    assert not found.wrong and len(found.news) == 1 and "LATE of 2026-03-01" in str(found.news[0])


# ---- every column ---------------------------------------------------------------------------------------------


def tampered(number: str, column: str, day: date = DAY) -> None:
    """The snapshot with another value of one loan in one column."""
    place = snapshot.folder() / f"book-{day.isoformat()}.parquet"
    table = parquet.read_table(place)
    rows = table.to_pylist()
    row = next(row for row in rows if row["number"] == number)
    row[column] = _another(row[column], table.schema.field(column).type)
    parquet.write_table(pyarrow.Table.from_pylist(rows, schema=table.schema), place)


def _another(value: Any, kind: pyarrow.DataType) -> Any:
    if pyarrow.types.is_date(kind):
        return (value or date(2026, 3, 1)) + timedelta(days=1)
    if pyarrow.types.is_string(kind):
        return "0.0100000000" if value and value.startswith("0.") else "other"
    return not value if pyarrow.types.is_boolean(kind) else (value or 0) + 1


def test_every_column_of_the_snapshot_is_compared_or_told_by_nobody() -> None:
    names = [name for name, _kind in snapshot.COLUMNS]
    assert sorted(names) == sorted((*recomputing.COMPARED, *recomputing.NOT_TOLD))
    assert set(day_pages.COLUMNS) == set(recomputing.COMPARED), "the page has a word for each"


@pytest.mark.parametrize("column", recomputing.COMPARED)
def test_a_tampered_value_is_found_whatever_the_column(bank: Bank, closed: list[Loan], column: str) -> None:
    pay(bank, closed[3], "500.00", date(2026, 3, 20), "R5")  # what comes later explains nothing of that day
    for loan in (closed[1], closed[3]):
        tampered(loan.number, column)
    found = recomputing.recompute(DAY)
    assert [(one.number, one.column) for one in found.wrong] == [(closed[at].number, column) for at in (1, 3)] and not found.news


def test_a_loan_that_is_over_comes_out_on_its_day(bank: Bank) -> None:
    short = lend(bank, with_plan(TERMS, periods=3))
    early = lend(bank, vin="LRWYGCEK2RC000004", plate="沪B23456")
    for month in (2, 3, 4):
        days_pass(bank, date(2026, month, 15))
        pay(bank, short, "34002.22", date(2026, month, 15), f"R{month}")
    payoff = queries.settlement_quote(early, business_date.current())
    settle(bank, early, str(payoff.to_pay).replace(",", ""))
    day = date(2026, 4, 19)
    days_pass(bank, day + timedelta(days=1))
    snapshot.keep(day)
    kept = {row["number"]: row["settled_on"] for row in parquet.read_table(snapshot.folder() / f"book-{day}.parquet").to_pylist()}
    assert kept == {short.number: date(2026, 4, 15), early.number: date(2026, 4, 15)}
    found = recomputing.recompute(day)
    assert (found.loans, found.wrong, found.news) == (2, [], [])
    for loan in (short, early):
        tampered(loan.number, "settled_on", day)
    assert {(one.number, one.again) for one in recomputing.recompute(day).wrong} == {(short.number, "2026-04-15"), (early.number, "2026-04-15")}


def test_what_was_learnt_of_one_loan_explains_the_class_of_the_borrowers_others(bank: Bank, closed: list[Loan]) -> None:
    """The only late one of them was paid in time, which came out later: then none of them would have been watched."""
    days_pass(bank, date(2026, 3, 25))
    for at, loan in enumerate(closed):
        pay(bank, loan, "90000.00", date(2026, 2, 10), f"LATE{at}")
    found = recomputing.recompute(DAY)
    assert not found.wrong and len(found.news) == len(closed)
    alone = recomputing.recompute(DAY, [closed[0].number])
    assert (alone.loans, alone.wrong) == (1, []) and len(alone.news) == 1


# ---- one loan -------------------------------------------------------------------------------------------------


def test_one_loan_is_recomputed_by_its_number(bank: Bank, closed: list[Loan]) -> None:
    tampered(closed[0].number, "deposit")
    tampered(closed[1].number, "unapplied")
    said = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("close_days", "--recompute", DAY.isoformat(), "--loan", f" {closed[0].number.lower()}", stdout=said)
    assert ended.value.code == 1 and f"✗ {closed[0].number}: deposit was kept as 1 and is 0" in said.getvalue()
    assert closed[1].number not in said.getvalue() and "1 笔" in said.getvalue()
    with pytest.raises(SystemExit) as ended:
        call_command("close_days", "--recompute", DAY.isoformat(), "--loan", closed[2].number, "--loan", closed[4].number, stdout=said)
    assert ended.value.code == 0 and "2 笔" in said.getvalue()


def test_a_loan_that_the_day_does_not_have_is_named(bank: Bank, closed: list[Loan]) -> None:
    with pytest.raises(recomputing.LoanNotKept, match="L99-000001-1"):
        recomputing.recompute(DAY, [closed[0].number, "L99-000001-1"])
    failed = io.StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command("close_days", "--loan", closed[0].number, stderr=failed)
    assert ended.value.code == 1 and "--recompute" in failed.getvalue()
