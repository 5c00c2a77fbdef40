"""The same line by page and by API."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from typing import Any

from chezhe.customers.tests.filing import OUYANG, WANG, person
from chezhe.kernel import business_date, worklist
from chezhe.kernel.testing import WU
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import (
    FIGURES,
    House,
    approved,
    complete,
    file_papers,
    filled,
    grant_consents,
    let_count,
    start,
    submitted,
    work,
)
from chezhe.ui import navigation, panels

SECRETS = (WANG.name, WANG.id_number, WANG.mobile)


def text(response: Any) -> str:
    return response.content.decode()


def test_an_application_lives_by_page(house: House, browser: Any) -> None:
    client = browser.acts_as(house.lin)
    assert client.post("/origination/new/", {"customer_number": "C26-0", "product_code": "P03"}).status_code == 422
    first = client.post("/origination/new/", {"customer_number": house.wang.number, "product_code": "P03"})
    made = Application.objects.get()
    base = f"/origination/{made.number}"
    assert first["Location"] == f"{base}/steps/party/"
    assert client.post(f"{base}/steps/party/", {"version": "1", "product_code": "P03", "purpose": "consumption"})["Location"] == f"{base}/steps/support/"
    assert client.post(f"{base}/steps/vehicle/", {"version": "2", "vehicle_number": house.car.number, "price": ""}).status_code == 302
    wrong = client.post(f"{base}/steps/finance/", {"version": "3", **FIGURES, "periods": "两年"})
    assert wrong.status_code == 422 and "请填写整数" in text(wrong) and 'value="两年"' in text(wrong) and 'value="60000.00"' in text(wrong)
    assert client.post(f"{base}/steps/finance/", {"version": "4", **FIGURES})["Location"] == f"{base}/steps/documents/"
    lacking = client.post(f"{base}/submit/", {"version": "5"})
    assert lacking.status_code == 422 and "身份证人像面" in text(lacking) and "征信查询授权" in text(lacking)
    made.refresh_from_db()
    file_papers(made, house.lin)
    grant_consents(house.wang, house.lin)
    page = text(client.get(f"{base}/steps/consents/"))
    assert "资料与授权已齐" in page and "综合年化" in page and not [secret for secret in SECRETS if secret in page]
    assert client.post(f"{base}/submit/", {"version": "5"})["Location"] == f"{base}/"
    assert client.post(f"{base}/submit/", {"version": "5"}).status_code == 409
    work()
    assert client.get(f"{base}/steps/party/")["Location"] == f"{base}/"
    decide_by_page(house, browser, base)
    made.refresh_from_db()
    assert made.status == "accepted"


def test_the_reviewer_reads_how_it_was_filed_and_from_which_device(house: House, browser: Any) -> None:
    made = submitted(house)
    client, url = browser.acts_as(house.chen), f"/origination/{made.number}/review/"
    assert "进件方式" in text(client.get(url)) and "柜台" in text(client.get(url)) and "客户设备" not in text(client.get(url))
    Application.objects.filter(pk=made.pk).update(filed_through="online")
    assert "没有提供设备标识" in text(client.get(url))
    Application.objects.filter(pk=made.pk).update(device="IDFA-77F0-0042-BEEF")
    page = text(client.get(url))
    assert "****BEEF" in page and "77F0" not in page and "没有提供设备标识" not in page


def decide_by_page(house: House, browser: Any, base: str) -> None:
    page = text(browser.acts_as(house.lin).get(f"{base}/review/"))
    assert 'value="agree"' not in page and "正在等待“初审”审批" in page
    client = browser.acts_as(house.chen)
    assert 'value="agree"' in text(client.get(f"{base}/review/"))
    refused = client.post(f"{base}/review/", {"verdict": "return", "opinion": ""})
    assert refused.status_code == 422 and "请写明理由" in text(refused)
    assert client.post(f"{base}/review/", {"verdict": "agree", "opinion": "核实无误"})["Location"] == f"{base}/review/"
    assert 'value="agree"' not in text(client.get(f"{base}/review/")), "it waits for its seconds"
    let_count()
    client = browser.acts_as(house.zhou)
    assert "核实无误" in text(client.get(f"{base}/review/"))
    assert client.post(f"{base}/review/", {"verdict": "agree", "opinion": ""}).status_code == 302
    let_count()
    client = browser.acts_as(house.lin)
    assert "批复有效期至 2026-04-15" in text(client.get(f"{base}/"))
    assert client.post(f"{base}/accept/")["Location"] == f"{base}/"


def test_typing_saves_itself_and_the_second_editor_is_told(house: House, browser: Any) -> None:
    client, made = browser.acts_as(house.lin), start(house)
    url = f"/origination/{made.number}/steps/finance/autosave/"
    part = client.post(url, {"version": "1", "amount": "60000", "periods": "x"})
    assert part.status_code == 200 and 'name="version" value="2"' in text(part) and "请填写整数" in text(part)
    stale = client.post(url, {"version": "1", "amount": "70000"})
    assert stale.status_code == 422 and "您的填写没有保存" in text(stale)
    made.refresh_from_db()
    assert made.amount is not None and made.amount.fen == 6_000_000 and made.draft["finance"] == {"periods": "x"}
    page = client.get(f"/origination/{made.number}/steps/finance/")
    assert page.status_code == 200 and 'value="x"' in text(page) and 'hx-post="' + url in text(page)
    assert client.post(f"/origination/{made.number}/steps/finance/", {"version": "1", "amount": "1"}).status_code == 409
    assert client.get(f"/origination/{made.number}/steps/moon/").status_code == 404
    assert client.post(f"/origination/{made.number}/steps/moon/", {"version": "2"}).status_code == 404


def test_every_step_and_panel_opens(house: House, browser: Any) -> None:
    client, made = browser.acts_as(house.lin), filled(house)
    for step in ("party", "support", "vehicle", "finance", "documents", "consents"):
        page = client.get(f"/origination/{made.number}/steps/{step}/")
        assert page.status_code == 200 and not [secret for secret in SECRETS if secret in text(page)], step
    chips = text(client.get(f"/origination/{made.number}/steps/documents/missing/"))
    assert "身份证人像面" in chips and "征信查询授权" in chips and "请填写月收入" not in chips
    for tab in panels.tabs_for(made.subject, house.lin):
        assert client.get(tab.url).status_code == 200, tab.key
    assert "每期还款构成" in text(client.get(f"/origination/panel/plan/?subject={made.subject}"))
    assert "还排不出还款计划" in text(client.get(f"/origination/panel/plan/?subject={start(house).subject}"))
    for subject, url in ((house.wang.subject, "customer"), (house.car.subject, "vehicle")):
        assert made.number in text(client.get(f"/origination/panel/{url}/?subject={subject}"))


def test_parties_by_page(house: House, browser: Any) -> None:
    client, made, ouyang = browser.acts_as(house.lin), filled(house), person(OUYANG, house.lin)
    base = f"/origination/{made.number}/parties/"
    refused = client.post(base, {"customer_number": house.wang.number, "role": "guarantor"})
    assert refused.status_code == 422 and "借款人本人" in text(refused)
    assert client.post(base, {"customer_number": ouyang.number, "role": "guarantor"}).status_code == 302
    assert "欧阳*远" in text(client.get(f"/origination/{made.number}/steps/support/"))
    assert client.post(f"{base}{ouyang.number}/remove/").status_code == 302 and not made.parties.exists()


def test_list_board_and_files_are_masked_and_in_reach(house: House, browser: Any) -> None:
    made = submitted(house)
    client = browser.acts_as(house.lin)
    for path in ("/origination/", "/origination/board/", "/origination/?state=open&q=王小明", "/origination/?export=csv"):
        page = client.get(path)
        assert page.status_code == 200 and made.number in text(page) and not [secret for secret in SECRETS[1:] if secret in text(page)], path
    for path in ("/origination/", "/origination/board/"):
        assert made.number not in text(browser.acts_as(house.mei).get(path))
        assert browser.acts_as(WU).get(path).status_code == 403
    for path in ("", "review/", "withdraw/"):
        assert browser.acts_as(house.mei).get(f"/origination/{made.number}/{path}").status_code == 404


def test_list_and_board_ask_few_questions(house: House, browser: Any, django_assert_max_num_queries: Any) -> None:
    submitted(house)
    for _ in range(3):
        filled(house)
    for path in ("/origination/", "/origination/board/"):
        with django_assert_max_num_queries(14):
            browser.acts_as(house.lin).get(path)


def test_an_old_offer_is_closed_by_page(house: House, browser: Any) -> None:
    made = approved(house)
    business_date.open_day(date(2026, 4, 20))
    client, base = browser.acts_as(house.lin), f"/origination/{made.number}"
    assert "客户不能再接受" in text(client.get(f"{base}/")) and 'data-opens="accept"' not in text(client.get(f"{base}/"))
    assert "批复已于 2026-04-15 到期" in text(client.post(f"{base}/accept/", follow=True))
    assert client.post(f"{base}/expire/").status_code == 403
    client = browser.acts_as(house.qin)
    assert 'data-opens="expire"' in text(client.get(f"{base}/"))
    client.post(f"{base}/expire/")
    made.refresh_from_db()
    assert made.status == "expired"


def test_it_is_withdrawn_by_page_with_a_reason(house: House, browser: Any) -> None:
    made = submitted(house)
    client, url = browser.acts_as(house.lin), f"/origination/{made.number}/withdraw/"
    assert client.get(url).status_code == 200 and client.post(url, {"reason": ""}).status_code == 422
    assert client.post(url, {"reason": "客户改主意"}).status_code == 302
    assert "客户改主意" in text(client.get(f"/origination/panel/track/?subject={made.subject}"))


def test_the_generic_inbox_sends_the_voter_here(house: House, browser: Any) -> None:
    made = submitted(house)
    page = text(browser.acts_as(house.chen).get(f"/approvals/{made.approval.number}/"))
    assert f"/origination/{made.number}/review/" in page and 'value="agree"' not in page


def test_everything_registered_has_an_address(house: House) -> None:
    assert panels.broken() == [] and "applications_supplement" in [pile.key for pile in worklist.piles_for(house.lin)]
    assert navigation.url_or_none("origination:start") == "/origination/new/"


def test_an_application_lives_over_the_api(house: House, browser: Any) -> None:
    client = browser.acts_as(house.lin)
    made = client.api("origination", {"customer_number": house.wang.number, "product_code": "P03"})
    assert made.status_code == 201 and made.json()["possible"] == ["submit", "expire", "withdraw"] and made.json()["customer_name"] == "王*明"
    number = made.json()["number"]
    base = f"origination/{number}"

    def patch(step: str, **sent: Any) -> Any:
        version = client.api(base).json()["version"]
        return client.patch(f"/api/v1/{base}/steps/{step}", {"version": version, **sent}, content_type="application/json")

    assert patch("party", purpose="consumption").json()["purpose"] == "consumption"
    assert patch("vehicle", vehicle_number="V26-0").json()["field"] == "vehicle_number"
    assert patch("vehicle", vehicle_number=house.car.number).json()["vehicle_number"] == house.car.number
    assert patch("finance", amount="-1.00").json()["field"] == "amount"
    assert patch("finance", amount=60000).status_code == 422 and patch("finance", colour="red").status_code == 422
    assert client.api(f"{base}/figures").json() is None and client.api(f"{base}/plan").json() == []
    sent = {"amount": "60000.00", "periods": 24, "method": "equal_instalment", "annual_rate": "0.12", "due_day": 16,
            "monthly_income": "12500.00", "monthly_debt": "2100.00"}
    assert patch("finance", **sent).json()["annual_rate"] == "0.12"
    assert "document_missing" in {gap["code"] for gap in client.api(f"{base}/gaps").json()}
    version = client.api(base).json()["version"]
    assert client.api(f"{base}/submit", {"version": version}).json()["code"] == "application_incomplete"
    row = Application.objects.get(number=number)
    file_papers(row, house.lin)
    grant_consents(house.wang, house.lin)
    assert client.api(f"{base}/submit", {"version": version - 1}).json()["code"] == "stale_edit"
    assert client.api(f"{base}/submit", {"version": version}).json()["status"] == "checking"
    work()
    shown = client.api(f"{base}/figures").json()
    assert (shown["is_frozen"], shown["instalment"], shown["ltv"]) == (True, "2844.41", "0.600000")
    plan = client.api(f"{base}/plan").json()
    assert len(plan) == 24 and plan[-1]["balance"] == "0.00" and plan[0]["due_date"] == "2026-04-16"
    assert client.api(f"{base}/votes", {"verdict": "agree"}).status_code == 403
    assert browser.acts_as(house.chen).api(f"{base}/votes", {"verdict": "agree", "opinion": "无误"}).json()["status"] == "final_review"
    assert client.api(f"{base}/votes", {"verdict": "agree"}).json()["code"] == "already_voted"
    assert browser.acts_as(house.zhou).api(f"{base}/votes", {"verdict": "agree"}).json()["approval_expires_on"] == "2026-04-15"
    assert browser.acts_as(house.lin).api(f"{base}/accept", {}).json()["status"] == "accepted"
    assert [move["status_to"] for move in client.api(f"{base}/track").json()["items"]][-1] == "accepted"
    assert client.api("origination?status=accepted").json()["items"][0]["number"] == number
    assert browser.acts_as(house.mei).api(base).status_code == 404


def test_a_programme_files_on_line_and_a_clerk_over_the_counter(house: House, browser: Any) -> None:
    said, device = {"customer_number": house.wang.number, "product_code": "P03"}, "DV1c82689a8da96282"
    assert browser.acts_as(house.lin).api("origination", said).json()["filed_through"] == "counter"
    client = browser.acts_as(replace(house.lin, is_program=True))
    made = client.api("origination", {**said, "device": device})
    assert made.json()["filed_through"] == "online" and device not in made.content.decode()
    assert Application.objects.get(number=made.json()["number"]).device == device
    assert client.api("origination", said).json()["filed_through"] == "online"
    refused = client.api("origination", {**said, "filed_through": "counter", "device": device})
    assert (refused.status_code, refused.json()["code"]) == (422, "device_at_counter")
    refused = client.api("origination", {**said, "filed_through": "counter"})
    assert (refused.status_code, refused.json()["code"]) == (422, "counter_by_program")
    assert browser.acts_as(house.lin).api("origination", {**said, "filed_through": "counter"}).json()["filed_through"] == "counter"
    assert "线上" in browser.acts_as(house.lin).get(f"/origination/{made.json()['number']}/").content.decode()


def test_parties_withdrawal_and_expiry_over_the_api(house: House, browser: Any) -> None:
    client, made, ouyang = browser.acts_as(house.lin), complete(house), person(OUYANG, house.lin)
    base = f"origination/{made.number}"
    added = client.api(f"{base}/parties", {"customer_number": ouyang.number, "role": "spouse"})
    assert added.status_code == 201 and added.json()["parties"][0]["role"] == "spouse"
    assert client.delete(f"/api/v1/{base}/parties/{ouyang.number}").json()["parties"] == []
    assert browser.acts_as(house.qin).api(f"{base}/expire", {}).json()["code"] == "offer_still_valid"
    assert browser.acts_as(house.lin).api(f"{base}/withdraw", {"reason": "客户改主意"}).json()["status"] == "withdrawn"


def test_english_pages_are_english(house: House, browser: Any) -> None:
    made = filled(house)
    client = browser.acts_as(house.lin)
    for path in ("new/", f"{made.number}/steps/finance/", f"{made.number}/", f"panel/plan/?subject={made.subject}"):
        page = text(client.get(f"/origination/{path}", headers={"Accept-Language": "en"}))
        page = page[page.index("<main"):page.index("</main>")] if "<main" in page else page
        left = set(re.findall(r"[\u4e00-\u9fff]+", page)) - {"林", "城东店", "王", "明", "大众", "帕萨特", "款"}
        assert not left, (path, left)
