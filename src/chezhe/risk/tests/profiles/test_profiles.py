"""Scores over time, who is warned, and the pages and programs that show it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from chezhe.compliance.seeds import parameters
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import FLEET, OUYANG, WANG, company, person
from chezhe.documents.tests.people import hire
from chezhe.kernel import clock, jobs, roles, worklist
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.models import Event, Parameter
from chezhe.kernel.testing import WU
from chezhe.risk.actions.review_warning import review_warning
from chezhe.risk.actions.score_customers import score_customers
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import steps as facts
from chezhe.risk.profiles import steps
from chezhe.risk.profiles.models import BehaviourScore, Profile, ProfileDue, WarningReview
from chezhe.risk.tests.crew import NOW, Crew, browser, crew, ten_in_the_morning  # noqa: F401
from chezhe.risk.tests.profiles.test_models import CALM, UNEASY

pytestmark = pytest.mark.django_db
LATER = {**UNEASY, "behaviour_dpd_now": 33}


@pytest.fixture(autouse=True)
def house(db: Any) -> Iterator[None]:
    parameters.sow()
    with jobs.in_line():
        yield


@pytest.fixture
def wang(crew: Crew) -> Customer:  # noqa: F811
    return person(WANG, crew.lin)


def tell(customer: Customer, values: Mapping[str, Any], days: int = 0) -> None:
    """What servicing tells of the customer so many days on, and the job that scores it."""
    with clock.at(NOW + timedelta(days=days)):
        steps.tell({customer: values})
        score(customer, days)


def score(customer: Customer, days: int = 0) -> Any:
    with clock.at(NOW + timedelta(days=days)):
        return score_customers(customers=[customer.pk], business_date=NOW.date() + timedelta(days=days), by=SYSTEM)


def warnings() -> list[tuple[str, str]]:
    return [(event.payload["before"], event.payload["level"]) for event in Event.objects.filter(name="customer.warned").order_by("pk")]


def test_the_level_rises_and_is_told_once_and_falls_in_silence(wang: Customer) -> None:
    tell(wang, CALM)
    assert Profile.objects.get().level == "low" and warnings() == []
    tell(wang, UNEASY, 3)
    profile = Profile.objects.get()
    assert profile.level == "high" and warnings() == [("low", "high")] and profile.level_since == NOW.date() + timedelta(days=3)
    assert score(wang, 4).scored == 0 and warnings() == [("low", "high")]
    tell(wang, LATER, 25)
    assert Profile.objects.get().probability == 1 and warnings()[-1] == ("high", "late")
    tell(wang, CALM, 30)
    assert Profile.objects.get().level == "low" and len(warnings()) == 2
    assert list(BehaviourScore.objects.order_by("pk").values_list("level", flat=True)) == ["low", "high", "late", "low"]


def test_scoring_again_writes_nothing_until_the_month_is_another(wang: Customer) -> None:
    tell(wang, CALM)
    assert score(wang).scored == 0 and score(wang, 10).scored == 0 and score(wang, 16).scored == 1
    rows = list(BehaviourScore.objects.order_by("pk").values_list("on", "score"))
    assert [on for on, _score in rows] == [date(2026, 3, 16), date(2026, 4, 1)] and rows[0][1] == rows[1][1]
    with pytest.raises(DatabaseError), transaction.atomic():
        BehaviourScore.objects.update(score=900)


def test_figures_that_went_stale_judge_nobody(wang: Customer) -> None:
    tell(wang, CALM)
    assert score(wang, 46).scored == 0 and not Profile.objects.exists() and BehaviourScore.objects.count() == 1


def test_another_threshold_moves_the_level_without_a_new_fact(wang: Customer) -> None:
    tell(wang, CALM)
    old = Parameter.objects.get(code="EARLY_WARNING_WATCH")
    Parameter.objects.create(
        code=old.code, value="0.001", unit=old.unit, effective_from=NOW.date(), source="风险政策")
    assert score(wang, 1).warned == 1 and Profile.objects.get().level == "watch"


def test_nobody_scores_by_hand(crew: Crew, wang: Customer) -> None:  # noqa: F811
    with pytest.raises(NotPermitted):
        score_customers(customers=[wang.pk], business_date=NOW.date(), by=crew.rui)


def test_who_waits_waits_once(wang: Customer) -> None:
    steps.ask([wang.pk, wang.pk])
    steps.ask([wang.pk])
    assert ProfileDue.objects.count() == 1 and [one.pk for one in steps.take(5)] == [wang.pk] and not ProfileDue.objects.exists()


def panel(door: Any, customer: Customer, by: Actor) -> Any:
    return door.acts_as(by).get(f"/risk/profiles/panel/?subject={customer.subject}")


def test_the_panel_shows_figures_with_source_and_age_and_why_one_is_warned(crew: Crew, wang: Customer, browser: Any) -> None:  # noqa: F811
    facts.record_facts(wang.subject, {"income_verified_monthly": 1_250_000, "flow_gambling_amount": 88_000}, source="flow", known_at=NOW)
    before = panel(browser, wang, crew.rui).content.decode()
    assert "还没有行为评分" in before and "12,500.00" in before and "疑似博彩" in before
    tell(wang, CALM)
    with clock.at(NOW + timedelta(days=20)):
        tell(wang, UNEASY, 20)
        page = panel(browser, wang, crew.rui).content.decode()
    profile = Profile.objects.get()
    for words in (str(profile.score), "预警的主要原因", "当前逾期天数", "12 天", "本公司贷款历史", "20 天前", "各月行为评分", "扣款常失败", "评分构成", "不用于定价"):
        assert words in page, words
    assert "王*明" in page and WANG.name not in page and WANG.id_number not in page
    firm = company(FLEET, crew.lin)
    facts.record_facts(firm.subject, {"revenue_year": 900_000_00}, source="accounts", known_at=NOW)
    assert "900,000.00" in panel(browser, firm, crew.rui).content.decode()


def test_the_burden_of_the_newest_decision_stands_there_and_makes_the_tag(crew: Crew, wang: Customer, browser: Any) -> None:  # noqa: F811
    def decided(number: str, dti: str | None, days: int, kind: str = "live") -> None:
        at = NOW + timedelta(days=days)
        Decision.objects.create(
            number=number, subject="application:A26-000001-8", kind=kind, branch_id=wang.branch_id, owner_id=wang.owner_id, customer=wang,
            decided_at=at, business_date=at.date(), outcome="referred", route="review", dti=dti and Decimal(dti), record="{}", digest="0" * 64)

    def line(page: str) -> str:
        return page.partition("收入负债比")[2].partition("</tr>")[0]

    assert not line(panel(browser, wang, crew.rui).content.decode())
    decided("DC26-000001-0", "0.31", 0)
    decided("DC26-000002-0", "0.6125", 1)
    decided("DC26-000003-0", None, 2)
    decided("DC26-000004-0", "0.99", 2, "shadow")
    tell(wang, CALM)
    with clock.at(NOW + timedelta(days=4)):
        page = panel(browser, wang, crew.rui).content.decode()
        told = browser.acts_as(crew.rui).api(f"risk/profiles/{wang.number}").json()
    assert "61.25%" in line(page) and "3 天前" in line(page) and "收入负债紧" in page and "tight" in told["tags"]
    with clock.at(NOW + timedelta(days=33)):
        page = panel(browser, wang, crew.rui).content.decode()
    assert "已过期" in line(page) and "61.25%" not in line(page), "a burden of last month is not today's"


def test_the_panel_is_for_those_who_may_and_reach_the_customer(crew: Crew, wang: Customer, browser: Any) -> None:  # noqa: F811
    assert panel(browser, wang, crew.lin).status_code == 403
    far = replace(crew.rui, reach=Reach.BRANCH, branch_ids=crew.mei.branch_ids)
    assert panel(browser, wang, far).status_code == 404
    assert browser.acts_as(crew.rui).get("/risk/profiles/panel/?subject=customer:C00-000000-0").status_code == 404
    assert browser.get("/risk/profiles/panel/").status_code == 404


def test_the_list_begins_with_the_most_likely_and_keeps_to_the_reach(crew: Crew, wang: Customer, browser: Any) -> None:  # noqa: F811
    other = person(OUYANG, crew.mei)
    tell(wang, CALM)
    tell(other, UNEASY)
    page = browser.acts_as(crew.rui).get("/risk/profiles/").content.decode()
    assert page.index(other.number) < page.index(wang.number) and other.masked_name in page and OUYANG.name not in page
    only = browser.get("/risk/profiles/?level=low").content.decode()
    assert wang.number in only and other.number not in only
    mine = browser.get(f"/risk/profiles/?branch={wang.branch.code}").content.decode()
    assert wang.number in mine and other.number not in mine
    sheet = browser.get("/risk/profiles/?export=csv")
    assert sheet.status_code == 200 and other.number in b"".join(sheet).decode("utf-8-sig")
    head = hire("郝", wang.branch, roles.BRANCH_MGR, reach=Reach.BRANCH)
    near = browser.acts_as(head).get("/risk/profiles/").content.decode()
    assert wang.number in near and other.number not in near
    assert browser.acts_as(crew.fei).get("/risk/profiles/").status_code == 403
    assert browser.acts_as(crew.rui).get("/risk/profiles/?level=so-so").status_code == 422


def test_the_pile_counts_the_warned_in_reach(crew: Crew, wang: Customer, browser: Any) -> None:  # noqa: F811
    tell(wang, UNEASY)
    tell(person(OUYANG, crew.mei), CALM)
    pile = worklist.PILES["risk.warned"]
    assert pile.count(crew.rui) == 1 and wang.number in pile.first(crew.rui, 5)[0].title and pile.is_work_of(crew.rui)
    assert not pile.is_work_of(crew.xu) and pile.count(WU) == 0
    assert pile.first(crew.rui, 5)[0].url in browser.acts_as(crew.rui).get(f"/risk/profiles/?{pile.query}").content.decode()


def test_what_was_done_empties_the_pile_until_the_level_rises_again(crew: Crew, wang: Customer, browser: Any) -> None:  # noqa: F811
    tell(wang, UNEASY)
    address, pile = f"/risk/profiles/review/?subject={wang.subject}", worklist.PILES["risk.warned"]
    browser.acts_as(crew.rui)
    assert "登记处理结果" in panel(browser, wang, crew.rui).content.decode()
    assert browser.post(address, {"measure": "called", "note": ""}).status_code == 422
    assert browser.post(address, {"measure": "dreamt", "note": "已通话"}).status_code == 422 and pile.count(crew.rui) == 1
    answer = browser.post(address, {"measure": "called", "note": "工资晚发，月底补足"})
    assert answer.status_code == 200 and "工资晚发，月底补足" in answer.content.decode() and pile.count(crew.rui) == 0
    assert wang.number not in browser.get("/risk/profiles/?warned=open").content.decode()
    assert wang.number in browser.get("/risk/profiles/?warned=yes").content.decode()
    assert score(wang, 16).scored == 1 and pile.count(crew.rui) == 0
    tell(wang, LATER, 20)
    assert pile.count(crew.rui) == 1 and WarningReview.objects.get().level == "high"
    with pytest.raises(DatabaseError), transaction.atomic():
        WarningReview.objects.all().delete()


def test_a_warning_is_dealt_with_by_those_who_may_and_only_where_there_is_one(crew: Crew, wang: Customer, browser: Any) -> None:  # noqa: F811
    say: dict[str, Any] = {"customer_number": wang.number, "measure": "observed", "note": "继续观察一个月", "business_date": NOW.date()}
    tell(wang, CALM)
    with pytest.raises(steps.NotWarned):
        review_warning(**say, by=crew.rui)
    tell(wang, UNEASY, 1)
    with pytest.raises(NotPermitted):
        review_warning(**say, by=crew.fei)
    with pytest.raises(NotFound):
        review_warning(**say, by=replace(crew.rui, reach=Reach.BRANCH, branch_ids=crew.mei.branch_ids))
    assert "登记处理结果" not in panel(browser, wang, crew.fei).content.decode()
    made = browser.acts_as(crew.rui).api(f"risk/profiles/{wang.number}/reviews", {"measure": "visited", "note": "已上门"})
    assert made.status_code == 201 and made.json()["measure"] == "visited"
    assert browser.api(f"risk/profiles/{wang.number}/reviews", {"measure": "visited", "note": " "}).status_code == 422
    assert len(browser.api(f"risk/profiles/{wang.number}/reviews").json()["items"]) == 1 and Profile.objects.get().reviewed_on == NOW.date()


def test_programs_read_the_profile_and_the_list(crew: Crew, wang: Customer, browser: Any) -> None:  # noqa: F811
    browser.acts_as(crew.rui)
    assert browser.api(f"risk/profiles/{wang.number}").status_code == 404
    tell(wang, UNEASY)
    told = browser.api(f"risk/profiles/{wang.number}").json()
    assert told["level"] == "high" and told["score"] == told["base"] + sum(part["points"] for part in told["parts"])
    assert told["reasons"][0]["fact"] == "behaviour_dpd_now" and "late_now" in told["tags"] and len(told["model"]) == 64
    assert Decimal(told["probability"]) == Profile.objects.get().probability and len(told["months"]) == 1
    assert [row["customer"] for row in browser.api("risk/profiles?level=high").json()["items"]] == [wang.number]
    assert browser.api("risk/profiles?level=low").json()["items"] == [] and browser.api("risk/profiles?level=so").status_code == 422
    assert browser.acts_as(crew.fei).api("risk/profiles").status_code == 403
    assert browser.acts_as(crew.lin).api(f"risk/profiles/{wang.number}").status_code == 403
