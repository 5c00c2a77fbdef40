"""The clock from the submission to the money sent: it counts hours, stands for the customer alone, and tells the manager."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.escalate_lanes import escalate_lanes
from chezhe.contracts.actions.follow_lane import follow_lane
from chezhe.contracts.actions.pause_lane import ClockStands, pause_lane
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.resume_lane import ClockRuns, resume_lane
from chezhe.contracts.lane import queries, rules
from chezhe.contracts.lane.models import LaneRun
from chezhe.contracts.lane.queries import LaneOver
from chezhe.contracts.lane.rules import Clock
from chezhe.contracts.models import Disbursement
from chezhe.contracts.tests.conftest import NOW, TODAY, accepted, live
from chezhe.kernel import clock, worklist
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound
from chezhe.kernel.models import Event
from chezhe.kernel.testing import WU

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def tell(news: str, application: object, at: datetime) -> LaneRun | None:
    return follow_lane(news=news, application_number=application.number, at=at, by=SYSTEM)


def running(cast, *, ago: timedelta = 2 * HOUR, is_prime: bool = True):
    """An application that was handed in some time ago and waits for its contract."""
    application = accepted(cast)
    tell("application.submitted", application, NOW - ago)
    tell("application.accepted", application, NOW - ago / 2)
    LaneRun.objects.update(is_prime=is_prime)
    return application


# ---- the rules ------------------------------------------------------------------------------------------------

seconds = st.integers(min_value=0, max_value=400_000)


@given(st.lists(st.tuples(seconds, seconds), min_size=1, max_size=7), st.booleans())
def test_stages_make_up_the_whole_whatever_stood_still(stages: list[tuple[int, int]], is_over: bool) -> None:
    at, spans = NOW, []
    for worked, stood in stages:
        until = at + timedelta(seconds=worked + stood)
        spans.append(Clock(at, stood, None, until))
        at = until
    whole = Clock(NOW, sum(stood for _worked, stood in stages), None, at if is_over else None)
    assert rules.adds_up(whole, spans, at) and whole.elapsed(at) == sum(worked for worked, _stood in stages)


def test_a_gap_between_stages_is_found() -> None:
    one, other = Clock(NOW, 0, None, NOW + HOUR), Clock(NOW + 2 * HOUR, 0, None, NOW + 3 * HOUR)
    assert not rules.adds_up(Clock(NOW, 0, None, NOW + 3 * HOUR), [one, other], NOW + 3 * HOUR)


def test_a_clock_that_stands_counts_no_further() -> None:
    stands = Clock(NOW, 600, NOW + HOUR)
    assert stands.elapsed(NOW + 9 * HOUR) == 3000 == stands.elapsed(NOW + HOUR) and Clock(NOW).elapsed(NOW - HOUR) == 0


def test_every_time_falls_into_one_column() -> None:
    assert rules.histogram([1800, 3600, 3601, 86_400, 86_401, 172_800, 400_000]) == [2, 1, 0, 0, 0, 1, 2, 1]
    assert rules.quantile([], 50) is None and rules.quantile([3, 1, 2, 4], 50) == 2 and rules.quantile(list(range(1, 11)), 90) == 9


# ---- a whole way ----------------------------------------------------------------------------------------------


def test_it_runs_from_the_submission_until_the_bank_has_the_order(cast, signed, bank) -> None:
    application = accepted(cast)
    tell("application.submitted", application, NOW - 3 * HOUR)
    tell("application.referred", application, NOW - 2 * HOUR)
    tell("application.approved", application, NOW - HOUR)
    tell("application.accepted", application, NOW)
    number = signed(application=application)
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    live(bank, 3)
    assert LaneRun.objects.get().stage == "payout"
    check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    live(bank)
    run = LaneRun.objects.get()
    assert Disbursement.objects.get().status == "paid" and run.status == "sent"
    spans = queries.track(run)
    assert [span.stage for span in spans] == ["machine", "review", "offer", "contract", "signing", "securing", "payout"]
    assert rules.adds_up(queries.clock_of(run), [queries.clock_of(span) for span in spans], clock.now())
    sent = Event.objects.get(name="payout.sent").recorded_at
    assert run.ended_at == sent and queries.clock_of(run).elapsed(clock.now()) == int((sent - NOW + 3 * HOUR).total_seconds())


def test_news_told_twice_or_late_changes_nothing(cast) -> None:
    application = running(cast)
    before = list(LaneRun.objects.values()), list(queries.track(LaneRun.objects.get()))
    for news in ("application.submitted", "application.referred", "application.accepted"):
        tell(news, application, NOW - 2 * HOUR)
    assert (list(LaneRun.objects.values()), list(queries.track(LaneRun.objects.get()))) == before


def test_no_clock_begins_by_itself_and_a_rejection_ends_it(cast) -> None:
    application = accepted(cast)
    assert tell("application.accepted", application, NOW) is None
    tell("application.submitted", application, NOW)
    ended = tell("application.rejected", application, NOW + HOUR)
    assert ended is not None and ended.status == "left" and ended.ended_at == NOW + HOUR
    again = tell("application.appealed", application, NOW + 2 * HOUR)
    assert again is not None and again.pk != ended.pk and again.began_at == NOW + 2 * HOUR


def test_money_that_comes_back_sets_the_clock_going_as_if_it_never_stopped(cast, signed, bank) -> None:
    application = running(cast)
    number = signed(application=application)
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    live(bank)
    assert LaneRun.objects.get().status == "sent"
    tell("disbursement.returned", application, clock.now())
    run = LaneRun.objects.get()
    assert run.status == "running" and run.ended_at is None
    assert queries.clock_of(run).elapsed(clock.now()) == int((clock.now() - run.began_at).total_seconds())


# ---- standing still -------------------------------------------------------------------------------------------


def test_it_stands_for_the_customer_and_what_is_due_moves_by_as_long(cast) -> None:
    application = running(cast)
    due = LaneRun.objects.get().due_at
    pause_lane(application_number=application.number, reason="customer_away", words="出差，周四回来", by=cast.he)
    with pytest.raises(ClockStands):
        pause_lane(application_number=application.number, reason="customer_away", words="出差", by=cast.he)
    clock.tick(7200)
    assert queries.clock_of(LaneRun.objects.get()).elapsed(clock.now()) == 7200, "two hours before, none since"
    resumed = resume_lane(application_number=application.number, by=cast.he)
    assert resumed.due_at == due + 2 * HOUR and resumed.paused_seconds == 7200
    with pytest.raises(ClockRuns):
        resume_lane(application_number=application.number, by=cast.he)


@pytest.mark.parametrize(("reason", "words", "code"), [
    ("bank_is_slow", "银行系统慢", "lane_reason"), ("supplement", "等补件", "lane_reason"), ("", "x", "lane_reason"),
    ("customer_away", "  ", "lane_words"),
])
def test_no_reason_of_our_own_lets_it_stand(cast, reason: str, words: str, code: str) -> None:
    application = running(cast)
    with pytest.raises(Invalid) as refused:
        pause_lane(application_number=application.number, reason=reason, words=words, by=cast.he)
    assert refused.value.code == code and LaneRun.objects.get().status == "running"


def test_a_supplement_lets_it_stand_until_it_is_handed_in_again(cast) -> None:
    application = accepted(cast)
    tell("application.submitted", application, NOW - 5 * HOUR)
    tell("application.returned", application, NOW - 4 * HOUR)
    run = LaneRun.objects.get()
    assert run.status == "paused" and run.pauses.get().reason == "supplement"
    tell("application.submitted", application, NOW - HOUR)
    run.refresh_from_db()
    assert run.status == "running" and run.paused_seconds == 3 * 3600 and queries.clock_of(run).elapsed(NOW) == 2 * 3600


def test_who_is_elsewhere_finds_no_clock_and_one_that_is_over_stands_no_more(cast) -> None:
    application = running(cast)
    tell("application.withdrawn", application, NOW)
    with pytest.raises(LaneOver) as refused:
        pause_lane(application_number=application.number, reason="customer_away", words="出差", by=cast.he)
    assert refused.value.code == "lane_over"
    with pytest.raises(NotFound):
        resume_lane(application_number=application.number, by=replace(cast.he, branch_ids=frozenset(), user_id=0))


# ---- the manager ----------------------------------------------------------------------------------------------


def test_the_manager_hears_once_of_what_comes_near_its_time(cast) -> None:
    running(cast, ago=18 * HOUR)
    LaneRun.objects.update(stage_due_at=NOW + HOUR)
    assert escalate_lanes(at=NOW - timedelta(seconds=1), by=SYSTEM) == 0, "a second before three quarters are gone"
    assert escalate_lanes(at=NOW, by=SYSTEM) == 1 == Event.objects.filter(name="lane.escalated").count()
    assert escalate_lanes(at=NOW + HOUR, by=SYSTEM) == 0
    pile = worklist.PILES["contracts.lane"]
    assert pile.count(cast.manager) == 1 and pile.is_work_of(cast.manager) and not pile.is_work_of(cast.he)
    assert pile.late is not None and pile.late(cast.manager, NOW) == 0 and pile.late(cast.manager, NOW + 7 * HOUR) == 1
    assert [waiting.due_at for waiting in pile.first(cast.manager, 5)] == [NOW + 6 * HOUR]


def test_a_stage_over_its_time_is_told_and_whoever_is_not_prime_or_waits_for_the_customer_is_not(cast) -> None:
    application = running(cast, ago=2 * HOUR, is_prime=False)
    assert escalate_lanes(at=NOW + 90 * HOUR, by=SYSTEM) == 0
    LaneRun.objects.update(is_prime=True)
    assert escalate_lanes(at=NOW, by=SYSTEM) == 1, "half an hour was given to make the contract"
    LaneRun.objects.update(escalated_at=None)
    pause_lane(application_number=application.number, reason="customer_later", words="改到周五", by=cast.he)
    assert escalate_lanes(at=NOW + 90 * HOUR, by=SYSTEM) == 0


# ---- figures and doors ----------------------------------------------------------------------------------------


def sent(cast, took: timedelta) -> LaneRun:
    run = LaneRun.objects.create(
        application=accepted(cast) if not LaneRun.objects.exists() else LaneRun.objects.first().application, status="sent", stage="payout",
        is_prime=True, began_at=NOW - took, promised_seconds=86_400, due_at=NOW, stage_due_at=NOW, ended_at=NOW,
    )
    run.spans.create(stage="machine", began_at=NOW - took, ended_at=NOW - took / 2, budget_seconds=600)
    run.spans.create(stage="payout", began_at=NOW - took / 2, ended_at=NOW, budget_seconds=7200)
    return run


def test_figures_of_what_was_sent(cast) -> None:
    for took in (HOUR, 2 * HOUR, 30 * HOUR):
        sent(cast, took)
    found = queries.figures(cast.manager, TODAY, TODAY, prime_only=True)
    assert (found.count, found.within, found.hours) == (3, 2, [1, 1, 0, 0, 0, 0, 1, 0])
    assert found.weeks == [(TODAY - timedelta(days=TODAY.weekday()), 3, 2)]
    assert found.stages[0] == ("machine", 3600, 15 * 3600, 600) and found.stages[1] == ("review", None, None, None)
    assert queries.figures(cast.manager, TODAY + timedelta(days=1), TODAY + timedelta(days=1), prime_only=True).count == 0
    assert queries.figures(WU, TODAY, TODAY, prime_only=False).count == 0, "another branch's"


def test_a_run_that_was_sent_by_page(browser, cast) -> None:
    run = sent(cast, 3 * HOUR)
    browser.acts_as(cast.he)
    assert run.application.number in browser.get(reverse("contracts:lane"), {"status": "sent"}).content.decode()
    assert run.application.number in browser.get(reverse("contracts:lane"), {"q": run.application.number}).content.decode()
    assert run.application.number not in browser.get(reverse("contracts:lane")).content.decode(), "nothing is left to do"
    assert "按时占比" in browser.get(reverse("contracts:lane_figures")).content.decode()
    assert browser.get(reverse("contracts:lane_figures"), {"first": "x"}).status_code == 422
    panel = browser.get(reverse("contracts:lane_of"), {"subject": run.application.subject}).content.decode()
    assert "系统核验与决策" in panel and "3 小时 0 分" in panel and "因客户原因暂停" not in panel


def test_it_stands_and_goes_on_by_page(browser, cast) -> None:
    application = running(cast)
    browser.acts_as(cast.he)
    page = browser.get(reverse("contracts:lane")).content.decode()
    assert application.number in page and "制作合同" in page
    url = reverse("contracts:pause_lane", args=[application.number])
    assert browser.get(url).status_code == 200
    assert browser.post(url, {"reason": "customer_away", "words": "", "_once": uuid4().hex}).status_code == 422
    assert browser.post(url, {"reason": "customer_away", "words": "出差", "_once": uuid4().hex}).status_code == 302
    assert browser.post(url, {"reason": "customer_away", "words": "出差", "_once": uuid4().hex}).status_code == 422, "it stands already"
    panel = browser.get(reverse("contracts:lane_of"), {"subject": application.subject}).content.decode()
    assert "出差" in panel and "恢复计时" in panel
    resume = reverse("contracts:resume_lane", args=[application.number])
    assert browser.post(resume, {"_once": uuid4().hex}).status_code == 302 and LaneRun.objects.get().status == "running"
    browser.post(resume, {"_once": uuid4().hex})
    assert "不必恢复" in browser.get(reverse("contracts:lane")).content.decode()


def test_list_figures_pause_and_resume_by_api(browser, cast) -> None:
    application = running(cast)
    browser.acts_as(cast.he)
    row = browser.get("/api/v1/contracts/lane").json()["items"][0]
    assert row["application_number"] == application.number and row["elapsed_seconds"] == 7200 and row["stage"] == "contract"
    assert browser.get("/api/v1/contracts/lane/figures").json()["count"] == 0
    at = f"/api/v1/contracts/lane/{application.number}"
    key = {"HTTP_IDEMPOTENCY_KEY": uuid4().hex}
    said = {"reason": "customer_away", "words": "出差"}
    assert browser.post(f"{at}/pause", said, content_type="application/json", **key).json()["status"] == "paused"
    refused = browser.post(f"{at}/pause", said, content_type="application/json", HTTP_IDEMPOTENCY_KEY=uuid4().hex)
    assert refused.status_code == 409 and refused.json()["code"] == "lane_paused"
    key = {"HTTP_IDEMPOTENCY_KEY": uuid4().hex}
    assert browser.post(f"{at}/resume", {}, content_type="application/json", **key).json()["status"] == "running"
