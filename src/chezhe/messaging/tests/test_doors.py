"""Pages and API of messages."""

import pytest

from chezhe.compliance import steps as compliance
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.testing import WU
from chezhe.messaging.models import Message
from chezhe.messaging.tests.conftest import AT, SUBJECT
from chezhe.messaging.tests.sending import FACTS, run, send
from chezhe.ui import navigation, panels

pytestmark = pytest.mark.django_db
FORM = {"subject": SUBJECT, "address": "15400000001", "language": "zh-hans", **{f"fact_{k}": v for k, v in FACTS.items()}}


def text(response):
    return response.content.decode()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_log_is_masked_and_ends_at_the_branch(cast, browser, world, consent, language):
    message = send()
    run(world)
    browser.cookies["django_language"] = language
    page = text(browser.acts_as(cast["gao"]).get("/messaging/"))
    assert message.number in page and "154****0001" in page and "15400000001" not in page
    detail = text(browser.get(f"/messaging/{message.number}/"))
    assert "154****0001" in detail and "15400000001" not in detail and "L26-000123-7" in detail
    assert message.number not in text(browser.acts_as(cast["feng"]).get("/messaging/"))
    assert browser.get(f"/messaging/{message.number}/").status_code == 404
    assert browser.acts_as(WU).get("/messaging/").status_code == 403


def test_the_files_of_the_log_are_masked_too(cast, browser, world, consent):
    send()
    body = browser.acts_as(cast["gao"]).get("/messaging/?export=csv").content.decode("utf-8-sig")
    assert "154****0001" in body and "15400000001" not in body


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_template_is_previewed_in_both_languages(cast, browser, language):
    browser.cookies["django_language"] = language
    assert "repayment_reminder" in text(browser.acts_as(cast["gao"]).get("/messaging/templates/"))
    page = text(browser.get("/messaging/templates/repayment_reminder/"))
    assert "王先生，您的贷款L26-000123-7本期应还3,321.43元" in page and "falls due on 2026-03-15" in page
    assert browser.get("/messaging/templates/no_such/").status_code == 404


def test_one_is_sent_and_taken_back_on_the_page(cast, browser, world, consent):
    browser.acts_as(cast["gao"])
    answer = browser.post("/messaging/templates/repayment_reminder/", FORM)
    message = Message.objects.get()
    assert answer.status_code == 302 and message.status == "queued"
    assert browser.post(f"/messaging/{message.number}/withdraw/", {}).status_code == 422
    assert browser.post(f"/messaging/{message.number}/withdraw/", {"reason": "发错"}).status_code == 302
    assert "已撤回" in text(browser.get(answer.url))
    assert browser.post(f"/messaging/{message.number}/withdraw/", {"reason": "再次"}).status_code == 422


def test_a_message_without_consent_says_so_on_its_page(cast, browser, world):
    answer = browser.acts_as(cast["gao"]).post("/messaging/templates/repayment_reminder/", FORM)
    assert "没有有效授权" in text(browser.get(answer.url))


@pytest.mark.parametrize(
    ("changes", "said"),
    [({"fact_name": "王小明"}, "格式不符"), ({"address": "123"}, "地址不正确"), ({"fact_amount": ""}, "请填写"), ({"subject": "x:1"}, "没有找到")],
)
def test_a_wrong_message_is_said_beside_its_field(cast, browser, world, changes, said):
    page = browser.acts_as(cast["gao"]).post("/messaging/templates/repayment_reminder/", {**FORM, **changes})
    assert page.status_code == 422 and said in text(page) and not Message.objects.exists()


def test_the_panel_shows_a_customers_messages(cast, browser, world, consent):
    message = send()
    page = text(browser.acts_as(cast["gao"]).get(f"/messaging/panel/?subject={SUBJECT}"))
    assert message.number in page and "15400000001" not in page
    assert browser.get("/messaging/panel/?subject=x:1").status_code == 404
    assert "还没有消息" in text(browser.get("/messaging/panel/?subject=probe:P7"))


def test_messages_over_the_api(cast, browser, world, consent):
    client = browser.acts_as(cast["gao"])
    asked = {"template_code": "repayment_reminder", "subject": SUBJECT, "address": "15400000001", "facts": FACTS, "reference": "r:1"}
    made = client.api("messaging/messages", asked)
    assert made.status_code == 201 and made.json()["status"] == "queued" and made.json()["address"] == "154****0001"
    number = made.json()["number"]
    assert client.api("messaging/messages", asked).json()["number"] == number
    assert client.api(f"messaging/messages/{number}").json()["text"].startswith("【车辙】王*明")
    assert [m["number"] for m in client.api("messaging/messages").json()["items"]] == [number]
    assert [m["number"] for m in client.api(f"messaging/messages?subject={SUBJECT}").json()["items"]] == [number]
    assert client.api(f"messaging/messages/{number}/withdraw", {"reason": "发错"}).json()["status"] == "withdrawn"
    compliance.withdraw(subject=SUBJECT, kind="personal_info", on=AT.date(), channel="paper", evidence="D", by=SYSTEM)
    refused = client.api("messaging/messages", {**asked, "reference": ""}).json()
    assert (refused["status"], refused["reason"]) == ("refused", "consent_missing")
    assert client.api("messaging/messages", {**asked, "facts": {}}).json()["code"] == "fact_invalid"
    assert len(client.api("messaging/templates").json()["items"]) == 17
    assert browser.acts_as(cast["feng"]).api(f"messaging/messages/{number}").status_code == 404
    assert browser.acts_as(WU).api("messaging/messages").status_code == 403


def test_every_entry_exists():
    assert not [name for name in navigation.broken() + panels.broken() if name.startswith("messaging:")]


def test_many_that_wait_are_taken_back_each_by_its_own_action(cast, browser, world, consent):
    gone = send()
    run(world)
    waits = send()
    browser.acts_as(cast["gao"])
    preview = text(browser.post("/messaging/", {"bulk": "withdraw", "rows": [gone.pk, waits.pk]}))
    assert "处理 1 条" in preview and gone.number in preview
    answers = [
        browser.post("/messaging/", {"bulk": "withdraw", "step": "one", "row": row.pk, "reason": "发错"}).json() for row in (gone, waits)
    ]
    assert [answer["outcome"] for answer in answers] == ["refused", "done"]
    waits.refresh_from_db()
    assert waits.status == "withdrawn"
