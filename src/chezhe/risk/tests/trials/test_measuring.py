"""How far two arms differ: held against published figures, and against those of SciPy 1.17."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as some

from chezhe.risk.trials import measuring
from chezhe.risk.trials.measuring import Interval, Mean, Share


@pytest.mark.parametrize(("champion", "challenger", "low", "high"), [
    # Newcombe, Statistics in Medicine 17 (1998) 873–890, table II, method 10.
    ((48, 80), (56, 70), 0.0524, 0.3339), ((3, 10), (9, 10), 0.1705, 0.8090), ((2, 7), (6, 7), 0.0582, 0.8062),
    ((0, 29), (5, 56), -0.0381, 0.1926), ((0, 20), (0, 10), -0.1611, 0.2775), ((0, 10), (0, 10), -0.2775, 0.2775),
    ((0, 20), (10, 10), 0.6791, 1.0), ((0, 10), (10, 10), 0.6075, 1.0),
])
def test_the_difference_of_two_rates_is_newcombes(champion: tuple[int, int], challenger: tuple[int, int], low: float, high: float) -> None:
    found = measuring.of_rates(Share(*champion), Share(*challenger), 0.5)
    assert found is not None and found.interval is not None
    assert (round(found.interval.low, 4), round(found.interval.high, 4)) == (low, high)


@pytest.mark.parametrize(("hits", "of", "low", "high"), [
    # scipy.stats.binomtest(hits, of).proportion_ci(method="wilson")
    (0, 10, 0.0, 0.27753279986288926), (7, 10, 0.39677814746114526, 0.892208732593699), (81, 263, 0.2552885198782742, 0.36620957698280004),
    (15, 148, 0.06238639953073628, 0.16048724172330803), (0, 20, 0.0, 0.16112515805281935), (1, 29, 0.006113214292762667, 0.17175521879320282),
])
def test_the_interval_of_a_rate_is_wilsons(hits: int, of: int, low: float, high: float) -> None:
    found = measuring.wilson(Share(hits, of))
    assert (found.low, found.high) == (pytest.approx(low, abs=1e-12), pytest.approx(high, abs=1e-12))
    with pytest.raises(ValueError, match="no figures"):
        measuring.wilson(Share(0, 0))


@pytest.mark.parametrize(("freedom", "point"), [
    # scipy.stats.t.ppf(0.975, freedom)
    (1, 12.706204736174694), (1.5, 6.016663104427929), (2, 4.302652729749462), (3.7, 2.8675207071911895), (5, 2.5705818356363146),
    (10, 2.228138851986274), (30.2, 2.0417054550397276), (100, 1.9839715185235518), (1000, 1.9623390808264083), (1e5, 1.9599877075346095),
])
def test_students_t(freedom: float, point: float) -> None:
    assert measuring.student(freedom) == pytest.approx(point, rel=1e-9)


@pytest.mark.parametrize(("champion", "challenger", "low", "high"), [
    # Mean difference ± scipy.stats.t.ppf(0.975, Welch's degrees of freedom: 30.1908, 2.9512, 114.1409) × its standard error
    (Mean(30, 12.0, 4.0), Mean(20, 13.0, 9.0), -0.559398157553735, 2.559398157553735),
    (Mean(2, 1.0, 0.5), Mean(3, 4.0, 2.0), -0.07565086143205235, 6.075650861432052),
    (Mean(900, 0.12, 0.0004), Mean(100, 0.115, 0.0006), -0.010028862696887443, 2.8862696887461958e-05),
])
def test_the_difference_of_two_means_is_welchs(champion: Mean, challenger: Mean, low: float, high: float) -> None:
    found = measuring.of_means(champion, challenger, 0.1)
    assert found is not None and found.interval is not None and not found.is_told_apart
    assert (found.interval.low, found.interval.high) == (pytest.approx(low, rel=1e-8), pytest.approx(high, rel=1e-6))


@pytest.mark.parametrize(("champion", "challenger", "share", "chance"), [
    # scipy.stats.chisquare([champion, challenger], [total × (1 − share), total × share]).pvalue
    (900, 100, 0.1, 1.0), (880, 120, 0.1, 0.03501498101966245), (850, 150, 0.1, 1.3608022911357298e-07), (5000, 5000, 0.5, 1.0),
    (45, 5, 0.1, 1.0),
])
def test_the_split_is_judged_by_chi_square(champion: int, challenger: int, share: float, chance: float) -> None:
    assert measuring.split_chance(champion, challenger, share) == pytest.approx(chance, rel=1e-9)


def test_of_too_few_nothing_is_said() -> None:
    assert measuring.split_chance(44, 5, 0.1) is None and measuring.split_chance(0, 0, 0.1) is None
    assert measuring.of_rates(Share(0, 0), Share(1, 2), 0.1) is None and measuring.of_means(Mean(0), Mean(5, 1.0, 1.0), 0.1) is None
    for one, other in ((Mean(1, 2.0), Mean(9, 3.0, 1.0)), (Mean(5, 2.0), Mean(9, 3.0))):
        found = measuring.of_means(one, other, 0.1)
        assert found is not None and found.interval is None and not found.is_told_apart and found.needed is None


def test_how_many_are_needed() -> None:
    """388 in each of two equal arms tell 50 % from 60 % apart four times in five (Fleiss, without continuity correction)."""
    found = measuring.of_rates(Share(50, 100), Share(60, 100), 0.5)
    assert found is not None and not found.is_told_apart and found.needed == 388
    assert measuring.more(found, 100, 100, 0.5) == (388 - 100) * 2
    assert measuring.more(found, 50, 100, 0.5) == (388 - 50) * 2 * 2, "where every second application gives a figure"
    assert measuring.more(found, 400, 400, 0.5) == 0
    same = measuring.of_rates(Share(5, 10), Share(50, 100), 0.1)
    assert same is not None and same.needed is None and measuring.more(same, 100, 100, 0.1) is None
    apart = measuring.of_rates(Share(500, 1000), Share(60, 100), 0.1)
    assert apart is not None and apart.needed is not None and apart.needed > 200


@given(*(some.integers(0, 200) for _ in range(2)), *(some.integers(1, 200) for _ in range(2)))
def test_the_interval_holds_the_difference_and_turns_round_with_the_arms(one: int, other: int, of: int, of_other: int) -> None:
    first, second = Share(min(one, of), of), Share(min(other, of_other), of_other)
    found, turned = measuring.of_rates(first, second, 0.5), measuring.of_rates(second, first, 0.5)
    assert found is not None and turned is not None and found.interval is not None and turned.interval is not None
    assert -1 - 1e-9 <= found.interval.low <= found.value + 1e-9 and found.value - 1e-9 <= found.interval.high <= 1 + 1e-9
    assert (turned.interval.low, turned.interval.high) == (pytest.approx(-found.interval.high), pytest.approx(-found.interval.low))


def test_zero_on_the_edge_is_held() -> None:
    assert Interval(0, 1).holds_zero and Interval(-1, 0).holds_zero and not Interval(0.1, 1).holds_zero
