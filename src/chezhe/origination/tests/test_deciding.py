"""submit_application, vote_on_application, accept_offer, withdraw_application, expire_application."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from chezhe.approvals.errors import AlreadyVoted, NotThisStage, OpinionMissing
from chezhe.approvals.steps import withdraw as withdraw_request
from chezhe.compliance.steps import CapExceeded
from chezhe.compliance.steps import withdraw as withdraw_consent
from chezhe.documents import steps as document_steps
from chezhe.documents.tests.corpus import image
from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, roles, worklist
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.editing import StaleEdit
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Event, Parameter
from chezhe.kernel.moves import history
from chezhe.kernel.testing import WU
from chezhe.origination import duties, errors, lapsing, queries, steps, tasks
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.expire_application import expire_application
from chezhe.origination.actions.submit_application import submit_application
from chezhe.origination.actions.withdraw_application import withdraw_application
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import (
    TODAY,
    WORTH,
    House,
    accepted,
    approved,
    complete,
    file_papers,
    filled,
    grant_consents,
    save,
    start,
    submit,
    submitted,
    vote,
)
from chezhe.risk.deciding.models import DecisionRound
from chezhe.vehicles import steps as vehicle_steps


def statuses(application: Application) -> list[str]:
    return [move.status_to for move in history(application.subject)]


def news(application: Application) -> list[str]:
    mine = Event.objects.filter(subject=application.subject, name__startswith="application.")
    return list(mine.order_by("id").values_list("name", flat=True))


def test_a_persons_application_goes_from_start_to_accepted(house: House) -> None:
    made = accepted(house)
    assert statuses(made) == ["draft", "checking", "first_review", "final_review", "approved", "accepted"]
    assert news(made) == [
        "application.submitted", "application.referred", "application.reviewed", "application.approved", "application.accepted"]
    assert Event.objects.get(subject=made.subject, name="application.approved").payload == {"number": made.number}
    assert made.approval_expires_on == date(2026, 4, 15) and made.decided_at is not None
    assert queries.approved(made.number, house.lin) == made
    assert duties.duties_of(made) == {
        "sales": {house.lin.user_id}, "reviewer": {house.chen.user_id}, "approver": {house.zhou.user_id}}


def test_its_contract_terms_are_the_ones_that_were_decided(house: House) -> None:
    terms = steps.contract_terms(accepted(house), date(2026, 3, 18))
    assert (terms.plan.principal_fen, terms.plan.periods, terms.plan.annual_rate, terms.plan.due_day) == (
        6_000_000, 24, Decimal("0.12"), 20)
    assert terms.plan.start_date == date(2026, 3, 18) and terms.penalty.annual_rate == Decimal("0.18")


def test_every_figure_is_frozen_at_submission(house: House) -> None:
    kept = submitted(house).snapshot
    assert (kept["amount_fen"], kept["price_base_fen"], kept["ltv"]) == (6_000_000, 10_000_000, "0.600000")
    assert kept["instalment_fen"] > kept["amount_fen"] // 24 and kept["dti"] == str(
        (Decimal(210_000 + kept["instalment_fen"]) / 1_250_000).quantize(Decimal("0.000001")))
    assert Decimal(kept["all_in_simple"]) > Decimal("0.12") and kept["product_version"] == "P03-v1"
    assert kept["total_fen"] == kept["amount_fen"] + kept["interest_fen"] + kept["fee_fen"]
    assert {"subject", "category", "sha256"} == set(kept["documents"][0]) and kept["findings"] is not None


def test_an_empty_draft_is_told_everything_it_lacks(house: House) -> None:
    with pytest.raises(errors.Incomplete) as refused:
        submit(start(house), house.lin)
    by_step = {gap.step for gap in refused.value.gaps}
    assert by_step == {"party", "vehicle", "finance", "documents", "consents"}
    for word in ("请选择用途", "请选择车辆", "请填写申请金额", "身份证人像面", "王*明 的“征信查询授权”"):
        assert word in str(refused.value)


def test_papers_of_customer_and_car_count_and_a_missing_one_is_named(house: House) -> None:
    made = filled(house)
    for subject, category in ((house.wang.subject, "id_front"), (house.car.subject, "vehicle_licence")):
        document_steps.store_bytes(image(), name="a.jpg", subject=subject, category=category, branch_id=made.branch_id, by=house.lin)
    codes = {category.code for category in queries.documents_missing(made)}
    assert not {"id_front", "vehicle_licence"} & codes and "id_back" in codes


def test_a_consent_taken_back_stops_it(house: House) -> None:
    made = complete(house)
    withdraw_consent(subject=house.wang.subject, kind="credit_query", on=TODAY, channel="paper", evidence="CH-1", by=house.lin)
    with pytest.raises(errors.Incomplete) as refused:
        submit(made, house.lin)
    assert [gap.what for gap in refused.value.gaps] == ["credit_query"]


def test_a_figure_outside_the_product_is_refused_beside_its_field(house: House) -> None:
    made = complete(house, amount="70,000.01")
    with pytest.raises(Invalid) as refused:
        submit(made, house.lin)
    assert refused.value.field == "amount" and "最多可贷" in str(refused.value)
    save(made, "finance", {"amount": "60,000", "annual_rate": "17"}, house)
    with pytest.raises(Invalid) as refused:
        submit(made, house.lin)
    assert refused.value.field == "annual_rate"


def test_a_cap_blocks_and_nobody_can_override_it(house: House) -> None:
    made = complete(house)
    Parameter.objects.create(code="LTV_SECURED", value="0.50", unit="rate", effective_from=TODAY, source="贷款人政策")
    with pytest.raises(CapExceeded) as refused:
        submit(made, house.lin)
    assert refused.value.field == "amount" and "60%" in str(refused.value)
    made.refresh_from_db()
    assert (made.status, made.approval, made.snapshot) == ("draft", None, {})


def test_the_caps_are_asked_again_before_somebody_agrees(house: House) -> None:
    made = submitted(house)
    vehicle_steps.value(house.car, source="in_house", amount=Money(60_000_00), valued_on=TODAY, business_date=TODAY, by=house.chen)
    with pytest.raises(Invalid):
        vote(made, house.chen)
    assert vote(made, house.chen, "return", "车价下跌，请减额").status == "supplement"


def test_the_second_person_is_another_and_so_is_the_third(house: House) -> None:
    made = submitted(house)
    both = replace(hire("双", house.cast.east, roles.REVIEWER, reach=Reach.BRANCH), roles=frozenset({roles.REVIEWER, roles.APPROVER}))
    seller_who_reviews = replace(house.chen, user_id=house.lin.user_id)
    with pytest.raises(SamePerson):
        vote(made, seller_who_reviews)
    with pytest.raises(NotThisStage):
        vote(made, house.zhou)
    with pytest.raises(NotPermitted):
        vote(made, house.lin)
    assert vote(made, both).status == "final_review"
    with pytest.raises(AlreadyVoted):
        vote(made, both)
    assert vote(made, house.zhou).status == "approved"


def test_a_colleague_who_wrote_in_it_may_not_decide_it(house: House) -> None:
    made = complete(house)
    made.maker_ids = [house.lin.user_id, house.chen.user_id]
    made.save()
    submit(made, house.lin)
    with pytest.raises(SamePerson):
        vote(made, house.chen)


def test_it_is_returned_completed_and_decided_in_a_new_round(house: House) -> None:
    made = submitted(house)
    with pytest.raises(OpinionMissing):
        vote(made, house.chen, "return")
    back = vote(made, house.chen, "return", "流水缺 2 月")
    assert (back.status, back.opinion) == ("supplement", "流水缺 2 月") and history(made.subject)[-1].reason == "流水缺 2 月"
    assert waits("supplement", house.lin) == 1 and waits("supplement", house.mei) == 0
    save(made, "finance", {"amount": "50,000"}, house)
    again = submit(made, house.lin)
    assert again.snapshot["amount_fen"] == 5_000_000 and queries.requests_of(again, house.chen).count() == 2
    vote(made, house.chen)
    assert vote(made, house.zhou, "reject", "多头借贷").status == "rejected"
    with pytest.raises(WrongState):
        vote(made, house.zhou)


def test_a_case_waits_for_one_person_in_one_pile_and_opens_where_it_is_decided(house: House) -> None:
    def piles(actor: Actor) -> list[tuple[str, int]]:
        return [(pile.key, count) for pile in worklist.piles_for(actor) if (count := pile.count(actor))]

    made = submitted(house)
    assert (piles(house.chen), piles(house.zhou), piles(WU)) == ([("approvals", 1)], [], [])
    vote(made, house.chen)
    assert (piles(house.chen), piles(house.zhou)) == ([], [("approvals", 1)])
    waiting = worklist.PILES["approvals"].first(house.zhou, 5)[0]
    assert made.number in waiting.detail and waiting.due_at is not None and waiting.url == f"/origination/{made.number}/review/"


def test_a_car_stands_in_one_decision_at_a_time(house: House) -> None:
    submitted(house)
    with pytest.raises(errors.VehicleTaken):
        submit(complete(house), house.lin)


def test_a_stale_page_cannot_submit(house: House) -> None:
    made = complete(house)
    made.refresh_from_db()
    with pytest.raises(StaleEdit):
        submit_application(application_number=made.number, version=made.version - 1, business_date=TODAY, by=house.lin)


def test_an_offer_is_accepted_in_time_or_not_at_all(house: House) -> None:
    made = approved(house)
    with pytest.raises(errors.OfferStillValid):
        expire_application(application_number=made.number, business_date=made.approval_expires_on, by=house.qin)
    late = date(2026, 4, 16)
    assert list(lapsing.lapsed(late)) == [made] and not lapsing.lapsed(made.approval_expires_on).exists()
    with pytest.raises(errors.OfferExpired):
        accept_offer(application_number=made.number, business_date=late, by=house.lin)
    assert expire_application(application_number=made.number, business_date=late, by=house.qin).status == "expired"
    with pytest.raises(WrongState):
        accept_offer(application_number=made.number, business_date=TODAY, by=house.lin)
    with pytest.raises(errors.NotAccepted):
        queries.approved(made.number, house.lin)


def test_the_worker_closes_what_ran_out_and_nothing_else(house: House) -> None:
    made = approved(house)
    assert tasks.close_lapsed_offers() == 0
    business_date.open_day(date(2026, 4, 16))
    assert tasks.close_lapsed_offers() == 1 and tasks.close_lapsed_offers() == 0
    made.refresh_from_db()
    assert made.status == "expired"


def test_a_bought_car_is_measured_by_the_lower_of_price_and_valuation(house: House) -> None:
    made = start(house, product="P02")
    save(made, "vehicle", {"vehicle_number": house.car.number, "price": "90,000"}, house)
    made.refresh_from_db()
    assert made.purpose == "purchase" and queries.price_base(made, TODAY) == Money(90_000_00)


def test_it_is_withdrawn_with_a_reason_and_its_round_of_approval_ends(house: House) -> None:
    made = submitted(house)
    with pytest.raises(ReasonRequired):
        withdraw_application(application_number=made.number, reason=" ", by=house.lin)
    with pytest.raises(NotFound):
        withdraw_application(application_number=made.number, reason="客户改主意", by=house.mei)
    done = withdraw_application(application_number=made.number, reason="客户改主意", by=house.lin)
    done.approval.refresh_from_db()
    assert (done.status, done.approval.status) == ("withdrawn", "withdrawn") and worklist.PILES["approvals"].count(house.chen) == 0
    assert submit(complete(house), house.lin).status == "first_review"


def test_a_request_taken_back_elsewhere_takes_the_application_along(house: House) -> None:
    made = submitted(house)
    withdraw_request(request_number=made.approval.number, by=house.lin)
    made.refresh_from_db()
    assert made.status == "withdrawn"


def test_wu_and_another_branch_see_nothing(house: House) -> None:
    made = approved(house)
    for by in (WU, house.mei):
        assert not queries.visible(by).exists() and not queries.of_customer(house.wang.number, by).exists()
        assert queries.search(by, made.number) == []
        with pytest.raises(NotFound):
            queries.open_subject(by, made.number)
        with pytest.raises(NotFound):
            queries.approved(made.number, by)
    assert [found.number for found in queries.search(house.lin, "王小明")] == [made.number]
    assert [found.number for found in queries.search(house.lin, house.car.vin[-6:])] == [made.number]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_submit_at_once_one_is_refused(house: House) -> None:
    made = complete(house)
    made.refresh_from_db()
    outcomes: list[str] = []
    gate = threading.Barrier(2)

    def press() -> None:
        try:
            gate.wait(timeout=10)
            submit_application(application_number=made.number, version=made.version, business_date=TODAY, by=house.lin)
            outcomes.append("done")
        except (WrongState, StaleEdit) as refusal:
            outcomes.append(refusal.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert sorted(outcomes) == ["done", "wrong_state"]
    assert DecisionRound.objects.filter(subject=made.subject).count() == 1


def test_helpers_leave_nothing_out(house: House) -> None:
    """The case the other rooms begin with is complete by its own means."""
    made = filled(house)
    file_papers(made, house.lin)
    grant_consents(house.wang, house.lin)
    assert queries.gaps(made, TODAY) == [] and queries.price_base(made, TODAY) == WORTH


def waits(pile: str, actor: Actor) -> int:
    return worklist.PILES[f"applications_{pile}"].count(actor)


def test_drafts_offers_and_cars_without_a_value_wait_for_those_whose_work_they_are(house: House) -> None:
    made = filled(house)
    assert waits("draft", house.lin) == 1 and waits("draft", house.mei) == 0 and waits("unvalued", house.qin) == 0
    house.car.valuations.all().delete()
    value = worklist.PILES["applications_unvalued"].first(house.qin, 5)[0]
    assert value.url == f"/vehicles/{house.car.number}/value/" and waits("unvalued", house.lin) == 1
    vehicle_steps.value(house.car, source="in_house", amount=WORTH, valued_on=TODAY, business_date=TODAY, by=house.cast.gao)
    file_papers(made, house.lin)
    grant_consents(house.wang, house.lin)
    vote(submit(made, house.lin), house.chen)
    vote(made, house.zhou)
    business_date.open_day(TODAY)
    offer = worklist.PILES["applications_offered"].first(house.lin, 5)[0]
    assert offer.due_at is not None and offer.due_at.date() == date(2026, 4, 15) and waits("draft", house.lin) == 0
