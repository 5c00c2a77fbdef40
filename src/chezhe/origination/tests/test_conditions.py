"""What a decision makes a condition: how long people have, a guarantor, devices; and what a freeze stops."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chezhe.compliance.seeds import lender, parameters
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.documents.tests.people import hire
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.testing import moment
from chezhe.origination import errors
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, House, complete, grant_consents, hand_in, make_house, submit, vote, work
from chezhe.risk.actions.accept_security import accept_security
from chezhe.risk.actions.clear_hit import clear_hit
from chezhe.risk.actions.offer_security import offer_security
from chezhe.risk.deciding import conditions
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.guarantees.steps import Offered
from chezhe.risk.screening.freezing import BusinessHeld
from chezhe.risk.tests.deciding.telling import scoring, tell
from chezhe.risk.tests.freezing import freeze

# What the card makes of these scores of the bureau.
TIERS = {"A": 720, "B": 560, "C": 100}


@pytest.fixture(autouse=True)
def spring() -> Any:
    with clock.at(moment("2026-03-16 10:00")), scoring():
        yield


@pytest.fixture
def house(db: None) -> House:
    """One that decides by the shipped table of limits."""
    parameters.sow()
    lender.sow_lender()
    business_date.open_day(TODAY)
    return make_house(has_conditions=True)


def decided(house: House, tier: str, **changes: Any) -> Application:
    """Handed in and decided: whoever pays a price above the policy's makes no exception."""
    made = complete(house, annual_rate="14")
    tell(house.wang, house.car.subject, made.subject, bureau_score=TIERS[tier], **changes)
    made = submit(made, house.lin)
    decision = deciding_queries.latest(made.subject)
    assert decision is not None and decision.tier == tier
    return made


@pytest.mark.parametrize(("tier", "changes", "hours"), [
    ("A", {"phone_months": 1}, 24), ("B", {}, 48), ("C", {}, 72),
])
def test_a_tier_gives_people_its_own_time(house: House, tier: str, changes: dict[str, Any], hours: int) -> None:
    made = decided(house, tier, **changes)
    assert made.status == "first_review" and made.approval is not None and made.approval.due_at is not None
    assert made.approval.due_at - clock.now() == timedelta(hours=hours)


def test_where_no_table_says_how_long_it_is_a_day(house: House) -> None:
    made = submit(complete(house), house.lin)
    decision = deciding_queries.latest(made.subject)
    assert decision is not None and made.approval is not None and made.approval.due_at is not None
    hours = conditions.of(decision).sla_hours
    assert made.approval.due_at - clock.now() == timedelta(hours=hours or 24)


def test_conditions_are_named_on_the_panel_and_the_decisions_page(house: House, browser: Any) -> None:
    made = decided(house, "C")
    decision = deciding_queries.latest(made.subject)
    assert decision is not None
    panel = browser.acts_as(house.chen).get(f"/risk/panel/decisions/?subject={made.subject}").content.decode()
    page = browser.get(f"/risk/decisions/{decision.number}/").content.decode()
    for words in ("须有担保人", "安装有线 GPS 1 台", "安装无线 GPS 2 台"):
        assert words in panel and words in page, words
    assert "gps_wired=" not in page and "guarantor_needed=" not in page and "办结时限" in page


def friend(house: House, made: Application) -> str:
    """Ouyang stands surety; Lin writes it down, who counts is for another to say."""
    surety = person(OUYANG, house.lin)
    given = Offered(kind="guarantor", amount=Money(60_000_00), liability="joint", income_monthly=Money(12_000_00))
    return offer_security(subject=made.subject, offered=given, guarantor_number=surety.number, business_date=TODAY, by=house.lin).number


def test_nobody_agrees_before_a_guarantor_stands_where_one_is_needed(house: House) -> None:
    made = decided(house, "C")
    with pytest.raises(errors.GuarantorNeeded) as refused:
        vote(made, house.chen)
    assert refused.value.code == "guarantor_needed" and "担保人" in str(refused.value)
    offered = friend(house, made)
    with pytest.raises(errors.GuarantorNeeded):
        vote(made, house.chen)
    accept_security(security_number=offered, by=house.chen)
    assert vote(made, house.chen).status == "final_review"


def test_a_guarantor_who_is_party_of_the_application_is_enough(house: House) -> None:
    made = complete(house, annual_rate="14")
    surety = person(OUYANG, house.lin)
    add_party(application_number=made.number, customer_number=surety.number, role="guarantor", by=house.lin)
    grant_consents(surety, house.lin, is_borrower=False)
    tell(house.wang, house.car.subject, made.subject, bureau_score=TIERS["C"])
    made = submit(made, house.lin)
    assert vote(made, house.chen).status == "final_review"


def test_tier_b_needs_no_guarantor(house: House) -> None:
    assert vote(decided(house, "B"), house.chen).status in ("final_review", "approved")


# ---- frozen ---------------------------------------------------------------------------------------------------


def known(house: House) -> Application:
    made = complete(house)
    tell(house.wang, house.car.subject, made.subject)
    return made


def tipped_off(text: str) -> bool:
    return any(word in text for word in ("制裁", "名单", "反洗钱", "恐怖", "冻结"))


def test_a_customer_frozen_while_facts_are_asked_for_is_not_offered_a_loan_by_the_machine(house: House) -> None:
    made = hand_in(known(house), house.lin)
    freeze(house.wang)
    work()
    made.refresh_from_db()
    assert made.status in ("first_review", "rejected"), "people, or the list's own rule"
    assert made.approval_expires_on is None


def test_nobody_agrees_to_somebody_frozen_and_the_seller_is_not_told_why(house: House, browser: Any) -> None:
    made = submit(known(house), house.lin)
    assert made.status == "approved"
    freeze(house.wang)
    with pytest.raises(BusinessHeld) as refused:
        accept_offer(application_number=made.number, business_date=TODAY, by=house.lin)
    assert refused.value.code == "business_held" and not tipped_off(str(refused.value))
    client = browser.acts_as(house.lin)
    page = client.post(f"/origination/{made.number}/accept/", follow=True).content.decode()
    assert "联系合规岗" in page and not tipped_off(page.split("<main")[-1].split("联系合规岗")[0][-200:])
    made.refresh_from_db()
    assert made.status == "approved"


def test_whoever_may_see_due_diligence_reads_why(house: House) -> None:
    made = submit(complete(house), house.lin)
    assert made.status == "first_review"
    hit = freeze(house.wang)
    with pytest.raises(BusinessHeld) as refused:
        vote(made, house.chen)
    assert refused.value.code == "business_held" and "制裁" in str(refused.value) and house.wang.name not in str(refused.value)
    compliance = hire("何", house.cast.east, roles.COMPLIANCE, reach=Reach.ALL)
    clear_hit(screening_number=hit.number, reason="证件照片比对为另一人", by=compliance)
    accept_security(security_number=friend(house, made), by=house.chen)
    assert vote(made, house.chen).status == "final_review"


def test_nobody_agrees_to_what_no_table_could_judge_before_a_guarantor_stands(house: House) -> None:
    """No source was reached: there is no tier, and the hardest row of the table holds."""
    made = submit(complete(house), house.lin)
    decision = deciding_queries.latest(made.subject)
    assert decision is not None and decision.tier == "" and conditions.of(decision).gps_wireless == 2
    with pytest.raises(errors.GuarantorNeeded):
        vote(made, house.chen)
    accept_security(security_number=friend(house, made), by=house.chen)
    assert vote(made, house.chen).status == "final_review"


def test_a_frozen_guarantor_stops_it_as_well(house: House) -> None:
    made = complete(house)
    surety: Customer = person(OUYANG, house.lin)
    add_party(application_number=made.number, customer_number=surety.number, role="guarantor", by=house.lin)
    grant_consents(surety, house.lin, is_borrower=False)
    made = submit(made, house.lin)
    freeze(surety)
    with pytest.raises(BusinessHeld):
        vote(made, house.chen)
    assert vote(made, house.chen, "reject", "资料不实").status == "rejected", "saying no is always possible"


