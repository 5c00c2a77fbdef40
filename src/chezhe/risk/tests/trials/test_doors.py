"""Live trials by page and by API, for those who may and those who may not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.finmath.money import Money
from chezhe.kernel import clock, subjects
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound
from chezhe.kernel.testing import WU
from chezhe.policies.tests.acting import through
from chezhe.risk.actions.note_trial_loan import note_trial_loan
from chezhe.risk.numbered import NUMBERED
from chezhe.risk.relations import steps as relations
from chezhe.risk.tests.registry.desk import TODAY, Desk, another, zipped
from chezhe.risk.tests.trials.trying import agree, decide, plan, running, stricter, written
from chezhe.risk.tests.trials.trying import subjects as applications
from chezhe.risk.trials import comparing, figures, pages, queries
from chezhe.risk.trials.figures import Side
from chezhe.risk.trials.forms import initial_of
from chezhe.risk.trials.measuring import Difference, Interval, Mean
from chezhe.risk.trials.models import LiveTrial
from chezhe.risk.trials.planning import plan_of
from chezhe.risk.trials.rules import CHALLENGER, CHAMPION

FILLED = {
    "title": "A 层更严", "hypothesis": "A 层不良率降低一半", "purpose": "person", "share": "50", "begins_on": "2026-03-16",
    "ends_on": "2026-06-01", "applications_max": "500", "approval_gap_max": "10", "applications_min": "50", "bad_rate_max": "",
    "loans_min": "30",
}
TOLD: dict[str, Any] = {
    "title": "A 层更严", "hypothesis": "A 层不良率降低一半", "share": "0.5", "begins_on": "2026-03-16", "ends_on": "2026-06-01",
}


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_trial_is_written_handed_in_agreed_to_and_stopped_by_page(desk: Desk, browser: Any) -> None:
    draft, model = stricter(desk.fei), desk.upload(zipped(another()))
    client = browser.acts_as(desk.fei)
    assert "还没有分流试验" in text(client.get("/risk/live-trials/"))
    form = text(client.get("/risk/live-trials/new/"))
    assert f"{draft.number} · 草稿" in form and model.number in form
    made = client.post("/risk/live-trials/new/", FILLED | {"table_tier": draft.number})
    trial = LiveTrial.objects.get()
    assert made.status_code == 302 and made["Location"] == f"/risk/live-trials/{trial.number}/"
    page = text(client.get(made["Location"]))
    for word in ("草稿", "提交审批", draft.number, "A 层不良率降低一半", "自动批准率最多高出", "10 个百分点", "没有回测过"):
        assert word in page, word
    changed = client.post(f"/risk/live-trials/{trial.number}/edit/", FILLED | {"table_tier": draft.number, "share": "20"})
    assert changed.status_code == 302 and 'value="20"' in text(client.get(f"/risk/live-trials/{trial.number}/edit/"))
    assert client.post(f"/risk/live-trials/{trial.number}/submit/").status_code == 302
    assert client.post(f"/risk/live-trials/{trial.number}/submit/").status_code == 409
    page = text(client.get(f"/risk/live-trials/{trial.number}/"))
    assert "没有回测过" in page and "待审批" in page
    trial.refresh_from_db()
    agree(desk, trial)
    client.acts_as(desk.he)
    assert "申请太少，还不能检验" in text(client.get(f"/risk/live-trials/{trial.number}/"))
    assert client.post(f"/risk/live-trials/{trial.number}/stop/", {"reason": ""}).status_code == 422
    assert client.post(f"/risk/live-trials/{trial.number}/stop/", {"reason": "投诉增多"}).status_code == 302
    page = text(client.get(made["Location"]))
    assert "由人停止" in page and "投诉增多" in page and "没有回测过" not in page
    assert client.post(f"/risk/live-trials/{trial.number}/stop/", {"reason": "再停"}).status_code == 422
    assert client.post(f"/risk/live-trials/{trial.number}/dance/").status_code == 404


@pytest.mark.parametrize(("changes", "words"), [
    ({"share": "0"}, "大于 0"), ({"share": "51"}, "50%"), ({"share": "一半"}, "百分数"), ({"share": "12.345"}, "两位小数"),
    ({"ends_on": "2026-03-16"}, "截止日须晚于开始日"), ({"begins_on": "2026-03-15"}, "已经过去"), ({"applications_max": "0"}, "不小于 1"),
    ({"table_tier": ""}, "无可试验"), ({"table_tier": "tier-v99"}, "不在可用的选项中"), ({"hypothesis": ""}, "请填写"),
])
def test_the_form_says_what_is_wrong(desk: Desk, browser: Any, changes: dict[str, str], words: str) -> None:
    given = FILLED | {"table_tier": stricter(desk.fei).number} | changes
    refused = browser.acts_as(desk.fei).post("/risk/live-trials/new/", given)
    assert refused.status_code == 422 and words in text(refused) and not LiveTrial.objects.exists()


def test_the_page_compares_and_decisions_name_their_arm(desk: Desk, browser: Any) -> None:
    trial = running(desk)
    made = [decide(desk, next(applications(trial, arm))) for arm in (CHAMPION, CHALLENGER)]
    for serial, decision in enumerate(made):
        note_trial_loan(
            application_subject=decision.subject, loan_subject=f"loan:L26-00000{serial}-1", amount=Money(5_000_000 + serial),
            paid_on=TODAY, by=SYSTEM)
    clock.tick(timedelta(days=200).total_seconds())
    on = clock.now().date()
    relations.record_outcome(made[0].subject, "good", on=on, known_at=clock.now(), reference="loan:L26-000000-1")
    relations.record_outcome(made[1].subject, "bad", on=on, known_at=clock.now(), reference="loan:L26-000001-1")
    sides = figures.sides(trial, on, clock.now())
    assert [(side.applications, side.decisions, side.paid.count, side.paid_fen, side.known, side.bad) for side in sides.values()] == [
        (1, 1, 1, 5_000_000, 1, 0), (1, 1, 1, 5_000_001, 1, 1)]
    client = browser.acts_as(desk.xu)
    page = text(client.get(f"/risk/live-trials/{trial.number}/"))
    for word in ("两组对照", "95% 置信区间", "放款中已转不良", "还不能区分", "trial-outcomes", "trial-tiers", "50,000.00"):
        assert word in page, word
    one = text(client.get(f"/risk/decisions/{made[1].number}/"))
    assert f"/risk/live-trials/{trial.number}/" in one and "挑战组" in one and "逐字节相同" in text(
        client.get(f"/risk/decisions/{made[1].number}/replay/"))
    listed = text(client.get(f"/risk/decisions/?q={trial.number}&arm=challenger"))
    assert made[1].number in listed and made[0].number not in listed
    seller = text(browser.acts_as(desk.lin).get(f"/risk/decisions/{made[1].number}/"))
    assert trial.number not in seller and "挑战组" not in seller and "/risk/live-trials/" not in seller


def test_a_split_that_is_not_as_agreed_is_called_that() -> None:
    off = comparing.split({CHAMPION: Side(applications=900), CHALLENGER: Side(applications=200)}, 0.1)
    kept = comparing.split({CHAMPION: Side(applications=900), CHALLENGER: Side(applications=100)}, 0.1)
    few = comparing.split({CHAMPION: Side(), CHALLENGER: Side()}, 0.1)
    assert (off.is_off, off.chance) == (True, "< 0.001") and "不可信" in off.sentence
    assert (kept.is_off, kept.chance, kept.part) == (False, "1.000", "10.00%") and (few.is_off, few.chance) == (False, "")


def test_every_figure_says_whether_it_can_be_told_apart() -> None:
    one = Side(
        applications=900, decisions=910, outcomes={"approved": 450, "referred": 300, "declined": 150}, tiers={"A": 300, "B": 600},
        price=Mean(800, 0.12, 0.0001), amount_max=Mean(800, 6e6, 1e12), paid=Mean(400, 5e6, 1e12), paid_fen=2_000_000_000, known=50, bad=4)
    other = Side(
        applications=100, decisions=100, outcomes={"approved": 70, "referred": 20, "declined": 10}, tiers={"A": 33, "B": 67},
        price=Mean(90, 0.1195, 0.0001), amount_max=Mean(90, 6.5e6, 1e12), paid=Mean(60, 5e6, 1e12), paid_fen=300_000_000, known=5, bad=1)
    rows = {row.code: row for row in comparing.rows({CHAMPION: one, CHALLENGER: other}, 0.1)}
    assert (rows["outcome_approved"].apart, rows["outcome_approved"].sentence) == ("+20.00", "可以区分：挑战组更高")
    assert rows["outcome_declined"].champion == "16.67% (150)" and "还需" in rows["outcome_declined"].sentence
    assert rows["tier_C"].sentence == "还不能区分：目前没有差异" and rows["amount_max"].sentence == "可以区分：挑战组更高"
    assert rows["price"].apart == "-0.05" and rows["paid_mean"].apart == "+¥0.00" and rows["amount_max"].apart == "+¥5,000.00"
    assert rows["applications"].apart == rows["known"].sentence == "" and list(rows)[-1] == "bad_rate"
    assert [comparing.about(count) for count in (1, 99, 101, 595, 1_043)] == [1, 99, 110, 600, 1_100]
    assert "几乎不可能" in comparing.sentence(Difference(0.001, Interval(-1, 1), 10**7), 10**7)
    empty = {row.code: row for row in comparing.rows({CHAMPION: Side(), CHALLENGER: Side()}, 0.1)}
    assert empty["price"].sentence == "还没有可比的数据" and empty["price"].champion == "—"


def test_a_champion_that_moves_under_way_is_told(desk: Desk) -> None:
    trial = running(desk)
    assert pages.champion_moves(trial, TODAY, clock.now()) == []
    published = through(desk.rui, desk.he, on=TODAY + timedelta(days=10), score=">= 690")
    clock.tick(timedelta(days=11).total_seconds())
    assert pages.champion_moves(trial, TODAY + timedelta(days=11), clock.now()) == [f"客户分层 {published.number}"]


def test_whoever_has_nothing_to_do_with_trials_sees_and_does_nothing(desk: Desk, browser: Any) -> None:
    trial = running(desk)
    for who in (desk.lin, WU):
        client = browser.acts_as(who)
        for path in ("", "new/", f"{trial.number}/", f"{trial.number}/edit/"):
            assert client.get(f"/risk/live-trials/{path}").status_code in (302, 403), path
        for verb in ("submit", "withdraw", "discard", "stop"):
            answer = client.post(f"/risk/live-trials/{trial.number}/{verb}/", {"reason": "试试"})
            assert answer.status_code in (302, 403) and answer.get("Location", "/sign-in").startswith("/s"), verb
    client = browser.acts_as(desk.xu)
    assert client.get(f"/risk/live-trials/{trial.number}/").status_code == 200
    assert client.post(f"/risk/live-trials/{trial.number}/stop/", {"reason": "试试"}).status_code == 403
    with pytest.raises(NotFound):
        subjects.open_subject(trial.subject, desk.lin)
    assert NUMBERED["live_trial"](desk.rui, trial.number).url == f"/risk/live-trials/{trial.number}/"
    assert queries.running() == trial


def test_who_sells_does_not_learn_the_arm_and_cannot_look_for_it(desk: Desk, browser: Any) -> None:
    trial = running(desk)
    made = decide(desk, next(applications(trial, CHALLENGER)))
    client = browser.acts_as(desk.lin)
    pages_seen = [text(client.get(f"/risk/decisions/{path}")) for path in ("", f"{made.number}/", "?arm=champion", "?q=" + made.number)]
    for page in pages_seen:
        assert made.number in page and trial.number not in page.replace(f"?q={trial.number}", "") and "挑战组" not in page
    assert made.number not in text(client.get(f"/risk/decisions/?q={trial.number}"))
    for told in (client.api(f"risk/decisions/{made.number}").json(), client.api("risk/decisions").json()["items"][0]):
        assert (told["trial"], told["arm"]) == ("", "")
    client.acts_as(desk.rui)
    assert trial.number in text(client.get(f"/risk/decisions/{made.number}/")) and "挑战组" in text(client.get("/risk/decisions/"))
    assert client.api(f"risk/decisions/{made.number}").json()["arm"] == CHALLENGER


def test_the_same_over_rest(desk: Desk, browser: Any) -> None:
    client = browser.acts_as(desk.fei)

    def send(path: str, payload: dict[str, Any] | None = None) -> Any:
        return client.api(f"risk/live-trials{path}", payload)

    versions = [{"table": "tier", "number": stricter(desk.fei).number}]
    for wrong, code in (
        ({"share": "0"}, "live_trial_share"), ({"share": "0.51"}, "live_trial_share"), ({"share": "half"}, "invalid"),
        ({"ends_on": "2026-03-16"}, "live_trial_period"), ({"versions": []}, "live_trial_nothing_differs"),
        ({"versions": [{"table": "route", "number": "tier-v1"}]}, "live_trial_table_elsewhere"),
        ({"model_number": "MD26-000999-1"}, "not_found"), ({"loans_min": 0}, "live_trial_figure"),
    ):
        refused = send("", TOLD | {"versions": versions} | wrong)
        assert refused.status_code in (404, 422) and refused.json()["code"] == code, (wrong, refused.json())
    made = send("", TOLD | {"versions": versions, "approval_gap_max": "0.1"})
    assert made.status_code == 201 and (made.json()["status"], made.json()["share"]) == ("draft", "0.5000")
    number = made.json()["number"]
    assert send(f"/{number}/edit", TOLD | {"versions": versions, "share": "0.25"}).json()["share"] == "0.2500"
    asked = send(f"/{number}/submit", {}).json()
    assert asked["status"] == "proposed" and set(asked["hashes"]) == {"tier"}
    assert send(f"/{number}/submit", {}).json()["code"] == "wrong_state"
    assert send(f"/{number}/withdraw", {}).json()["status"] == "draft"
    asked = send(f"/{number}/submit", {}).json()
    for who in (desk.rui, desk.he):
        cast_vote(request_number=asked["request_number"], verdict="agree", opinion="", by=who)
    assert send(f"/{number}/edit", TOLD | {"versions": versions}).status_code == 409
    assert [row["number"] for row in send("?status=running").json()["items"]] == [number] and send(f"/{number}").json()["began_at"]
    trial = LiveTrial.objects.get(number=number)
    decision = decide(desk, next(applications(trial, CHALLENGER)))
    compared = send(f"/{number}/figures").json()
    assert (compared["challenger"]["applications"], compared["champion"]["applications"], compared["split_chance"]) == (1, 0, None)
    assert {row["figure"] for row in compared["differences"]} >= {"outcome_approved", "price", "paid_rate", "bad_rate"}
    assert client.api(f"risk/decisions/{decision.number}").json()["arm"] == CHALLENGER
    assert send(f"/{number}/stop", {"reason": "试试"}).status_code == 403
    client.acts_as(desk.rui)
    assert send(f"/{number}/stop", {"reason": ""}).status_code == 422
    assert send(f"/{number}/stop", {"reason": "够了"}).json()["over_why"] == "person"
    assert send(f"/{written(desk, desk.rui).number}/discard", {}).json()["status"] == "discarded"
    client.acts_as(desk.lin)
    for path in ("", f"/{number}", f"/{number}/figures"):
        assert send(path).status_code == 403


def test_the_journey_by_api_two_arms_two_tables_a_stop_and_the_champion_again(desk: Desk, browser: Any) -> None:
    client = browser.acts_as(desk.fei)
    told = TOLD | {"versions": [{"table": "tier", "number": stricter(desk.fei).number}]}
    number = client.api("risk/live-trials", told).json()["number"]
    asked = client.api(f"risk/live-trials/{number}/submit", {}).json()
    assert client.api(f"approvals/requests/{asked['request_number']}/votes", {"verdict": "agree"}).status_code in (403, 409)
    for who in (desk.rui, desk.he):
        client.acts_as(who)
        assert client.api(f"approvals/requests/{asked['request_number']}/votes", {"verdict": "agree"}).status_code == 201
    client.acts_as(desk.rui)
    trial = LiveTrial.objects.get(number=number)
    challengers = applications(trial, CHALLENGER)
    made = [decide(desk, next(applications(trial, CHAMPION))), decide(desk, next(challengers))]
    assert client.api(f"risk/live-trials/{number}/stop", {"reason": "通过率异常"}).json()["status"] == "stopped"
    made.append(decide(desk, next(challengers)))
    said = []
    for decision in made:
        one = client.api(f"risk/decisions/{decision.number}").json()
        stages = client.api(f"risk/decisions/{decision.number}/basis").json()["stages"]
        tier = next(stage for stage in stages if stage["name"] == "tier")
        assert client.api(f"risk/decisions/{decision.number}/replay").json()["is_same"] is True
        said.append((one["trial"], one["arm"], tier["version"], tier["content_hash"] == asked["hashes"]["tier"]))
    assert said == [(number, CHAMPION, 1, False), (number, CHALLENGER, 2, True), ("", "", 1, False)]


def test_a_plan_is_read_back_as_it_was_written(desk: Desk) -> None:
    trial = LiveTrial.objects.get(number=written(desk, applications_max=7).number)
    read = plan_of(trial)
    assert read == plan(versions=trial.versions, applications_max=7) and initial_of(read)["table_tier"] == trial.versions["tier"]
