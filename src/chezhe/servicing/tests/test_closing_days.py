"""`./run eod`: a command that was cut short is followed by the same command, and says what is so."""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta

import pytest
from django.core.management import call_command
from procrastinate.contrib.django.models import ProcrastinateJob

from chezhe.kernel import business_date, clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.servicing import proof
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.pause_end_of_day import pause_end_of_day
from chezhe.servicing.endofday import runs, snapshot
from chezhe.servicing.management.commands import close_days
from chezhe.servicing.models import EndOfDay, EndOfDayFault, Loan
from chezhe.servicing.tests.lending import Bank, days_pass
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 14)


def eod(*words: str, on: date = DAY) -> tuple[int, str]:
    """The command on the evening of a calendar day: its exit code and all that it said."""
    said = io.StringIO()
    with clock.at(datetime.combine(on, time(22), clock.SHANGHAI)), pytest.raises(SystemExit) as ended:
        call_command("close_days", *words, stdout=said, stderr=said)
    return int(ended.value.code or 0), said.getvalue()


@pytest.fixture
def cut_short(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> EndOfDay:  # noqa: F811
    """A run that has begun and done one shard, and then its process was gone."""
    monkeypatch.setattr(runs, "SHARD_LOANS", 2)
    days_pass(bank, DAY)
    with jobs.in_line():
        begin_end_of_day(until=DAY, calendar_day=DAY, by=SYSTEM)
        return close_shard(day=DAY, shard=0, by=SYSTEM)


def is_sound() -> bool:
    return EndOfDay.objects.get(day=DAY).status == "closed" and not list(proof.differences(Loan.objects.all()))


def test_the_same_date_again_finishes_what_was_cut_short(cut_short: EndOfDay) -> None:
    code, said = eod("--date", DAY.isoformat())
    assert code == 0 and "going on with it" in said and f"{DAY} 日终 closed" in said and is_sound()
    assert runs.totals(cut_short)["shards_done"] == len(cut_short.shards) > 1 and snapshot.is_kept(DAY)
    assert business_date.current() == DAY + timedelta(days=1), "and no further day"
    assert ProcrastinateJob.objects.filter(task_name="servicing.prove_night", args__day=DAY.isoformat()).count() == len(cut_short.shards) + 1
    code, said = eod("--date", DAY.isoformat())
    assert code == 0 and "closed already" in said


def test_without_a_date_it_finishes_and_stops_before_a_day_that_is_not_over(cut_short: EndOfDay) -> None:
    code, said = eod()
    assert code == 0 and f"{DAY} 日终 closed" in said and is_sound() and EndOfDay.objects.latest("day").day == DAY
    assert eod()[0] == 1, "the next day has not come yet"


def test_a_day_that_is_over_is_closed_after_what_was_cut_short(cut_short: EndOfDay) -> None:
    code, said = eod(on=DAY + timedelta(days=2))
    assert code == 0 and is_sound() and f"{DAY + timedelta(days=1)} 日终 closed" in said
    assert business_date.current() == DAY + timedelta(days=2)


def test_it_goes_on_up_to_the_date_that_is_asked_for(cut_short: EndOfDay) -> None:
    code, _said = eod("--date", "2026-02-16", on=date(2026, 2, 16))
    assert code == 0 and business_date.current() == date(2026, 2, 17) and EndOfDay.objects.exclude(status="closed").count() == 0


def test_a_paused_run_says_how_it_is_resumed(bank: Bank, cut_short: EndOfDay) -> None:
    pause_end_of_day(day=DAY, reason="核对参数", by=bank.fang)
    for words in ((), ("--date", DAY.isoformat())):
        code, said = eod(*words)
        assert code == 1 and "已被暂停" in said and "--resume" in said and "closed already" not in said
    assert runs.totals(cut_short)["shards_done"] == 1
    assert eod("--resume")[0] == 0 and is_sound()


def test_a_day_before_the_books_began_is_not_called_closed(bank: Bank) -> None:
    code, said = eod("--date", "2020-01-01")
    assert code == 1 and "已结账" not in said and "2020-01-01" in said


def test_a_snapshot_that_was_missed_is_kept_by_the_next_command(cut_short: EndOfDay) -> None:
    assert eod("--no-snapshot")[0] == 0 and not snapshot.is_kept(DAY)
    assert eod("--date", DAY.isoformat())[0] == 0 and snapshot.is_kept(DAY)
    assert EndOfDay.objects.get(day=DAY).snapshot_at is not None


def test_a_shard_that_fails_leaves_its_reason(cut_short: EndOfDay, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_told: object) -> None:
        raise RuntimeError("表空间只读")

    with monkeypatch.context() as patched:
        patched.setattr(close_days, "close_shard", broken)
        with pytest.raises(RuntimeError):
            call_command("close_days", "--date", DAY.isoformat())
    fault = EndOfDayFault.objects.get()
    assert (fault.part, fault.shard, fault.attempts, fault.reason) == ("shard", 1, 1, "表空间只读")
    assert eod("--date", DAY.isoformat())[0] == 0 and is_sound()
