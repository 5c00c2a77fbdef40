"""Expected and regulatory losses of graded loans as arrays (`finmath.vector_life.expected_losses`); shares in 10^-10.

Expected credit loss (CAS 22): exposure × PD × LGD over the scenarios × the discount to when the loss is expected. In stage 1 the
PD of twelve months, in stage 2 that of the whole life, in stage 3 the loan has defaulted. Regulatory: a factor a class.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING, Any

from chezhe.finmath import vector_life
from chezhe.finmath.ageing import BUCKET_BOUNDS
from chezhe.finmath.level import RATE_SCALE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

LARGER, EXPECTED, REGULATORY = BASES = ("larger", "expected", "regulatory")
YEAR_MONTHS = 12
# Twice the digits that are kept, so that rounding happens once.
_EXACT = Context(prec=40, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """How likely a course of things is, and what it makes of PD and LGD (never more than 1)."""

    weight: Decimal
    default_factor: Decimal = Decimal(1)
    loss_factor: Decimal = Decimal(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LossGiven:
    """What is lost of a defaulted loan: secured, secured and impaired, and unsecured."""

    secured: Decimal
    impaired: Decimal
    unsecured: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Curves:
    """The figures of a run: PD of twelve months (bucket C, M1) and of the whole life (C to M3), LGD by product id, scenarios whose
    weights make 1, months until an impaired loan's loss is expected, and a regulatory factor a class."""

    default_year: tuple[Decimal, ...]
    default_life: tuple[Decimal, ...]
    loss_given: Mapping[int, LossGiven]
    scenarios: tuple[Scenario, ...]
    recovery_months: int
    regulatory: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Loans as columns of one length, with their stage (1 to 3)."""

    stage: Ints
    dpd: Ints
    exposure_fen: Ints
    rate_units: Ints
    months: Ints
    product: Ints
    is_secured: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Losses:
    """For every loan: PD × LGD over the scenarios and the discount, in 10^-10, and the expected loss in fen."""

    loss_units: Ints
    discount_units: Ints
    expected_fen: Ints


def expect(asked: Asked, curves: Curves) -> Losses:
    """The expected loss of every loan, rounded half up to the fen, once."""
    loss, discount = _loss_units(asked, curves), _discount_units(asked, curves)
    return Losses(
        loss_units=loss, discount_units=discount,
        expected_fen=vector_life.expected_losses(asked.exposure_fen, loss, RATE_SCALE, discount),
    )


def regulate(asset_class: Ints, exposure_fen: Ints, curves: Curves) -> Ints:
    """The regulatory provision of every loan in fen (财金〔2012〕20号 or 银发〔2002〕98号, as the licence has it)."""
    import numpy as np

    factors = np.array([units(factor) for factor in curves.regulatory], dtype=np.int64)
    return vector_life.expected_losses(exposure_fen, factors[asset_class], RATE_SCALE)


def allow(expected_fen: Ints, regulatory_fen: Ints, basis: str) -> Ints:
    """What is provided: the larger of both, or one of them."""
    import numpy as np

    if basis == LARGER:
        return np.maximum(expected_fen, regulatory_fen)
    return expected_fen if basis == EXPECTED else regulatory_fen


def units(share: Decimal) -> int:
    """A share in 10^-10, half up."""
    return int((share * RATE_SCALE).to_integral_value(ROUND_HALF_UP))


def weighted(default: Decimal, loss: Decimal, scenarios: tuple[Scenario, ...]) -> Decimal:
    """PD × LGD over the scenarios; neither is ever more than 1."""
    one = Decimal(1)
    return sum(
        (s.weight * min(one, default * s.default_factor) * min(one, loss * s.loss_factor) for s in scenarios), Decimal(0)
    )


def _loss_units(asked: Asked, curves: Curves) -> Ints:
    """Few combinations of PD and LGD exist: each is worked out once, exactly, and looked up for its loans."""
    def share(stage: int, place: int, secured: int, product: int) -> int:
        return units(_share(stage, place, bool(secured), curves.loss_given[product], curves))

    return _looked_up(share, asked.stage, _place(asked), asked.is_secured, asked.product)


def _looked_up(found: Callable[..., int], *columns: Ints) -> Ints:
    """`found` of every row, worked out once for each combination of values (whole numbers from 0 on)."""
    import numpy as np

    key = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns:
        key = key * (int(column.max(initial=0)) + 1) + column
    _keys, first, at = np.unique(key, return_index=True, return_inverse=True)
    cells = zip(*(column[first].tolist() for column in columns), strict=True)
    return np.array([found(*cell) for cell in cells], dtype=np.int64)[at.reshape(-1)]


def _place(asked: Asked) -> Ints:
    """The place of a loan's PD in its curve, by bucket; later buckets take the last one."""
    import numpy as np

    bucket = np.searchsorted(np.array(BUCKET_BOUNDS), asked.dpd, side="left")
    return np.where(asked.stage == 1, np.minimum(bucket, 1), np.where(asked.stage == 2, np.minimum(bucket, 3), 0))


def _share(stage: int, place: int, is_secured: bool, given: LossGiven, curves: Curves) -> Decimal:
    default = Decimal(1) if stage == 3 else (curves.default_year if stage == 1 else curves.default_life)[place]
    loss = given.impaired if stage == 3 else given.secured
    return weighted(default, loss if is_secured else max(loss, given.unsecured), curves.scenarios)


def _discount_units(asked: Asked, curves: Curves) -> Ints:
    """At the loan's effective rate over the months until the loss: half of the time in which it may default, and for a loan that
    has defaulted the months until recovery. A flat loan has no rate of its own and is not discounted."""
    import numpy as np

    at_risk = np.where(asked.stage == 1, np.minimum(asked.months, YEAR_MONTHS), asked.months)
    months = np.where(asked.stage == 3, curves.recovery_months, (at_risk + 1) // 2)
    return _looked_up(lambda rate, lasts: discount(Decimal(rate) / RATE_SCALE, lasts), asked.rate_units, months)


def discount(annual_rate: Decimal, months: int) -> int:
    """1 / (1 + annual rate / 12)^months, in 10^-10, half up."""
    growth = _EXACT.power(_EXACT.add(Decimal(1), _EXACT.divide(annual_rate, Decimal(YEAR_MONTHS))), months)
    return units(_EXACT.divide(Decimal(1), growth))
