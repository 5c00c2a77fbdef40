"""Other terms than those asked for, conditions of an approval, and what the customer answers."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.compliance.steps import CapExceeded
from chezhe.documents.tests.acting import ActingClient
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.errors import Invalid, NotFound, NothingChanged, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Event, Parameter
from chezhe.kernel.moves import history
from chezhe.origination import errors, steps
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.counter_offer import counter_offer
from chezhe.origination.actions.decline_offer import decline_offer
from chezhe.origination.actions.meet_condition import meet_condition
from chezhe.origination.actions.vote_on_application import vote_on_application
from chezhe.origination.actions.waive_condition import waive_condition
from chezhe.origination.models import Application
from chezhe.origination.offers import conditions, pages, rules
from chezhe.origination.offers.conditions import ConditionsOpen, Wished
from chezhe.origination.offers.making import OfferBeyond
from chezhe.origination.offers.rules import Bounds, Change, Terms
from chezhe.origination.tests.asking import TODAY, House, approved, let_count, submitted, vote, work

ASKED = Terms(amount=Money(60_000_00), periods=24, annual_rate=Decimal("0.12"))


def agree(made: Application, by: Any, *wished: Wished, **change: Any) -> Application:
    return vote_on_application(
        application_number=made.number, verdict="agree", opinion="同意", change=Change(**change), wished=wished, business_date=TODAY, by=by)


def counter(made: Application, house: House, reason: str = "想少借一些", on: date = TODAY, **change: Any) -> Application:
    return counter_offer(application_number=made.number, change=Change(**change), reason=reason, business_date=on, by=house.lin)


def gps(due: str = "payout") -> Wished:
    return Wished(words="放款前补交收入证明原件", due=due, owner_role=roles.SALES)


@pytest.mark.parametrize(("wanted", "bounds", "code"), [
    ({"amount": Money(60_000_01)}, Bounds(), "offer_over_asked"),
    ({"amount": Money(55_000_00)}, Bounds(amount_max=Money(50_000_00)), "offer_over_limit"),
    ({"amount": Money(50_000_00)}, Bounds(amount_max=Money(50_000_00)), ""),
    ({}, Bounds(amount_max=Money(50_000_00)), ""),
    ({"annual_rate": Decimal("0.11")}, Bounds(annual_rate=Decimal("0.13")), "offer_under_price"),
    ({"annual_rate": Decimal("0.11")}, Bounds(annual_rate=Decimal("0.10")), ""),
    ({"annual_rate": Decimal("0.13"), "periods": 36}, Bounds(annual_rate=Decimal("0.13")), ""),
])
def test_other_terms_stay_within_what_was_asked_and_what_the_machine_named(wanted: dict[str, Any], bounds: Bounds, code: str) -> None:
    found = rules.beyond(replace(ASKED, **wanted), asked=ASKED, bounds=bounds)
    assert (found.code if found else "") == code


def test_people_agree_to_less_over_another_term_and_every_figure_follows(house: House) -> None:
    made = submitted(house)
    before = made.snapshot
    agree(made, house.chen, amount=Money(50_000_00), periods=36)
    made.refresh_from_db()
    assert (made.status, made.amount, made.periods, made.ltv) == ("final_review", Money(50_000_00), 36, Decimal("0.5"))
    assert made.snapshot["instalment_fen"] < before["instalment_fen"] and house.chen.user_id not in made.maker_ids
    assert [line.label for line in pages.compared(made)] == ["申请", "审批中的条件"]
    done = agree(made, house.zhou, annual_rate=Decimal("0.13"))
    offer = done.offers.get()
    assert (offer.amount, offer.periods, offer.annual_rate, offer.is_as_asked) == (Money(50_000_00), 36, Decimal("0.13"), False)
    assert (offer.instalment.fen, offer.valid_until) == (done.snapshot["instalment_fen"], done.approval_expires_on)
    assert [(one.field, one.changed_by_name) for one in done.changes.order_by("id")][-3:] == [
        ("amount", "陈"), ("periods", "陈"), ("annual_rate", "周")]
    taken = accept_offer(application_number=made.number, business_date=TODAY, by=house.lin)
    assert taken.offers.get().status == "accepted"
    terms = steps.contract_terms(taken, TODAY)
    assert (terms.plan.principal_fen, terms.plan.periods, terms.plan.annual_rate) == (5_000_000, 36, Decimal("0.13"))


def test_an_approval_as_asked_is_an_offer_too(house: House) -> None:
    made = approved(house)
    offer = made.offers.get()
    assert (offer.status, offer.is_as_asked, offer.amount, offer.place) == ("open", True, Money(60_000_00), 1)
    assert [line.label for line in pages.compared(made)] == ["申请", "按申请批复"]


def test_nobody_offers_what_product_law_or_policy_forbid(house: House) -> None:
    made = submitted(house)
    with pytest.raises(OfferBeyond) as refused:
        agree(made, house.chen, amount=Money(60_000_01))
    assert (refused.value.code, refused.value.field) == ("offer_over_asked", "amount") and "60,000.00" in str(refused.value)
    with pytest.raises(Invalid) as outside:
        agree(made, house.chen, annual_rate=Decimal("0.30"))
    assert outside.value.field == "annual_rate"
    Parameter.objects.create(code="LTV_SECURED", value="0.40", unit="rate", effective_from=TODAY, source="贷款人政策")
    with pytest.raises(CapExceeded):
        agree(made, house.chen, amount=Money(50_000_00))
    made.refresh_from_db()
    assert (made.amount, made.status) == (Money(60_000_00), "first_review") and not made.offers.exists()
    assert agree(made, house.chen, amount=Money(40_000_00)).status == "final_review"


@pytest.mark.parametrize("more", [{"change": Change(periods=12)}, {"wished": [Wished(words="补件", due="payout", owner_role="sales")]}])
def test_only_whoever_agrees_changes_anything(house: House, more: dict[str, Any]) -> None:
    made = submitted(house)
    with pytest.raises(errors.ChangeWithoutAgreement):
        vote_on_application(application_number=made.number, verdict="return", opinion="补件", business_date=TODAY, by=house.chen, **more)


def test_the_customer_declines_with_a_reason(house: House) -> None:
    made = approved(house)
    with pytest.raises(ReasonRequired):
        decline_offer(application_number=made.number, reason=" ", by=house.lin)
    with pytest.raises(NotPermitted):
        decline_offer(application_number=made.number, reason="利率太高", by=house.chen)
    done = decline_offer(application_number=made.number, reason="利率太高", by=house.lin)
    assert (done.status, done.offers.get().status, done.offers.get().answer) == ("withdrawn", "declined", "利率太高")
    assert Event.objects.get(subject=made.subject, name="application.withdrawn").payload["reasons"] == ["R24"]
    with pytest.raises(WrongState):
        decline_offer(application_number=made.number, reason="利率太高", by=house.lin)


def test_the_customer_asks_for_other_terms_and_all_is_decided_anew(house: House) -> None:
    made = approved(house)
    with pytest.raises(NothingChanged):
        counter(made, house, amount=Money(60_000_00))
    with pytest.raises(Invalid):
        counter(made, house, amount=Money(70_000_01))
    asked = counter(made, house, amount=Money(65_000_00))
    assert (asked.status, asked.amount, asked.approval, asked.approval_expires_on) == ("checking", Money(65_000_00), None, None)
    assert (asked.offers.get().status, asked.offers.get().answer) == ("countered", "想少借一些")
    with pytest.raises(WrongState):
        accept_offer(application_number=made.number, business_date=TODAY, by=house.lin)
    work()
    asked.refresh_from_db()
    assert asked.status == "first_review" and asked.submissions.count() == 2
    vote(asked, house.chen)
    again = vote(asked, house.zhou)
    assert [(one.place, one.status, one.amount.fen) for one in again.offers.all()] == [(2, "open", 6_500_000), (1, "countered", 6_000_000)]
    assert "counter" in [move.verb for move in history(made.subject)]


def test_nobody_haggles_for_ever_nor_after_the_last_day(house: House) -> None:
    made = approved(house)
    with pytest.raises(errors.OfferExpired):
        counter(made, house, on=date(2026, 4, 16), periods=36)
    Parameter.objects.create(code="OFFER_ROUNDS_MAX", value="0", unit="count", effective_from=TODAY, source="贷款人政策")
    with pytest.raises(errors.OfferRoundsOver):
        counter(made, house, periods=36)


def test_conditions_stand_until_they_are_met_by_those_whose_work_they_are(house: House) -> None:
    made = submitted(house)
    agree(made, house.chen, gps("contract"), Wished(words="核对原件", due="payout", owner_role=roles.COLLATERAL_OPS))
    vote(made, house.zhou)
    first, second = made.conditions.all()
    for due in ("contract", "payout"):
        with pytest.raises(ConditionsOpen) as refused:
            conditions.require_met(made, due)
        assert "放款前补交收入证明原件" in str(refused.value) and ("核对原件" in str(refused.value)) is (due == "payout")
    with pytest.raises(errors.ConditionOfOthers):
        meet_condition(application_number=made.number, condition_id=second.pk, evidence="已核对", by=house.lin)
    with pytest.raises(errors.ConditionUnknown):
        meet_condition(application_number=made.number, condition_id=second.pk + 9, evidence="已核对", by=house.lin)
    with pytest.raises(NotFound):
        meet_condition(application_number=made.number, condition_id=first.pk, evidence="已补交", by=house.mei)
    done = meet_condition(application_number=made.number, condition_id=first.pk, evidence="已补交原件", by=house.lin)
    assert (done.status, done.settled_words, done.settled_by_name) == ("met", "已补交原件", "林")
    with pytest.raises(WrongState):
        meet_condition(application_number=made.number, condition_id=first.pk, evidence="再补", by=house.lin)
    conditions.require_met(made, "contract")


def test_a_condition_is_waived_by_a_second_person(house: House) -> None:
    made = submitted(house)
    agree(made, house.chen, gps())
    condition = made.conditions.get()
    for by, refusal in ((house.chen, SamePerson), (house.lin, NotPermitted), (replace(house.zhou, on_behalf_of_id=house.chen.user_id), SamePerson)):
        with pytest.raises(refusal):
            waive_condition(application_number=made.number, condition_id=condition.pk, reason="流水已足够", by=by)
    done = waive_condition(application_number=made.number, condition_id=condition.pk, reason="流水已足够", by=house.zhou)
    assert (done.status, done.settled_words) == ("waived", "流水已足够")
    conditions.require_met(made, "payout")


@pytest.mark.parametrize(("wished", "code"), [
    ([Wished(words="补件", due="never", owner_role="sales")], "condition_due_unknown"),
    ([Wished(words="补件", due="payout", owner_role="finance")], "condition_owner_unknown"),
    ([Wished(words=f"补件{n}", due="payout", owner_role="sales") for n in range(11)], "conditions_too_many"),
    ([Wished(words="长" * 121, due="payout", owner_role="sales")], "conditions_too_many"),
])
def test_a_condition_that_nobody_can_see_to_is_refused(house: House, wished: list[Wished], code: str) -> None:
    made = submitted(house)
    with pytest.raises(Invalid) as refused:
        agree(made, house.chen, *wished)
    assert refused.value.code == code and not made.conditions.exists()


def test_what_is_decided_anew_has_its_conditions_anew(house: House) -> None:
    made = submitted(house)
    agree(made, house.chen, gps())
    vote(made, house.zhou)
    asked = counter(made, house, periods=36)
    assert asked.conditions.get().status == "dropped"


def test_its_doors(house: House, browser: ActingClient) -> None:
    made = submitted(house)
    browser.acts_as(house.chen)
    page = browser.get(f"/origination/{made.number}/review/").content.decode()
    assert "改条件批复" in page
    over = browser.post(f"/origination/{made.number}/review/", {"verdict": "agree", "opinion": "", "amount": "60,001"})
    assert over.status_code == 422 and "不能高于申请金额" in over.content.decode()
    done = browser.post(f"/origination/{made.number}/review/", {
        "verdict": "agree", "opinion": "降额", "amount": "50,000", "conditions": "补交原件\n", "due": "contract", "owner_role": "sales"})
    assert done.status_code == 302 and not made.conditions.exists(), "nothing follows while it can be taken back"
    let_count()
    assert made.conditions.get().words == "补交原件"
    browser.acts_as(house.zhou)
    assert browser.api(f"origination/{made.number}/votes", {"verdict": "agree", "periods": 12}).json()["status"] == "approved"
    offer = browser.api(f"origination/{made.number}/offers").json()[0]
    assert (offer["amount"], offer["periods"], offer["status"], offer["is_as_asked"]) == ("50000.00", 12, "open", False)
    browser.acts_as(house.lin)
    panel = browser.get(f"/origination/panel/offers/?subject={made.subject}").content.decode()
    assert "改条件批复" in panel and "补交原件" in panel
    condition = browser.api(f"origination/{made.number}/conditions").json()[0]
    assert browser.post(f"/origination/{made.number}/conditions/{condition['id']}/meet/", {"words": "已补交"}).status_code == 302
    assert browser.api(f"origination/{made.number}/conditions").json()[0]["status"] == "met"
    assert "原批复随即作废" in browser.get(f"/origination/{made.number}/counter/").content.decode()
    empty = browser.post(f"/origination/{made.number}/counter/", {"reason": "再想想"})
    assert empty.status_code == 422
    assert browser.post(f"/origination/{made.number}/counter/", {"amount": "45,000", "reason": "少借"}).status_code == 302
    made.refresh_from_db()
    assert (made.status, made.amount) == ("checking", Money(45_000_00))
    work()
    vote(made, house.chen)
    vote(made, house.zhou)
    assert browser.post(f"/origination/{made.number}/decline/", {"reason": "不借了"}).status_code == 302
    made.refresh_from_db()
    assert made.status == "withdrawn"
