"""`life_kernels` over many loans: loops that `compiled` turns into machine code. Loans [low, high) of each array.

Rules as in `loops`. Arguments come as columns (a row a loan), figures shared by all loans, scratch, answers.
"""

from typing import Any

from chezhe.finmath.calendar_kernels import civil, step_months
from chezhe.finmath.kernels import round_half_up
from chezhe.finmath.life_kernels import (
    accrued,
    after_payoff,
    equal_part,
    extension_max,
    fill_fees,
    fill_subsidy,
    interest_on_prepaid,
    lines_at_part,
    overdue_charge,
    running_interest,
    settlement,
    spread_evenly,
)


def accrued_loop(
    low: int, high: int, from_day: Any, due_day: Any, balance: Any, interest: Any, rate: Any, is_flat: Any, as_of: Any,
    day_count: int, denominator: int, earned: Any,
) -> None:  # fmt: skip
    """Interest earned in each running line."""
    for i in range(low, high):
        earned[i] = accrued(
            from_day[i], due_day[i], balance[i], interest[i], rate[i], denominator, is_flat[i], day_count, as_of[i]
        )  # fmt: skip


def multiple_loop(low: int, high: int, rate: Any, multiple: int, denominator: int, found: Any) -> None:
    """Rates times one multiple."""
    for i in range(low, high):
        found[i] = round_half_up(rate[i] * multiple, denominator)


def charge_loop(
    low: int, high: int, due_day: Any, as_of: Any, froms: Any, tos: Any, principals: Any, interests: Any, counts: Any, rate: Any,
    grace_days: int, grace_mode: int, day_count: int, denominator: int, charged_on: int, days: Any, penalty: Any, compound: Any,
) -> None:  # fmt: skip
    """Penalty and compound interest of one instalment a row."""
    for i in range(low, high):
        days[i], penalty[i], compound[i] = overdue_charge(
            due_day[i], as_of[i], grace_days, grace_mode, day_count, froms[i], tos[i], principals[i], interests[i], counts[i],
            rate[i], denominator, charged_on,
        )  # fmt: skip


def settlement_loop(
    low: int, high: int, dues: Any, from_day: Any, due_day: Any, balance: Any, interest: Any, rate: Any, is_flat: Any, as_of: Any,
    later_flat: Any, day_count: int, denominator: int, keeps_flat: int, charge_rate: int, charge_denominator: int, figures: Any,
) -> None:  # fmt: skip
    """Payoff figures, a row of them a loan."""
    for i in range(low, high):
        running = running_interest(
            from_day[i], due_day[i], balance[i], interest[i], rate[i], denominator, is_flat[i], day_count, keeps_flat,
            later_flat[i], as_of[i],
        )  # fmt: skip
        not_due = balance[i] if due_day[i] != 0 else 0
        settlement(dues[i], not_due, running, charge_rate, charge_denominator, figures[i])


def prepaid_loop(
    low: int, high: int, balance: Any, amount: Any, start: Any, first_due: Any, anchor: Any, lines: Any, paid_on: Any, rate: Any,
    day_count: int, scale: int, stub_day_count: int, stub_scale: int, denominator: int, extra: Any,
) -> None:  # fmt: skip
    """Interest on prepaid amounts, to be added to the running line."""
    for i in range(low, high):
        extra[i] = interest_on_prepaid(
            balance[i], amount[i], start[i], first_due[i], anchor[i], lines[i], paid_on[i], day_count, scale,
            stub_day_count, stub_scale, rate[i], denominator,
        )  # fmt: skip


def fewer_lines_loop(low: int, high: int, principal: Any, smaller: Any, periods: Any, needed: Any) -> None:
    """Lines of equal principal that repay `smaller` at the part of the old plan."""
    for i in range(low, high):
        needed[i] = lines_at_part(smaller[i], equal_part(principal[i], periods[i]), periods[i])


def arrears_loop(low: int, high: int, amount: Any, first: Any, periods: Any, parts: Any) -> None:
    """Arrears spread over the lines [first, periods) of each new plan."""
    for i in range(low, high):
        spread_evenly(amount[i], periods[i] - first[i], parts[i, first[i] :])


def extension_loop(low: int, high: int, months: Any, short_months: int, medium_months: int, long_extension: int, longest: Any) -> None:
    """Longest extensions."""
    for i in range(low, high):
        longest[i] = extension_max(months[i], short_months, medium_months, long_extension)


def payoff_loop(low: int, high: int, principal: Any, payoff: Any, rest: Any) -> None:
    """What new loans leave their borrowers."""
    for i in range(low, high):
        rest[i] = after_payoff(principal[i], payoff[i])


def subsidy_loop(
    low: int, high: int, principal: Any, principals: Any, units: Any, dues: Any, periods: Any, rate: Any, cap: Any, denominator: int,
    openings: Any, numerators: Any, years: Any, lines: Any,
) -> None:  # fmt: skip
    """Subsidy of every line of each plan."""
    for i in range(low, high):
        balance = principal[i]
        for k in range(periods[i]):
            openings[k] = balance
            numerators[k] = rate[i] * units[i, k]
            years[k] = civil(dues[i, k])[0]
            balance -= principals[i, k]
        fill_subsidy(openings, numerators, denominator, years, cap[i], periods[i], lines[i])


def fee_loop(low: int, high: int, monthly: Any, first: Any, periods: Any, lines: Any) -> None:
    """Monthly fees of each plan."""
    for i in range(low, high):
        fill_fees(monthly[i], first[i], periods[i], lines[i])


def month_loop(low: int, high: int, day: Any, anchor: Any, stepped: Any) -> None:
    """The day a month later on the anchor."""
    for i in range(low, high):
        stepped[i] = step_months(day[i], 1, anchor[i])


def loss_loop(low: int, high: int, exposure: Any, default: Any, loss: Any, discount: Any, denominator: int, allowance: Any) -> None:
    """Expected losses."""
    for i in range(low, high):
        allowance[i] = round_half_up(exposure[i] * default[i] * loss[i] * discount[i], denominator)
