"""待办: what waits is counted once, sorted by urgency, and the bell, the cards and the list say the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import business_date, clock, roles, worklist
from chezhe.kernel.actor import Reach
from chezhe.kernel.testing import WU, actor, moment
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.leads.models import Lead
from chezhe.leads.tests.asking import TODAY, ZHOU, lead
from chezhe.vehicles.tests.filing import USED, vehicle
from chezhe.workbench import queries

AT = moment("2026-03-16 12:00")


@pytest.fixture(autouse=True)
def books(db: None) -> Iterator[None]:
    business_date.open_day(TODAY)
    with clock.at(AT):
        yield


@pytest.fixture
def piles(monkeypatch: pytest.MonkeyPatch) -> dict[str, Pile]:
    """Only the piles that the test puts there."""
    own: dict[str, Pile] = {}
    monkeypatch.setattr(worklist, "PILES", own)
    return own


def pile(key: str, *waiting: Waiting, **more: Any) -> Pile:
    late = [w for w in waiting if w.due_at and w.due_at < AT]
    return Pile(key, key, "workbench:home", "approvals.view", lambda _actor: len(waiting), lambda _actor, most: list(waiting)[:most],
                late=lambda _actor, _at: len(late), verb="办", **more)


def hours(count: float) -> datetime:
    return AT + timedelta(hours=count)


def text(response: Any) -> str:
    return response.content.decode()


def test_the_list_is_sorted_by_what_is_most_urgent(cast: Cast, piles: dict[str, Pile]) -> None:
    piles["a"] = pile("a", Waiting("晚到期", "/", hours(9), since_at=hours(-1)), Waiting("没有时限，等得久", "/", since_at=hours(-90)))
    piles["b"] = pile("b", Waiting("已超时", "/", hours(-2), since_at=hours(-8)), Waiting("没有时限", "/", since_at=hours(-1)), Waiting("不知道", "/"))
    found = queries.tasks(cast.gao, AT)
    assert [line.waiting.title for line in found.lines] == ["已超时", "晚到期", "没有时限，等得久", "没有时限", "不知道"]
    assert (found.total, found.late, found.hidden) == (5, 1, 0)
    first = found.lines[0]
    assert first.is_late and first.sla is not None and first.sla.tone == "danger" and first.age == "8 小时 0 分"
    assert found.lines[2].sla is None and found.lines[4].age == ""
    assert [line.waiting.title for line in queries.tasks(cast.gao, AT, "b").lines] == ["已超时", "没有时限", "不知道"]
    assert [line.waiting.title for line in queries.tasks(cast.gao, AT, only_late=True).lines] == ["已超时"]


def test_what_is_not_listed_is_counted_and_said(cast: Cast, piles: dict[str, Pile], browser: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "TASKS_MAX", 3)
    piles["a"] = pile("a", *[Waiting(f"第{i}件", "/") for i in range(7)])
    found = queries.tasks(cast.gao, AT)
    assert (len(found.lines), found.hidden, found.total) == (3, 4, 7)
    assert "另有 4 项未列出" in text(browser.acts_as(cast.gao).get("/tasks/")) and text(browser.get("/bell/")) == "7"


def test_a_pile_is_the_work_of_its_roles_only(cast: Cast, piles: dict[str, Pile]) -> None:
    piles["a"] = pile("a", Waiting("跟进", "/"), roles=(roles.SALES,))
    assert queries.count_waiting(cast.lin) == 1 and queries.count_waiting(cast.gao) == 0 and queries.count_waiting(WU) == 0


def test_the_day_shows_what_ends_before_midnight(cast: Cast, piles: dict[str, Pile], browser: Any) -> None:
    piles["a"] = pile("a", Waiting("今晚", "/", hours(10)), Waiting("明早", "/", hours(20)), Waiting("昨天", "/", hours(-20)), Waiting("随时", "/"))
    made = queries.cards(cast.gao, AT, queries.TODAY_MAX)
    assert [line.waiting.title for line in queries.due_today(made, AT)] == ["昨天", "今晚"]
    page = text(browser.acts_as(cast.gao).get("/"))
    assert "今日到期" in page and "超时 1" in page and "/tasks/?kind=a&amp;late=yes" in page


def test_the_page_of_tasks_narrows_and_has_its_empty_states(cast: Cast, piles: dict[str, Pile], browser: Any) -> None:
    client = browser.acts_as(cast.gao)
    assert "都处理完了" in text(client.get("/tasks/"))
    piles["a"] = pile("a", Waiting("一件事", "/somewhere/", hours(5), "细节", since_at=hours(-1)))
    page = text(client.get("/tasks/"))
    assert 'href="/somewhere/"' in page and "剩 5 小时 0 分" in page and "1 小时 0 分" in page and ">办</a>" in page
    assert "没有超时的" in text(client.get("/tasks/?late=yes")) and "这一类没有待办" in text(client.get("/tasks/?kind=nothing"))


def test_a_contact_of_yesterday_is_late_and_one_of_today_is_not(cast: Cast) -> None:
    first, second = lead(cast.lin), lead(cast.lin, ZHOU)
    Lead.objects.filter(pk=first.pk).update(status="contacted", touch_next_on=TODAY - timedelta(days=1))
    Lead.objects.filter(pk=second.pk).update(status="contacted", touch_next_on=TODAY)
    card = next(card for card in queries.cards(cast.lin, AT) if card.key == "leads_due")
    assert (card.count, card.late) == (2, 1) and card.url.endswith("?scope=own&state=open&sort=touch_next_on")


EVERY = [(key, one.query) for key, one in worklist.PILES.items()]


@pytest.mark.parametrize(("key", "query"), EVERY, ids=[key for key, _query in EVERY])
def test_the_list_behind_every_pile_opens_narrowed(cast: Cast, browser: Any, key: str, query: str) -> None:
    """A query that the list does not understand would answer 422."""
    one = worklist.PILES[key]
    everybody = replace(hire("全", cast.east, roles.ADMIN, reach=Reach.ALL), roles=frozenset(roles.ALL), permissions=actor("x", *roles.ALL).permissions)
    answer = browser.acts_as(everybody).get(reverse(one.url_name) + (f"?{query}" if query else ""), follow=True)
    assert answer.status_code == 200 and str(one.verb), f"{key} has no list or says not what to do"
    if query:
        assert "chip-on" in text(answer), f"{key}: nothing was narrowed"


def test_numbers_that_were_opened_are_shown_with_what_they_are_now(cast: Cast, browser: Any) -> None:
    wang = person(WANG, cast.lin)
    car = vehicle(USED, wang, cast.lin)
    sent = {"numbers": f"{wang.number},{car.number},C26-999999-9,<script>,{'x' * 500}"}
    page = text(browser.acts_as(cast.lin).post("/today/recent/", sent))
    assert page.index(wang.number) < page.index(f"/vehicles/{car.number}/") and "王*明" in page and "王小明" not in page
    assert "<script>" not in page and page.count("<li>") == 2
    assert "<li>" not in text(browser.acts_as(cast.mei).post("/today/recent/", sent)), "out of reach"
    assert browser.get("/today/recent/").status_code == 405


def test_the_week_is_drawn_from_what_one_may_see_and_not_when_there_is_nothing(cast: Cast, browser: Any) -> None:
    assert "<figure" not in text(browser.acts_as(cast.gao).get("/today/charts/"))
    assert "hx-get=\"/today/charts/\"" in text(browser.get("/")) and "/today/charts/" not in text(browser.acts_as(WU).get("/"))
