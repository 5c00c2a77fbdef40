"""Rounds and decisions in the database: decide_application, issue_notice, the record, the replay, and the doors."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from pypdf import PdfReader

from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import OUYANG, WANG, person
from chezhe.documents import vault
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import Cast
from chezhe.kernel import clock, events, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted, ReasonRequired
from chezhe.kernel.models import Event
from chezhe.kernel.testing import WU
from chezhe.risk.actions.decide_application import decide_application
from chezhe.risk.actions.issue_notice import NotDeclined, issue_notice
from chezhe.risk.deciding import proof, queries, replaying, similar, steps
from chezhe.risk.deciding.models import Decision, DecisionRound
from chezhe.risk.facts import steps as fact_steps
from chezhe.risk.relations.steps import record_outcome
from chezhe.risk.tests.deciding.telling import asking, begin, decided, tell

pytestmark = pytest.mark.usefixtures("house")
CAR = "vehicle:V26-000001-6"
SUBJECT = "application:A26-000001-8"


@pytest.fixture
def wang(cast: Cast) -> Customer:
    return person(WANG, cast.lin)


def good(wang: Customer, cast: Cast, **changes: Any) -> Decision:
    figures = {code: changes.pop(code) for code in list(changes) if code in ("amount", "ltv")}
    tell(wang, CAR, SUBJECT, **changes)
    return decided(asking(wang, cast.lin, car="", **figures), cast.lin)


def told(wang: Customer, cast: Cast, **changes: Any) -> Decision:
    """The car's facts are told of the application: there is no car to ask about here."""
    figures = {code: changes.pop(code) for code in list(changes) if code in ("amount", "ltv", "annual_rate", "product_ltv_max")}
    without = changes.pop("without", ())
    tell(wang, SUBJECT, SUBJECT, without=without, **changes)
    return decided(asking(wang, cast.lin, **figures), cast.lin)


def test_whoever_is_good_in_everything_is_approved_by_the_shipped_tables(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast)
    assert (made.outcome, made.route, made.tier, made.reasons, made.unknown) == ("approved", "auto_approve", "A", [], [])
    assert made.annual_rate is not None and str(made.annual_rate) == "0.11" and made.amount is not None and made.amount.fen == 6_000_000
    kept = json.loads(made.record)
    assert {policy["version"] for policy in kept["policies"].values()} == {1} and len(kept["policies"]) == 7
    assert kept["facts"]["bureau_score"] == {
        "value": 720, "type": "integer", "source": "bureau", "known_at": kept["facts"]["bureau_score"]["known_at"]}
    assert {figure["code"] for figure in kept["figures"]} >= {"CAP_ALLIN_24", "LTV_SECURED", "CAP_MEASURE"}
    news = Event.objects.get(name="decision.made")
    assert news.payload == {
        "number": made.number, "subject": SUBJECT, "kind": "live", "outcome": "approved", "route": "auto_approve"}


@pytest.mark.parametrize(("absent", "wanting"), [
    ("flow_lender_debits_monthly", "dti"), ("monthly_debt_declared", "dti"), ("upfront_fees", "upfront_fees"),
])
def test_debts_and_fees_that_nobody_told_are_unknown_and_not_nothing(wang: Customer, cast: Cast, absent: str, wanting: str) -> None:
    tell(wang, SUBJECT, SUBJECT, without=(absent,))
    made = decided(asking(wang, cast.lin, **({} if absent.startswith("flow") else {absent: None})), cast.lin)
    assert (made.outcome, made.reasons) == ("referred", []) and wanting in made.unknown
    kept = json.loads(made.record)["facts"]
    if wanting == "dti":
        assert made.dti is None and not {"dti", "counted_debt_monthly"} & set(kept)
        assert (kept[absent]["value"], kept[absent]["fault"]) == (None, "absent"), "the page names what is wanting"
    assert replaying.replay(made).is_same
    clock.tick(60)
    assert told(wang, cast).outcome == "approved"


def test_a_co_borrower_whose_statement_nobody_has_seen_leaves_the_burden_unknown(wang: Customer, cast: Cast) -> None:
    """What a co-borrower declares nobody asks for: bureau and statement tell."""
    joint = person(OUYANG, cast.lin)
    question = replace(asking(wang, cast.lin), parties=(("co_borrower", joint.subject),))
    tell(wang, SUBJECT, SUBJECT)
    tell(joint, without=("flow_lender_debits_monthly",))
    unseen = decided(question, cast.lin)
    assert unseen.outcome == "referred" and "dti" in unseen.unknown
    clock.tick(60)
    fact_steps.record_facts(joint.subject, {"flow_lender_debits_monthly": 250_000}, source="flow", known_at=clock.now())
    seen = decided(question, cast.lin)
    assert (seen.outcome, seen.unknown) == ("approved", [])
    assert json.loads(seen.record)["facts"]["counted_debt_monthly"]["value"] == 100_000 + 10_000 + 250_000 + 10_000


def test_nothing_is_known_and_everything_that_is_wanting_is_named(wang: Customer, cast: Cast) -> None:
    made = decided(asking(wang, cast.lin), cast.lin)
    assert (made.outcome, made.route, made.score) == ("referred", "double_review", None) or made.outcome == "referred"
    assert {"bureau_overdue_now", "has_enforcement", "id_verified", "bureau_score"} <= set(made.unknown)


@pytest.mark.parametrize(("changes", "outcome", "reason"), [
    ({"has_enforcement": True}, "declined", "R04"), ({"bureau_overdue_amount_now": 0, "bureau_overdue_now": True}, "referred", "R05"),
    ({"watch_list_hit": True}, "declined", "R22"), ({"car_flood": True}, "declined", "R17"),
    ({"phone_months": 1}, "referred", "R12"), ({"has_court_case": True}, "referred", "R04"),
])
def test_the_shipped_rules_bite(wang: Customer, cast: Cast, changes: dict[str, Any], outcome: str, reason: str) -> None:
    made = told(wang, cast, **changes)
    assert (made.outcome, made.reasons) == (outcome, [reason])


def test_a_stale_fact_is_no_fact(wang: Customer, cast: Cast) -> None:
    tell(wang, SUBJECT, SUBJECT)
    clock.tick(timedelta(days=40).total_seconds())
    made = decided(asking(wang, cast.lin), cast.lin)
    assert made.outcome == "referred" and "bureau_overdue_now" in made.unknown
    assert json.loads(made.record)["facts"]["bureau_overdue_now"]["fault"] == "stale"


def test_a_decision_made_again_gives_the_same_bytes_even_after_facts_and_tables_have_moved_on(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast)
    clock.tick(3600)
    tell(wang, SUBJECT, SUBJECT, has_enforcement=True, bureau_score=300)
    found = replaying.replay(made)
    assert (found.is_same, found.made, found.trouble) == (True, made.digest, "")
    assert [one.is_same for one in proof.replays()] == [True]


def test_an_altered_record_is_found_out(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast)
    made.record = made.record.replace('"approved"', '"declined"')
    assert replaying.replay(made).trouble == "record_altered"
    made.refresh_from_db()
    changed = json.loads(made.record)
    changed["policies"]["tier"]["hash"] = "0" * 64
    from chezhe.risk.deciding import record

    made.record = record.canonical(changed).decode()
    made.digest = record.digest(made.record.encode())
    assert replaying.replay(made).trouble == f"version_gone:{'0' * 64}"
    assert "differs" in proof.words(replaying.Replay(number="DC", is_same=False, kept="a", made="b", differs=("facts",)))


def test_a_decision_can_neither_be_changed_nor_removed(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast)
    for change in (lambda: Decision.objects.filter(pk=made.pk).update(outcome="declined"), lambda: Decision.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append_only"), transaction.atomic():
            change()


def test_a_round_is_decided_once_and_a_second_question_takes_the_place_of_the_first(wang: Customer, cast: Cast) -> None:
    tell(wang, SUBJECT, SUBJECT)
    with jobs.in_line():
        first, second = begin(asking(wang, cast.lin), cast.lin), begin(asking(wang, cast.lin), cast.lin)
        assert decide_application(round_id=first.pk, by=SYSTEM) is None
        clock.tick(steps.WAIT_SECONDS + 1)
        made = decide_application(round_id=second.pk, by=SYSTEM)
        assert made is not None and decide_application(round_id=second.pk, by=SYSTEM) is None
    assert list(DecisionRound.objects.order_by("id").values_list("status", flat=True)) == ["given_up", "decided"]
    assert Decision.objects.count() == 1


def test_nobody_may_let_the_machine_decide_by_hand(wang: Customer, cast: Cast) -> None:
    with jobs.in_line():
        begun = begin(asking(wang, cast.lin), cast.lin)
    with pytest.raises(NotPermitted):
        decide_application(round_id=begun.pk, by=cast.lin)


def test_sources_that_never_answer_hold_nobody_up_for_ever(wang: Customer, cast: Cast) -> None:
    from chezhe.risk.facts.models import Enquiry

    with jobs.in_line():
        begun = begin(asking(wang, cast.lin), cast.lin)
        Enquiry.objects.create(
            number="EQ26-000001-0", batch="b", service="bureau", subject=wang.subject, reason="loan_approval", asked_at=clock.now(),
            asked_by_name="林")
        assert not queries.is_gathered(begun) and decide_application(round_id=begun.pk, by=SYSTEM) is None
        clock.tick(steps.WAIT_SECONDS + 1)
        made = decide_application(round_id=begun.pk, by=SYSTEM)
    assert made is not None and made.outcome == "referred"


def test_the_last_answer_decides_at_once(wang: Customer, cast: Cast) -> None:
    with jobs.in_line():
        begun = begin(asking(wang, cast.lin), cast.lin)
        events.publish("facts.gathered", wang.subject, {"batch": "b"})
        events.deliver_all()
    assert Decision.objects.filter(round=begun).exists()


def test_a_wish_is_noted_once_with_its_words(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast, has_enforcement=True)
    with pytest.raises(ReasonRequired):
        steps.wish(made, "review", " ", by=cast.lin)
    steps.wish(made, "review", "已履行完毕", by=cast.lin)
    with pytest.raises(steps.AlreadyWished):
        steps.wish(made, "review", "再次要求", by=cast.lin)
    assert steps.wish(made, "appeal", "有法院证明", by=cast.lin).subject == SUBJECT


def test_the_notice_says_the_class_of_reason_and_the_rights(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast, has_enforcement=True)
    kept = issue_notice(decision_number=made.number, business_date=made.business_date, by=cast.lin)
    assert (kept.category, kept.subject) == ("adverse_notice", SUBJECT)
    with pytest.raises(NotPermitted):
        issue_notice(decision_number=made.number, business_date=made.business_date, by=cast.gao)
    with pytest.raises(NotFound):
        issue_notice(decision_number=made.number, business_date=made.business_date, by=cast.mei)


def printed(made: Decision, cast: Cast) -> str:
    """The notice as it is read on paper, without the breaks of its lines."""
    kept = issue_notice(decision_number=made.number, business_date=made.business_date, by=cast.lin)
    pages = PdfReader(io.BytesIO(vault.read(kept.key))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_the_notice_reads_as_the_customer_is_to_read_it(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast, has_enforcement=True, bureau_missed_in_row_24m=3)
    paper = printed(made, cast)
    for said in (
        "不予批准告知书", "王小明：", "申请编号A26-000001-8", f"决定编号{made.number}", "经审核，本次申请未能批准", "主要原因",
        "司法公开信息中有未了结的执行或限制；了结后请提供法院证明。", "信用报告显示近两年逾期次数较多；如与事实不符，可以向征信机构提出异议。", "您的权利",
        "您有权要求说明，也有权拒绝仅通过自动化决策的方式作出的决定，要求由工作人员人工复核。",
        "您认为资料有误或情况已有变化的，可以提出申诉；贷款人将重新查询资料后再次审核，并告知结果。",
        "征信机构应自收到之日起二十日内核查并书面答复（征信业管理条例第二十五条）。",
        "您可以查阅、复制您的个人信息，要求更正；不予批准的，可以要求删除没有保存必要的个人信息。",
    ):
        assert said in paper, said
    assert WANG.id_number not in paper and "R04" not in paper and "评分" not in paper


@pytest.mark.parametrize(("changes", "reasons", "said"), [
    ({"watch_list_hit": True}, ["R22"], "申请资料未能通过核实；您可以要求人工复核并当面提供原件。"),
    ({"watch_list_hit": True, "has_enforcement": True}, ["R04", "R22"], "司法公开信息中有未了结的执行或限制；了结后请提供法院证明。"),
])
def test_nobody_is_told_of_a_suspicion(wang: Customer, cast: Cast, changes: dict[str, bool], reasons: list[str], said: str) -> None:
    made = told(wang, cast, **changes)
    assert made.reasons == reasons
    paper = printed(made, cast)
    assert said in paper and "要求由工作人员人工复核" in paper
    for word in ("反洗钱", "名单", "涉恐", "制裁", "可疑", "R22"):
        assert word not in paper, word


def test_no_notice_of_what_was_not_declined(wang: Customer, cast: Cast) -> None:
    made = told(wang, cast)
    with pytest.raises(NotDeclined):
        issue_notice(decision_number=made.number, business_date=made.business_date, by=cast.lin)


def test_similar_cases_are_the_nearest_in_reach_that_were_known_then(wang: Customer, cast: Cast) -> None:
    tell(wang, SUBJECT, SUBJECT)
    for serial, amount in enumerate((6_100_000, 20_000_000, 5_900_000)):
        clock.tick(60)
        decided(asking(wang, cast.lin, subject=f"application:A26-00010{serial}-0", amount=amount), cast.lin)
    clock.tick(60)
    mine = decided(asking(wang, cast.lin), cast.lin)
    found = similar.nearest(mine, cast.lin)
    assert [one.decision.amount.fen for one in found][-1] == 20_000_000 and len(found) == 3
    assert [one.became for one in found] == [None, None, None]
    now = clock.now()
    for subject, kind, days in (("application:A26-000100-0", "good", 0), ("application:A26-000102-0", "bad", 0), ("application:A26-000102-0", "good", 1)):
        record_outcome(subject, kind, on=(now + timedelta(days=days)).date(), known_at=now, reference="loan:L26-1")
    assert {one.decision.subject[-8:]: one.became.kind for one in similar.nearest(mine, cast.lin) if one.became} == {"000100-0": "good", "000102-0": "bad"}
    assert similar.nearest(mine, cast.mei) == [] and similar.nearest(mine, WU) == []
    first = Decision.objects.order_by("id").first()
    assert first is not None and similar.nearest(first, cast.lin) == []


# ---- doors ----------------------------------------------------------------------------------------------------


def text(response: Any) -> str:
    return response.content.decode()


def test_the_page_shows_answer_score_rows_and_facts(wang: Customer, cast: Cast, browser: Any) -> None:  # noqa: F811
    made = told(wang, cast, phone_months=1)
    client = browser.acts_as(cast.lin)
    page = text(client.get(f"/risk/decisions/{made.number}/"))
    for word in ("转人工", "疑似欺诈", "评分构成", "反欺诈", "fraud v1", "手机号在网不足三个月", "依据的资料", "征信评分", made.digest[:16]):
        assert word in page, word
    assert WANG.id_number not in page and WANG.name not in page
    assert "逐字节相同" in text(client.get(f"/risk/decisions/{made.number}/replay/"))
    assert "怎样会改变结论" in text(client.get(f"/risk/decisions/{made.number}/changes/"))
    assert "相似的过往案例" in text(client.get(f"/risk/decisions/{made.number}/similar/"))
    assert made.number in text(client.get("/risk/decisions/"))
    panel = text(client.get(f"/risk/panel/decisions/?subject={SUBJECT}"))
    assert made.number in panel and "疑似欺诈" in panel


def test_another_branch_finds_nothing(wang: Customer, cast: Cast, browser: Any) -> None:  # noqa: F811
    made = told(wang, cast)
    client = browser.acts_as(cast.mei)
    for path in ("", "replay/", "changes/", "similar/"):
        assert client.get(f"/risk/decisions/{made.number}/{path}").status_code == 404
    assert made.number not in text(client.get("/risk/decisions/")) + text(client.get(f"/risk/panel/decisions/?subject={SUBJECT}"))
    assert client.post(f"/risk/decisions/{made.number}/notice/").status_code == 404


def test_a_notice_is_issued_by_page_once_for_a_double_click(wang: Customer, cast: Cast, browser: Any) -> None:  # noqa: F811
    made = told(wang, cast, has_enforcement=True)
    client = browser.acts_as(cast.lin)
    assert client.post(f"/risk/decisions/{made.number}/notice/").status_code == 302
    again = client.post(f"/risk/decisions/{made.number}/notice/")
    assert again.status_code == 302 and made.number in again["Location"]  # the same bytes are kept once
    assert client.get(f"/risk/decisions/{made.number}/notice/").status_code == 405


def test_whoever_stands_beside_the_borrower_is_asked_the_hard_questions_too(wang: Customer, cast: Cast) -> None:
    """A surety of whom nothing is known refers and is named; one under enforcement refers; one on a list declines; a clean one passes."""
    surety = person(OUYANG, cast.lin)
    clean = dict.fromkeys(("has_enforcement", "has_consumption_ban", "on_blacklist", "bureau_overdue_now", "bureau_bad_debt", "watch_list_hit"), False)

    def beside(**changes: Any) -> Decision:
        at = clock.now() - timedelta(minutes=1)
        if changes.pop("is_known", True):
            fact_steps.record_facts(surety.subject, {**clean, **changes}, source="confirmed", known_at=at)
        tell(wang, SUBJECT, SUBJECT)
        return decided(replace(asking(wang, cast.lin), parties=(("guarantor", surety.subject),)), cast.lin)

    unknown = beside(is_known=False)
    assert unknown.outcome == "referred" and {"parties_barred", "parties_in_arrears"} <= set(unknown.unknown)
    assert (beside().outcome, beside(has_enforcement=True).reasons) == ("approved", ["R04"])
    assert beside(bureau_overdue_now=True).outcome == "referred"
    listed = beside(watch_list_hit=True)
    assert (listed.outcome, "R22" in listed.reasons) == ("declined", True)
