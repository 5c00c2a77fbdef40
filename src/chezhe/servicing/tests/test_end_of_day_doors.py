"""日终中心 by page, API and worker."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chezhe.finmath import ageing
from chezhe.kernel import business_date, clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted, WrongState
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.servicing import proof
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
from chezhe.servicing.actions.pause_end_of_day import pause_end_of_day
from chezhe.servicing.actions.resume_end_of_day import resume_end_of_day
from chezhe.servicing.endofday import reading, runs, snapshot
from chezhe.servicing.models import EndOfDay, EndOfDayFailure, Loan
from chezhe.servicing.tests.lending import START, Bank, days_pass
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401 - the loans of that file

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 14)


def the_worker_works() -> None:
    while jobs.run_due():
        clock.tick(1)


def test_the_worker_closes_day_after_day_up_to_the_one_asked_for(bank: Bank, book: list[Loan]) -> None:  # noqa: F811
    with jobs.in_line():
        begin_end_of_day(until=date(2026, 2, 20), calendar_day=date(2026, 2, 20), by=bank.fang)
        the_worker_works()
    closed = EndOfDay.objects.filter(status="closed")
    assert (closed.count(), business_date.current()) == (37, date(2026, 2, 21))
    assert not list(proof.differences(Loan.objects.all())) and ledger_queries.prove().is_sound
    assert (snapshot.folder() / "book-2026-02-20.parquet").exists()


def test_a_paused_run_does_nothing_until_it_is_resumed(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(runs, "SHARD_LOANS", 2)
    days_pass(bank, DAY)
    with jobs.in_line():
        run = begin_end_of_day(until=DAY, calendar_day=DAY, by=bank.fang)
        close_shard(day=DAY, shard=0, by=SYSTEM)
        pause_end_of_day(day=DAY, reason="核对参数", by=bank.fang)
        the_worker_works()
        assert runs.totals(run)["shards_done"] == 1 and finish_end_of_day(day=DAY, by=SYSTEM).status == "paused"
        with pytest.raises(WrongState):
            pause_end_of_day(day=DAY, reason="", by=bank.fang)
        resume_end_of_day(day=DAY, by=bank.fang)
        the_worker_works()
    assert EndOfDay.objects.get(day=DAY).status == "closed" and not list(proof.differences(Loan.objects.all()))


def test_closing_a_day_again_gives_its_run_and_writes_nothing(bank: Bank, book: list[Loan], browser: Any) -> None:  # noqa: F811
    client = browser.acts_as(bank.fang)
    days_pass(bank, DAY)
    with jobs.in_line():
        run = begin_end_of_day(until=DAY, calendar_day=DAY, by=bank.fang)
        before = list(EndOfDay.objects.values()), jobs.next_due_at(), jobs.waiting("servicing.close_shard", day=DAY.isoformat())
        assert begin_end_of_day(until=DAY, calendar_day=DAY, by=bank.fang) == run and run.status == "running"
        pause_end_of_day(day=DAY, reason="", by=bank.fang)
        assert begin_end_of_day(until=DAY, calendar_day=DAY, by=bank.fang).status == "paused"
        resume_end_of_day(day=DAY, by=bank.fang)
        assert before[0] == list(EndOfDay.objects.values())
        the_worker_works()
    closed = begin_end_of_day(until=DAY, calendar_day=DAY, by=bank.fang)
    entries, rows = JournalEntry.objects.count(), list(EndOfDay.objects.values())
    assert closed == run and closed.status == "closed"
    assert begin_end_of_day(until=DAY - timedelta(days=3), calendar_day=DAY, by=bank.fang).day == DAY - timedelta(days=3)
    assert client.post(reverse("servicing:day"), {"until": DAY.isoformat()}, follow=True).status_code == 200
    assert (JournalEntry.objects.count(), list(EndOfDay.objects.values())) == (entries, rows)
    with pytest.raises(runs.DayNotCurrent):
        begin_end_of_day(until=START - timedelta(days=1), calendar_day=DAY, by=bank.fang)


def test_a_small_book_is_cut_into_several_shards_and_a_handful_is_not(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    ends = {"first": 1, "last": 1000, "count": 900, "expected": 0}
    assert [len(runs._shards(ends, is_watched=watched)) for watched in (True, False)] == [8, 1]
    large = {**ends, "last": 1_000_000, "count": 1_000_000}
    assert len(runs._shards(large, is_watched=True)) == 16 and runs._shards(large, is_watched=True)[0] == [1, 65_536]
    assert len(runs._shards({**ends, "last": 300, "count": 300}, is_watched=True)) == 1
    days_pass(bank, DAY)
    run = begin_end_of_day(until=DAY, calendar_day=DAY, by=bank.fang)
    touched = sum(len(reading.touched(DAY + timedelta(days=1), *shard)) for shard in run.shards)
    assert run.loans_expected == touched > 0


def test_only_finance_closes_a_day(bank: Bank) -> None:
    for act in (begin_end_of_day, resume_end_of_day):
        with pytest.raises(NotPermitted):
            act(**({"until": START, "calendar_day": START} if act is begin_end_of_day else {"day": START}), by=bank.cast.lin)
    with pytest.raises(NotPermitted):
        finish_end_of_day(day=START, by=bank.fang)
    with pytest.raises(runs.DayNotCurrent):
        begin_end_of_day(until=START - timedelta(days=1), calendar_day=START, by=bank.fang)


def test_the_snapshot_holds_every_loan_to_the_fen(bank: Bank, book: list[Loan]) -> None:  # noqa: F811
    from pyarrow import parquet

    days_pass(bank, date(2026, 3, 20))
    table = parquet.read_table(snapshot.keep(date(2026, 3, 19)))
    assert table.num_rows == len(book) and table.schema.metadata[b"day"] == b"2026-03-19"
    told = dict(zip(table["number"].to_pylist(), table["principal_left"].to_pylist(), strict=True))
    assert told == {loan.number: loan.principal_left.fen for loan in Loan.objects.all()}
    rows = {row["number"]: row for row in table.to_pylist()}
    for loan in Loan.objects.select_related("product_version__product", "branch"):
        row, dpd = rows[loan.number], loan.days_past_due(date(2026, 3, 19))
        assert (row["dpd"], row["bucket"], row["customer_id"]) == (dpd, ageing.bucket(dpd).value, loan.customer_id)
        assert (row["product"], row["branch"]) == (loan.product_version.product.code, loan.branch.code)
    assert "M2" in {row["bucket"] for row in rows.values()}


def test_the_page_begins_watches_pauses_and_resumes(bank: Bank, book: list[Loan], browser: Any) -> None:  # noqa: F811
    client = browser.acts_as(bank.fang)
    with jobs.in_line():
        assert "开始日终" in client.get(reverse("servicing:day")).content.decode()
        assert client.post(reverse("servicing:day"), {"until": START.isoformat()}).status_code == 302
        page = client.get(reverse("servicing:day")).content.decode()
        assert "进行中的日终" in page and "每秒" in page
        assert client.post(reverse("servicing:day_pause", args=[START])).status_code == 302
        assert "继续" in client.get(reverse("servicing:day_progress")).content.decode()
        assert client.post(reverse("servicing:day_resume", args=[START])).status_code == 302
        the_worker_works()
    page = client.get(reverse("servicing:day")).content.decode()
    assert "已完成" in page and "¥0.00" in page
    assert client.post(reverse("servicing:day_pause", args=[date(2030, 1, 1)])).status_code == 404


def test_the_page_names_the_loans_that_failed(bank: Bank, book: list[Loan], browser: Any) -> None:  # noqa: F811
    days_pass(bank, DAY)
    run = EndOfDay.objects.latest("day")
    EndOfDayFailure.objects.create(run=run, loan=book[0], code="x", reason="计划损坏", failed_at=clock.now())
    client = browser.acts_as(bank.fang)
    assert "计划损坏" in client.get(reverse("servicing:day")).content.decode()
    client.post(reverse("servicing:day_resume", args=[run.day]))
    assert EndOfDayFailure.objects.get().mended_at is not None
