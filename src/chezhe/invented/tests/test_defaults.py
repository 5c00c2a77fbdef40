"""Who stops paying: the weak more often than the strong, under a heavy burden more often than a light one, and the same loan always alike."""

from __future__ import annotations

from datetime import date
from statistics import mean

from chezhe.invented import fates, person
from chezhe.invented.defaults import climate, defaults_on, propensity
from chezhe.invented.tests.crowd import ON, people


def _rate(burden: float = 0.4, ltv: float = 0.6) -> float:
    return mean(propensity(life, ON, burden_rate=burden, ltv_rate=ltv) for life in people())


def test_a_heavier_burden_and_a_higher_loan_go_bad_more_often() -> None:
    assert _rate(burden=0.2) < _rate(burden=0.5) < _rate(burden=0.9) and _rate(ltv=0.4) < _rate(ltv=0.9)
    assert 0.01 < _rate() < 0.04 < _rate(burden=1.2, ltv=1.0)


def test_a_model_of_a_person_hardly_ever_stops_and_a_bad_one_often() -> None:
    good, bad = (propensity(person(fates.id_number(code)), ON, burden_rate=0.4, ltv_rate=0.6) for code in (fates.GOOD, fates.BAD))
    assert good < 0.05 < 0.08 < bad


def test_the_same_loan_has_one_fate() -> None:
    life = people()[0]
    said = {defaults_on(life, ON, "L1", burden_rate=0.4, ltv_rate=0.6) for _ in range(5)}
    assert len(said) == 1
    bad = [defaults_on(each, ON, "L1", burden_rate=0.4, ltv_rate=0.6) for each in people()]
    assert abs(mean(bad) - _rate()) < 0.06


def test_times_change() -> None:
    assert climate(date(2023, 7, 1)) != climate(date(2026, 1, 1))
