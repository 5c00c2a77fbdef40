"""What a reviewer wants, where a case goes on after it was sent back, who may decide it then, copies, history, expiry."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.db.utils import DatabaseError

from chezhe.approvals.actions.add_signer import add_signer
from chezhe.documents import steps as document_steps
from chezhe.documents.tests.acting import ActingClient
from chezhe.documents.tests.corpus import image
from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, ReasonRequired, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.moves import history
from chezhe.origination import duties, errors, queries, rules, steps, tasks
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.answer_wanted import answer_wanted
from chezhe.origination.actions.copy_application import copy_application
from chezhe.origination.actions.expire_application import expire_application
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.actions.vote_on_application import vote_on_application
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.models import Application, ApplicationChange
from chezhe.origination.revising import rules as revising_rules
from chezhe.origination.revising import wanting, words
from chezhe.origination.revising.conflicts import EditConflict
from chezhe.origination.tests.asking import TODAY, House, accepted, approved, complete, filled, save, start, submit, submitted, vote
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.deciding import replaying
from chezhe.staff.models import User


def sent_back(house: House, by: Actor, *wanted: str) -> Application:
    made = submitted(house)
    if by == house.zhou:
        vote(made, house.chen)
    return vote_on_application(
        application_number=made.number, verdict="return", opinion="资料不全", wanted=wanted, business_date=TODAY, by=by)


def bring_income_proof(made: Application, house: House) -> None:
    document_steps.store_bytes(
        image(size=(70, 50)), name="a.jpg", subject=made.subject, category="income_proof", branch_id=made.branch_id, by=house.lin)


def test_it_goes_on_with_whoever_sent_it_back_when_only_papers_were_brought(house: House) -> None:
    made = sent_back(house, house.zhou, "收入证明", "请说明车辆来源")
    asked = made.approval
    assert [item.wanted.kind for item in wanting.items(made)] == ["document", "other"]
    with pytest.raises(errors.Incomplete) as refused:
        submit(made, house.lin)
    assert "补件要求：收入证明" in str(refused.value) and "补件要求：请说明车辆来源" in str(refused.value)
    bring_income_proof(made, house)
    wanted = made.wanted.get(kind="other")
    answer_wanted(application_number=made.number, wanted_id=wanted.pk, answer="父亲赠与，已附公证书", by=house.lin)
    again = submit(made, house.lin)
    assert (again.status, again.approval.stage_role) == ("final_review", roles.APPROVER) and again.approval.pk != asked.pk
    assert [change.after for change in words.since_last_submission(again)] == ["新收到"]
    assert vote(again, house.zhou).status == "approved"
    assert [move.verb for move in history(made.subject)][-3:] == ["return", "bring_back_final", "approve"]


def test_what_was_decided_on_is_decided_anew_when_it_changes(house: House) -> None:
    made = sent_back(house, house.chen)
    save(made, "finance", {"amount": "50,000"}, house)
    again = submit(made, house.lin)
    assert again.status == "first_review" and "bring_back" not in [move.verb for move in history(made.subject)]
    assert deciding_queries.latest(made.subject).amount == Money(50_000_00)
    told = {str(change.label): (change.before, change.after) for change in words.since_last_submission(again)}
    assert told == {"申请金额": ("60,000.00", "50,000.00")} or told["申请金额"][1].endswith("50,000.00")


def test_the_first_reviewer_gets_it_back_at_the_first_stage(house: House) -> None:
    made = sent_back(house, house.chen)
    assert submit(made, house.lin).status == "first_review"
    assert history(made.subject)[-1].verb == "bring_back" and vote(made, house.chen).status == "final_review"


@pytest.mark.parametrize(("key", "is_material"), [
    ("amount_fen", True), ("monthly_income_fen", True), ("parties", True), ("vehicle", True), ("price_base_fen", True),
    ("documents", False), ("on", False),
])
def test_more_papers_and_another_day_change_nothing_that_was_decided_on(key: str, is_material: bool) -> None:
    before = {"amount_fen": 1, "documents": [], "on": "2026-03-16"}
    after = before | {key: [{"category": "income_proof", "sha256": "00"}] if key == "documents" else "2"}
    assert revising_rules.is_material(before, after) is is_material
    assert bool(revising_rules.papers(before, after)) is (key == "documents")


def test_what_is_wanted_is_typed_one_thing_each_and_known_by_its_name() -> None:
    assert wanting.parse(["收入证明", " ", "月收入", "收入证明", "说明 车辆来源"]) == [
        ("document", "income_proof", "收入证明"), ("field", "monthly_income", "月收入"), ("other", "", "说明 车辆来源")]
    with pytest.raises(Invalid) as refused:
        wanting.parse([f"要求{n}" for n in range(21)])
    assert refused.value.code == "wanted_too_many"
    with pytest.raises(Invalid) as refused:
        wanting.parse(["长" * 121])
    assert refused.value.code == "wanted_too_long"


def test_a_field_that_was_wanted_counts_once_it_is_another_one(house: House) -> None:
    made = sent_back(house, house.chen, "月收入")
    assert wanting.still_open(made) == ["月收入"]
    save(made, "finance", {"monthly_income": "12,800"}, house)
    made.refresh_from_db()
    assert wanting.still_open(made) == []


def test_an_answer_is_given_once_in_words_and_only_while_it_is_written(house: House) -> None:
    made = sent_back(house, house.chen, "说明用途")
    wanted = made.wanted.get()
    with pytest.raises(ReasonRequired):
        answer_wanted(application_number=made.number, wanted_id=wanted.pk, answer=" ", by=house.lin)
    with pytest.raises(errors.WantedUnknown):
        answer_wanted(application_number=made.number, wanted_id=wanted.pk + 1, answer="装修", by=house.lin)
    with pytest.raises(NotFound):
        answer_wanted(application_number=made.number, wanted_id=wanted.pk, answer="装修", by=house.mei)
    answer_wanted(application_number=made.number, wanted_id=wanted.pk, answer="装修自住房", by=house.lin)
    with pytest.raises(errors.WantedUnknown):
        answer_wanted(application_number=made.number, wanted_id=wanted.pk, answer="换一个说法", by=house.lin)
    submit(made, house.lin)
    with pytest.raises(WrongState):
        answer_wanted(application_number=made.number, wanted_id=wanted.pk, answer="太晚", by=house.lin)


def test_the_reviewer_of_an_earlier_round_is_nobody_else_in_a_later_one(house: House) -> None:
    made = sent_back(house, house.chen)
    submit(made, house.lin)
    other = hire("林晓", house.cast.east, roles.REVIEWER, reach=Reach.ALL)
    vote(made, other)
    both = replace(house.chen, roles=frozenset({roles.REVIEWER, roles.APPROVER}))
    made.refresh_from_db()
    assert not queries.may_vote(made, both)
    with pytest.raises(errors.DutyHeldBefore) as refused:
        vote(made, both)
    assert refused.value.code == "same_person" and "审核" in str(refused.value) or "初审" in str(refused.value)
    acting = replace(house.zhou, on_behalf_of_id=house.chen.user_id)
    with pytest.raises(errors.DutyHeldBefore):
        vote(made, acting)
    assert vote(made, house.zhou).status == "approved"
    assert duties.duties_of(made)["reviewer"] == {house.chen.user_id, other.user_id}


def test_the_reviewer_of_an_earlier_round_may_sign_along_with_the_reviewer_of_a_later_one(house: House) -> None:
    made = sent_back(house, house.chen)
    submit(made, house.lin)
    other = hire("林晓", house.cast.east, roles.REVIEWER, reach=Reach.ALL)
    made.refresh_from_db()
    assert made.approval is not None
    username = User.objects.get(pk=house.chen.user_id).username
    add_signer(request_number=made.approval.number, username=username, place="before", reason="上一轮由他审核", by=other)
    made.refresh_from_db()
    vote(made, house.chen)
    vote(made, other)
    assert vote(made, house.zhou).status == "approved"


def test_the_first_that_held_a_duty_is_named() -> None:
    assert rules.duty_held(frozenset({3}), {"sales": frozenset({1}), "reviewer": frozenset({2, 3})}) == "reviewer"
    assert rules.duty_held(frozenset({4}), {"sales": frozenset({1})}) == ""


def test_every_edit_keeps_what_stood_there_and_the_database_lets_nobody_change_it(house: House) -> None:
    made = filled(house)
    save(made, "finance", {"amount": "55,000"}, house)
    made.refresh_from_db()
    change = made.changes.first()
    assert words.line(change) | {"at": 0} == {
        "at": 0, "who": "林", "version": made.version, "field": "amount", "label": "申请金额", "before": words.said("amount", "6000000 fen"),
        "after": words.said("amount", "5500000 fen")}
    assert "55,000.00" in words.said("amount", "5500000 fen") and words.said("annual_rate", "0.12") == "12.00%"
    save(made, "finance", {"amount": "55,000"}, house)
    assert made.changes.filter(field="amount").count() == 2
    with pytest.raises(DatabaseError), transaction.atomic():
        ApplicationChange.objects.filter(pk=change.pk).update(field="periods")


def test_people_beside_the_borrower_stand_in_the_history(house: House) -> None:
    from chezhe.customers.tests.filing import OUYANG, person

    made, other = start(house), person(OUYANG, house.lin)
    add_party(application_number=made.number, customer_number=other.number, role="guarantor", by=house.lin)
    change = made.changes.get(field="parties")
    assert words.said("parties", change.after) == f"担保人 {other.number}" and change.before == ""


def test_two_people_in_one_step_are_shown_what_both_wrote(house: House) -> None:
    made = filled(house)
    made.refresh_from_db()
    seen = made.version
    save(made, "finance", {"amount": "50,000", "periods": "12"}, house)
    with pytest.raises(EditConflict) as refused:
        save_step(application_number=made.number, step="finance", version=seen, values={"amount": "40,000"}, business_date=TODAY, by=house.lin)
    shown = {one.field: words.conflict(one) for one in refused.value.conflicts}
    assert set(shown) == {"amount", "periods"} and refused.value.code == "stale_edit"
    assert (shown["amount"]["mine"], shown["periods"]["mine"], shown["amount"]["who"]) == ("40,000", "—", "林")
    assert "50,000.00" in shown["amount"]["theirs"] and "60,000.00" in shown["amount"]["base"]
    assert refused.value.facts["amount.theirs"] == "5000000 fen" and "申请金额、期限" in str(refused.value)
    made.refresh_from_db()
    assert made.amount == Money(50_000_00)


def test_a_copy_takes_people_car_and_figures_and_nothing_that_was_decided(house: House) -> None:
    made = approved(house)
    copy = copy_application(application_number=made.number, business_date=TODAY, by=house.lin)
    same = ("customer_id", "vehicle_id", "purpose", "amount", "periods", "annual_rate", "method", "due_day", "monthly_income")
    assert all(getattr(copy, name) == getattr(made, name) for name in same)
    assert (copy.status, copy.copied_from_id, copy.snapshot, copy.tier, copy.device) == ("draft", made.pk, {}, "", "")
    assert queries.documents_missing(copy) and history(copy.subject)[0].reason == made.number
    with pytest.raises(NotFound):
        copy_application(application_number=made.number, business_date=TODAY, by=house.mei)
    with pytest.raises(errors.VehicleTaken):
        submit(complete_copy(copy, house), house.lin)


def complete_copy(copy: Application, house: House) -> Application:
    from chezhe.origination.tests.asking import file_papers

    file_papers(copy, house.lin)
    return copy


def test_an_accepted_offer_holds_its_car_until_the_money_is_out(house: House) -> None:
    made = accepted(house)
    second = complete(house)
    with pytest.raises(errors.VehicleTaken):
        submit(second, house.lin)
    steps.bind(made, "made")
    with pytest.raises(errors.VehicleTaken):
        submit(second, house.lin)
    with pytest.raises(errors.ContractMade):
        withdraw_application(application_number=made.number, reason="不想贷了", by=house.lin)
    with pytest.raises(errors.ContractMade):
        expire_application(application_number=made.number, business_date=date(2026, 5, 1), by=house.qin)
    steps.bind(made, "paid")
    assert submit(second, house.lin).status == "first_review"


def test_an_accepted_offer_without_a_contract_runs_out(house: House) -> None:
    made = accepted(house)
    with pytest.raises(errors.OfferStillValid):
        expire_application(application_number=made.number, business_date=date(2026, 4, 15), by=house.qin)
    business_date.open_day(date(2026, 4, 16))
    assert tasks.close_lapsed_offers() == 1
    made.refresh_from_db()
    assert made.status == "expired"


def test_an_accepted_offer_is_withdrawn_while_no_contract_stands(house: House) -> None:
    made = accepted(house)
    assert withdraw_application(application_number=made.number, reason="改在别处", by=house.lin).status == "withdrawn"


def test_drafts_and_cases_sent_back_run_out_by_the_days_of_the_law_book(house: House) -> None:
    draft, returned = start(house), sent_back(house, house.chen)
    today = clock.today()
    assert tasks.close_lapsed_offers() == 0
    with pytest.raises(errors.OfferStillValid):
        expire_application(application_number=draft.number, business_date=today + timedelta(days=90), by=house.qin)
    business_date.open_day(today + timedelta(days=31))
    assert tasks.close_lapsed_offers() == 1
    returned.refresh_from_db()
    assert returned.status == "expired"
    Parameter.objects.create(code="APPLICATION_DRAFT_DAYS", value="20", unit="days", effective_from=today, source="贷款人政策")
    assert tasks.close_lapsed_offers() == 1
    draft.refresh_from_db()
    assert draft.status == "expired"


def test_lists_know_the_ratios_at_submission_and_the_grade_after_the_decision(house: House) -> None:
    made = submitted(house)
    decision = deciding_queries.latest(made.subject)
    assert (made.ltv, str(made.dti)[:6]) == (Decimal("0.6"), made.snapshot["dti"][:6])
    assert (made.tier, made.score, made.exceptions) == (decision.tier, decision.score, replaying.exceptions_of(decision))
    assert made.is_prime is False


@pytest.mark.parametrize(("tier", "exceptions", "amount", "is_prime"), [
    ("A", 0, 100_000_00, True), ("A", 0, 100_000_01, False), ("A", 1, 50_000_00, False), ("B", 0, 50_000_00, False),
    ("A", None, 50_000_00, False),
])
def test_the_fast_lane_is_for_the_best_tier_within_what_the_machine_may_grant(
    tier: str, exceptions: int | None, amount: int, is_prime: bool,
) -> None:
    limit = Money(100_000_00)
    assert rules.is_prime(tier=tier, exceptions=exceptions, amount=Money(amount), amount_max=limit) is is_prime
    assert not rules.is_prime(tier=tier, exceptions=exceptions, amount=Money(amount), amount_max=None)


def test_its_doors(house: House, browser: ActingClient) -> None:
    made = sent_back(house, house.chen, "收入证明", "说明用途")
    browser.acts_as(house.lin)
    page = browser.get(f"/origination/{made.number}/steps/documents/").content.decode()
    assert "说明用途" in page and f"/origination/{made.number}/wanted/" in page
    other = made.wanted.get(kind="other")
    assert browser.post(f"/origination/{made.number}/wanted/{other.pk}/answer/", {"answer": "装修自住房"}).status_code == 302
    assert "修改记录" in browser.get(f"/origination/{made.number}/").content.decode()
    assert browser.get(f"/origination/panel/changes/?subject={made.subject}").status_code == 200
    answer = browser.post(f"/origination/{made.number}/copy/")
    copy = Application.objects.latest("id")
    assert answer.headers["Location"] == f"/origination/{copy.number}/steps/party/" and copy.copied_from == made
    wanted = browser.api(f"origination/{made.number}/wanted").json()
    assert [(one["kind"], one["is_brought"]) for one in wanted] == [("document", False), ("other", True)]
    assert browser.api(f"origination/{made.number}/changes").json()["items"]
    assert browser.api(f"origination/{made.number}/differences").json() == []
    listed = browser.get("/origination/?exceptions=some&tier=A&lane=prime")
    assert listed.status_code == 200 and "客户层级" in listed.content.decode()
    browser.acts_as(house.zhou)
    assert "收入负债比" in browser.get("/approvals/?box=all&sort=-ltv&tier=A").content.decode()
