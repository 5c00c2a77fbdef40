"""A past day folded again: the same to the fen, and what has been learnt since is named."""

from __future__ import annotations

import io
from datetime import date

import pytest
from django.core.management import call_command

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.endofday import recomputing, snapshot
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass, pay
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 19)


@pytest.fixture
def closed(bank: Bank, book: list[Loan]) -> list[Loan]:  # noqa: F811
    """The books after the close of DAY: some paid, some late; the clock goes on."""
    days_pass(bank, date(2026, 2, 15))
    pay(bank, book[0], "3321.43", date(2026, 2, 15), "R1")
    pay(bank, book[1], "100.00", date(2026, 2, 15), "R2")
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
