"""New plans for many old debts at once: partial prepayment, extension, restructuring (`prepayment`, `restructure`).

A loan that its scalar form refuses for its own amounts or days is `refused` in the answer, its row 0; what is wrong for the
whole batch raises.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from chezhe.finmath import days, life_kernels, life_loops
from chezhe.finmath.level import RATE_SCALE
from chezhe.finmath.prepayment import REPLANNED, PrepaymentMode, steps_after
from chezhe.finmath.terms import DayCount, Method, TermsError
from chezhe.finmath.vector import ints, over_rows, reduced, too_large
from chezhe.finmath.vector_schedules import Batch, Columns, ScheduleArrays, schedules

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]


def rest_of(batch: Batch, made: ScheduleArrays, after_period: Any) -> Batch:
    """The lines after line `after_period` of each loan as loans of their own (`prepayment.rest_of`; 0: the whole again).

    `made` is the answer of `schedules(batch)`, which needs dates. Raises ValueError for a number of lines that a loan does
    not have or that leaves nothing, a bullet's only line, rents in advance, and different numbers in a stepped batch,
    whose steps are shared.
    """
    import numpy as np

    columns, dues = _dated(batch), made.due_ordinals
    assert dues is not None
    after = ints(after_period, columns.size)
    if ((after < 0) | (after >= made.periods) | (after > 0) & made.refused).any() or batch.method is Method.BULLET and after.any():
        raise ValueError("a rest begins after a line of the plan, and not after its last")
    if batch.method is Method.RENT_IN_ADVANCE:
        raise ValueError("a rent in advance has no rest of its own")
    if batch.steps and (after != after[:1]).any():
        raise ValueError("the loans of a stepped batch are cut after the same line")
    begun, rows = after > 0, np.arange(columns.size)
    paid = np.where(np.arange(made.principal_fen.shape[1]) < after[:, None], made.principal_fen, 0).sum(axis=1)
    if (paid >= columns.principal).any():
        raise ValueError("nothing is left of a loan: a few fen are repaid before the last line")
    return replace(
        batch,
        principal_fen=columns.principal - paid,
        periods=np.where(begun, made.periods - after, columns.asked),
        instalment_fen=np.where(begun, 0, columns.given),
        starts=np.where(begun, dues[rows, np.maximum(after - 1, 0)], columns.starts),
        first_dues=dues[rows, after],
        anchor_days=columns.anchors,
        steps=steps_after(batch.steps, int(after[0])) if columns.size else batch.steps,
        upfront_fee_fen=np.where(begun, 0, columns.upfront_fee),
        deposit_fen=np.where(begun, 0, columns.deposit),
    )


def prepaid_schedules(rest: Batch, *, amount_fen: Any, paid_on: Any, mode: PrepaymentMode, instalment_fen: Any = 0) -> ScheduleArrays:
    """The new plans after `amount_fen` of principal is paid on the day numbers `paid_on` (`prepayment.prepaid_schedule`).

    `rest` is a batch with dates (see `rest_of`). Shortening keeps `instalment_fen` where it is given (> 0). Raises
    TermsError for methods whose plan cannot be changed this way.
    """
    import numpy as np

    if rest.method not in REPLANNED:
        raise TermsError("prepayment_not_possible", "method", {"method": rest.method.value})
    columns = _dated(rest)
    amount, on = ints(amount_fen, columns.size), ints(paid_on, columns.size)
    is_part = (amount > 0) & (amount < columns.principal)
    left = np.where(is_part, columns.principal - amount, 1)
    smaller = replace(rest, principal_fen=left, instalment_fen=0)
    if mode is PrepaymentMode.SHORTEN_TERM:
        made = _shortened(rest, columns, smaller, ints(instalment_fen, columns.size))
    else:
        made = schedules(smaller)
    extra = _interest_on_prepaid(rest, columns, left, np.where(is_part, amount, 0), on)
    refused = made.refused | ~is_part | (extra == life_kernels.NOT_IN_LINE)
    first = made.periods - 1 if rest.method is Method.BULLET else ints(0, columns.size)
    made.interest_fen[np.arange(columns.size), first] += extra
    made.principal_fen[refused], made.interest_fen[refused] = 0, 0
    return replace(made, refused=refused)


def _shortened(rest: Batch, columns: Columns, smaller: Batch, instalment: "Ints") -> ScheduleArrays:
    import numpy as np

    if rest.method is Method.EQUAL_PRINCIPAL:
        needed, left = np.empty(columns.size, dtype=np.int64), ints(smaller.principal_fen, columns.size)
        over_rows(life_loops.fewer_lines_loop, [columns.principal, left, columns.asked], [], [needed])
        return schedules(replace(smaller, periods=needed))
    if rest.method is not Method.EQUAL_INSTALMENT:
        raise TermsError("prepayment_not_possible", "mode", {"method": rest.method.value})
    kept = np.where(instalment > 0, instalment, schedules(rest).instalment_fen)
    shorter = schedules(replace(smaller, instalment_fen=kept))
    if not shorter.refused.any():
        return shorter
    # A few fen prepaid: the old last line was a little above the instalment, and the same lines are still needed.
    same = schedules(smaller)
    for mine, whole in (
        (shorter.principal_fen, same.principal_fen), (shorter.interest_fen, same.interest_fen), (shorter.periods, same.periods),
        (shorter.instalment_fen, same.instalment_fen), (shorter.refused, same.refused),
    ):  # fmt: skip
        mine[:] = np.where(shorter.refused.reshape(-1, *[1] * (mine.ndim - 1)), whole, mine)
    return shorter


def _interest_on_prepaid(rest: Batch, columns: Columns, left: "Ints", amount: "Ints", on: "Ints") -> "Ints":
    import numpy as np

    stub_basis = rest.stub.basis if rest.stub else rest.day_count
    own, stub = days.BASES[rest.day_count], days.BASES[stub_basis]
    base = int(np.lcm(own, stub))
    rate, denominator = reduced(columns.rate_units, RATE_SCALE * base)
    lines = columns.asked if rest.method is Method.BULLET else ints(1, columns.size)
    longest = (np.abs(columns.first_dues - columns.starts) + 31 * lines) * (2 * base // 360 + 2)
    extra = np.empty(columns.size, dtype=np.int64)
    over_rows(
        life_loops.prepaid_loop,
        [left, amount, columns.starts, columns.first_dues, columns.anchors, lines, on, rate],
        [days.KERNEL_CODES[rest.day_count], base // own, days.KERNEL_CODES[stub_basis], base // stub, denominator],
        [extra],
        beyond=too_large(columns.principal, rate, longest),
    )
    return extra


def extensions(
    *, principal_fen: Any, matures_on: Any, months: Any, rate_units: Any, anchor_days: Any, day_count: DayCount = DayCount.THIRTY_360
) -> ScheduleArrays:
    """The extended time of each loan from its old maturity, a day number (`restructure.extension`): interest each month,
    the principal at the new maturity. `rate_units` in 10^-10 a year; `anchor_days` the due day of the old loan."""
    return schedules(
        Batch(
            method=Method.INTEREST_ONLY_BULLET, principal_fen=principal_fen, periods=months, rate_units=rate_units,
            day_count=day_count, starts=matures_on, anchor_days=anchor_days,
        )  # fmt: skip
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class RestructuredArrays:
    """The new plans, and the part of the old arrears that falls due with each line (fen, not in the plan)."""

    plans: ScheduleArrays
    arrears_fen: "Ints"


def restructures(batch: Batch, arrears_fen: Any) -> RestructuredArrays:
    """New plans on the outstanding balances of `batch`, unpaid interest spread over their lines (`restructure.restructure`)."""
    import numpy as np

    plans = schedules(batch)
    size = len(plans.periods)
    first = plans.periods - 1 if batch.method is Method.BULLET else ints(0, size)
    parts = np.zeros_like(plans.principal_fen)
    over_rows(life_loops.arrears_loop, [ints(arrears_fen, size), first, plans.periods], [], [parts])
    parts[plans.refused] = 0
    return RestructuredArrays(plans=plans, arrears_fen=parts)


def _dated(batch: Batch) -> Columns:
    if batch.starts is None:
        raise ValueError("a plan is changed on a day: the batch needs its start dates")
    columns = Columns(batch)
    columns.lay_out_dates(int(columns.asked.max()) if columns.size else 0)
    return columns
