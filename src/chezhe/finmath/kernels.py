"""The integer heart: plain functions on whole numbers, called as they are for one loan and compiled for arrays.

Conventions: money in fen, never negative here; interest of a line is `balance * numerator / denominator` rounded
half up once, where numerator = annual-rate numerator × period units over one common denominator.
Rules for this file: no imports, only ints (one float *proposes* an instalment), sequences indexed by position,
so that numba compiles the very same code (`vector`). Python runs it with unbounded ints; the array form checks
its own limits before it starts and hands whatever does not fit to the plain functions.
"""

from collections.abc import MutableSequence, Sequence

DRIFT_SCALE = 67108864  # 2^26: what rounding took away is followed in about 2^-26 fen
FACTOR_SHIFT = 24  # period factors are held in 2^-24
GROWTH_MAX = 2048.0  # beyond these the fixed-point check could leave 64 bits: the exact one decides
REACH_MAX = 2048.0
UNSURE = -1


def round_half_up(numerator: int, denominator: int) -> int:
    """numerator / denominator to the nearest whole number, halves upward; denominator > 0."""
    return (numerator + denominator // 2) // denominator


# ---- the level instalment -------------------------------------------------------------------------------------


def propose_instalment(
    principal: int,
    numerators: Sequence[int],
    denominator: int,
    weights: Sequence[int],
    weight_scale: int,
    balloon: int,
    count: int,
) -> int:
    """A float's guess of the base instalment, or UNSURE when growth is absurd. To be confirmed in integers."""
    growth = 1.0
    annuity = 0.0
    steepest = 0.0
    part = 1.0 / denominator
    share = 1.0 / weight_scale
    for k in range(count):
        rise = numerators[k] * part
        steepest = max(steepest, rise)
        growth = growth * (1.0 + rise)
        annuity = annuity * (1.0 + rise) + weights[k] * share
    return proposal(principal, balloon, growth, annuity, steepest)


def proposal(principal: int, balloon: int, growth: float, annuity: float, steepest: float) -> int:
    """The guess that growth, annuity factor and the steepest period factor make."""
    if growth > GROWTH_MAX or annuity * steepest > REACH_MAX:
        return UNSURE
    return int((principal * growth - balloon) / annuity + 0.5)


def level_instalment(
    principal: int,
    numerators: Sequence[int],
    denominator: int,
    weights: Sequence[int],
    weight_scale: int,
    balloon: int,
    count: int,
    principals: MutableSequence[int],
    interests: MutableSequence[int],
) -> int:
    """The base instalment: P = Σ x·w_k·v_k + balloon·v_n solved for x, rounded half up to the fen.

    Paying x·weights[k]/weight_scale in line k; the lines it makes are left in the last two arrays. Returns UNSURE
    when the fixed-point proof cannot decide (an answer too near a half fen, absurd growth, a few fen of principal);
    `level.exact_instalment` then does.
    """
    instalment = propose_instalment(principal, numerators, denominator, weights, weight_scale, balloon, count)
    if instalment < 0:
        return UNSURE
    for _ in range(4):
        refused, gap, reach = fill_level(
            principal,
            numerators,
            denominator,
            weights,
            weight_scale,
            balloon,
            instalment,
            count,
            principals,
            interests,
        )
        margin = doubt(reach, count, weight_scale)
        if refused != 0 or reach <= 2 * margin:
            return UNSURE
        if -reach + margin <= 2 * gap < reach - margin:
            return instalment
        if -reach - margin <= 2 * gap <= reach + margin:
            return UNSURE
        instalment += round_half_up(gap, reach)
        if instalment < 0:
            return UNSURE
    return UNSURE


def doubt(reach: int, count: int, weight_scale: int) -> int:
    """How far 2 × gap and reach of `fill_level` may be from the truth together.

    Factors cut off at 2^-24 bend either by less than count × 2^-24 of reach, whole units cut off in each line by a few
    2^-25 more: less than (count + 2) × 2^-23, here twice that. Fractional weights cut off more, and get 2^-12.
    """
    if weight_scale != 1:
        return (reach >> 12) + count
    return (reach >> 22) * (count + 8)


def fill_level(
    principal: int,
    numerators: Sequence[int],
    denominator: int,
    weights: Sequence[int],
    weight_scale: int,
    balloon: int,
    instalment: int,
    count: int,
    principals: MutableSequence[int],
    interests: MutableSequence[int],
) -> tuple[int, int, int]:
    """Lines of a level plan (equal instalment, balloon, stepped, rent in advance); the last takes what remains.

    First answer: 0, or the 1-based line whose interest the instalment does not cover. The other two prove the
    instalment, in units of about 2^-26 fen: what would remain above the balloon after `count` instalments had nothing
    been rounded, and how much of it one more fen of instalment removes (0 when the balance ran out early). Every
    remainder that rounding drops is carried in `drift`; `doubt` says how true both are.
    """
    up, down = drift_shifts(denominator)
    unit = (denominator << up) >> down
    half = denominator // 2
    balance = principal
    drift = reach = factor = 0
    ran_out = False
    inverse = 1.0 / denominator
    last = -1
    for k in range(count):
        numerator = numerators[k]
        if numerator != last:
            factor = (numerator << FACTOR_SHIFT) // denominator
            last = numerator
        interest, dropped = line_interest(balance, numerator, denominator, half, inverse)
        drift = grown(drift, factor) + ((dropped << up) >> down)
        payment, owed = instalment * weights[k], unit * weights[k]
        if weight_scale != 1:
            exact = payment
            payment, owed = round_half_up(exact, weight_scale), owed // weight_scale
            drift -= (exact - payment * weight_scale) * unit // weight_scale
        reach = grown(reach, factor) + owed
        interests[k] = interest
        part = payment - interest
        if k == count - 1:
            principals[k] = balance
            return 0, 0 if ran_out else (balance - part - balloon) * unit + drift, 0 if ran_out else reach
        if part < 0:
            return k + 1, 0, 0
        ran_out = ran_out or part > balance
        principals[k] = min(part, balance)
        balance -= principals[k]
    return 0, 0, 0


def line_interest(balance: int, numerator: int, denominator: int, half: int, inverse: float) -> tuple[int, int]:
    """One line's interest, rounded half up, and what the rounding dropped (in 1/denominator fen); half = denominator // 2.

    A float (inverse = 1/denominator) proposes the quotient, the remainder puts it right: quicker than a division, and
    as exact for any interest below 2^50 fen, where the proposal misses by one at most. No branches: loops over lanes.
    """
    raised = balance * numerator + half
    interest = int(raised * inverse)
    rest = raised - interest * denominator
    missed = int(rest >= denominator) - int(rest < 0)
    return interest + missed, rest - missed * denominator - half


def grown(amount: int, factor: int) -> int:
    """`amount` after one period at `factor` / 2^24."""
    return amount + ((amount * factor) >> FACTOR_SHIFT)


def drift_shifts(denominator: int) -> tuple[int, int]:
    """How far to shift 1/denominator fen up, then down, to count in units of about 2^-26 fen."""
    up = 0
    down = 0
    while (denominator << (up + 1)) < DRIFT_SCALE:
        up += 1
    while (denominator >> down) >= DRIFT_SCALE:
        down += 1
    return up, down


def restate_interest(
    principal: int,
    principals: Sequence[int],
    interests: MutableSequence[int],
    at: int,
    numerator: int,
    denominator: int,
) -> None:
    """Line `at` keeps its principal and gets the interest of its own factor: an irregular first period whose
    principal is what a whole month would have left of the instalment (DOMAIN AC-08)."""
    balance = principal
    for k in range(at):
        balance -= principals[k]
    interests[at] = round_half_up(balance * numerator, denominator)


def count_lines(principal: int, numerators: Sequence[int], denominator: int, instalment: int, most: int) -> int:
    """How many lines a given instalment needs to repay, or 0 when `most` lines do not suffice."""
    balance = principal
    for k in range(most):
        interest = round_half_up(balance * numerators[k], denominator)
        if instalment - interest >= balance:
            return k + 1
        if instalment <= interest:
            return 0
        balance -= instalment - interest
    return 0


def fill_equal_principal(
    principal: int,
    numerators: Sequence[int],
    denominator: int,
    count: int,
    principals: MutableSequence[int],
    interests: MutableSequence[int],
) -> int:
    """Lines of 等额本金: the same principal each, interest on what is left. Returns 0."""
    each = round_half_up(principal, count)
    balance = principal
    for k in range(count):
        part = each
        if k == count - 1 or part > balance:
            part = balance
        interests[k] = round_half_up(balance * numerators[k], denominator)
        principals[k] = part
        balance -= part
    return 0


def fill_interest_only(
    principal: int,
    numerators: Sequence[int],
    denominator: int,
    count: int,
    principals: MutableSequence[int],
    interests: MutableSequence[int],
) -> int:
    """Lines of 先息后本: interest each period, the principal with the last. Returns 0."""
    for k in range(count):
        interests[k] = round_half_up(principal * numerators[k], denominator)
        principals[k] = 0
    principals[count - 1] = principal
    return 0


def fill_bullet(
    principal: int,
    numerators: Sequence[int],
    denominator: int,
    count: int,
    principals: MutableSequence[int],
    interests: MutableSequence[int],
) -> int:
    """一次性还本付息: one line at the end with simple interest for the whole time, rounded once. Returns 0."""
    whole = 0
    for k in range(count):
        whole += numerators[k]
        principals[k] = 0
        interests[k] = 0
    interests[count - 1] = round_half_up(principal * whole, denominator)
    principals[count - 1] = principal
    return 0


def fill_flat(
    principal: int,
    flat_numerator: int,
    flat_denominator: int,
    count: int,
    principals: MutableSequence[int],
    interests: MutableSequence[int],
) -> int:
    """Lines of 等本等息: equal principal and a flat monthly charge on the first principal. Returns 0."""
    each = round_half_up(principal, count)
    charge = round_half_up(principal * flat_numerator, flat_denominator)
    balance = principal
    for k in range(count):
        part = each
        if k == count - 1 or part > balance:
            part = balance
        principals[k] = part
        interests[k] = charge
        balance -= part
    return 0


# ---- after payout ---------------------------------------------------------------------------------------------


def accrue(carry: int, balance: int, numerator: int, denominator: int) -> tuple[int, int]:
    """Whole fen to recognise now, and the exact remainder (in 1/denominator fen, within ± half) to carry on.

    Any number of small steps posts what one long step would: the sum is the running total rounded half up.
    """
    total = carry + balance * numerator
    posted = (total + denominator // 2) // denominator
    return posted, total - posted * denominator


def chargeable_days(days_late: int, grace_days: int, grace_mode: int) -> int:
    """Days that cost penalty: 0 = no grace, 1 = none within grace but all of them after it, 2 = only those after."""
    if days_late <= 0:
        return 0
    if grace_mode == 0:
        return days_late
    if days_late <= grace_days:
        return 0
    if grace_mode == 1:
        return days_late
    return days_late - grace_days


def spread(amount: int, dues: Sequence[int], order: Sequence[int], paid: MutableSequence[int]) -> int:
    """Pay `dues` (fen) in the given order of positions until `amount` is used up; returns what is left over."""
    for at in order:
        part = dues[at]
        if part > amount:
            part = amount
        paid[at] = part
        amount -= part
    return amount


def oldest_after(oldest: int, due: int, unpaid: int) -> int:
    """The oldest due day with anything unpaid, `oldest` among those before (0 for none), with the instalment of `due` beside them."""
    return due if unpaid > 0 and (oldest == 0 or due < oldest) else oldest


def days_past_due(due_ordinals: Sequence[int], unpaid: Sequence[int], count: int, as_of: int) -> int:
    """As-of day minus the oldest due day with anything unpaid; 0 on the due day itself (DOMAIN §6, first in first out)."""
    oldest = 0
    for k in range(count):
        oldest = oldest_after(oldest, due_ordinals[k], unpaid[k])
    return as_of - oldest if 0 < oldest < as_of else 0


def band(value: int, upper_bounds: Sequence[int]) -> int:
    """How many of the ascending `upper_bounds` lie below `value`: the index of its bucket."""
    at = 0
    for bound in upper_bounds:
        if value > bound:
            at += 1
    return at
