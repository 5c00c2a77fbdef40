"""What happens to many loans after payout: `life_kernels` over arrays (conventions as in `vector`).

A number stands for all loans wherever a column is asked for. Every figure is the one its scalar form answers, to the fen.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chezhe.finmath import days, life_kernels, life_loops
from chezhe.finmath.level import RATE_SCALE, rate_units
from chezhe.finmath.penalty import GRACE_CODES, PenaltyRule, charged_on
from chezhe.finmath.restructure import ExtensionLimits
from chezhe.finmath.settlement import FlatCharges, SettlementRule
from chezhe.finmath.terms import DayCount
from chezhe.finmath.vector import ints, over_rows, reduced, too_large

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

LENGTH_OF_UNIT = {day_count: -(-base // 360) for day_count, base in days.BASES.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The running line of each loan as columns (`accrual.AccruingLine`): [from_days, due_days), balance and interest in fen.

    `rate_units` is the yearly rate in 10^-10; `is_flat` 1 marks a flat charge. A due day of 0 says that none is running.
    """

    from_days: Any
    due_days: Any
    balance_fen: Any
    interest_fen: Any
    rate_units: Any
    is_flat: Any = 0
    day_count: DayCount = DayCount.THIRTY_360


def accrued(lines: Lines, as_of: Any) -> "Ints":
    """Interest of each line earned up to the day number `as_of` (`accrual.accrued_fen`), in fen."""
    import numpy as np

    size = _size(lines.from_days, lines.due_days, lines.balance_fen, as_of)
    columns, rate, denominator = _line_columns(lines, size)
    on = ints(as_of, size)
    earned = np.empty(size, dtype=np.int64)
    over_rows(
        life_loops.accrued_loop, [*columns[:4], rate, columns[4], on], [days.KERNEL_CODES[lines.day_count], denominator], [earned],
        beyond=_beyond_line(lines, columns, rate, on),
    )  # fmt: skip
    return earned


def penalty_rates(contract_units: Any, multiple: Decimal) -> "Ints":
    """Contract rates × multiple, in 10^-10 half up (`penalty.penalty_rate`)."""
    import numpy as np

    size = _size(contract_units)
    units, found = ints(contract_units, size), np.empty(size, dtype=np.int64)
    top, bottom = multiple.as_integer_ratio()
    over_rows(life_loops.multiple_loop, [units], [top, bottom], [found], beyond=too_large(units, top))
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretches:
    """Unpaid principal and interest in fen during [from_days, to_days), all loans × stretches in time; `counts[i]` is how
    many of them instalment i has (all by default)."""

    from_days: "Ints"
    to_days: "Ints"
    principal_fen: "Ints"
    interest_fen: "Ints"
    counts: Any = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charges:
    """Days charged, penalty and compound interest in fen, of each instalment."""

    days: "Ints"
    penalty_fen: "Ints"
    compound_fen: "Ints"


def charges(rule: PenaltyRule, due_days: Any, as_of: Any, *, principal_fen: Any, interest_fen: Any, rates: Any = None) -> Charges:
    """What instalments, unpaid in these amounts ever since their due days, cost when paid on `as_of` (`penalty.charge`)."""
    size = _size(due_days, as_of, principal_fen, interest_fen)
    columns = [ints(column, size).reshape(size, 1) for column in (due_days, as_of, principal_fen, interest_fen)]
    stretches = Stretches(from_days=columns[0], to_days=columns[1], principal_fen=columns[2], interest_fen=columns[3])
    return charges_over(rule, due_days, as_of, stretches, rates=rates)


def charges_over(rule: PenaltyRule, due_days: Any, as_of: Any, stretches: Stretches, *, rates: Any = None) -> Charges:
    """The same for amounts that changed on the way (`penalty.charge_over`), on any day count and with any grace.

    `rates` are yearly penalty rates in 10^-10 (see `penalty_rates`), where loans differ; else the rule's own.
    """
    import numpy as np

    tables = [
        np.ascontiguousarray(table, dtype=np.int64)
        for table in (stretches.from_days, stretches.to_days, stretches.principal_fen, stretches.interest_fen)
    ]
    size, width = tables[0].shape
    due, on = ints(due_days, size), ints(as_of, size)
    counts = ints(width if stretches.counts is None else stretches.counts, size)
    own = ints(rate_units(rule.annual_rate) if rates is None else rates, size)
    rate, denominator = reduced(own, RATE_SCALE * days.BASES[rule.day_count])
    amounts = np.abs(tables[2]).max(axis=1, initial=0).astype(float) + np.abs(tables[3]).max(axis=1, initial=0)
    answers = [np.empty(size, dtype=np.int64) for _ in range(3)]
    over_rows(
        life_loops.charge_loop,
        [due, on, *tables, counts, rate],
        [rule.grace_days, GRACE_CODES[rule.grace_mode], days.KERNEL_CODES[rule.day_count], denominator, charged_on(rule)],
        answers,
        beyond=too_large(amounts * max(width, 1), rate, _most_units(due, on, rule.day_count)),
    )
    return Charges(days=answers[0], penalty_fen=answers[1], compound_fen=answers[2])


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlements:
    """Payoff figures by item, in fen, as in `settlement.Settlement`."""

    principal_fen: "Ints"
    interest_fen: "Ints"
    fee_fen: "Ints"
    penalty_fen: "Ints"
    compound_fen: "Ints"
    early_settlement_fee_fen: "Ints"
    total_fen: "Ints"


def settle(rule: SettlementRule, settled_on: Any, *, overdue_fen: "Ints", lines: Lines, later_flat_fen: Any = 0) -> Settlements:
    """The payoff of each loan on its day (`settlement.settle`).

    `overdue_fen` is (loans, instalments, items in the order of `allocation.Item`), with no instalments where nothing is due.
    """
    import numpy as np

    dues = np.ascontiguousarray(overdue_fen, dtype=np.int64)
    size, instalments, wide = dues.shape
    if wide != life_kernels.DUE_ITEMS:
        raise ValueError("dues have one column per item")
    columns, rate, denominator = _line_columns(lines, size)
    on = ints(settled_on, size)
    charge_rate, charge_denominator = rule.fee_rate.as_integer_ratio()
    figures = np.empty((size, life_kernels.FIGURES), dtype=np.int64)
    over_rows(
        life_loops.settlement_loop,
        [dues.reshape(size, instalments * wide), *columns[:4], rate, columns[4], on, ints(later_flat_fen, size)],
        [days.KERNEL_CODES[lines.day_count], denominator, int(rule.flat_charges is FlatCharges.KEEP), charge_rate, charge_denominator],
        [figures],
        beyond=_beyond_line(lines, columns, rate, on) | too_large(columns[2], charge_rate),
    )
    principal, interest, fee, penalty, compound, charge, total = (np.ascontiguousarray(column) for column in figures.T)
    return Settlements(
        principal_fen=principal, interest_fen=interest, fee_fen=fee, penalty_fen=penalty, compound_fen=compound,
        early_settlement_fee_fen=charge, total_fen=total,
    )  # fmt: skip


def longest_extensions(limits: ExtensionLimits, original_months: "Ints") -> "Ints":
    """The most months each loan may be extended by (`restructure.longest_extension`)."""
    import numpy as np

    months = ints(original_months, len(original_months))
    longest = np.empty(len(months), dtype=np.int64)
    shared = [limits.short_months, limits.medium_months, limits.long_extension_months]
    over_rows(life_loops.extension_loop, [months], shared, [longest])
    return longest


def refinances(principal_fen: Any, payoff_fen: Any) -> "Ints":
    """What each new loan leaves its borrower after the payoff of the old one (`restructure.refinance`), in fen;
    −1 where it does not cover it."""
    import numpy as np

    size = _size(principal_fen, payoff_fen)
    rest = np.empty(size, dtype=np.int64)
    over_rows(life_loops.payoff_loop, [ints(principal_fen, size), ints(payoff_fen, size)], [], [rest])
    return rest


def expected_losses(exposure_fen: Any, default_units: Any, loss_units: Any, discount_units: Any = RATE_SCALE) -> "Ints":
    """Loss allowances in fen (`ecl.expected_loss_fen`); probabilities, loss rates and discounts in 10^-10, at most 1.

    Raises ValueError for shares outside 0 and 1.
    """
    import numpy as np

    size = _size(exposure_fen, default_units, loss_units, discount_units)
    shares, denominator = [], 1
    for column in (default_units, loss_units, discount_units):
        units = ints(column, size)
        if size and (units.min() < 0 or units.max() > RATE_SCALE):
            raise ValueError("shares must lie between 0 and 1")
        units, scale = reduced(units, RATE_SCALE)
        shares.append(units)
        denominator *= scale
    columns = [ints(exposure_fen, size), *shares]
    allowance = np.empty(size, dtype=np.int64)
    over_rows(life_loops.loss_loop, columns, [denominator], [allowance], beyond=too_large(*columns))
    return allowance


def _line_columns(lines: Lines, size: int) -> tuple[list["Ints"], "Ints", int]:
    """From, due, balance, interest, is_flat; the reduced rate, and its denominator."""
    columns = [ints(c, size) for c in (lines.from_days, lines.due_days, lines.balance_fen, lines.interest_fen, lines.is_flat)]
    rate, denominator = reduced(ints(lines.rate_units, size), RATE_SCALE * days.BASES[lines.day_count])
    return columns, rate, denominator


def _beyond_line(lines: Lines, columns: list["Ints"], rate: "Ints", on: "Ints") -> Any:
    from_day, _, balance, interest, _ = columns
    return too_large(balance, rate, _most_units(from_day, on, lines.day_count)) | too_large(interest, on - from_day)


def _most_units(start: "Ints", end: "Ints", day_count: DayCount) -> "Ints":
    """More units than [start, end) can have: on 30/360 the end of February alone is two days longer."""
    return (abs(end - start) + 3) * LENGTH_OF_UNIT[day_count]


def _size(*columns: Any) -> int:
    """The length of the columns; at least one of them is an array."""
    import numpy as np

    return max(len(column) for column in map(np.asarray, columns) if column.ndim)
