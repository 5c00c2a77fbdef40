"""The verbs as people click them, and as programs call them; a lost verdict is shown to its giver."""

import html
import json
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from chezhe.approvals import steps
from chezhe.approvals.models import ApprovalRequest
from chezhe.approvals.tests.desk import ask, known, team
from chezhe.kernel import clock, jobs, roles, worklist
from chezhe.kernel.testing import WU
from chezhe.staff.tests.cast import AT, acting, person, signed_in
from chezhe.staff.tokens import issue

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday():
    known()
    with clock.at(AT), jobs.in_line():
        yield


@pytest.fixture
def people():
    return team()


def text_of(response):
    return html.unescape(re.sub(r"<[^>]+>", "\n", response.content.decode()))


def do(browser, request, verb, **given):
    return browser.post(reverse("approvals:handle", args=[request.number, verb]), given)


def test_the_page_offers_what_may_be_done_now(people):
    request = ask(people)
    address = reverse("approvals:request", args=[request.number])
    mine = text_of(signed_in(people["rui"]).get(address))
    for expected in ("领取", "转审", "加签", "抄送", "回避", "暂停计时", "可以审批的人", "Rong、Rui"):
        assert expected in mine, expected
    makers = signed_in(people["lin"]).get(address).content.decode()
    assert f"{address}urge/" in makers and f"{address}sign/" not in makers and f"{address}transfer/" not in makers


def test_each_verb_has_its_page(people):
    request, rui = ask(people), signed_in(people["rui"])
    do(rui, request, "claim")
    assert "已领取" in text_of(rui.get("/approvals/?box=claimed")) and "Rui" in text_of(rui.get("/approvals/?box=claimed"))
    do(rui, request, "release")
    for verb in ("transfer", "sign", "copy", "recuse", "pause"):
        assert rui.get(reverse("approvals:handle", args=[request.number, verb])).status_code == 200, verb
    missing = do(rui, request, "transfer", username="rong", reason="")
    assert missing.status_code == 422 and "请填写原因" in text_of(missing)
    do(rui, request, "copy", username="shen", reason="请知悉")
    do(rui, request, "pause", why="customer", reason="等流水")
    assert "已暂停：等客户补充资料" in text_of(rui.get("/approvals/"))
    do(rui, request, "resume")
    do(rui, request, "sign", username="gao", place="before", reason="先看")
    row = ApprovalRequest.objects.get()
    assert (row.stage_names, row.paused_at, row.copies.get().user) == ("Gao", None, people["shen"])
    assert do(rui, request, "dance").status_code == 404


def test_what_is_copied_and_what_nobody_can_decide_stand_on_the_home_page(people):
    request, rui, rong = ask(people), signed_in(people["rui"]), signed_in(people["rong"])
    do(rui, request, "copy", username="shen")
    do(rui, request, "recuse", reason="亲属")
    do(rong, request, "recuse", reason="亲属")
    shen = acting(people["shen"])
    piles = {pile.key: pile for pile in worklist.piles_for(shen)}
    assert [piles[key].count(shen) for key in ("approvals_stuck", "approvals_copies")] == [1, 1]
    assert [w.title for w in piles["approvals_stuck"].first(shen, 5) + piles["approvals_copies"].first(shen, 5)] == ["测试", "测试"]
    browser = signed_in(people["shen"], stepped_up=True)
    page = text_of(browser.get(reverse("approvals:request", args=[request.number])))
    assert "能审批这一笔的人已经不够" in page and "改派审批人" in page
    do(browser, request, "reroute", username="gao", reason="初审均回避")
    do(browser, request, "read")
    assert piles["approvals_stuck"].count(shen) == 0 and piles["approvals_copies"].count(shen) == 0


def test_many_are_claimed_and_handed_on_at_once(people):
    first, second = ask(people), ask(people)
    rui, rong = signed_in(people["rui"]), signed_in(people["rong"])
    do(rong, second, "claim")
    given = {"bulk": "claim", "step": "one", "row": str(first.pk)}
    assert rui.post("/approvals/?box=free", given).json() == {"outcome": "done", "sentence": ""}
    preview = rui.post("/approvals/?box=claimed", {"bulk": "transfer", "step": "preview", "rows": [str(first.pk)]})
    assert "Rong" in text_of(preview)
    given = {"bulk": "transfer", "step": "one", "row": str(first.pk), "username": "rong", "reason": "休假"}
    assert rui.post("/approvals/?box=claimed", given).json()["outcome"] == "done"
    assert ApprovalRequest.objects.filter(assigned_to=people["rong"]).count() == 2
    urging = {"bulk": "urge", "step": "one", "row": str(first.pk)}
    lin = signed_in(people["lin"])
    assert [lin.post("/approvals/?box=mine", urging).json()["outcome"] for _time in range(2)] == ["done", "refused"]


def test_the_bar_takes_the_verdict_back_and_tells_of_one_that_failed(people):
    request, rui = ask(people), signed_in(people["rui"])
    vote, undo = (reverse(f"approvals:{name}", args=[request.number]) for name in ("vote", "undo"))
    rui.post(vote, {"verdict": "reject", "opinion": "手滑"})
    assert "data-undo" in rui.get("/approvals/").content.decode()
    assert "意见已撤销" in text_of(rui.post(undo, follow=True))
    rui.post(vote, {"verdict": "agree", "opinion": ""})
    do(signed_in(people["rong"]), request, "claim")
    with clock.at(AT + timedelta(seconds=10)):
        jobs.run_due()
    steps.ApprovalRequest.objects.update(assigned_to=None)
    assert "未能生效" in text_of(rui.get("/approvals/")) and "Rong" in text_of(rui.get("/approvals/"))
    assert "撤销时间已过" in text_of(rui.post(undo, follow=True))


def test_over_rest(people):
    request = ask(people)

    def caller(name):
        user = people[name]
        _row, token = issue(user, "t", sorted(acting(user).permissions), AT + timedelta(days=1), AT)

        def post(path, key, **body):
            return Client().post(
                f"/api/v1/approvals/requests/{request.number}/{path}", json.dumps(body), content_type="application/json",
                headers={"Authorization": f"Bearer {token}", "Idempotency-Key": f"{name}-{key}"})

        return post

    rui, rong, lin, mo = (caller(name) for name in ("rui", "rong", "lin", "mo"))
    assert rui("claim", 1).json()["assigned_to"] == "rui"
    assert rong("votes", 1, verdict="agree").json()["code"] == "claimed_by_another"
    assert rui("release", 2).json()["assigned_to"] == ""
    assert rui("transfer", 3, username="rong", reason="休假").json()["assigned_to"] == "rong"
    assert rong("copies", 2, username="mo").status_code == 200 and mo("read", 1).status_code == 200
    assert lin("urge", 1).json()["urged_count"] == 1 and lin("urge", 2).json()["code"] == "urged_just_now"
    assert rong("pause", 3, why="visit", reason="去看车").json()["pause_reason"] == "visit"
    assert rong("resume", 4).json()["pause_reason"] == ""
    assert rong("signers", 5, username="gao", place="after", reason="会签").status_code == 200
    assert rong("held", 6, verdict="agree").json()["status"] == "held" and rong("undo", 7).json()["status"] == "undone"
    assert rong("recuse", 8, reason="亲属").status_code == 200
    assert mo("reroute", 2, username="gao", reason="x").json()["code"] == "nobody_missing"
    assert [h["verb"] for h in rui("recuse", 9, reason="亲属").json()["handlings"]][-2:] == ["recuse", "stuck"]


def test_wu_sees_nothing_of_it(people):
    request = ask(people)
    wu = signed_in(person("wu"))
    for verb in ("claim", "transfer", "copy", "urge", "recuse"):
        assert do(wu, request, verb).status_code == 403
    assert not ApprovalRequest.objects.visible_to(WU).exists()
    han = signed_in(person("han", roles.SALES))
    assert do(han, request, "claim").status_code == 403
