"""Penalty interest 罚息 on overdue principal and compound interest 复利 on overdue interest (银发〔2003〕251号).

Days start on the day after the due date; sums are exact over all stretches and rounded half up once.
Multiples, grace and caps come from the product and the dated parameters; none is written here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from chezhe.finmath import days, kernels, level, life_kernels
from chezhe.finmath.terms import DayCount


class GraceMode(StrEnum):
    """What happens to the grace days once they are over."""

    NONE = "none"  # there is no grace
    RETROACTIVE = "retroactive"  # paid too late: every day since the due date costs
    FROM_END_OF_GRACE = "from_end_of_grace"  # only the days after grace cost


class PenaltyBase(StrEnum):
    """What penalty interest is charged on."""

    PRINCIPAL = "principal"
    PRINCIPAL_AND_INTEREST = "principal_and_interest"


GRACE_CODES = {GraceMode.NONE: 0, GraceMode.RETROACTIVE: 1, GraceMode.FROM_END_OF_GRACE: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyRule:
    """`annual_rate` is the penalty rate itself (see `penalty_rate`). With base PRINCIPAL_AND_INTEREST there is no
    separate compound interest. Grace moves money, not days past due."""

    annual_rate: Decimal
    day_count: DayCount = DayCount.ACT_360
    grace_days: int = 0
    grace_mode: GraceMode = GraceMode.NONE
    base: PenaltyBase = PenaltyBase.PRINCIPAL
    compounds: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class OverdueStretch:
    """Unpaid principal and interest (fen) of one instalment during [from_date, to_date)."""

    from_date: date
    to_date: date
    principal_fen: int
    interest_fen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PenaltyCharge:
    """Penalty and compound interest in fen, and the days they were charged for."""

    days: int
    penalty_fen: int
    compound_fen: int


def penalty_rate(contract_rate: Decimal, multiple: Decimal) -> Decimal:
    """Contract rate × multiple, to ten decimals half up (12 % × 1.5 = 18 %)."""
    top, bottom = (contract_rate * multiple).as_integer_ratio()
    return Decimal(kernels.round_half_up(top * level.RATE_SCALE, bottom)).scaleb(-10)


def charge(rule: PenaltyRule, due_date: date, as_of: date, *, principal_fen: int, interest_fen: int) -> PenaltyCharge:
    """What one instalment, unpaid in these amounts ever since its due date, costs when paid on `as_of`."""
    stretch = OverdueStretch(from_date=due_date, to_date=as_of, principal_fen=principal_fen, interest_fen=interest_fen)
    return charge_over(rule, due_date, as_of, [stretch])


def charge_over(rule: PenaltyRule, due_date: date, as_of: date, stretches: Sequence[OverdueStretch]) -> PenaltyCharge:
    """The same when the unpaid amounts changed on the way (part payments): stretches follow one another in time.

    Deciding late or in grace looks at `as_of`. An accelerated loan is one stretch with its whole balance.
    """
    charged, penalty, compound = life_kernels.overdue_charge(
        due_date.toordinal(),
        as_of.toordinal(),
        rule.grace_days,
        GRACE_CODES[rule.grace_mode],
        days.KERNEL_CODES[rule.day_count],
        [stretch.from_date.toordinal() for stretch in stretches],
        [stretch.to_date.toordinal() for stretch in stretches],
        [stretch.principal_fen for stretch in stretches],
        [stretch.interest_fen for stretch in stretches],
        len(stretches),
        level.rate_units(rule.annual_rate),
        level.RATE_SCALE * days.BASES[rule.day_count],
        charged_on(rule),
    )
    return PenaltyCharge(days=charged, penalty_fen=penalty, compound_fen=compound)


def charged_on(rule: PenaltyRule) -> int:
    """The kernel's code for what the rule charges: both amounts as one, principal beside compound interest, or alone."""
    if rule.base is PenaltyBase.PRINCIPAL_AND_INTEREST:
        return life_kernels.ON_BOTH
    return life_kernels.WITH_COMPOUND if rule.compounds else life_kernels.ON_PRINCIPAL
