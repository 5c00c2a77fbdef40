"""What 日终中心 and its API tell: steps, progress by loans, what stopped a part and how it goes on, and a day computed again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.servicing import tasks
from chezhe.servicing.actions.answer_recomputation import answer_recomputation
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.pause_end_of_day import pause_end_of_day
from chezhe.servicing.actions.recompute_day import recompute_day
from chezhe.servicing.actions.resume_end_of_day import resume_end_of_day
from chezhe.servicing.endofday import faults, progress, proving, recomputing, runs, snapshot
from chezhe.servicing.endofday import pages as day_pages
from chezhe.servicing.models import EndOfDay, EndOfDayFailure, EndOfDayFault, Loan, Recomputation
from chezhe.servicing.tests.lending import Bank, days_pass, pay
from chezhe.servicing.tests.test_doors import text_of
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401
from chezhe.servicing.tests.test_end_of_day_doors import the_worker_works

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 14)


@pytest.fixture
def run(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> Iterator[EndOfDay]:  # noqa: F811
    """The close of DAY has begun, three shards wait for the worker."""
    monkeypatch.setattr(runs, "SHARD_LOANS", 2)
    days_pass(bank, DAY)
    with jobs.in_line():
        yield begin_end_of_day(until=DAY, calendar_day=DAY, by=bank.fang)


def steps_of(run: EndOfDay) -> dict[str, str]:
    run.refresh_from_db()
    return {name: step.state for name, step in whole_steps_of(run).items()}


def whole_steps_of(run: EndOfDay) -> dict[str, progress.Step]:
    found = progress.steps_of(run, progress.of(run), faults.standing_of(run), proving.night_of(run))
    return {step.name: step for step in found}


def test_every_step_has_its_state_and_time(bank: Bank, run: EndOfDay) -> None:
    assert steps_of(run) == {
        "opened": "done", "shards": "running", "interest": "waiting", "snapshot": "waiting", "reminders": "waiting", "proof": "waiting"}
    pause_end_of_day(day=DAY, reason="", by=bank.fang)
    assert steps_of(run)["shards"] == "paused"
    resume_end_of_day(day=DAY, by=bank.fang)
    the_worker_works()
    found = whole_steps_of(EndOfDay.objects.get(day=DAY))
    assert {name: step.state for name, step in found.items() if name != "reminders"} == dict.fromkeys(
        ("opened", "shards", "interest", "snapshot", "proof"), "done")
    assert all(found[name].at is not None for name in ("opened", "shards", "interest", "snapshot", "proof"))
    assert found["interest"].figure == EndOfDay.objects.get(day=DAY).accruals > 0


def test_a_large_book_is_not_counted_before_it_is_closed(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(runs, "COUNTED_MAX", len(book) - 1)
    days_pass(bank, DAY)
    run = runs.begin(DAY, until=DAY, by=bank.fang)
    assert run.loans_expected == 0 and progress.of(run).total == len(run.shards) and progress.of(run).done == 0
    for shard in range(len(run.shards)):
        runs.close_shard(run, shard)
    now = progress.of(runs.finish(DAY))
    assert now.done == now.total and now.loans > 0 and runs.turned(run)["due"] == now.loans


def test_a_day_closed_all_at_once_waits_for_no_snapshot(bank: Bank, book: list[Loan]) -> None:  # noqa: F811
    with jobs.in_line():
        days_pass(bank, DAY)
        assert steps_of(EndOfDay.objects.first())["snapshot"] == "left_out"  # type: ignore[arg-type]


def page_of(browser: Any) -> str:
    return text_of(browser.get(reverse("servicing:day_progress")))


def test_progress_counts_loans_and_leaves_out_the_time_of_a_pause(bank: Bank, run: EndOfDay, browser: Any) -> None:
    browser.acts_as(bank.fang)
    assert run.loans_expected > 1 and progress.of(run).done == 0 and progress.of(run).seconds_left is None
    clock.tick(10)
    close_shard(day=DAY, shard=0, by=SYSTEM)
    now = progress.of(run)
    assert now.done == now.loans == runs.totals(run)["loans"] > 0 and now.total == run.loans_expected
    assert now.seconds == pytest.approx(10, abs=1) and now.seconds_left == pytest.approx(now.seconds * (now.total / now.done - 1), abs=1)
    assert f"约剩 {day_pages.duration(now.seconds_left or 0)}" in page_of(browser)
    clock.tick(290)
    long = progress.of(run)
    assert long.seconds_left and long.seconds_left > 60 and f"约剩 {day_pages.duration(long.seconds_left)}" in page_of(browser)
    assert day_pages.card(run)["job"].eta == timedelta(seconds=long.seconds_left), "of a long run the card counts down as well"
    clock.tick(-290)
    pause_end_of_day(day=DAY, reason="", by=bank.fang)
    assert "约剩" not in page_of(browser), "nobody knows how long a pause lasts"
    clock.tick(3600)
    assert progress.of(run).seconds == pytest.approx(10, abs=1)
    resume_end_of_day(day=DAY, by=bank.fang)
    clock.tick(5)
    assert progress.of(run).seconds == pytest.approx(15, abs=1)
    the_worker_works()
    run.refresh_from_db()
    assert progress.of(run).done == progress.of(run).total and progress.of(run).seconds < 60


def test_a_part_that_fails_leaves_its_reason_and_goes_on_when_told(
    bank: Bank, run: EndOfDay, browser: Any, monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_told: Any, **_more: Any) -> None:
        raise RuntimeError("表空间只读")

    with monkeypatch.context() as patched:
        for place, name, work in (("shard", "close_one", lambda: tasks.close_shard(DAY.isoformat(), 1)),
                                  ("finish", "finish_end_of_day", lambda: tasks.finish_day(DAY.isoformat()))):
            patched.setattr(tasks, name, broken)
            for _attempt in range(2):
                with pytest.raises(RuntimeError):
                    work()
            assert EndOfDayFault.objects.get(part=place).attempts == 2
    client = browser.acts_as(bank.fang)
    page = client.get(reverse("servicing:day")).content.decode()
    assert "表空间只读" in page and "第 2 批" in page and "重试" in page
    assert steps_of(run)["shards"] == "failed"
    client.post(reverse("servicing:day_resume", args=[DAY]))
    the_worker_works()
    run.refresh_from_db()
    assert run.status == "closed" and not faults.standing_of(run)
    assert "表空间只读" not in client.get(reverse("servicing:day_run", args=[DAY])).content.decode()


def test_a_snapshot_that_failed_is_kept_on_a_retry(bank: Bank, run: EndOfDay, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(snapshot, "keep", lambda _day: (_ for _ in ()).throw(OSError("磁盘已满")))
        for shard in range(len(run.shards)):
            close_shard(day=DAY, shard=shard, by=SYSTEM)
        with pytest.raises(OSError):
            the_worker_works()
    assert steps_of(run)["snapshot"] == "failed" and faults.standing_of(run)[0].reason == "磁盘已满"
    resume_end_of_day(day=DAY, by=bank.fang)
    the_worker_works()
    assert steps_of(run)["snapshot"] == "done" and not faults.standing_of(run)


def test_a_run_that_nobody_is_at_offers_to_go_on(bank: Bank, run: EndOfDay, browser: Any) -> None:
    assert not progress.is_silent(run)
    jobs.forget("servicing.close_shard")
    jobs.forget("servicing.finish_day")
    clock.tick(61)
    assert progress.is_silent(run)
    assert "已有一分钟没有进展" in browser.acts_as(bank.fang).get(reverse("servicing:day_progress")).content.decode()


def test_failed_loans_are_paged_and_seen_by_who_may(bank: Bank, run: EndOfDay, browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from chezhe.servicing.views import endofday

    monkeypatch.setattr(endofday, "FAILURES_PAGE", 2)
    monkeypatch.setattr(endofday, "FAILURES_SHOWN", 1)
    for loan in Loan.objects.all():
        EndOfDayFailure.objects.create(run=run, loan=loan, code="x", reason=f"损坏 {loan.number}", failed_at=clock.now())
    client, count = browser.acts_as(bank.fang), Loan.objects.count()
    assert f"查看全部 {count} 笔" in client.get(reverse("servicing:day")).content.decode()
    second = client.get(reverse("servicing:day_failures") + "?page=2").content.decode()
    assert "2 / 3" in second and second.count("损坏 L") == 2
    answer = client.get(f"/api/v1/servicing/end-of-days/{DAY}/failures?limit=4").json()
    assert len(answer["items"]) == 4 and answer["next_cursor"] and answer["items"][0]["reason"].startswith("损坏")


def test_the_api_lists_days_with_steps_and_progress(bank: Bank, run: EndOfDay, browser: Any) -> None:
    client = browser.acts_as(bank.fang)
    first = client.get("/api/v1/servicing/end-of-days?limit=3").json()
    assert [item["day"] for item in first["items"]] == ["2026-02-14", "2026-02-13", "2026-02-12"]
    again = client.get(f"/api/v1/servicing/end-of-days?limit=3&cursor={first['next_cursor']}").json()
    assert again["items"][0]["day"] == "2026-02-11"
    assert {item["status"] for item in client.get("/api/v1/servicing/end-of-days?status=running").json()["items"]} == {"running"}
    one = client.get(f"/api/v1/servicing/end-of-days/{DAY}").json()
    assert one["loans_expected"] == run.loans_expected and [step["name"] for step in one["steps"]][0] == "opened" and one["faults"] == []
    assert client.get(reverse("servicing:days")).status_code == 200


def test_a_closed_day_is_computed_again_from_the_page_and_by_api(bank: Bank, run: EndOfDay, browser: Any) -> None:
    client, address = browser.acts_as(bank.fang), f"/api/v1/servicing/end-of-days/{DAY}/recomputation"
    with pytest.raises(recomputing.DayNotClosed):
        recompute_day(day=DAY, by=bank.fang)
    the_worker_works()
    assert client.get(address).status_code == 404
    loans = list(Loan.objects.order_by("pk"))
    pay(bank, loans[0], "3321.43", date(2026, 2, 1), "LATE")
    assert client.post(reverse("servicing:day_recompute", args=[DAY])).status_code == 302
    assert recompute_day(day=DAY, by=bank.fang).pk == Recomputation.objects.get().pk, "one that is under way is enough"
    assert "后台正在重算" in client.get(reverse("servicing:day_run", args=[DAY])).content.decode()
    the_worker_works()
    page = client.get(reverse("servicing:day_recomputed", args=[DAY])).content.decode()
    assert "因后来得知的事实而变 1 笔" in page and loans[0].number in page and "LATE" in page and "剩余本金" in page
    answer = client.get(address).json()
    assert (answer["loans"], answer["wrong_count"], answer["news_count"]) == (len(loans), 0, 1)
    assert answer["news"][0]["learnt"][0]["value_on"] == "2026-02-01"
    assert answer["loan_number"] == "" and "只算一笔贷款" in page
    assert client.post(reverse("servicing:day_recompute", args=[DAY]), {"loan_number": f" {loans[1].number.lower()}"}).status_code == 302
    assert recompute_day(day=DAY, by=bank.fang).pk != Recomputation.objects.get(number=loans[1].number).pk, "all of them is another wish"
    the_worker_works()
    alone = Recomputation.objects.get(number=loans[1].number)
    assert (alone.loans, alone.wrong_count, alone.news_count, alone.fault) == (1, 0, 0, "")
    asked = client.api(f"servicing/end-of-days/{DAY}/recomputation", {"loan_number": loans[0].number})
    assert asked.status_code == 202 and asked.json()["loan_number"] == loans[0].number
    the_worker_works()
    answer = client.get(address).json()
    assert (answer["loan_number"], answer["loans"], answer["news_count"]) == (loans[0].number, 1, 1)
    assert client.api(f"servicing/end-of-days/{DAY}/recomputation", {"loan_number": "L99-000001-1"}).status_code == 404
    snapshot.folder().joinpath(f"book-{DAY}.parquet").unlink()
    with pytest.raises(recomputing.NothingKept):
        recompute_day(day=DAY, by=bank.fang)


def test_only_finance_of_the_whole_house_computes_again(bank: Bank, run: EndOfDay) -> None:
    with pytest.raises(NotPermitted):
        recompute_day(day=DAY, by=bank.cast.lin)
    with pytest.raises(NotPermitted):
        answer_recomputation(recomputation_id=1, found=recomputing.Recomputed(DAY), by=bank.fang)
    with pytest.raises(NotFound):
        recompute_day(day=DAY + timedelta(days=400), by=bank.fang)


def test_what_cannot_be_computed_says_why(bank: Bank, run: EndOfDay, monkeypatch: pytest.MonkeyPatch) -> None:
    the_worker_works()
    recompute_day(day=DAY, by=bank.fang)
    monkeypatch.setattr(recomputing, "recompute", lambda *_asked: (_ for _ in ()).throw(RuntimeError("计划损坏")))
    the_worker_works()
    assert Recomputation.objects.get().fault == "计划损坏"
