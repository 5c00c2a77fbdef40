import html
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chezhe.approvals import kinds, steps
from chezhe.approvals.models import ApprovalRequest
from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs, roles, worklist
from chezhe.kernel.testing import WU
from chezhe.staff.tests.cast import AT, acting, branch, person, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    kinds.register(kinds.Kind("test.simple", "测试事项", lambda subject: f"/somewhere/{subject}/", is_decidable=True))
    kinds.register(kinds.Kind("test.page", "测试进件", lambda subject: f"/elsewhere/{subject}/"))
    with clock.at(AT), jobs.in_line():
        yield
    del kinds.KINDS["test.simple"], kinds.KINDS["test.page"]


@pytest.fixture
def maker():
    return acting(person("lin", roles.SALES, at=branch()))


@pytest.fixture
def chen():
    return signed_in(person("chen", roles.APPROVER, enrolled=True))


def ask(maker, kind="test.simple", hours=4, title="放款金额例外", number="1"):
    return steps.open_request(
        kind=kind, subject=f"case:{number}", title=title, stages=[{"role": roles.APPROVER}], maker_ids=[], branch_id=branch().pk,
        by=maker, amount=Money(12_345_678), due_at=AT + timedelta(hours=hours) if hours else None,
    )


def soon():
    """The ten seconds are over."""
    with clock.at(AT + timedelta(seconds=10)):
        jobs.run_due()


def text_of(response):
    return html.unescape(re.sub(r"<[^>]+>", "\n", response.content.decode()))


def test_the_inbox_shows_what_waits_with_its_time_left(maker, chen):
    request = ask(maker)
    late = ask(maker, hours=-1, title="加急事项")
    page = chen.get("/approvals/")
    words = text_of(page)
    for expected in (request.number, late.number, "放款金额例外", "测试事项", "¥123,456.78", "Lin", "剩 4 小时 0 分", "已超时", "上海一店"):
        assert expected in words, expected
    assert words.index(late.number) < words.index(request.number), "the most urgent stands first"
    assert "其中 1 项已超时" in words


def test_the_boxes_hold_what_they_say(maker, chen):
    request = ask(maker)
    assert request.number not in text_of(chen.get("/approvals/?box=done"))
    answer = chen.post(reverse("approvals:vote", args=[request.number]), {"verdict": "agree", "opinion": "资料齐全"})
    assert answer.url == "/approvals/"
    words = text_of(chen.get("/approvals/"))
    assert "您的意见“同意”还没有生效" in words and "10 秒后生效" in words and "没有等待您审批的事项" in words
    soon()
    assert "还没有生效" not in text_of(chen.get("/approvals/"))
    assert request.number in text_of(chen.get("/approvals/?box=done"))
    assert request.number in text_of(signed_in(_user("lin")).get("/approvals/?box=mine"))
    assert chen.get("/approvals/?box=nonsense").status_code == 422


def _user(username):
    from chezhe.staff.models import User

    return User.objects.get(username=username)


def test_the_page_shows_the_track_of_opinions(maker, chen):
    request = ask(maker)
    address = reverse("approvals:request", args=[request.number])
    assert "您是经办人" in text_of(signed_in(_user("lin")).get(address))
    before = text_of(chen.get(address))
    for expected in ("同意", "退回", "拒绝", "提交审批", "0 / 1 票同意"):
        assert expected in before
    chen.post(reverse("approvals:vote", args=[request.number]), {"verdict": "return", "opinion": "缺少流水"})
    assert "您的意见正等待生效" in text_of(chen.get(address))
    soon()
    after = text_of(chen.get(address))
    for expected in ("已退回", "缺少流水", "终审 · 退回", "Chen", "这一笔已有结论"):
        assert expected in after


def test_a_rejection_without_a_reason_stands_beside_the_field(maker, chen):
    request = ask(maker)
    answer = chen.post(reverse("approvals:vote", args=[request.number]), {"verdict": "reject", "opinion": " "})
    assert answer.status_code == 422
    assert "退回或拒绝时请写明理由" in text_of(answer)
    assert ApprovalRequest.objects.get().status == "open"


def test_a_kind_decided_elsewhere_leads_there(maker, chen):
    request = ask(maker, kind="test.page")
    page = chen.get(reverse("approvals:request", args=[request.number])).content.decode()
    assert "前往表决" in page and "/elsewhere/case:1/" in page
    refused = chen.post(reverse("approvals:vote", args=[request.number]), {"verdict": "agree"})
    assert "测试进件”须在其业务页面上办理" in text_of(refused)


def test_the_maker_takes_it_back_on_the_page(maker):
    request = ask(maker)
    lin = signed_in(_user("lin"))
    lin.post(reverse("approvals:withdraw", args=[request.number]))
    assert "已撤回" in text_of(lin.get(reverse("approvals:request", args=[request.number])))


def test_wu_and_strangers_see_nothing(maker):
    request = ask(maker)
    wu = signed_in(person("wu"))
    assert wu.get("/approvals/").status_code == 403
    assert Client().get("/approvals/").status_code == 302
    elsewhere = signed_in(person("han", roles.APPROVER, at=branch("HZ01", "杭州一店"), enrolled=True))
    assert request.number not in text_of(elsewhere.get("/approvals/?box=all"))
    assert elsewhere.get(reverse("approvals:request", args=[request.number])).status_code == 404
    assert not ApprovalRequest.objects.visible_to(WU).exists()


def test_the_inbox_costs_the_same_for_two_and_for_forty(maker, chen, django_assert_max_num_queries):
    for index in range(40):
        ask(maker, number=str(index))
    with django_assert_max_num_queries(16):
        assert chen.get("/approvals/?size=50").status_code == 200


def test_the_request_page_costs_few_queries(maker, chen, django_assert_max_num_queries):
    request = ask(maker)
    with django_assert_max_num_queries(14):
        chen.get(reverse("approvals:request", args=[request.number]))


def test_the_pile_of_the_home_page_counts_and_sorts(maker):
    ask(maker, hours=0, number="1")
    urgent = ask(maker, hours=1, number="2", title="加急")
    actor = acting(person("chen", roles.APPROVER))
    pile = next(p for p in worklist.piles_for(actor) if p.key == "approvals")
    assert pile.count(actor) == 2
    first = pile.first(actor, 5)
    assert (first[0].title, first[0].url) == ("加急", f"/approvals/{urgent.number}/")


def test_rows_and_votes_over_rest(maker):
    import json

    from chezhe.staff.tokens import issue

    request = ask(maker)
    user = person("chen", roles.APPROVER)
    _row, token = issue(user, "t", sorted(acting(user).permissions), AT + timedelta(days=1), AT)
    headers = {"Authorization": f"Bearer {token}"}
    listed = Client().get("/api/v1/approvals/requests", headers=headers).json()
    assert [(r["number"], r["amount"]) for r in listed["items"]] == [(request.number, "123456.78")]

    def post(path, key, **body):
        return Client().post(
            f"/api/v1/approvals/requests/{request.number}/{path}", json.dumps(body), content_type="application/json",
            headers=headers | {"Idempotency-Key": key})

    assert post("votes", "a", verdict="maybe").status_code == 422
    assert post("votes", "b", verdict="reject").json()["code"] == "opinion_missing"
    voted = post("votes", "c", verdict="agree", opinion="同意")
    assert (voted.status_code, voted.json()["status"], voted.json()["votes"][0]["voter"]) == (201, "approved", "Chen")
    assert post("votes", "c", verdict="agree", opinion="同意")["Idempotent-Replay"] == "true"
    assert post("votes", "d", verdict="agree").json()["code"] == "wrong_state"
    assert post("withdraw", "e").status_code in (403, 409)
    assert Client().get(f"/api/v1/approvals/requests/{request.number}", headers=headers).json()["decided_at"]
