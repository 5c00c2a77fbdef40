"""The level instalment: the quick integer proof never contradicts the exact one, and knows when it cannot tell."""

from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.finmath import kernels, level


def quick(principal: int, numerators: list[int], denominator: int, weights: list[int], scale: int, balloon: int) -> int:
    scratch = [0] * len(weights)
    return kernels.level_instalment(principal, numerators, denominator, weights, scale, balloon, len(weights), scratch, scratch)


@settings(max_examples=400)
@given(
    principal=st.integers(1, 10**12),
    count=st.integers(1, 120),
    rate=st.integers(0, 5 * 10**9),
    seed=st.integers(0, 10**6),
    scale=st.integers(1, 20),
    balloon_share=st.integers(0, 90),
)
def test_the_quick_proof_agrees_with_unbounded_integers_or_abstains(
    principal: int, count: int, rate: int, seed: int, scale: int, balloon_share: int
) -> None:
    random = Random(seed)
    numerators = [rate * random.randint(0, 62) for _ in range(count)]
    weights = [random.randint(1, 40) for _ in range(count)]
    balloon = principal * balloon_share // 100
    found = quick(principal, numerators, 360 * 10**10, weights, scale, balloon)
    exact = level.exact_instalment(principal, numerators, 360 * 10**10, weights, scale, balloon)
    assert found in (exact, kernels.UNSURE)


@pytest.mark.parametrize(("rate", "count"), [(1188, 36), (2399, 12), (300, 60), (799, 360), (120, 600), (1500, 600), (0, 7)])
def test_the_quick_proof_is_never_wrong_beside_a_half_fen(rate: int, count: int) -> None:
    """Principals whose exact instalment ends within a ten-thousandth of half a fen: where a sloppy bound would slip."""
    denominator, random, tried = 120_000, Random(rate + count), 0
    growth = Fraction(denominator + rate, denominator) ** count
    each = growth * Fraction(rate, denominator) / (growth - 1) if rate else Fraction(1, count)
    top, bottom = each.numerator << 64, each.denominator
    for principal in (random.randint(10**6, 10**9) for _ in range(60_000)):
        if abs((principal * top // bottom & (2**64 - 1)) - 2**63) > 2**64 // 10_000:
            continue
        tried += 1
        exact = (2 * principal * each.numerator + bottom) // (2 * bottom)
        assert quick(principal, [rate] * count, denominator, [1] * count, 1, 0) in (exact, kernels.UNSURE)
    assert tried or rate == 0


def test_it_seldom_abstains_on_ordinary_loans() -> None:
    unsure = 0
    for principal in range(5_000_000, 5_000_000 + 2_000 * 7_919, 7_919):
        numerators, denominator = [1188] * 36, 120_000
        unsure += quick(principal, numerators, denominator, [1] * 36, 1, 0) == kernels.UNSURE
    assert unsure <= 1


def test_an_exact_half_fen_rounds_up() -> None:
    # Two payments at rate 0 on an odd number of fen: exactly half a fen each.
    assert level.level_instalment(10_001, [0, 0], 12, [1, 1]) == 5_001


def test_the_exact_form_is_the_textbook_formula() -> None:
    rate, count, principal = Fraction(1, 100), 36, 10_000_000
    growth = (1 + rate) ** count
    textbook = principal * rate * growth / (growth - 1)
    assert level.exact_instalment(principal, [1] * 36, 100, [1] * 36, 1, 0) == int(textbook + Fraction(1, 2)) == 332_143


def test_factors_share_one_denominator() -> None:
    made = level.factors(Decimal("0.12"), [(30, 360), (31, 365), (11_346, 365 * 366)])
    for numerator, (units, base) in zip(made.numerators, [(30, 360), (31, 365), (11_346, 365 * 366)], strict=True):
        assert Fraction(numerator, made.denominator) == Fraction(12, 100) * Fraction(units, base)
    assert Fraction(made.month, made.denominator) == Fraction(1, 100)
