from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from chezhe.channels.tests.dealing import dealer
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.customers.tests.filing import WANG as WANG_PAPERS
from chezhe.documents.tests.people import Cast, hire
from chezhe.kernel import business_date, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.testing import WU
from chezhe.leads.models import Lead
from chezhe.leads.tests.asking import TODAY, WANG, ZHOU, lead
from chezhe.staff.models import User

SECRETS = (WANG.mobile, WANG.name)
FORM = {"name": WANG.name, "mobile": WANG.mobile, "source": "walk_in", "amount_wanted": "80,000", "is_mine": "on"}


@pytest.fixture(autouse=True)
def books(db: None) -> None:
    business_date.open_day(TODAY)


def text(response: Any) -> str:
    return response.content.decode()


def test_a_lead_lives_by_page(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    refused = client.post("/leads/new/", FORM | {"mobile": "123", "amount_wanted": "-1"})
    assert refused.status_code == 422 and "手机号应为 11 位" in text(refused) and "金额不能是负数" in text(refused)
    assert client.post("/leads/new/", FORM).status_code == 302
    made = Lead.objects.get()
    base = f"/leads/{made.number}"
    assert client.post("/leads/new/", FORM).status_code == 422
    page = text(client.get(f"{base}/"))
    assert "王*生" in page and "154****5678" in page and not [secret for secret in SECRETS if secret in page]
    assert client.post(f"{base}/touch/", {"channel": "phone", "outcome": "callback", "touch_next_on": "2026-03-01"}).status_code == 422
    assert client.post(f"{base}/touch/", {"channel": "phone", "outcome": "callback", "touch_next_on": "2026-03-20"}).status_code == 302
    assert client.post(f"{base}/qualify/").status_code == 302
    papers = {"way": "new", "new-id_number": WANG_PAPERS.id_number, "new-name": WANG_PAPERS.name, "new-marital_status": "single"}
    assert client.post(f"{base}/convert/", papers | {"new-id_number": "110101199001010008"}).status_code == 422
    done = client.post(f"{base}/convert/", papers)
    made.refresh_from_db()
    assert done["Location"] == f"/customers/{made.customer.number}/" and made.customer.mobiles.get().mobile == WANG.mobile
    assert "已转客户" in text(client.get(f"{base}/"))


def test_a_lead_is_linked_to_a_customer_who_is_there(cast: Cast, browser: Any) -> None:
    known, made = person(WANG_PAPERS, cast.lin), lead(cast.lin)
    Lead.objects.filter(pk=made.pk).update(status="qualified")
    client = browser.acts_as(cast.lin)
    assert known.number in text(client.get(f"/leads/{made.number}/convert/"))
    bad = client.post(f"/leads/{made.number}/convert/", {"way": "existing", "existing-customer_number": "C26-0"})
    assert bad.status_code == 422 and "没有这个客户编号" in text(bad)
    assert client.post(f"/leads/{made.number}/convert/", {"way": "existing", "existing-customer_number": known.number}).status_code == 302


def test_list_board_and_files_are_masked_and_in_reach(cast: Cast, browser: Any) -> None:
    lead(cast.lin)
    client = browser.acts_as(cast.lin)
    for path in ("/leads/", "/leads/board/", "/leads/?state=open&q=5678", "/leads/board/?scope=own"):
        page = client.get(path)
        assert page.status_code == 200 and "王*生" in text(page) and not [secret for secret in SECRETS if secret in text(page)]
    body = client.get("/leads/?export=csv").content.decode("utf-8-sig")
    assert "王*生" in body and not [secret for secret in SECRETS if secret in body]
    for path in ("/leads/", "/leads/board/", "/leads/pool/"):
        assert "王*生" not in text(browser.acts_as(cast.mei).get(path))
        assert browser.acts_as(WU).get(path).status_code == 403


def test_the_board_asks_few_questions(cast: Cast, browser: Any, django_assert_max_num_queries: Any) -> None:
    lead(cast.lin)
    lead(cast.lin, ZHOU)
    with django_assert_max_num_queries(12):
        browser.acts_as(cast.lin).get("/leads/board/")


def test_a_card_that_needs_words_opens_its_form(cast: Cast, browser: Any) -> None:
    made = lead(cast.lin)
    client = browser.acts_as(cast.lin)
    moved = client.post(f"/leads/{made.number}/move/", {"column": "contacted", "position": "0"})
    assert (moved.status_code, moved["HX-Redirect"]) == (204, f"/leads/{made.number}/touch/")
    assert client.post(f"/leads/{made.number}/move/", {"column": "qualified"})["HX-Refresh"] == "true"
    made.refresh_from_db()
    assert made.status == "assigned" and "不能确认意向" in text(client.get("/leads/board/"))
    Lead.objects.filter(pk=made.pk).update(status="contacted")
    client.post(f"/leads/{made.number}/move/", {"column": "qualified"})
    made.refresh_from_db()
    assert made.status == "qualified"
    assert client.post(f"/leads/{made.number}/move/", {"column": "new"})["HX-Refresh"] == "true"
    assert browser.acts_as(cast.mei).post(f"/leads/{made.number}/move/", {"column": "new"}).status_code == 404


def test_the_head_office_leaves_a_lead_to_a_branch(cast: Cast, browser: Any) -> None:
    from dataclasses import replace

    harbour = dealer(cast.gao)
    client = browser.acts_as(replace(cast.gao, branch_id=None, branch_ids=frozenset(), reach=Reach.ALL))
    assert "城东店 · " in text(client.get("/leads/new/"))
    form = {"name": WANG.name, "mobile": WANG.mobile, "source": "dealer", "dealer_number": harbour.number}
    assert client.post("/leads/new/", form).status_code == 422
    assert client.post("/leads/new/", form | {"branch_code": "T02"}).status_code == 422
    assert client.post("/leads/new/", form | {"branch_code": "T01"}).status_code == 302
    assert (Lead.objects.get().status, Lead.objects.get().branch_id) == ("new", cast.east.id)


def test_the_pool_and_a_claim(cast: Cast, browser: Any) -> None:
    made = lead(cast.lin, on=date(2026, 2, 1))
    fang = hire("方", cast.east, roles.SALES, reach=Reach.OWN)
    client = browser.acts_as(fang)
    assert "王*生" in text(client.get("/leads/pool/")) and client.get(f"/leads/{made.number}/").status_code == 404
    assert "保护期 30 天" in text(client.get(f"/leads/{made.number}/claim/"))
    assert client.post(f"/leads/{made.number}/claim/")["Location"] == f"/leads/{made.number}/"
    assert client.get(f"/leads/{made.number}/").status_code == 200
    late = browser.acts_as(cast.lin).post(f"/leads/{made.number}/claim/", follow=True)
    assert "期内不能领取" in text(late)


def test_edit_assign_lose_and_duplicate_by_page(cast: Cast, browser: Any) -> None:
    made, other = lead(cast.lin), lead(cast.lin, ZHOU)
    client, base = browser.acts_as(cast.gao), f"/leads/{made.number}"
    page = text(client.get(f"{base}/edit/"))
    assert not [secret for secret in SECRETS if secret in page]
    form = {"source": "phone", "version": str(made.version), "city": "杭州"}
    assert client.post(f"{base}/edit/", form).status_code == 302
    assert client.post(f"{base}/edit/", form | {"city": "宁波"}).status_code == 409
    fang = hire("方", cast.east, roles.SALES, reach=Reach.OWN)
    assert client.post(f"{base}/assign/", {"owner_username": "t-陈-t01"}).status_code == 422
    assert client.post(f"{base}/assign/", {"owner_username": "t-方-t01"}).status_code == 302
    made.refresh_from_db()
    assert made.owner_id == fang.user_id
    assert client.post(f"{base}/lose/", {"reason_code": ""}).status_code == 422
    assert client.post(f"{base}/lose/", {"reason_code": "price"}).status_code == 302
    assert client.post(f"/leads/{other.number}/duplicate/", {"reason": "同一客户"}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.mobile, made.status) == (WANG.name, WANG.mobile, "lost")


def test_a_dealers_page_shows_its_leads(cast: Cast, browser: Any) -> None:
    from dataclasses import replace

    harbour = dealer(cast.gao)
    lead(cast.gao, replace(WANG, source="dealer", dealer_number=harbour.number))
    page = text(browser.acts_as(cast.gao).get(f"/leads/panel/dealer/?subject={harbour.subject}"))
    assert "王*生" in page and WANG.mobile not in page
    assert browser.acts_as(cast.mei).get(f"/leads/panel/dealer/?subject={harbour.subject}").status_code == 404


def test_a_lead_lives_over_the_api(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    payload = {"name": WANG.name, "mobile": WANG.mobile, "source": "walk_in", "amount_wanted": "80000.00", "product_interest": "P03"}
    made = client.api("leads", payload)
    assert made.status_code == 201 and made.json()["mobile"] == "154****5678" and made.json()["protected_until"] == "2026-04-15"
    number = made.json()["number"]
    assert client.api("leads", payload).json()["code"] == "lead_exists"
    assert client.api("leads", {**payload, "source": "moon"}).status_code == 422
    touched = client.api(f"leads/{number}/touches", {"channel": "phone", "outcome": "interested", "note": "周末来店"})
    assert touched.status_code == 201 and touched.json()["status"] == "contacted"
    assert client.api(f"leads/{number}/touches").json()["items"][0]["note"] == "周末来店"
    assert client.api(f"leads/{number}/qualify", {}).json()["status"] == "qualified"
    assert client.api(f"leads/{number}/qualify", {}).json()["code"] == "wrong_state"
    edited = client.patch(
        f"/api/v1/leads/{number}", {"version": touched.json()["version"], "city": "杭州"}, content_type="application/json"
    )
    assert edited.json()["city"] == "杭州"
    assert client.api(f"leads/{number}/fields/mobile/reveal", {"reason": "回访"}).json()["value"] == WANG.mobile
    assert client.api(f"leads/{number}/convert", {}).json()["code"] == "customer_or_facts"
    papers = {"name": OUYANG.name, "id_number": OUYANG.id_number, "mobile": OUYANG.mobile}
    done = client.api(f"leads/{number}/convert", {"person": papers}).json()
    assert done["status"] == "converted" and done["customer_number"].startswith("C26-") and done["possible"] == []
    assert client.api("leads?status=converted").json()["items"][0]["number"] == number
    assert client.api("leads/pool").json()["items"] == []
    assert browser.acts_as(cast.mei).api(f"leads/{number}").status_code == 404


def test_assign_claim_lose_and_duplicate_over_the_api(cast: Cast, browser: Any) -> None:
    old, other = lead(cast.lin, on=date(2026, 2, 1)), lead(cast.gao, ZHOU, is_owned=False)
    client = browser.acts_as(cast.gao)
    assert {row["number"] for row in client.api("leads/pool").json()["items"]} == {old.number, other.number}
    assert client.api(f"leads/{old.number}/claim", {}).json()["owner"] == "高"
    assert client.api(f"leads/{other.number}/assign", {"owner_username": "nobody"}).json()["code"] == "assignee_unknown"
    assert client.api(f"leads/{old.number}/lose", {"reason_code": "price"}).json()["status"] == "lost"
    assert client.api(f"leads/{other.number}/duplicate", {"reason": "同一客户"}).json()["status"] == "duplicate"


def test_english_pages_are_english(cast: Cast, browser: Any) -> None:
    page = text(browser.acts_as(cast.lin).get("/leads/new/", headers={"Accept-Language": "en"}))
    assert not re.findall(r"[\u4e00-\u9fff]+", page[page.index("<main"):page.index("</main>")])


def test_many_leads_are_given_to_one_colleague_each_by_its_own_action(cast: Cast, browser: Any) -> None:
    first, second = lead(cast.lin), lead(cast.lin, ZHOU, is_owned=False)
    Lead.objects.filter(pk=first.pk).update(status="lost", lost_reason="price")
    colleague = hire("孙", cast.east, roles.SALES, reach=Reach.OWN)
    username = User.objects.get(pk=colleague.user_id).username
    client = browser.acts_as(cast.gao)
    sent = {"bulk": "assign", "rows": [first.pk, second.pk]}
    preview = text(client.post("/leads/", sent))
    assert "目前为“已流失”" in preview and "处理 1 条" in preview and username in preview
    assert "请选择跟进人" in text(client.post("/leads/", sent | {"step": "check"}))
    answers = [
        client.post("/leads/", {"bulk": "assign", "step": "one", "row": row.pk, "owner_username": username}).json()
        for row in (first, second)
    ]
    assert [answer["outcome"] for answer in answers] == ["refused", "done"]
    second.refresh_from_db()
    assert (second.owner_id, second.status) == (colleague.user_id, "assigned")
    stranger = User.objects.get(pk=cast.mei.user_id).username
    refused = client.post("/leads/", {"bulk": "assign", "step": "one", "row": second.pk, "owner_username": stranger}).json()
    assert refused["outcome"] == "refused" and refused["sentence"]
    assert browser.acts_as(cast.lin).post("/leads/", sent).status_code == 404, "who may not assign has no such button"


def test_many_are_claimed_from_the_pool_and_what_a_colleague_took_says_so(cast: Cast, browser: Any) -> None:
    old, other = lead(cast.lin, is_owned=False), lead(cast.lin, ZHOU, is_owned=False)
    client = browser.acts_as(cast.gao)
    assert "处理 2 条" in text(client.post("/leads/pool/", {"bulk": "claim", "all": "yes"}))
    answers = [client.post("/leads/pool/", {"bulk": "claim", "step": "one", "row": row.pk}).json() for row in (old, other, old)]
    assert [answer["outcome"] for answer in answers] == ["done", "done", "refused"]
    assert set(Lead.objects.values_list("owner_id", flat=True)) == {cast.gao.user_id}
