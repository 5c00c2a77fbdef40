"""What risk sees of an application: the plan as it would be paid out today, and the coverage that follows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.customers.tests.filing import OUYANG, person
from chezhe.finmath.money import Money
from chezhe.kernel import clock, events
from chezhe.kernel.models import Parameter
from chezhe.origination import proposing
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import (
    FIGURES,
    TODAY,
    WORTH,
    House,
    complete,
    filled,
    hand_in,
    save,
    start,
    submit,
    submitted,
    vote,
    work,
)
from chezhe.products.steps import NoPlan
from chezhe.risk import proposals
from chezhe.risk.actions.accept_security import accept_security
from chezhe.risk.actions.offer_security import offer_security
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.guarantees import figures
from chezhe.risk.guarantees.errors import CoverageShort, GuarantorIsBorrower, LendingValueMissing
from chezhe.risk.guarantees.models import CoverageCheck, Security
from chezhe.risk.guarantees.steps import Offered
from chezhe.risk.valuing.models import Valuing


def valued(house: House, value: Money = WORTH) -> Valuing:
    return Valuing.objects.create(
        number="VV26-000001-1", vehicle=house.car, status="agreed", valued_on=TODAY, age_months=45, value=value,
        basis=value, lending_value=value.times(Decimal("0.9")), path=[100_000_00 - 1_000_00 * month for month in range(61)],
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


def test_without_a_value_of_the_car_that_counts_nothing_is_measured_and_nobody_agrees(house: House) -> None:
    house.car.valuations.update(valued_on=TODAY - timedelta(days=91))
    made = submitted(house)
    events.deliver_all()
    assert not CoverageCheck.objects.exists() and "coverage" not in fact_queries.known([made.subject], clock.now())
    decision = deciding_queries.latest(made.subject)
    assert decision is not None and {"coverage_value", "owed_to_maturity"} <= set(decision.unknown)
    with pytest.raises(LendingValueMissing):
        vote(made, house.chen)


def test_a_figure_of_the_day_that_is_missing_makes_the_coverage_unknown_and_holds_nothing_up(
    house: House, monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = submitted(house)
    vote(made, house.chen, "return", "请补充担保")
    assert fact_queries.known([made.subject], clock.now())["coverage_value"].value
    monkeypatch.setattr(figures, "_CODES", (*figures._CODES, "SECURITY_SHARE_OF_TOMORROW"))
    made.refresh_from_db()
    submit(save(made, "finance", {**FIGURES, "amount": "58,000"}, house), house.lin)
    decision = deciding_queries.latest(made.subject)
    assert decision is not None and decision.outcome == "referred" and Decision.objects.filter(subject=made.subject).count() == 2
    made.refresh_from_db()
    assert made.status == "first_review" and "coverage_value" not in fact_queries.known([made.subject], clock.now())


def test_a_loan_that_makes_no_plan_when_it_is_decided_goes_to_people(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_of: Any) -> None:
        raise NoPlan(reason="期限过短")

    made = hand_in(complete(house), house.lin)
    monkeypatch.setattr(proposals, "read", refuse)
    work()
    made.refresh_from_db()
    decision = deciding_queries.latest(made.subject)
    assert decision is not None and decision.outcome == "referred" and made.status == "first_review"
    assert {"coverage_value", "owed_to_maturity"} <= set(decision.unknown)


def test_a_car_without_an_agreed_valuation_counts_with_its_valuation_of_record(house: House) -> None:
    made = submitted(house)
    check = CoverageCheck.objects.get(subject_text=made.subject)
    assert (check.vehicle_value, check.missing, check.forward_month) == (Money(90_000_00), Money(0), None)
    assert vote(made, house.chen).status == "final_review"


def test_below_the_least_nobody_agrees_and_is_told_what_would_make_it_up(house: House) -> None:
    """67,500.00 is lent on the car; 60,000.00 and its interest are more than that."""
    valued(house, Money(75_000_00))
    made = submitted(house)
    check = CoverageCheck.objects.get(subject_text=made.subject)
    assert check.missing > Money(0)
    decision = deciding_queries.latest(made.subject)
    assert decision is not None and decision.outcome == "referred" and "R25" in decision.reasons
    with pytest.raises(CoverageShort) as refused:
        vote(made, house.chen)
    said = str(refused.value)
    assert refused.value.code == "coverage_short" and f"还差 {check.missing} 元" in said and f"保证金 {check.missing} 元" in said
    assert f"连带责任保证 {Money(check.missing.fen * 2)} 元" in said
    made.refresh_from_db()
    assert made.status == "first_review", "nothing has moved"
    assert vote(made, house.chen, "return", "请补充担保").status == "supplement", "whoever does not agree is not held up"


def test_a_deposit_of_exactly_what_is_missing_is_enough_and_a_fen_less_is_not(house: House) -> None:
    valued(house, Money(75_000_00))
    made = submitted(house)
    missing = CoverageCheck.objects.get(subject_text=made.subject).missing
    deposit(house, made, Money(missing.fen - 1))
    with pytest.raises(CoverageShort) as refused:
        vote(made, house.chen)
    assert "还差 0.01 元" in str(refused.value) and "100.00%，低于" not in str(refused.value)
    deposit(house, made, Money(1))
    events.deliver_all()
    assert CoverageCheck.objects.filter(subject_text=made.subject).order_by("-id")[0].missing == Money(0), "measured when it was accepted"
    assert vote(made, house.chen).status == "final_review" and vote(made, house.zhou).status == "approved"


def test_the_least_of_the_day_counts(house: House) -> None:
    made = submitted(house)
    compliance_least(date(2026, 3, 17), "1.50")
    assert vote(made, house.chen).status == "final_review"
    with pytest.raises(CoverageShort) as refused:
        vote(made, house.zhou, on=date(2026, 3, 17))
    assert "150.00%" in str(refused.value)


def compliance_least(from_on: date, value: str) -> None:
    row = Parameter.objects.filter(code="COVERAGE_MIN").latest("pk")
    row.pk, row.value, row.effective_from = None, value, from_on
    row.save()


def deposit(house: House, made: Application, amount: Money) -> None:
    """Lin brings it, Chen accepts it."""
    given = Offered(kind="deposit", amount=amount, holder="本公司保证金专户", proof_number=f"BZJ{Security.objects.count()}")
    offered = offer_security(subject=made.subject, offered=given, business_date=TODAY, by=house.lin)
    accept_security(security_number=offered.number, by=house.chen)


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


def test_who_owes_a_loan_is_known_before_its_figures_are(house: House) -> None:
    made, friend = start(house), person(OUYANG, house.lin)
    add_party(application_number=made.number, customer_number=friend.number, role="co_borrower", by=house.lin)
    assert proposing.proposal(made.number, TODAY) is None
    assert proposals.debtors(made.subject) == {house.wang.number, friend.number}
    given = Offered(kind="guarantor", amount=Money(60_000_00), liability="joint", income_monthly=Money(12_000_00))
    for debtor in (house.wang, friend):
        with pytest.raises(GuarantorIsBorrower):
            offer_security(subject=made.subject, offered=given, guarantor_number=debtor.number, business_date=TODAY, by=house.lin)
