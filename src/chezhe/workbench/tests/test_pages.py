from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.urls import NoReverseMatch, reverse

from chezhe.approvals import steps as approval_steps
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import Cast
from chezhe.finmath.money import Money
from chezhe.kernel import clock, roles, worklist
from chezhe.kernel.testing import WU
from chezhe.kernel.worklist import Pile, Waiting
from chezhe.leads.tests.asking import WANG as ASKING
from chezhe.leads.tests.asking import lead
from chezhe.ui import navigation, panels
from chezhe.workbench import queries


def text(response: Any) -> str:
    return response.content.decode()


def main(response: Any) -> str:
    page = text(response)
    return page[page.index("<main"):page.index("</main>")]


def ask(cast: Cast, title: str, amount: Money) -> Any:
    return approval_steps.open_request(
        kind="probe", subject=f"probe:{title}", title=title, stages=[{"role": roles.BRANCH_MGR}], maker_ids=[cast.lin.user_id],
        branch_id=cast.east.id, amount=amount, by=cast.lin,
    )


def test_every_entry_of_the_shell_leads_somewhere() -> None:
    assert navigation.broken() == []
    assert panels.broken() == []
    for pile in worklist.PILES.values():
        try:
            reverse(pile.url_name)
        except NoReverseMatch:
            pytest.fail(f"{pile.key} leads nowhere")


def test_the_home_page_shows_the_most_urgent_of_each_pile(cast: Cast, browser: Any) -> None:
    for number in range(1, 6):
        ask(cast, f"第{number}笔审批", Money(number * 1_000_00))
    page = main(browser.acts_as(cast.gao).get("/"))
    assert "待我审批" in page and "查看全部 5 项" in page and "¥1,000.00" in page
    assert len(re.findall("第.笔审批", page)) == queries.URGENT_MAX
    assert text(browser.get("/bell/")) == "5"
    # The maker does not approve, and the other branch has nothing of it.
    for other in (cast.lin, cast.mei):
        assert "笔审批" not in main(browser.acts_as(other).get("/"))
        assert text(browser.get("/bell/")) == ""


def test_what_is_late_is_said_in_words(cast: Cast) -> None:
    at = clock.now()
    late = Pile("probe", "x", "workbench:home", "approvals.view", lambda a: 2, lambda a, n: [
        Waiting("早", "/", at - timedelta(minutes=1)), Waiting("晚", "/", at + timedelta(minutes=1)),
    ])
    assert [line.is_late for line in queries._card(late, 2, cast.gao, at, 9).lines] == [True, False]


def test_who_has_no_work_is_told_what_to_do(cast: Cast, browser: Any) -> None:
    assert "您的岗位没有待办" in main(browser.acts_as(WU).get("/"))
    assert "都处理完了" in main(browser.acts_as(cast.gao).get("/"))
    assert browser.acts_as(cast.gao).get("/").status_code == 200


def test_a_stranger_is_sent_to_the_sign_in_page(client: Any, db: None) -> None:
    for path in ("/", "/search/", "/bell/"):
        answer = client.get(path)
        assert answer.status_code == 302 and answer["Location"].startswith("/sign-in/")


def test_the_palette_gets_links_and_a_browser_without_scripts_a_page(cast: Cast, browser: Any) -> None:
    wang = person(WANG, cast.lin)
    client = browser.acts_as(cast.lin)
    part = text(client.post("/search/", {"q": "wxm"}, headers={"HX-Request": "true"}))
    assert "<html" not in part and f'href="/customers/{wang.number}/"' in part and "王*明" in part and "王小明" not in part
    assert f'href="/customers/{wang.number}/"' in main(client.post("/search/", {"q": "wxm"}))
    assert "王*明" not in text(client.get("/search/?q=wxm"))


def test_no_hit_offers_a_new_customer_to_who_may_create_one(cast: Cast, browser: Any) -> None:
    for actor, may in ((cast.lin, True), (cast.xu, False)):
        part = text(browser.acts_as(actor).post("/search/", {"q": "查无此人"}, headers={"HX-Request": "true"}))
        assert "没有找到" in part and ("/customers/new/person/" in part) is may


@pytest.mark.parametrize(("typed", "field"), [
    ("诸葛大名", 'name="name" value="诸葛大名"'), ("13800138000", 'name="mobile" value="13800138000"'),
    ("110101199001010007", 'name="id_number" value="110101199001010007"'), ("110101199001010008", 'value="110101199001010008"'),
])
def test_what_was_typed_and_not_found_goes_along_to_the_new_customer(cast: Cast, browser: Any, typed: str, field: str) -> None:
    client = browser.acts_as(cast.lin)
    part = text(client.post("/search/", {"q": typed}, headers={"HX-Request": "true"}))
    assert f'<button name="_typed" value="{typed}">' in part and 'action="/customers/new/person/"' in part
    answer = client.post("/customers/new/person/", {"_typed": typed})
    assert field in text(answer) and "is-invalid" not in text(answer) and answer.status_code == 200
    assert 'name="uscc" value="91110108MA00TEYT7K"' in text(client.post("/customers/new/company/", {"_typed": "91110108MA00TEYT7K"}))
    assert not Customer.objects.exists()


def test_search_and_work_over_the_api(cast: Cast, browser: Any) -> None:
    made = lead(cast.lin)
    client = browser.acts_as(cast.lin)
    answer = client.api("workbench/search", {"q": "5678"}).json()
    assert answer["groups"][0]["hits"][0]["number"] == made.number and ASKING.mobile not in str(answer)
    assert client.api("workbench/search", {"q": "x", "more": 1}).status_code == 422
    assert client.api("workbench/search", {"q": "x" * 81}).status_code == 422
    piles = {pile["key"]: pile for pile in client.api("workbench/todo").json()}
    assert piles["leads_due"]["count"] == 1 and piles["leads_due"]["first"][0]["amount"] == "80000.00"
    assert browser.acts_as(WU).api("workbench/todo").json() == []


def test_english_pages_are_english(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(WU)
    for path in ("/", "/search/"):
        page = main(client.get(path, headers={"Accept-Language": "en"})).replace(WU.name, "")
        assert not re.findall(r"[\u4e00-\u9fff]+", page)
    page = main(browser.acts_as(cast.gao).get("/", headers={"Accept-Language": "en"})).replace(cast.gao.name, "")
    assert not re.findall(r"[\u4e00-\u9fff]+", page)
