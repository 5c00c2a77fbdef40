"""What dealers earn: the sums, and plans that one proposes and another agrees to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from chezhe.channels import errors, rules
from chezhe.channels.actions.decide_commission_plan import decide_commission_plan
from chezhe.channels.actions.end_commission_plan import end_commission_plan
from chezhe.channels.actions.propose_commission_plan import propose_commission_plan
from chezhe.channels.actions.suspend_dealer import suspend_dealer
from chezhe.channels.commission import queries
from chezhe.channels.commission.steps import PlanTerms
from chezhe.channels.models import CommissionPlan, Dealer
from chezhe.channels.tests.dealing import dealer
from chezhe.documents.tests.people import Cast, hire
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, roles, worklist
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.testing import WU

TODAY = date(2026, 3, 16)
TERMS = PlanTerms(rate=Decimal("0.05"), hold_months=24, effective_from=TODAY)


def test_the_sums_are_the_worked_case() -> None:
    """DOMAIN.md: 5 % of 175,000.00 is 8,750.00; paid off at month 14 of 24, ten months go back."""
    earned = rules.commission_of(17_500_000, Decimal("0.05"), cap_rate=Decimal("0.05"))
    assert earned == 875_000
    assert rules.months_held(date(2025, 1, 31), date(2026, 3, 31)) == 14
    assert rules.clawback_of(earned, 14, 24) == 364_583


@pytest.mark.parametrize(("since", "until", "months"), [
    (date(2026, 1, 15), date(2026, 1, 15), 0), (date(2026, 1, 15), date(2026, 2, 14), 0), (date(2026, 1, 15), date(2026, 2, 15), 1),
    (date(2026, 1, 31), date(2026, 2, 28), 1), (date(2026, 1, 31), date(2026, 3, 30), 1), (date(2024, 2, 29), date(2025, 2, 28), 12),
    (date(2026, 1, 15), date(2028, 1, 15), 24), (date(2026, 2, 1), date(2026, 1, 1), 0),
])
def test_a_month_is_held_when_the_same_day_comes_again(since: date, until: date, months: int) -> None:
    assert rules.months_held(since, until) == months


@given(st.integers(1, 10**11), st.integers(1, 120), st.integers(0, 130))
def test_never_more_goes_back_than_was_earned_and_never_less_for_a_shorter_hold(earned: int, least: int, held: int) -> None:
    back = rules.clawback_of(earned, held, least)
    assert 0 <= back <= earned and back >= rules.clawback_of(earned, held + 1, least)
    assert rules.clawback_of(earned, 0, least) == earned and rules.clawback_of(earned, least, least) == 0


@given(st.integers(1, 10**11), st.decimals("0.0001", "0.2", places=4), st.decimals("0.0001", "0.2", places=4))
def test_the_cap_and_the_maximum_hold(principal: int, rate: Decimal, cap: Decimal) -> None:
    earned = rules.commission_of(principal, rate, cap_rate=cap)
    assert abs(earned - principal * min(rate, cap)) <= Decimal("0.5")
    assert rules.commission_of(principal, rate, cap_rate=cap, most_fen=100) == min(earned, 100)


@pytest.fixture
def fen(cast: Cast) -> Actor:
    business_date.open_day(TODAY)
    return hire("芬", cast.east, roles.CHANNEL_MGR, reach=Reach.BRANCH)


@pytest.fixture
def harbour(cast: Cast) -> Dealer:
    return dealer(cast.gao)


def propose(harbour: Dealer, by: Actor, terms: PlanTerms = TERMS) -> CommissionPlan:
    return propose_commission_plan(dealer_number=harbour.number, terms=terms, reason="新合作", business_date=TODAY, by=by)


def agree(plan: CommissionPlan, by: Actor) -> CommissionPlan:
    return decide_commission_plan(plan_number=plan.number, agrees=True, by=by)


def test_a_plan_counts_when_another_person_has_agreed(harbour: Dealer, fen: Actor, cast: Cast) -> None:
    plan = propose(harbour, fen)
    assert queries.plan_for(harbour.pk, "P01", TODAY) is None
    pile = worklist.PILES["channels.commission_plans"]
    assert pile.count(cast.gao) == 1 and pile.first(cast.gao, 5)[0].url.endswith(f"{plan.number}/")
    for nobody in (fen, cast.lin, WU):
        with pytest.raises((NotPermitted, SamePerson)):
            agree(plan, nobody)
    agree(plan, cast.gao)
    assert queries.plan_for(harbour.pk, "P01", TODAY) == plan and queries.plan_for(harbour.pk, "P01", date(2026, 3, 15)) is None
    with pytest.raises(WrongState):
        agree(plan, cast.gao)


def test_who_proposes_does_not_agree_even_with_both_rights(harbour: Dealer, fen: Actor, cast: Cast) -> None:
    both = replace(cast.gao, permissions=cast.gao.permissions | fen.permissions)
    with pytest.raises(SamePerson):
        agree(propose(harbour, both), both)


def test_the_cap_is_dated_and_names_its_source(harbour: Dealer, fen: Actor, cast: Cast) -> None:
    with pytest.raises(errors.CommissionAboveCap) as refused:
        propose(harbour, fen, PlanTerms(rate=Decimal("0.0501"), hold_months=24, effective_from=TODAY))
    assert "2025-06" in str(refused.value) and "5" in str(refused.value) and refused.value.field == "rate"
    plan = propose(harbour, fen)
    Parameter.objects.create(code=queries.CAP, unit="rate", value="0.03", effective_from=TODAY, source="新公约")
    with pytest.raises(errors.CommissionAboveCap, match="新公约"):
        agree(plan, cast.gao)
    cap = queries.cap("", TODAY)
    assert cap is not None and (cap.rate, cap.source) == (Decimal("0.03"), "新公约")


@pytest.mark.parametrize(("field", "change"), [
    ("rate", {"rate": Decimal("0")}), ("amount_max", {"amount_max": Money(0)}), ("hold_months", {"hold_months": 121}),
    ("effective_from", {"effective_from": date(2026, 3, 15)}), ("effective_to", {"effective_to": date(2026, 3, 15)}),
    ("product_code", {"product_code": "NONE"}),
])
def test_it_refuses_a_plan_that_makes_no_sense(harbour: Dealer, fen: Actor, field: str, change: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        propose(harbour, fen, replace(TERMS, **change))
    assert refused.value.field == field


def test_a_products_own_plan_goes_before_and_an_ended_one_counts_to_its_last_day(harbour: Dealer, fen: Actor, cast: Cast) -> None:
    general = agree(propose(harbour, fen), cast.gao)
    own = agree(propose(harbour, fen, PlanTerms(rate=Decimal("0.02"), hold_months=12, effective_from=TODAY, product_code="P01")), cast.gao)
    assert queries.plan_for(harbour.pk, "P01", TODAY) == own and queries.plan_for(harbour.pk, "P02", TODAY) == general
    with pytest.raises(errors.PlanEndsTooEarly):
        end_commission_plan(plan_number=own.number, last_day=date(2026, 3, 15), reason="不再合作", business_date=TODAY, by=fen)
    with pytest.raises(ReasonRequired):
        end_commission_plan(plan_number=own.number, last_day=TODAY, reason="", business_date=TODAY, by=fen)
    end_commission_plan(plan_number=own.number, last_day=TODAY, reason="产品停售", business_date=TODAY, by=fen)
    assert queries.plan_for(harbour.pk, "P01", TODAY) == own and queries.plan_for(harbour.pk, "P01", date(2026, 3, 17)) == general


def test_nobody_proposes_for_a_dealer_out_of_reach_or_suspended(harbour: Dealer, fen: Actor, cast: Cast) -> None:
    west = hire("西", cast.west, roles.CHANNEL_MGR, reach=Reach.BRANCH)
    with pytest.raises(NotFound):
        propose(harbour, west)
    suspend_dealer(dealer_number=harbour.number, reason="首逾偏高", by=cast.gao)
    with pytest.raises(errors.DealerClosed):
        propose(harbour, fen)


def test_a_plan_cannot_hang_on_the_customers_rate() -> None:
    """No tiers linked to the rate (2025): there is no column in which such a thing could be written."""
    columns = {field.name for field in CommissionPlan._meta.get_fields()}
    assert columns == {
        "id", "number", "status", "dealer", "product_code", "rate", "amount_max", "hold_months", "effective_from", "effective_to", "reason",
        "proposed_at", "proposed_by_ids", "proposed_by_name", "decided_at", "decided_by_name", "opinion",
    }


def test_by_page_it_is_proposed_agreed_to_and_ended(browser: Any, harbour: Dealer, fen: Actor, cast: Cast) -> None:
    browser.acts_as(fen)
    form = {"rate": "5", "hold_months": "24", "effective_from": TODAY.isoformat(), "reason": "新合作"}
    address = reverse("channels:commission_propose", args=[harbour.number])
    assert browser.get(address).status_code == 200
    assert browser.post(address, {**form, "rate": "6"}).context["form"].errors["rate"]
    made = browser.post(address, form)
    plan = CommissionPlan.objects.get()
    assert made.status_code == 302 and made["Location"] == reverse("channels:commission_plan", args=[plan.number])
    page = browser.get(made["Location"]).content.decode()
    assert "各地银行业自律公约" in page and "5%" in page.replace(" ", "").replace("5.00%", "5%")
    browser.acts_as(cast.gao)
    assert browser.post(reverse("channels:commission_decide", args=[plan.number]), {"verdict": "yes"}).status_code == 302
    for address in (reverse("channels:commission_plans"), reverse("channels:commission_of") + f"?subject={harbour.subject}"):
        assert plan.number in browser.get(address).content.decode()
    browser.acts_as(fen)
    ending = {"last_day": TODAY.isoformat(), "reason": "不再合作"}
    assert browser.post(reverse("channels:commission_end", args=[plan.number]), ending).status_code == 302
    assert browser.acts_as(WU).get(reverse("channels:commission_plan", args=[plan.number])).status_code in (403, 404)
    plan.refresh_from_db()
    assert (plan.status, plan.effective_to) == ("ended", TODAY)


def test_by_api_it_is_proposed_and_agreed_to(browser: Any, harbour: Dealer, fen: Actor, cast: Cast) -> None:
    browser.acts_as(fen)
    body = {"dealer_number": harbour.number, "rate": "0.05", "hold_months": 24, "effective_from": TODAY.isoformat(), "reason": "新合作"}
    made = browser.api("channels/commission-plans", body)
    number = made.json()["number"]
    assert made.status_code == 201 and made.json()["rate"].startswith("0.05")
    browser.acts_as(cast.gao)
    assert browser.api(f"channels/commission-plans/{number}/decide", {"agrees": True}).json()["status"] == "agreed"
    assert browser.api(f"channels/commission-plans?dealer={harbour.number}").json()["items"][0]["number"] == number
    browser.acts_as(fen)
    ended = browser.api(f"channels/commission-plans/{number}/end", {"last_day": TODAY.isoformat(), "reason": "不再合作"})
    assert ended.json()["status"] == "ended" and browser.api(f"channels/commission-plans/{number}").json()["effective_to"] == "2026-03-16"
