"""Backtests from the form to the figures: what is tried, what is refused, and what whoever may see it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.parquet as files  # type: ignore[import-untyped]
import pytest
from django.db import DatabaseError, transaction

from chezhe.compliance.seeds import lender, parameters
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import business_date, clock, events, jobs, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.errors import BusinessError, NotFound, NotPermitted, WrongState
from chezhe.kernel.scope import WholeHouseOnly
from chezhe.kernel.testing import WU, moment
from chezhe.policies.models import PolicyVersion
from chezhe.policies.tests.acting import drafted, saved
from chezhe.risk import tasks
from chezhe.risk.actions.begin_backtest import begin_backtest
from chezhe.risk.actions.cancel_backtest import cancel_backtest
from chezhe.risk.actions.start_backtest import start_backtest
from chezhe.risk.deciding import champion
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import Scorer
from chezhe.risk.lab import books, comparing, errors, queries, running
from chezhe.risk.lab.models import Backtest, ChangedDecision
from chezhe.risk.lab.steps import ATTEMPTS_MAX, RUN, Question
from chezhe.risk.lab.tests.random_strategies import card
from chezhe.risk.lab.trying import Trial
from chezhe.risk.tests.deciding.telling import asking, decided, tell

TODAY = date(2026, 3, 16)
SUBJECT = "application:A26-000001-8"


@pytest.fixture(autouse=True)
def house(db: None) -> Iterator[None]:
    """People are scored by a small card."""
    parameters.sow()
    lender.sow_lender()
    made = card()
    scorer = Scorer(name="card", content_hash="c1", model=made, inputs=made.columns, points_min=300, points_max=900)
    source = champion.Source(lambda kind: scorer if kind == "person" else None, lambda given: scorer if given == "c1" else None)
    champion.register(source)
    with clock.at(moment("2026-03-16 10:00")):
        business_date.open_day(clock.now().date())
        yield
    champion.unregister(source)


@pytest.fixture
def rui(cast: Cast) -> Actor:
    return hire("瑞", cast.east, roles.RISK_MANAGER, reach=Reach.ALL)


@pytest.fixture
def past(cast: Cast) -> list[Decision]:
    """Two of the same customer: one that the shipped tables approve, and one that a known fact rules out."""
    wang: Customer = person(WANG, cast.lin)
    made = []
    for number, changes in (("A26-000001-8", {}), ("A26-000002-6", {"has_enforcement": True})):
        subject = f"application:{number}"
        tell(wang, subject, subject, **changes)
        made.append(decided(asking(wang, cast.lin, subject=subject), cast.lin))
        clock.tick(60)
    return made


@pytest.fixture
def stricter(rui: Actor) -> PolicyVersion:
    """A draft in which nobody is of tier A: the good one falls to D, whose limit is half of what is asked for."""
    return saved(drafted(rui), rui, score=">= 1100", on=date(2026, 3, 20))


def question(version: PolicyVersion | None, **changes: Any) -> Question:
    trial = Trial({} if version is None else {version.policy.code: version.number})
    return Question(**{"title": "A 层更严", "trial": trial, "from_on": date(2026, 3, 1), "to_on": date(2026, 4, 1), **changes})


def done(version: PolicyVersion, by: Actor, **changes: Any) -> Backtest:
    with jobs.in_line():
        made = start_backtest(question=question(version, **changes), business_date=TODAY, by=by)
        while events.deliver_all() + jobs.run_due():
            pass
    return Backtest.objects.get(number=made.number)


def test_a_stricter_draft_changes_what_the_champion_decides_as_it_was_decided(
    past: list[Decision], stricter: PolicyVersion, rui: Actor,
) -> None:
    assert [decision.outcome for decision in past] == ["approved", "declined"]
    test = done(stricter, rui)
    assert (test.status, test.applications, test.set_aside, test.changed, test.trouble) == ("done", 2, 0, 1, "")
    one, other = test.result["champion"], test.result["challenger"]
    assert (one["outcomes"], other["outcomes"]["approved"]) == ({"approved": 1, "referred": 0, "declined": 1}, 0)
    assert one["auto_rate"] == 0.5 and one["profit"] == one["interest"] - one["funding"] - one["expected_loss"] and one["amount"] == 6_000_000
    assert one["interest"] == round(6_000_000 * 0.11 * 25 / 24) and other["amount"] == 3_000_000
    change = ChangedDecision.objects.get(backtest=test)
    assert (change.decision, change.outcome, change.outcome_new, change.tier) == (past[0], "approved", "referred", "A")
    assert Decision.objects.count() == 2, "nothing is decided by a backtest"
    with pytest.raises(DatabaseError), transaction.atomic():
        ChangedDecision.objects.update(outcome="declined")


def test_what_came_later_is_not_known_then(past: list[Decision], stricter: PolicyVersion, rui: Actor, tmp_path: Path) -> None:
    tell(past[0].customer, SUBJECT, SUBJECT, bureau_score=300)
    test = start_backtest(question=question(stricter), business_date=TODAY, by=rui)
    books.write_past(books.period(test), ["bureau_score", "has_enforcement"], tmp_path / "book.parquet")
    rows = files.read_table(str(tmp_path / "book.parquet")).to_pylist()
    assert [(row["bureau_score"], row["has_enforcement"], row["bad"]) for row in rows] == [(720, False, None), (720, True, None)]


@pytest.mark.parametrize(("wrong", "refusal"), [
    ({"trial": Trial()}, errors.NothingTried), ({"to_on": date(2026, 3, 1)}, errors.PeriodEmpty),
    ({"trial": Trial({"route": "tier-v1"})}, errors.VersionElsewhere), ({"trial": Trial(model_hash="nobody")}, errors.ModelGone),
    ({"trial": Trial({"tier": "tier-v99"})}, NotFound),
])
def test_a_question_that_makes_no_sense_is_refused(rui: Actor, wrong: dict[str, Any], refusal: type[BusinessError]) -> None:
    with pytest.raises(refusal):
        start_backtest(question=question(None, **wrong), business_date=TODAY, by=rui)
    assert not Backtest.objects.exists()


def test_only_whoever_sees_the_whole_house_may_start_one(cast: Cast, stricter: PolicyVersion) -> None:
    branch = hire("丰", cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH)
    with pytest.raises(WholeHouseOnly):
        start_backtest(question=question(stricter), business_date=TODAY, by=branch)
    with pytest.raises(NotPermitted):
        start_backtest(question=question(stricter), business_date=TODAY, by=cast.lin)


def test_a_draft_that_changes_meanwhile_fails_the_backtest(past: list[Decision], stricter: PolicyVersion, rui: Actor) -> None:
    test = start_backtest(question=question(stricter), business_date=TODAY, by=rui)
    saved(stricter, rui, score=">= 1000", on=date(2026, 3, 20), based_on=stricter.content_hash)
    report = running.report_on(begin_backtest(backtest_number=test.number, by=SYSTEM))
    assert report is not None and report.trouble == "draft_changed"


def test_a_cancelled_backtest_stops_and_is_not_written_down(past: list[Decision], stricter: PolicyVersion, rui: Actor) -> None:
    test = begin_backtest(backtest_number=start_backtest(question=question(stricter), business_date=TODAY, by=rui).number, by=SYSTEM)
    cancel_backtest(backtest_number=test.number, by=rui)
    assert running.report_on(test) is None
    with pytest.raises(WrongState):
        cancel_backtest(backtest_number=test.number, by=rui)


def run_all() -> None:
    while jobs.run_due():
        pass


def test_a_backtest_whose_worker_was_lost_is_taken_up_again(past: list[Decision], stricter: PolicyVersion, rui: Actor) -> None:
    with jobs.in_line():
        test = start_backtest(question=question(stricter), business_date=TODAY, by=rui)
        begin_backtest(backtest_number=test.number, by=SYSTEM)
        assert tasks.take_up_backtests() == 0, "its job still stands in the queue"
        jobs.forget(RUN)
        assert tasks.take_up_backtests() == 0, "it was begun just now"
        clock.tick(11 * 60)
        assert tasks.take_up_backtests() == 1 and tasks.take_up_backtests() == 0
        run_all()
    test.refresh_from_db()
    assert (test.status, test.attempts, test.applications) == ("done", 2, 2)


def test_a_backtest_that_ends_every_worker_fails_and_can_be_asked_again(
    browser: Any, past: list[Decision], stricter: PolicyVersion, rui: Actor, monkeypatch: pytest.MonkeyPatch,  # noqa: F811
) -> None:
    def broken(*_words: Any, **_more: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(comparing, "compared", broken)
    with jobs.in_line():
        test = start_backtest(question=question(stricter), business_date=TODAY, by=rui)
        for _attempt in range(ATTEMPTS_MAX):
            with pytest.raises(MemoryError):
                jobs.run_due()
            assert Backtest.objects.get().status == "running"
            clock.tick(11 * 60)
            assert tasks.take_up_backtests() == 1
        run_all()
        assert tasks.take_up_backtests() == 0
    test.refresh_from_db()
    assert (test.status, test.trouble, test.attempts) == ("failed", "worker_lost", ATTEMPTS_MAX)
    browser.acts_as(rui)
    assert "计算几次都中断了" in browser.get(f"/risk/backtests/{test.number}/").content.decode()
    form = browser.get(f"/risk/backtests/new/?like={test.number}").content.decode()
    assert test.title in form and f'value="{stricter.number}" selected' in form
    assert browser.get("/risk/backtests/new/?like=BT26-000009-9").status_code == 404


def test_a_period_without_applications_is_a_failure_with_its_reason(stricter: PolicyVersion, rui: Actor) -> None:
    assert (done(stricter, rui).status, Backtest.objects.get().trouble) == ("failed", "nothing_to_judge")


def test_invented_people_stand_in_and_are_kept(
    stricter: PolicyVersion, rui: Actor, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.VAR = tmp_path
    monkeypatch.setattr(books, "INVENTED_ROWS", 30)
    test = done(stricter, rui, book="invented", from_on=None, to_on=None)
    assert (test.status, test.applications) == ("done", 30)
    outcomes = test.result["champion"]["outcomes"]
    assert sum(outcomes.values()) == 30 and outcomes["declined"] > 0 and test.result["challenger"]["outcomes"]["approved"] == 0
    assert len(list((tmp_path / "lab").glob("covered-30-*.parquet"))) == 1


def test_the_pages_lead_from_the_form_to_the_changes(
    browser: Any, past: list[Decision], stricter: PolicyVersion, rui: Actor, cast: Cast,  # noqa: F811
) -> None:
    browser.acts_as(rui)
    page = browser.get("/risk/backtests/new/").content.decode()
    assert stricter.number in page and "只有 2 笔过去的决策" in page
    given = {
        "title": "A 层更严", "book": "past", "from_on": "2026-03-01", "to_on": "2026-04-01", "engine": "duckdb", "lgd": "45",
        "owed_at_default": "75", "funding_rate": "4.5", "review_share": "60", "table_tier": stricter.number,
    }
    assert "无可比较" in browser.post("/risk/backtests/new/", given | {"table_tier": ""}).content.decode()
    with jobs.in_line():
        answer = browser.post("/risk/backtests/new/", given)
        while jobs.run_due():
            pass
    shown = browser.get(answer["Location"]).content.decode()
    assert "批准率" in shown and "预期损失" in shown and "看改变的申请" in shown
    listed = browser.get(f"{answer['Location']}changes/").content.decode()
    assert past[0].number in listed and past[1].number not in listed
    assert past[0].number in browser.get(f"{answer['Location']}changes/?export=csv").content.decode("utf-8-sig", "replace")
    browser.acts_as(cast.lin)
    assert browser.get(answer["Location"]).status_code == 403
    assert not queries.visible(WU).exists()
