"""What risk sees of an application: the plan as it would be paid out today, and the coverage that follows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.finmath.money import Money
from chezhe.kernel import clock, events
from chezhe.origination import proposing
from chezhe.origination.tests.asking import TODAY, House, filled, start, submitted
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.guarantees.models import CoverageCheck
from chezhe.risk.valuing.models import Valuing


def valued(house: House) -> Valuing:
    return Valuing.objects.create(
        number="VV26-000001-1", vehicle=house.car, status="agreed", valued_on=TODAY, age_months=45, value=Money(100_000_00),
        basis=Money(100_000_00), lending_value=Money(90_000_00), path=[100_000_00 - 1_000_00 * month for month in range(61)],
        asked_by_name="沈", asked_at=clock.now())


def test_a_proposal_is_the_plan_of_today(house: House) -> None:
    assert proposing.proposal(start(house).number, TODAY) is None
    assert proposing.proposal("A26-000000-0", TODAY) is None
    found = proposing.proposal(filled(house).number, TODAY)
    assert found is not None and (found.amount, found.principal) == (Money(60_000_00), Money(60_000_00))
    assert len(found.balances) == 25 and found.balances[0] == Money(60_000_00) and found.balances[-1] == Money(0)
    assert found.interest > Money(7_000_00) and found.matures_on == date(2028, 2, 20)
    assert (found.price, found.price_base) == (None, Money(100_000_00)), "a car that is not bought counts with its valuation"


def test_a_submitted_application_is_measured_and_its_facts_are_known(house: House) -> None:
    valued(house)
    made = submitted(house)
    events.deliver_all()
    check = CoverageCheck.objects.get(subject_text=made.subject)
    assert check.missing == Money(0) and check.vehicle_value == Money(90_000_00) and check.ltv == Decimal("0.6")
    known = fact_queries.known([made.subject], clock.now())
    assert known["coverage"].value == check.rate and known["ltv"].value == Decimal("0.6")


def test_without_a_value_of_the_car_nothing_is_measured(house: House) -> None:
    made = submitted(house)
    events.deliver_all()
    assert not CoverageCheck.objects.exists() and "coverage" not in fact_queries.known([made.subject], clock.now())


def test_the_page_shows_security_and_the_path_of_the_ratio(house: House, browser: Any) -> None:
    valued(house)
    made = filled(house)
    client = browser.acts_as(house.chen)
    page = client.get(f"/origination/{made.number}/").content.decode()
    assert "担保与覆盖率" in page
    panel = f"/risk/panel/guarantees/?subject={made.subject}"
    assert "还没有测算" in client.get(panel).content.decode()
    assert client.post(f"/risk/coverage/?subject={made.subject}")["Location"].endswith("?tab=guarantees")
    shown = client.get(panel).content.decode()
    assert "coverage-data" in shown and "forward-ltv-data" in shown and "担保不足" not in shown
    assert browser.acts_as(house.mei).get(panel).status_code == 404
