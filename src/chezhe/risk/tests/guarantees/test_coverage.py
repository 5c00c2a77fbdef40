"""Coverage: measured for what is known, refused for what is not, and told with what is missing."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from chezhe.finmath.money import Money
from chezhe.kernel import clock
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.models import Event
from chezhe.risk.actions.accept_security import accept_security
from chezhe.risk.actions.confirm_value import confirm_value
from chezhe.risk.actions.measure_coverage import measure_coverage
from chezhe.risk.actions.offer_security import offer_security
from chezhe.risk.deciding import rules
from chezhe.risk.deciding import steps as deciding_steps
from chezhe.risk.deciding.models import DecisionRound
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.guarantees import errors, queries, steps
from chezhe.risk.guarantees.models import CoverageCheck
from chezhe.risk.handlers import measure_appraised, measure_submitted
from chezhe.risk.tests.deciding import telling
from chezhe.risk.tests.guarantees.desk import CASE, TODAY, Desk, deposit, guarantor, value
from chezhe.vehicles import steps as vehicle_steps


def measured(desk: Desk) -> CoverageCheck:
    return measure_coverage(subject=CASE, business_date=TODAY, by=desk.shen)


def accepted(desk: Desk, given: object, number: str = "") -> None:
    security = offer_security(subject=CASE, offered=given, guarantor_number=number, business_date=TODAY, by=desk.lin)
    accept_security(security_number=security.number, by=desk.chen)


def test_the_car_alone_is_short_and_says_by_how_much(desk: Desk) -> None:
    check = measured(desk)
    assert (str(check.vehicle_value), str(check.value), str(check.missing)) == ("81000.00", "81000.00", "38571.51")
    assert check.rate == Decimal("0.677419") and Event.objects.get(name="coverage.short").payload["missing_fen"] == 38_571_51
    known = fact_queries.known([CASE], clock.now())
    assert (known["coverage"].value, known["ltv"].value, known["forward_ltv_max"].value) == (
        Decimal("0.677419"), Decimal("1.111111"), Decimal("1.111111"))


def test_accepted_security_counts_and_an_offer_does_not(desk: Desk) -> None:
    offer_security(subject=CASE, offered=deposit(), business_date=TODAY, by=desk.lin)
    assert measured(desk).missing == Money(38_571_51)
    accepted(desk, guarantor(80_000_00), desk.friend.number)
    accepted(desk, deposit(5_000_00))
    check = measured(desk)
    assert (check.missing, check.value) == (Money(0), Money(126_000_00))
    assert {line["kind"]: line["amount_fen"] for line in check.lines} == {"guarantor": 40_000_00, "deposit": 5_000_00}
    assert queries.latest_check(CASE) == check and CoverageCheck.objects.count() == 2


def test_exactly_enough_passes_and_one_fen_less_does_not(desk: Desk) -> None:
    accepted(desk, deposit(38_571_51))
    assert measured(desk).missing == Money(0)
    desk.wish(interest=Money(19_571_52))
    assert measured(desk).missing == Money(1)


def test_a_price_below_the_value_binds_and_a_tier_takes_more(desk: Desk) -> None:
    desk.wish(price=Money(70_000_00))
    assert measured(desk).vehicle_value == Money(63_000_00)
    desk.wish(tier="D")
    assert measured(desk).vehicle_value == Money(56_000_00)


def test_the_worst_month_is_where_the_car_falls_faster_than_the_debt(desk: Desk) -> None:
    check = measured(desk)
    assert (check.forward_month, check.forward_max) == (0, Decimal("1.111111")) and check.ltv == Decimal("1.111111")
    desk.wish(balances=(*([Money(80_000_00)] * 36), Money(0)))
    later = measured(desk)
    assert later.forward_month == 35 and later.forward_max == Decimal("1.666667")


def test_what_is_not_known_is_never_taken_for_nothing(desk: Desk) -> None:
    desk.car.valuings.update(status="overtaken")
    with pytest.raises(errors.LendingValueMissing):
        measured(desk)
    value(desk, valued_on=TODAY.replace(year=2025))
    with pytest.raises(errors.LendingValueMissing):
        measured(desk)
    desk.wish(principal=Money(0))
    with pytest.raises(errors.ProposalMissing):
        measured(desk)
    assert not CoverageCheck.objects.exists()


def test_others_may_not_measure(desk: Desk) -> None:
    with pytest.raises(NotPermitted):
        measure_coverage(subject=CASE, business_date=TODAY, by=desk.zhao)
    with pytest.raises(NotFound):
        measure_coverage(subject=CASE, business_date=TODAY, by=desk.mei)


def test_it_is_measured_when_an_application_comes_and_when_its_car_is_valued(desk: Desk) -> None:
    submitted = Event(name="application.submitted", subject=CASE, payload={}, recorded_at=clock.now())
    asked(desk)
    measure_submitted(submitted)
    measure_appraised(Event(name="vehicle.appraised", subject=desk.car.subject, payload={"asked_for": CASE, "outcome": "agreed"}))
    measure_appraised(Event(name="vehicle.appraised", subject=desk.car.subject, payload={"asked_for": CASE, "outcome": "referred"}))
    measure_appraised(Event(name="vehicle.appraised", subject=desk.car.subject, payload={"asked_for": "", "outcome": "agreed"}))
    assert CoverageCheck.objects.count() == 2
    measure_submitted(submitted)
    assert CoverageCheck.objects.count() == 2, "it was measured since it was handed in"
    asked(desk)
    measure_submitted(submitted)
    assert CoverageCheck.objects.count() == 3
    desk.car.valuings.update(status="overtaken")
    asked(desk)
    measure_submitted(submitted)
    assert CoverageCheck.objects.count() == 3


def asked(desk: Desk) -> DecisionRound:
    """The application is handed in once more."""
    DecisionRound.objects.filter(status="gathering").update(status="given_up", decided_at=clock.now())
    return telling.begin(telling.asking(desk.wang, desk.lin, subject=CASE, car=desk.car.subject), desk.lin)


def test_what_was_measured_before_it_was_asked_does_not_count_whatever_the_clock_says(desk: Desk) -> None:
    """The clock stands still: only the order of the checks tells which was first."""
    measured(desk)
    waiting = asked(desk)
    accepted(desk, deposit(40_000_00))
    steps.measure_since(CASE, waiting.check_before, vehicle=desk.car.number, on=TODAY, by=SYSTEM)
    assert queries.latest_check(CASE).missing == Money(0) and CoverageCheck.objects.count() == 2
    steps.measure_since(CASE, waiting.check_before, vehicle=desk.car.number, on=TODAY, by=SYSTEM)
    assert CoverageCheck.objects.count() == 2


@pytest.mark.parametrize("status", ["rechecking", "referred"])
def test_a_typed_price_does_not_stand_in_for_a_value_that_nobody_stands_by(desk: Desk, status: str) -> None:
    vehicle_steps.value(
        desk.car, source="in_house", amount=Money(500_000_00), valued_on=TODAY, business_date=TODAY, by=desk.cast.gao)
    clock.tick(60)
    desk.car.valuings.update(status="overtaken")
    doubted = value(desk, status=status, answered_at=clock.now(), number="VV26-000077-0")
    with pytest.raises(errors.ValueDisputed) as refused:
        measured(desk)
    assert refused.value.code == "vehicle_value_disputed" and desk.car.number in str(refused.value)
    with pytest.raises(errors.ValueDisputed):
        steps.require_covered(CASE, on=TODAY, by=desk.shen)
    decision = deciding_steps.settle(asked(desk))
    assert decision.outcome == "referred" and {"coverage_value", "owed_to_maturity", "ltv"} <= set(decision.unknown)
    assert decision.ltv is None and not {"ltv", "coverage_value"} & set(fact_queries.known([CASE], clock.now()))
    clock.tick(60)
    if status == "rechecking":
        confirm_value(valuing_number=doubted.number, reason="已复看车辆", by=desk.shen)
    else:
        vehicle_steps.value(
            desk.car, source="in_house", amount=Money(90_000_00), valued_on=TODAY, business_date=TODAY, by=desk.cast.gao)
    assert measured(desk).vehicle_value == Money(81_000_00)
    known = fact_queries.known([CASE], clock.now())
    assert {"ltv", "coverage_value"} <= set(known), "somebody stands by it now"


@pytest.mark.parametrize(("tier", "lent"), [("B", 81_000_00), ("C", 76_500_00), ("D", 72_000_00)])
def test_a_decision_lends_on_the_car_what_the_tier_lets_it(desk: Desk, tier: str, lent: int, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = rules.decide
    monkeypatch.setattr(rules, "decide", lambda case: replace(judge(case), tier=tier))
    decision = deciding_steps.settle(asked(desk))
    check = queries.latest_check(CASE)
    assert check is not None and (check.vehicle_value, decision.tier) == (Money(lent), tier)
    facts = json.loads(decision.record)["facts"]
    assert facts["coverage_value"]["value"] == lent, "the record stands on the same sum"
