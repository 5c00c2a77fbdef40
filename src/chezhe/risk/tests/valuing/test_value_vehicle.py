"""From a button to a value: who is asked, who is believed, what becomes known."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.invented import fates
from chezhe.kernel import clock, jobs
from chezhe.kernel.errors import NotFound, NotPermitted, ReasonRequired, WrongState
from chezhe.kernel.models import AuditEntry, Event
from chezhe.risk.actions.blend_estimates import blend_estimates
from chezhe.risk.actions.confirm_value import confirm_value
from chezhe.risk.actions.value_vehicle import value_vehicle
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.tests.valuing.yard import TODAY, Yard, car_of, reported, valued, worth
from chezhe.risk.valuing import errors, queries
from chezhe.risk.valuing.told import Answers, Quote
from chezhe.vehicles import queries as vehicle_queries


def failures(valuing: Any) -> dict[str, str]:
    return {row.source: row.failure for row in valuing.estimates.all() if row.failure}


def test_two_providers_an_appraiser_and_a_formula_make_one_value(yard: Yard) -> None:
    car = car_of(yard)
    reported(car, yard.ping, worth(car))
    found = valued(car, yard.shen)
    assert found.status in ("agreed", "rechecking") and found.value is not None and found.lending_value is not None
    assert {"jingzhengu", "che300", "appraiser"} <= {voice["source"] for voice in found.voices if voice["is_kept"]}
    assert abs(Decimal(found.value.fen) / worth(car).fen - 1) < Decimal("0.12")
    assert found.low is not None and found.high is not None and found.low <= found.value <= found.high
    assert found.basis is not None and found.basis <= found.value and found.lending_value < found.basis
    assert failures(found) == {"market": "few_deals", "invoice": "no_invoice"} | {k: v for k, v in failures(found).items() if k == "model"}
    path = found.path
    assert len(path) == 85 and path[0] == found.value.fen and path == sorted(path, reverse=True)
    assert found.selling["low"] <= found.selling["median"] <= found.selling["high"]


def test_what_is_agreed_becomes_the_price_base_and_facts(yard: Yard) -> None:
    car = car_of(yard)
    found = agreed(car, yard)
    assert vehicle_queries.price_base(car) == found.value
    known = fact_queries.known([car.subject], clock.now())
    assert known["car_value_market"].value == found.value.fen and known["car_value_lending"].value == found.lending_value.fen
    assert known["car_value_market"].source == "valuation" and known["car_days_to_sell"].value == found.selling["median"]
    assert known["car_flood"].value is False and known["car_usage"].value == car.usage_nature
    assert queries.in_effect(car.number, TODAY) == found
    assert Event.objects.filter(name="vehicle.appraised", subject=car.subject).last().payload["outcome"] == "agreed"


def agreed(car: Any, yard: Yard) -> Any:
    """Whatever the sources differ by, a second person stands by it."""
    found = valued(car, yard.shen)
    return found if found.status == "agreed" else confirm_value(valuing_number=found.number, reason="已复评", by=yard.ping)


def test_one_who_is_far_off_is_outvoted_and_named(yard: Yard) -> None:
    car = car_of(yard, fates.FAR_OFF)
    reported(car, yard.ping, Money(worth(car).fen))
    found = valued(car, yard.shen)
    set_aside = [voice for voice in found.voices if not voice["is_kept"]]
    assert [voice["source"] for voice in set_aside if voice["source"] == "che300"] == ["che300"]
    assert Decimal(set_aside[0]["deviation"]) > Decimal("0.15") and found.status == "rechecking"
    assert vehicle_queries.latest_valuation(car) is None, "nothing takes effect before a second look"
    assert "car_value_market" not in fact_queries.known([car.subject], clock.now())


def test_two_that_differ_by_far_give_no_value(yard: Yard) -> None:
    car = car_of(yard, fates.FAR_OFF, guide_price=None)
    found = valued(car, yard.shen)
    assert (found.status, found.value, found.lending_value) == ("referred", None, None)
    assert all(not voice["is_kept"] for voice in found.voices) and len(found.voices) == 2


@pytest.mark.parametrize(("code", "reason"), [
    (fates.DOWN, "unreachable"), (fates.GARBLED, "unreadable"), (fates.CONTRADICTORY, "unreadable"), (fates.UNKNOWN, "no_quote"),
])
def test_a_source_that_fails_costs_its_own_answer_only(yard: Yard, code: str, reason: str) -> None:
    car = car_of(yard, code, source="valuers")
    reported(car, yard.ping, worth(car))
    found = valued(car, yard.shen)
    assert failures(found)["jingzhengu"] == failures(found)["che300"] == reason
    assert found.estimates.get(source="appraiser").amount == worth(car)
    assert found.checked["failure"] == "", "the register answered all the same"


def test_a_silent_register_is_told_and_nothing_is_invented(yard: Yard) -> None:
    car = car_of(yard, fates.DOWN, source="vehicle_registry")
    found = valued(car, yard.shen)
    assert found.checked["failure"] == "unreachable" and found.value is not None
    known = fact_queries.known([car.subject], clock.now())
    assert "car_flood" not in known and "car_title_clear" not in known


def test_without_the_owners_consent_nobody_is_asked(yard: Yard) -> None:
    found = valued(car_of(yard, agreed=False), yard.shen)
    assert failures(found)["jingzhengu"] == failures(found)["che300"] == found.checked["failure"] == "no_consent"
    assert found.status == "referred"


def test_a_wreck_a_rollback_and_a_mortgage_come_to_light(yard: Yard) -> None:
    wreck, taken = car_of(yard, fates.WRECK, serial=3), car_of(yard, fates.MORTGAGED, serial=2)
    liar = car_of(yard, fates.ROLLED_BACK, serial=1, mileage_km=9_000)
    points = {one["point"]: one for one in valued(wreck, yard.shen).checked["points"]}
    assert points["car_flood"]["value"] is True and points["car_major_accident"]["value"] is True
    rolled = valued(liar, yard.shen)
    assert rolled.checked["rollbacks"] and fact_queries.known([liar.subject], clock.now())["car_mileage_conflict"].value is True
    mortgaged = valued(taken, yard.shen)
    assert {one["point"]: one["value"] for one in mortgaged.checked["points"]}["car_mortgaged_elsewhere"] is True


def test_an_appraiser_who_saw_no_flood_contradicts_the_register_in_sight(yard: Yard) -> None:
    car = car_of(yard, fates.WRECK, serial=3)
    reported(car, yard.ping, worth(car))
    point = next(one for one in valued(car, yard.shen).checked["points"] if one["point"] == "car_flood")
    assert point["value"] is True and point["is_contradicted"] and point["others"] == [{"value": False, "source": "appraiser"}]


def test_pressing_twice_asks_once(yard: Yard) -> None:
    car = car_of(yard)
    first = value_vehicle(vehicle_number=car.number, business_date=TODAY, by=yard.shen)
    with pytest.raises(errors.AlreadyAsked):
        value_vehicle(vehicle_number=car.number, business_date=TODAY, by=yard.shen)
    assert jobs.run_due() == 1
    first.refresh_from_db()
    blend_estimates(valuing_number=first.number, answers=Answers((Quote(source="che300", amount=Money(1)),)), by=yard_system())
    assert first.estimates.get(source="che300").amount != Money(1), "an answered valuation stays as it is"


def yard_system() -> Any:
    from chezhe.kernel.actor import SYSTEM

    return SYSTEM


def test_a_new_valuation_takes_the_place_of_the_old(yard: Yard) -> None:
    car = car_of(yard)
    first, second = agreed(car, yard), agreed(car, yard)
    first.refresh_from_db()
    assert first.status == "overtaken" and queries.in_effect(car.number, TODAY) == second


def test_who_asked_or_reported_does_not_confirm(yard: Yard) -> None:
    car = car_of(yard, fates.FAR_OFF)
    reported(car, yard.ping, worth(car))
    found = valued(car, yard.shen)
    for by in (yard.shen, yard.ping):
        with pytest.raises(errors.SameAppraiser):
            confirm_value(valuing_number=found.number, reason="看过", by=by)
    with pytest.raises(ReasonRequired):
        confirm_value(valuing_number=found.number, reason=" ", by=yard.luo)
    confirm_value(valuing_number=found.number, reason="复看车辆，与市场价一致", by=yard.luo)
    assert vehicle_queries.latest_valuation(car).amount == found.value
    with pytest.raises(WrongState):
        confirm_value(valuing_number=found.number, reason="再确认", by=yard.luo)
    assert AuditEntry.objects.filter(verb="risk.confirm_value").count() == 1


def test_others_may_not_ask(yard: Yard) -> None:
    car = car_of(yard)
    with pytest.raises(NotPermitted):
        value_vehicle(vehicle_number=car.number, business_date=TODAY, by=yard.cast.lin)
    west = yard.shen.__class__(**{**{f: getattr(yard.shen, f) for f in yard.shen.__dataclass_fields__}, "branch_ids": frozenset({yard.cast.west.pk})})
    with pytest.raises(NotFound):
        value_vehicle(vehicle_number=car.number, business_date=TODAY, by=west)
