from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from chezhe.channels.models import Dealer, DealerPerson
from chezhe.channels.tests.dealing import HARBOUR, dealer
from chezhe.documents.tests.people import Cast
from chezhe.kernel.actor import Reach
from chezhe.kernel.testing import WU

FORM = {"kind": HARBOUR.kind, "name": HARBOUR.name, "uscc": HARBOUR.uscc, "tier": "B", "city": "上海", "contact_mobile": HARBOUR.contact_mobile}


def text(response: Any) -> str:
    return response.content.decode()


def test_a_dealer_lives_by_page(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.gao)
    assert client.post("/channels/new/", FORM | {"uscc": "91310115MA1TEYT17X"}).status_code == 422
    assert client.post("/channels/new/", FORM).status_code == 302
    made = Dealer.objects.get()
    base = f"/channels/{made.number}"
    assert HARBOUR.name in text(client.get("/channels/?q=海港")) and "暂停合作" in text(client.get(f"{base}/"))
    assert client.post(f"{base}/edit/", FORM | {"contact_mobile": "", "tier": "A", "version": "1", "reason": "业绩好"}).status_code == 302
    assert client.post(f"{base}/edit/", FORM | {"tier": "C", "version": "1", "reason": "业绩差"}).status_code == 409
    assert client.post(f"{base}/suspend/", {"reason": "首逾偏高"}).status_code == 302
    assert client.post(f"{base}/suspend/", {"reason": "首逾偏高"}).status_code == 422
    panel = text(client.get(f"/channels/panel/profile/?subject={made.subject}"))
    assert "首逾偏高" in panel and "154****7777" in panel and HARBOUR.contact_mobile not in panel
    assert client.post(f"{base}/resume/", {"reason": "已整改"}).status_code == 302
    assert client.get(f"{base}/fly/").status_code == 404
    made.refresh_from_db()
    assert (made.tier, made.contact_mobile, made.status) == ("A", HARBOUR.contact_mobile, "active")


def test_the_head_office_chooses_the_branch(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(replace(cast.gao, branch_id=None, branch_ids=frozenset(), reach=Reach.ALL))
    assert "城西店" in text(client.get("/channels/new/")) and client.post("/channels/new/", FORM).status_code == 422
    assert client.post("/channels/new/", FORM | {"branch_code": "T02"}).status_code == 302
    assert Dealer.objects.get().branch_id == cast.west.id


def test_scope_by_page(cast: Cast, browser: Any) -> None:
    made = dealer(cast.gao)
    assert browser.acts_as(cast.mei).get(f"/channels/{made.number}/").status_code == 404
    assert browser.acts_as(cast.mei).get(f"/channels/panel/profile/?subject={made.subject}").status_code == 404
    assert browser.acts_as(WU).get("/channels/").status_code == 403
    assert browser.acts_as(cast.lin).get("/channels/new/").status_code == 403


def test_a_dealer_lives_over_the_api(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.gao)
    made = client.api("channels/dealers", FORM)
    number = made.json()["number"]
    assert made.status_code == 201 and made.json()["contact"] == "154****7777"
    assert client.api("channels/dealers", FORM).json()["code"] == "dealer_exists"
    assert client.api("channels/dealers").json()["items"][0]["number"] == number
    edited = client.patch(
        f"/api/v1/channels/dealers/{number}", {"version": 1, "reason": "业绩好", "tier": "A"}, content_type="application/json"
    )
    assert edited.json()["tier"] == "A"
    assert client.api(f"channels/dealers/{number}/suspend", {"reason": "首逾偏高"}).json()["status"] == "suspended"
    assert client.api(f"channels/dealers/{number}/suspend", {"reason": "首逾偏高"}).json()["code"] == "wrong_state"
    assert client.api(f"channels/dealers/{number}/resume", {"reason": "已整改"}).json()["status"] == "active"
    assert client.api(f"channels/dealers/{number}/exit", {"reason": "合同到期"}).json()["status"] == "exited"
    assert len(client.api("channels/sources").json()) >= 8
    assert browser.acts_as(cast.mei).api(f"channels/dealers/{number}").status_code == 404


def test_english_pages_are_english(cast: Cast, browser: Any) -> None:
    page = text(browser.acts_as(cast.gao).get("/channels/new/", headers={"Accept-Language": "en"}))
    assert not re.findall(r"[\u4e00-\u9fff]+", page[page.index("<main"):page.index("</main>")])


def test_people_are_given_access_and_it_is_taken_from_them(cast: Cast, browser: Any) -> None:
    made = dealer(cast.gao)
    client, base = browser.acts_as(cast.gao), f"/channels/{made.number}/people"
    assert client.post(f"{base}/new/", {"name": "孙海", "mobile": "123"}).status_code == 422
    assert client.post(f"{base}/new/", {"name": "孙海", "mobile": "15477778888"}).status_code == 302
    assert client.post(f"{base}/new/", {"name": "孙洋", "mobile": "15477778888"}).status_code == 409
    panel = text(client.get(f"/channels/panel/people/?subject={made.subject}"))
    assert "孙*" in panel and "154****8888" in panel and "15477778888" not in panel and f"{base}/new/" in panel
    person = DealerPerson.objects.get()
    assert client.post(f"{base}/{person.pk}/disable/", {"reason": ""}).status_code == 422
    assert client.post(f"{base}/{person.pk}/disable/", {"reason": "离职"}).status_code == 302
    assert client.get(f"{base}/999999/disable/").status_code == 404
    assert client.post(f"{base}/new/", {"name": "孙洋", "mobile": "15477778888"}).status_code == 302
    browser.acts_as(WU)
    assert client.get(f"{base}/new/").status_code == 403
