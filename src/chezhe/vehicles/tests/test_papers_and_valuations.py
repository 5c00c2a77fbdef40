from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import Cast, hire
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.vehicles import errors, queries
from chezhe.vehicles.actions.record_paper import record_paper
from chezhe.vehicles.actions.record_valuation import record_valuation
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import TODAY, USED, vehicle


@pytest.fixture
def car(cast: Cast) -> Vehicle:
    return vehicle(USED, person(WANG, cast.lin), cast.lin)


@pytest.fixture
def appraiser(cast: Cast) -> Actor:
    return hire("平", cast.east, roles.APPRAISER, reach=Reach.BRANCH)


def value(car: Vehicle, by: Actor, amount: int, on: date = TODAY) -> None:
    record_valuation(
        vehicle_number=car.number, kind="in_house", amount=Money(amount * 100), valued_on=on, business_date=TODAY, by=by
    )


def test_the_latest_day_counts_and_on_it_the_last_word(cast: Cast, car: Vehicle, appraiser: Actor) -> None:
    value(car, appraiser, 91_000)
    value(car, appraiser, 95_000, date(2026, 3, 1))
    assert queries.latest_valuation(car).amount == Money(91_000_00)
    value(car, appraiser, 90_500)
    assert queries.latest_valuation(car).amount == Money(90_500_00)
    assert queries.latest_valuation(car, date(2026, 3, 10)).amount == Money(95_000_00)
    assert queries.latest_valuation(car, date(2026, 2, 1)) is None


def test_the_price_base_follows_the_valuation(cast: Cast, car: Vehicle, appraiser: Actor) -> None:
    assert queries.price_base(car) is None
    value(car, appraiser, 91_000)
    assert queries.price_base(car) == Money(91_000_00)
    assert queries.price_base(car, price=Money(80_000_00)) == Money(80_000_00)


def test_it_refuses_tomorrow_and_nothing(cast: Cast, car: Vehicle, appraiser: Actor) -> None:
    with pytest.raises(errors.ValuedLater):
        value(car, appraiser, 1, date(2026, 3, 17))
    with pytest.raises(errors.AmountNotPositive):
        value(car, appraiser, 0)
    assert not car.valuations.exists()


def test_who_sells_does_not_value(cast: Cast, car: Vehicle) -> None:
    with pytest.raises(NotPermitted):
        value(car, cast.lin, 120_000)
    with pytest.raises(NotFound):
        value(car, hire("远", cast.west, roles.APPRAISER, reach=Reach.BRANCH), 120_000)


def test_a_paper_is_kept_encrypted_and_held_against_the_file(cast: Cast, car: Vehicle) -> None:
    content = {"vin": "LSVNV2182N2000009", "holder_name": "王小明", "registered_on": date(2022, 5, 20), "seats": 5, "file_no": ""}
    paper = record_paper(vehicle_number=car.number, kind="licence", content=content, by=cast.lin)
    assert paper.content == {"vin": "LSVNV2182N2000009", "holder_name": "王小明", "registered_on": "2022-05-20", "seats": 5}
    assert [fault.finding.code for fault in queries.paper_findings(car)] == ["paper.other_vin"]
    shown = {str(line.label): line.text for line in queries.paper_lines(paper)}
    assert shown["所有人"] == "王*明" and shown["车辆识别代号"] == "***********000009" and shown["核定载人数"] == "5"
    with connection.cursor() as cursor:
        cursor.execute("SELECT content_text FROM vehicles_vehiclepaper")
        assert "王小明" not in cursor.fetchone()[0]


def test_the_newest_of_a_kind_counts(cast: Cast, car: Vehicle) -> None:
    for stamp in ("2024-03-01 抵押", "2025-06-01 解除抵押"):
        record_paper(vehicle_number=car.number, kind="certificate", content={"stamps": stamp}, by=cast.lin)
    assert queries.paper(car, "certificate").content["stamps"] == "2025-06-01 解除抵押"
    assert queries.paper(car, "licence") is None


@pytest.mark.parametrize("content", [
    {"nonsense": "x"}, {"registered_on": "2022-02-30"}, {"seats": "five"}, {"seats": -1}, {"vin": 5}, {"usage_nature": "racing"},
    {"holder_name": "x" * 121},
])
def test_it_refuses_what_a_paper_cannot_say(cast: Cast, car: Vehicle, content: dict[str, object]) -> None:
    with pytest.raises(errors.PaperFieldUnknown):
        record_paper(vehicle_number=car.number, kind="licence", content=content, by=cast.lin)
    with pytest.raises(errors.PaperEmpty):
        record_paper(vehicle_number=car.number, kind="licence", content={"vin": ""}, by=cast.lin)
