"""The whole way by page, and the whole way by API."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.urls import reverse

from chezhe.contracts.models import Contract, ContractPaper, Disbursement
from chezhe.contracts.tests.conftest import accepted, another_account, live, scan
from chezhe.contracts.tests.printing import printed
from chezhe.contracts.tests.test_disbursements import refused_payout
from chezhe.kernel import worklist
from chezhe.kernel.testing import WU
from chezhe.payments.models import Payout
from chezhe.ui import navigation, panels

pytestmark = pytest.mark.django_db
DAY = "2026-09-01"


def post(client, name: str, number: str, said: dict[str, object]):
    return client.post(reverse(f"contracts:{name}", args=[number]), {**said, "_once": uuid4().hex})


def test_from_accepted_application_to_money_by_page(browser, cast, bank) -> None:
    application = accepted(cast)
    browser.acts_as(cast.he)
    assert application.number in browser.get(reverse("contracts:waiting")).content.decode()
    form = browser.get(reverse("contracts:prepare", args=[application.number]))
    account = form.context["form"].initial["account_id"]
    assert "****" in form.content.decode() or "*" in form.content.decode()
    wrong = post(browser, "prepare", application.number, {"account_id": account, "payout_on": "2026-12-31"})
    assert wrong.status_code == 422 and "日期须在" in wrong.content.decode() and not Contract.objects.exists()
    assert post(browser, "prepare", application.number, {"account_id": account, "payout_on": DAY}).status_code == 302
    number = Contract.objects.get().number
    waits = browser.get(reverse("contracts:contract", args=[number])).content.decode()
    assert "正在制作" in waits and "every 1s" in browser.get(reverse("contracts:printing", args=[number])).content.decode()
    printed(number)
    assert "every 1s" not in browser.get(reverse("contracts:printing", args=[number])).content.decode()
    page = browser.get(reverse("contracts:contract", args=[number])).content.decode()
    assert "确认成本明示表" in page and "登记签署" not in page and "6217000000000000004" not in page and "王小明" not in page
    early = post(browser, "sign", number, {"signers": [application.customer.number], "signed_on": DAY, "channel": "counter", "evidence": scan(1)})
    assert early.status_code == 422 and "综合融资成本明示表" in early.content.decode()
    assert post(browser, "cost_sheet", number, {"confirmed_on": DAY, "channel": "counter"}).status_code == 422, "no proof"
    for name, said in (
        ("cost_sheet", {"confirmed_on": DAY, "channel": "counter", "evidence": scan(1)}),
        ("sign", {"signers": [application.customer.number], "signed_on": DAY, "channel": "counter", "evidence": scan(2)}),
        ("register", {"office": "上海市车辆管理所", "receipt_number": "HD1", "registered_on": DAY, "evidence": scan(3)}),
    ):
        assert browser.get(reverse(f"contracts:{name}", args=[number])).status_code == 200
        assert post(browser, name, number, said).status_code == 302, name
    browser.acts_as(cast.fang)
    assert "60,000.00" in browser.get(reverse("contracts:board")).content.decode()
    assert "提交复核" in browser.get(reverse("contracts:pay_out", args=[number])).content.decode()
    assert post(browser, "pay_out", number, {}).status_code == 302
    payout = Disbursement.objects.get().number
    own = post(browser, "check", payout, {})
    assert own.status_code == 409 and "须由另一位同事完成" in own.content.decode()
    once = {"_once": "double-click"}
    answers = [browser.acts_as(cast.gao).post(reverse("contracts:check", args=[payout]), once).status_code for _ in range(2)]
    assert answers == [302, 302] and Payout.objects.count() == 1, "a double click is one payout"
    live(bank)
    done = browser.get(reverse("contracts:disbursement", args=[payout])).content.decode()
    assert "已放款" in done and all(name in done for name in ("林", "芮", "陈", "何", "方", "高"))
    assert "已生效" in browser.get(reverse("contracts:contract", args=[number])).content.decode()
    assert number in browser.get(reverse("contracts:contracts") + "?status=effective").content.decode()


def test_papers_are_shown_downloaded_and_found_by_their_code(browser, cast, signed) -> None:
    number = signed(until="prepared")
    browser.acts_as(cast.he)
    for paper in ContractPaper.objects.all():
        shown = browser.get(reverse("contracts:paper", args=[number, paper.code]))
        assert "与存档一致" in shown.content.decode()
        picture = browser.get(reverse("contracts:paper_page", args=[number, paper.code, 1]))
        assert picture.content[:8] == b"\x89PNG\r\n\x1a\n" and picture["Content-Type"] == "image/png"
        assert browser.get(reverse("documents:download", args=[paper.file.key])).content[:5] == b"%PDF-"
        assert number in browser.get(reverse("contracts:contracts") + f"?q={paper.code.lower()}").content.decode()
    assert browser.get(reverse("contracts:paper_page", args=[number, "loan_contract", 99])).status_code == 404
    assert browser.get(reverse("contracts:paper", args=[number, "nonsense"])).status_code == 404
    before = browser.get(reverse("contracts:paper_page", args=[number, "loan_contract", 1])).content
    customer = Contract.objects.get().customer
    customer.address = "搬家了"
    customer.save()
    assert browser.get(reverse("contracts:paper_page", args=[number, "loan_contract", 1])).content == before, "it is shown as it was printed"


def test_wu_and_the_wrong_role_are_kept_out(browser, cast, signed) -> None:
    number = signed()
    pages = [reverse("contracts:contracts"), reverse("contracts:board"), reverse("contracts:contract", args=[number]),
             reverse("contracts:sign", args=[number]), reverse("contracts:pay_out", args=[number]), reverse("contracts:waiting")]
    for url in pages:
        assert browser.acts_as(WU).get(url).status_code == 403, url
    browser.acts_as(cast.lin)
    for url in (pages[3], pages[4], pages[5]):
        assert browser.get(url).status_code == 403, url
    assert post(browser, "void", number, {"reason": "x"}).status_code == 403
    assert not [name for name in navigation.broken() + panels.broken() if name.startswith("contracts:")]


def test_the_piles_say_what_waits(browser, cast, signed, bank) -> None:
    application = accepted(cast)
    piles = {key: pile for key, pile in worklist.PILES.items() if key.startswith("contracts.")}

    def waiting(actor) -> set[str]:
        mine = {key for key, pile in piles.items() if actor.can(pile.permission) and pile.count(actor)}
        assert all(pile.first(actor, 3) for key, pile in piles.items() if key in mine)
        return mine

    assert waiting(cast.he) == {"contracts.waiting"} and waiting(WU) == set()
    number = signed(until="signed", application=application)
    assert waiting(cast.he) == {"contracts.unregistered"} and waiting(cast.fang) == set() and number


def test_a_contract_is_void_by_page_only_with_a_reason(browser, cast, signed) -> None:
    number = signed(until="signed")
    browser.acts_as(cast.he)
    assert post(browser, "void", number, {"reason": ""}).status_code == 422
    assert post(browser, "void", number, {"reason": "利率录错"}).status_code == 302
    assert "合同已作废" in browser.get(reverse("contracts:contract", args=[number])).content.decode()
    assert post(browser, "void", number, {"reason": "再次"}).status_code == 422


def test_a_failed_payout_is_sent_elsewhere_or_given_up_by_page(browser, cast, signed, bank) -> None:
    failed = refused_payout(cast, signed, bank, "902")
    browser.acts_as(cast.fang)
    page = browser.get(reverse("contracts:disbursement", args=[failed.number])).content.decode()
    assert "户名与账号不符" in page and "更换账户重放" in page
    account = another_account(failed.contract.application)
    assert post(browser, "resend", failed.number, {"account_id": account.pk, "reason": ""}).status_code == 422
    assert post(browser, "resend", failed.number, {"account_id": account.pk, "reason": "换卡"}).status_code == 302
    assert post(browser, "cancel", failed.number, {"reason": ""}).status_code == 422
    assert post(browser, "cancel", failed.number, {"reason": "客户放弃"}).status_code == 302
    browser.acts_as(cast.he)
    number = failed.contract.number
    assert post(browser, "release_unused", number, {"reason": "客户放弃"}).status_code == 302
    assert post(browser, "release", number, {"receipt_number": "JY1", "released_on": DAY, "evidence": scan(9)}).status_code == 302
    assert Contract.objects.get().mortgage.status == "released"


def test_the_whole_way_by_api(browser, cast, bank) -> None:
    application = accepted(cast)

    def send(path: str, said: dict[str, object]):
        return browser.post(f"/api/v1/contracts/{path}", said, headers={"Idempotency-Key": uuid4().hex})

    browser.acts_as(cast.he)
    made = browser.api("contracts/contracts", {"application_number": application.number})
    assert made.status_code == 201 and made.json()["principal"] == "60000.00" and made.json()["papers_status"] == "asked"
    assert browser.api("contracts/contracts", {"application_number": application.number}).json()["code"] == "contract_exists"
    number = made.json()["number"]
    waits = send(f"contracts/{number}/cost-sheet", {"confirmed_on": DAY, "channel": "counter", "evidence": scan(1)})
    assert waits.status_code == 409 and waits.json()["code"] == "papers_not_ready"
    printed(number)
    papers = browser.api(f"contracts/contracts/{number}").json()["papers"]
    assert len(papers) == 10 and all(paper["page_hashes"] and not paper["is_void"] for paper in papers)
    early = send(f"contracts/{number}/sign", {"signers": [application.customer.number], "signed_on": DAY, "channel": "counter", "evidence": scan(1)})
    assert early.status_code == 409 and early.json()["code"] == "cost_sheet_not_confirmed"
    assert send(f"contracts/{number}/cost-sheet", {"confirmed_on": DAY, "channel": "counter", "evidence": scan(1)}).json()["cost_sheet_on"] == DAY
    done = send(f"contracts/{number}/sign", {"signers": [application.customer.number], "signed_on": DAY, "channel": "counter", "evidence": scan(2)})
    assert done.json()["status"] == "signed"
    lacking = browser.acts_as(cast.fang).api(f"contracts/contracts/{number}/disbursements", {})
    assert lacking.status_code == 409 and lacking.json()["code"] == "conditions_missing"
    browser.acts_as(cast.he)
    done = send(f"contracts/{number}/mortgage", {"office": "车管所", "receipt_number": "HD1", "registered_on": DAY, "evidence": scan(3)})
    assert done.json()["mortgage"]["status"] == "registered" and all(one["is_met"] for one in done.json()["conditions"])
    payout = browser.acts_as(cast.fang).api(f"contracts/contracts/{number}/disbursements", {})
    assert payout.status_code == 201
    code = payout.json()["number"]
    assert browser.api(f"contracts/disbursements/{code}/check", {}).json()["code"] == "same_person"
    assert browser.acts_as(cast.gao).api(f"contracts/disbursements/{code}/check", {}).json()["status"] == "checked"
    live(bank)
    assert browser.api(f"contracts/disbursements/{code}").json()["paid_on"] == DAY
    assert browser.api(f"contracts/contracts/{number}").json()["status"] == "effective"
    assert [row["number"] for row in browser.api("contracts/contracts?status=effective").json()["items"]] == [number]
    assert [row["number"] for row in browser.api("contracts/disbursements?status=paid").json()["items"]] == [code]
    assert browser.api("contracts/contracts/K26-999999-9").status_code == 404
    refused = browser.acts_as(cast.he).api(f"contracts/contracts/{number}/void", {"reason": "x"})
    assert refused.status_code == 409 and refused.json()["code"] == "wrong_state"
    assert browser.api("contracts/contracts", {"application_number": "x", "extra": 1}).status_code == 422


def test_the_application_offers_its_contract_once_and_then_shows_it(browser, cast, signed) -> None:
    application = accepted(cast)
    subject, address = application.subject, reverse("contracts:prepare", args=[application.number])
    assert [link.url for link in panels.offers_for(subject, cast.he)] == [address]
    assert panels.offers_for(subject, cast.lin) == [], "Lin makes no contracts"
    number = signed(application=application, until="prepared")
    assert panels.offers_for(subject, cast.he) == []
    panel = reverse("contracts:contracts_of")
    for shown in (subject, application.customer.subject):
        assert number in browser.acts_as(cast.he).get(panel, {"subject": shown}).content.decode()
    assert browser.get(panel, {"subject": f"contract:{number}"}).status_code == 404
    assert browser.acts_as(WU).get(panel, {"subject": subject}).status_code in (403, 404)
