"""The close of a month's last day and the closing of its books: whoever is first, neither is stuck."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from chezhe.kernel import business_date, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.actions.close_period import close_period
from chezhe.ledger.models import JournalEntry, Period
from chezhe.servicing import proof
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDay, Loan
from chezhe.servicing.tests.lending import Bank, days_pass
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401

pytestmark = pytest.mark.django_db
LAST = date(2026, 1, 31)


@pytest.fixture
def last_night(bank: Bank, book: list[Loan]) -> EndOfDay:  # noqa: F811
    """The close of January's last day has begun: the books stand in February."""
    days_pass(bank, LAST)
    with jobs.in_line():
        return begin_end_of_day(until=LAST, calendar_day=LAST, by=bank.fang)


def close_books(bank: Bank) -> Period:
    return close_period(month=LAST, business_date=business_date.current(), by=bank.fang)


def finish(run: EndOfDay) -> EndOfDay:
    with jobs.in_line():
        for shard in range(len(run.shards)):
            close_shard(day=run.day, shard=shard, by=SYSTEM)
        return finish_end_of_day(day=run.day, by=SYSTEM)


def test_a_month_is_not_closed_while_its_last_day_is(bank: Bank, last_night: EndOfDay) -> None:
    with pytest.raises(runs.DayOfMonthNotFinished) as refused:
        close_books(bank)
    assert refused.value.code == "month_end_of_day_running" and "2026-01-31" in str(refused.value) and "2026-01" in str(refused.value)
    assert not Period.objects.filter(status="closed").exists()
    finish(last_night)
    assert close_books(bank).status == "closed"


def test_an_earlier_months_books_wait_too(bank: Bank, last_night: EndOfDay) -> None:
    with pytest.raises(runs.DayOfMonthNotFinished):
        runs.require_month_done(date(2026, 6, 1))
    runs.require_month_done(date(2025, 12, 1))


def test_a_day_whose_month_was_shut_posts_into_the_first_open_day(bank: Bank, last_night: EndOfDay, monkeypatch: pytest.MonkeyPatch) -> None:
    """As a house may stand whose books were shut before the refusal existed."""
    from chezhe.ledger import closing

    monkeypatch.setattr(closing, "_asked", [])
    assert close_books(bank).status == "closed"
    run = finish(last_night)
    assert run.status == "closed" and run.accruals
    entries = JournalEntry.objects.filter(reference__startswith="accrual/2026-01-31/")
    assert {entry.posted_on for entry in entries} == {date(2026, 2, 1)} and len(entries) == run.accruals
    days_pass(bank, date(2026, 2, 20))
    assert not list(proof.differences(Loan.objects.all())) and not proof.accrual_differences() and ledger_queries.prove(thorough=True).is_sound


def test_the_page_says_which_day_it_is(bank: Bank, last_night: EndOfDay, browser: Any) -> None:
    client = browser.acts_as(bank.fang)
    page = client.post("/ledger/periods/2026-01/close/")
    assert page.status_code == 409 and "2026-01-31 的日终尚未完成" in page.content.decode()
