"""What happens to a loan after payout, by the rules of `kernels`: whole numbers, for one loan or compiled for arrays.

Days are day numbers (`date.toordinal()`); a yearly rate is a numerator whose denominator also holds the base of the
day count, so that amount × numerator × units / denominator is fen. Codes of day counts: `calendar_kernels`.
"""

from collections.abc import MutableSequence, Sequence

from chezhe.finmath.calendar_kernels import is_whole_month, line_units, step_months, units_between
from chezhe.finmath.kernels import chargeable_days, round_half_up

# The items of a due in the order of `allocation.Item`, and the figures of a settlement.
DUE_FEE, DUE_PENALTY, DUE_COMPOUND, DUE_INTEREST, DUE_PRINCIPAL = range(5)
DUE_ITEMS = 5
FIGURE_PRINCIPAL, FIGURE_INTEREST, FIGURE_FEE, FIGURE_PENALTY, FIGURE_COMPOUND, FIGURE_CHARGE, FIGURE_TOTAL = range(7)
FIGURES = 7
# What penalty interest is charged on: principal alone, with compound interest beside it, or both amounts as one.
ON_PRINCIPAL, WITH_COMPOUND, ON_BOTH = range(3)
NO_CAP = -1
NOT_COVERED = -1
NOT_IN_LINE = -1


def accrued(
    from_day: int, due_day: int, balance: int, interest: int, rate: int, denominator: int, is_flat: int, day_count: int, as_of: int
) -> int:
    """Interest of the line [from_day, due_day) earned up to `as_of` (that day not counted); all of it from the due day.

    A flat charge is earned in equal steps by actual days; other interest never exceeds the line's.
    """
    if as_of <= from_day:
        return 0
    if as_of >= due_day:
        return interest
    if is_flat != 0:
        return round_half_up(interest * (as_of - from_day), due_day - from_day)
    return min(round_half_up(balance * rate * units_between(from_day, as_of, day_count), denominator), interest)


def running_interest(
    from_day: int,
    due_day: int,
    balance: int,
    interest: int,
    rate: int,
    denominator: int,
    is_flat: int,
    day_count: int,
    keeps_flat: int,
    later_flat: int,
    as_of: int,
) -> int:
    """What settling on `as_of` owes for the running line: what is earned, or all flat charges where they are kept.

    A `due_day` of 0 says that no line is running.
    """
    if due_day == 0:
        return 0
    if is_flat != 0 and keeps_flat != 0:
        return interest + later_flat
    return accrued(from_day, due_day, balance, interest, rate, denominator, is_flat, day_count, as_of)


def overdue_charge(
    due_day: int,
    as_of: int,
    grace_days: int,
    grace_mode: int,
    day_count: int,
    froms: Sequence[int],
    tos: Sequence[int],
    principals: Sequence[int],
    interests: Sequence[int],
    count: int,
    rate: int,
    denominator: int,
    charged_on: int,
) -> tuple[int, int, int]:
    """Days charged, penalty and compound interest of one instalment, seen on `as_of`.

    Stretch k [froms[k], tos[k]) had principals[k] and interests[k] unpaid. Sums are exact and rounded once.
    """
    days = chargeable_days(as_of - due_day, grace_days, grace_mode)
    first = as_of - days
    on_principal = on_interest = 0
    for k in range(count):
        start, end = max(froms[k], first), min(tos[k], as_of)
        if end > start:
            units = units_between(start, end, day_count)
            on_principal += principals[k] * units
            on_interest += interests[k] * units
    if charged_on == ON_BOTH:
        on_principal += on_interest
    compound = round_half_up(on_interest * rate, denominator) if charged_on == WITH_COMPOUND else 0
    return days, round_half_up(on_principal * rate, denominator), compound


def is_late(dpd: int, late_after: int) -> int:
    """1 when a loan is later than `late_after` days and pays by its late order, else 0; below 0 there is no such order."""
    return int(late_after >= 0 and dpd > late_after)


def settlement(
    dues: Sequence[int], not_due: int, running: int, charge_rate: int, charge_denominator: int, figures: MutableSequence[int]
) -> int:
    """The payoff by item into `figures`; returns its total.

    `dues` is a flat list of instalments × items, `not_due` the principal not yet due, `running` the interest it owes.
    """
    for at in range(FIGURES):
        figures[at] = 0
    for first in range(0, len(dues), DUE_ITEMS):
        figures[FIGURE_FEE] += dues[first + DUE_FEE]
        figures[FIGURE_PENALTY] += dues[first + DUE_PENALTY]
        figures[FIGURE_COMPOUND] += dues[first + DUE_COMPOUND]
        figures[FIGURE_INTEREST] += dues[first + DUE_INTEREST]
        figures[FIGURE_PRINCIPAL] += dues[first + DUE_PRINCIPAL]
    figures[FIGURE_PRINCIPAL] += not_due
    figures[FIGURE_INTEREST] += running
    figures[FIGURE_CHARGE] = round_half_up(not_due * charge_rate, charge_denominator)
    total = 0
    for at in range(FIGURE_TOTAL):
        total += figures[at]
    figures[FIGURE_TOTAL] = total
    return total


def interest_on_prepaid(
    balance: int,
    amount: int,
    start: int,
    first_due: int,
    anchor_day: int,
    lines: int,
    paid_on: int,
    day_count: int,
    scale: int,
    stub_day_count: int,
    stub_scale: int,
    rate: int,
    denominator: int,
) -> int:
    """What `amount`, prepaid on `paid_on`, adds to the interest of the running line, whose `balance` is without it.

    That line is `lines` months long. The whole on the balance and the days on the amount are rounded as one; the rounded
    whole is taken off. NOT_IN_LINE when the day does not lie in it.
    """
    is_whole = is_whole_month(start, first_due, anchor_day)
    whole, before = 0, start
    for k in range(lines):
        due = first_due if k == 0 else step_months(first_due, k, anchor_day)
        whole += line_units(before, due, is_whole if k == 0 else 1, day_count, scale, stub_day_count, stub_scale)
        before = due
    if not start <= paid_on < before:
        return NOT_IN_LINE
    if is_whole == 0:
        used = units_between(start, paid_on, stub_day_count) * stub_scale
    else:
        used = units_between(start, paid_on, day_count) * scale
    on_balance = balance * rate * whole
    return round_half_up(on_balance + amount * rate * used, denominator) - round_half_up(on_balance, denominator)


def lines_at_part(principal: int, part: int, most: int) -> int:
    """How many lines of at most `part` principal repay `principal`; never more than `most`, whose last takes the rest."""
    return most if part == 0 else min(-(-principal // part), most)


def equal_part(principal: int, count: int) -> int:
    """The principal of the first of `count` equal lines."""
    return min(round_half_up(principal, count), principal)


def spread_evenly(amount: int, lines: int, parts: MutableSequence[int]) -> int:
    """`amount` in equal half-up parts, the last taking what remains. Returns the last."""
    each = round_half_up(amount, lines)
    left = amount
    for k in range(lines - 1):
        parts[k] = min(each, left)
        left -= parts[k]
    parts[lines - 1] = left
    return left


def extension_max(months: int, short_months: int, medium_months: int, long_extension_months: int) -> int:
    """The most months a loan of `months` may be extended by (贷款通则 §12)."""
    if months <= short_months:
        return months
    if months <= medium_months:
        return months // 2
    return long_extension_months


def after_payoff(principal: int, payoff: int) -> int:
    """What a new loan leaves its borrower once the old one is paid off; NOT_COVERED when it falls short."""
    return principal - payoff if 0 < payoff <= principal else NOT_COVERED


def fill_subsidy(
    openings: Sequence[int],
    numerators: Sequence[int],
    denominator: int,
    years: Sequence[int],
    cap: int,
    count: int,
    lines: MutableSequence[int],
) -> int:
    """Subsidy of each line: opening balance × numerator, half up, until the cap of its calendar year is used (NO_CAP:
    there is none). `years` never fall. Returns the sum."""
    used = year = total = 0
    for k in range(count):
        if years[k] != year:
            used, year = 0, years[k]
        part = round_half_up(openings[k] * numerators[k], denominator)
        if cap != NO_CAP:
            part = min(part, cap - used)
        used += part
        total += part
        lines[k] = part
    return total


def fill_fees(monthly: int, first: int, count: int, lines: MutableSequence[int]) -> int:
    """The monthly fee of each line from `first` on, which also collects the months before it (a bullet's only line).
    Returns the sum."""
    for k in range(first, count):
        lines[k] = monthly * (first + 1) if k == first else monthly
    return monthly * count
