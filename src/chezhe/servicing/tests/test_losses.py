"""Expected and regulatory losses, as arrays and one by one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.finmath import ecl
from chezhe.finmath.level import RATE_SCALE
from chezhe.servicing.quality import losses, results
from chezhe.servicing.quality.losses import Asked, Curves, LossGiven, Scenario

PLAIN = Curves(
    default_year=(Decimal("0.03"), Decimal("0.05")), default_life=(Decimal("0.10"), Decimal("0.15"), Decimal("0.4"), Decimal("0.6")),
    loss_given={1: LossGiven(secured=Decimal("0.40"), impaired=Decimal("0.45"), unsecured=Decimal("0.65"))},
    scenarios=(Scenario(weight=Decimal(1)),), recovery_months=12,
    regulatory=tuple(map(Decimal, ("0.015", "0.03", "0.30", "0.60", "1"))),
)
THREE = (
    Scenario(weight=Decimal("0.6")), Scenario(weight=Decimal("0.15"), default_factor=Decimal("0.8"), loss_factor=Decimal("0.9")),
    Scenario(weight=Decimal("0.25"), default_factor=Decimal("1.4"), loss_factor=Decimal("1.15")),
)


def asked(*loans: tuple[int, ...]) -> Asked:
    """Loans as (stage, dpd, exposure in fen, rate in 10^-10, months, is_secured)."""
    columns = np.array(loans, dtype=np.int64).T
    names = ("stage", "dpd", "exposure_fen", "rate_units", "months", "is_secured")
    return Asked(product=np.ones(len(loans), dtype=np.int64), **dict(zip(names, columns, strict=True)))


def test_the_worked_case_without_discount() -> None:
    """DOMAIN AC-18: 70 558.46 in each stage."""
    found = losses.expect(asked((1, 0, 7_055_846, 0, 24, 1), (2, 20, 7_055_846, 0, 24, 1), (3, 100, 7_055_846, 0, 24, 1)), PLAIN)
    assert found.expected_fen.tolist() == [84_670, 423_351, 3_175_131]


def test_regulatory_factors_are_those_of_the_class() -> None:
    classes, exposure = np.arange(5), np.full(5, 10_000)
    assert losses.regulate(classes, exposure, PLAIN).tolist() == [150, 300, 3_000, 6_000, 10_000]


def test_pd_grows_with_the_bucket_and_lgd_without_a_mortgage() -> None:
    loans = ((1, 0), (1, 30), (2, 0), (2, 31), (2, 61), (2, 90), (3, 400))
    units = [losses.expect(asked((*loan, 100, 0, 1, secured)), PLAIN).loss_units.tolist()[0] for loan in loans for secured in (1, 0)]
    shares = [Decimal(found) / RATE_SCALE for found in units]
    assert [str(share.normalize()) for share in shares] == [
        "0.012", "0.0195", "0.02", "0.0325", "0.04", "0.065", "0.16", "0.26", "0.24", "0.39", "0.24", "0.39", "0.45", "0.65"]


def test_scenarios_are_weighed_and_never_exceed_one() -> None:
    share = losses.weighted(Decimal("0.03"), Decimal("0.4"), THREE)
    assert share == Decimal("0.6") * Decimal("0.012") + Decimal("0.15") * Decimal("0.024") * Decimal("0.36") + (
        Decimal("0.25") * Decimal("0.042") * Decimal("0.46"))
    assert losses.weighted(Decimal(1), Decimal("0.95"), THREE[2:]) == Decimal("0.25"), "PD and LGD stop at 1"


def test_the_discount_runs_to_the_middle_of_the_time_at_risk() -> None:
    twelve = 1_200_000_000
    stages = ((1, 0, 100, twelve, 36, 1), (1, 0, 100, twelve, 5, 1), (2, 40, 100, twelve, 36, 1), (3, 99, 100, twelve, 36, 1))
    found = losses.expect(asked(*stages), PLAIN).discount_units.tolist()
    assert found == [losses.discount(Decimal("0.12"), months) for months in (6, 3, 18, 12)]
    assert found[3] == 8_874_492_253, "1.01 to the power of minus twelve"


@given(st.lists(st.tuples(
    st.integers(1, 3), st.integers(0, 500), st.integers(0, 10**13), st.integers(0, 4_000_000_000), st.integers(1, 84), st.integers(0, 1),
), min_size=1, max_size=20))
def test_the_array_says_what_the_plain_sum_says(loans: list[tuple[int, ...]]) -> None:
    found = losses.expect(asked(*loans), replace(PLAIN, scenarios=THREE))
    for at, loan in enumerate(loans):
        loss, discount = (Decimal(int(column[at])) / RATE_SCALE for column in (found.loss_units, found.discount_units))
        assert found.expected_fen[at] == ecl.expected_loss_fen(loan[2], loss, Decimal(1), discount)
        alone = losses.expect(asked(loan), replace(PLAIN, scenarios=THREE))
        assert alone.expected_fen[0] == found.expected_fen[at], "a loan alone is worth what it is among others"


@pytest.mark.parametrize(("basis", "allowance"), [("larger", [5, 9]), ("expected", [5, 2]), ("regulatory", [3, 9])])
def test_the_basis_decides_what_is_provided(basis: str, allowance: list[int]) -> None:
    assert losses.allow(np.array([5, 2]), np.array([3, 9]), basis).tolist() == allowance


KINDS = st.sampled_from(["normal", "special_mention", "substandard", "doubtful", "loss"])
SIDES = st.one_of(st.none(), st.tuples(KINDS, st.integers(1, 3), st.integers(0, 10**9)))


@given(st.lists(st.tuples(SIDES, SIDES, st.booleans()), max_size=30))
def test_the_movement_always_leads_from_opening_to_closing(loans: list[tuple[Any, Any, bool]]) -> None:
    none = (None, None, 0)
    moves = [(*(old or none)[:2], *(new or none)[:2], gone, 1, (old or none)[2], (new or none)[2]) for old, new, gone in loans if old or new]
    for table in results.movement(moves).values():
        for column in table["closing"]:
            assert sum(table[row][column] for row in results.MOVEMENT if row != "closing") == table["closing"][column]
        assert sum(table["moved_in"].values()) + sum(table["moved_out"].values()) == 0
