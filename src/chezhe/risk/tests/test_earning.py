"""Verified income: what each source allows, and that nothing ever makes more of it than was declared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.risk.facts import earning
from chezhe.risk.facts.earning import Evidence, Figures, earned

FIGURES = Figures(Decimal(2), Decimal("0.30"))
WAGES = Evidence(declared=1_050_000, statement=1_000_000, is_wages=True, base=980_000)
SUMS = st.integers(0, 10_000_000)
TOLD = st.builds(
    Evidence, declared=st.none() | SUMS, statement=st.none() | SUMS, is_wages=st.booleans(), is_confirmed=st.booleans(),
    is_disputed=st.booleans(), base=st.none() | SUMS, is_capped=st.booleans())
FACTS: dict[str, Any] = {
    "income_statement_monthly": 1_000_000, "income_declared_monthly": 1_050_000, "salary_months_6m": 6, "insured_now": True,
    "insured_by_employer": True, "insured_base_monthly": 980_000, "insured_base_capped": False, "insured_months_unbroken": 24,
}


@pytest.mark.parametrize(("changes", "monthly", "source"), [
    ({}, 1_000_000, "both"), ({"base": None}, 1_000_000, "statement"), ({"statement": None}, 980_000, "insured"),
    ({"statement": None, "base": None}, None, ""),
    # Never more than was declared, whatever the sources show.
    ({"declared": 900_000}, 900_000, "both"), ({"declared": 900_000, "statement": None}, 900_000, "insured"), ({"declared": None}, 1_000_000, "both"),
    # A wage counts up to twice the base; a base at its ceiling, or takings, are held by none.
    ({"base": 490_000}, 980_000, "both"), ({"base": 490_000, "is_capped": True}, 1_000_000, "both"), ({"base": 490_000, "is_wages": False}, 1_000_000, "both"),
    ({"base": 500_000}, 1_000_000, "both"), ({"base": 499_999}, 999_998, "both"),
    # What a person settled stands; what nobody settled is unknown, whatever the other source says.
    ({"base": 100_000, "is_confirmed": True}, 1_000_000, "confirmed"), ({"is_disputed": True}, None, ""),
], ids=str)
def test_the_lowest_that_sound_sources_allow(changes: dict[str, Any], monthly: int | None, source: str) -> None:
    found = earned(replace(WAGES, **changes), FIGURES)
    assert (found.monthly, found.source) == (monthly, source)


@pytest.mark.parametrize(("changes", "expected"), [
    ({}, False), ({"declared": 1_300_000}, False), ({"declared": 1_300_001}, True), ({"declared": 1_400_000, "base": 1_100_000}, False),
    ({"declared": 5_000_000, "base": None}, False), ({"declared": 5_000_000, "statement": None}, False), ({"declared": None}, False),
    ({"declared": 5_000_000, "is_capped": True}, False), ({"declared": 5_000_000, "is_confirmed": True}, False),
    # Takings beside an insured job add to it.
    ({"declared": 2_400_000, "is_wages": False}, False), ({"declared": 2_600_000, "is_wages": False}, True),
    ({"statement": None, "base": None}, None), ({"is_disputed": True}, None),
], ids=str)
def test_a_contradiction_is_one_with_both_sources(changes: dict[str, Any], expected: bool | None) -> None:
    assert earned(replace(WAGES, **changes), FIGURES).is_contradicted is expected


def test_a_case_that_only_the_contradiction_catches() -> None:
    """Both sources agree about ten thousand, forty percent more was declared: the gap alone (half and more) would let it go."""
    found = earned(replace(WAGES, declared=1_400_000), FIGURES)
    gap = earning.gap(1_400_000, found.monthly)
    assert found.is_contradicted is True and gap is not None and gap <= Decimal("0.5")


def test_without_figures_of_the_day_the_base_counts_for_nothing_and_nobody_says_there_is_no_contradiction() -> None:
    assert earned(replace(WAGES, base=100_000), None) == earning.Earned(1_000_000, "statement", None)
    assert earned(replace(WAGES, statement=None), None) == earning.NOTHING


@given(TOLD)
def test_never_above_what_was_declared_nor_above_the_statement(told: Evidence) -> None:
    found = earned(told, FIGURES)
    if found.monthly is not None:
        assert 0 <= found.monthly <= min(sum_ for sum_ in (told.declared, told.statement, 10_000_000) if sum_ is not None)


@given(TOLD, st.sampled_from(["declared", "statement", "base"]), SUMS)
def test_more_shown_is_never_less_verified(told: Evidence, name: str, more: int) -> None:
    """Each source by itself, the others standing; and an answer that was missing never turns an unknown into less than nothing."""
    before = getattr(told, name)
    if before is None:
        return
    less, greater = earned(told, FIGURES).monthly, earned(replace(told, **{name: before + more}), FIGURES).monthly
    assert (less is None) == (greater is None) and (less is None or greater is None or less <= greater)


@given(TOLD)
def test_a_source_that_says_nothing_leaves_the_other_one_as_it_is(told: Evidence) -> None:
    alone = earned(replace(told, base=None), FIGURES)
    assert alone.is_contradicted in (None, False)
    if told.statement is not None and not told.is_disputed:
        assert alone.monthly == min(told.statement, told.statement if told.declared is None else told.declared)


@given(TOLD, SUMS)
def test_declaring_more_never_clears_a_contradiction(told: Evidence, more: int) -> None:
    if told.declared is not None and earned(told, FIGURES).is_contradicted:
        assert earned(replace(told, declared=told.declared + more), FIGURES).is_contradicted is True


@pytest.mark.parametrize(("changes", "base"), [
    ({}, 980_000), ({"insured_now": False}, None), ({"insured_by_employer": False}, None), ({"insured_months_unbroken": 2}, None),
    ({"insured_months_unbroken": 3}, 980_000), ({"insured_now": None}, None), ({"insured_months_unbroken": None}, None),
], ids=str)
def test_a_base_counts_while_an_employer_pays_in_on_it(changes: dict[str, Any], base: int | None) -> None:
    values = {code: value for code, value in {**FACTS, **changes}.items() if value is not None}
    assert earning.evidence(values, {}).base == base


def test_facts_of_before_have_the_statements_income_under_its_old_name() -> None:
    old = {"income_verified_monthly": 900_000, "salary_months_6m": 6}
    assert earning.evidence(old, {"income_verified_monthly": "flow"}).statement == 900_000
    assert earning.evidence({**old, "income_statement_monthly": 800_000}, {}).statement == 800_000
    assert earning.evidence(old, {"income_verified_monthly": "decision"}).statement is None
    assert earning.evidence({}, {}, ["income_verified_monthly"]).is_disputed and earning.evidence(old, {}, ["income_statement_monthly"]).is_disputed
    assert not earning.evidence({**old, "income_statement_monthly": 1}, {}, ["income_verified_monthly"]).is_disputed


def test_a_statement_that_was_told_and_is_no_value_hides_what_stood_under_the_old_name() -> None:
    old, sources = {"income_verified_monthly": 900_000}, {"income_verified_monthly": "flow"}
    assert earning.evidence(old, {**sources, "income_statement_monthly": "flow"}).statement is None
    assert earning.evidence(old, sources).statement == 900_000


def test_a_ceiling_of_which_nobody_told_holds_no_wage_down() -> None:
    values = {code: value for code, value in FACTS.items() if code != "insured_base_capped"}
    assert earning.evidence(values, {}).is_capped
