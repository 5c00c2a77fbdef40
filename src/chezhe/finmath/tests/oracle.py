"""The slow twin: schedules and what follows them in 60-digit Decimal and plain dates, without the kernels (DOMAIN §3)."""

import calendar
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext

from chezhe.finmath.terms import DayCount, Method, QuoteTerms, StubLevel

Line = tuple[date, int, int]  # due date, principal, interest in fen


def lines(terms: QuoteTerms) -> list[Line]:
    """Due date, principal and interest of every line (a bullet has one)."""
    with localcontext(prec=60):
        return _lines(terms)


def _lines(terms: QuoteTerms) -> list[Line]:
    count = terms.periods or 600
    dues, whole = due_dates(terms, count)
    fractions = year_fractions(terms, dues, whole)
    rate = terms.annual_rate or Decimal(0)
    principal = Decimal(terms.principal_fen)
    if terms.method is Method.BULLET:
        return [(dues[-1], terms.principal_fen, fen(principal * rate, fractions))]
    if terms.method is Method.FLAT_EQUAL:
        monthly, yearly = terms.flat_monthly_rate, terms.flat_annual_rate or Decimal(0)
        charge = fen(principal * yearly, [(1, 12)]) if monthly is None else fen(principal * monthly, [(1, 1)])
        return [(due, part, charge) for due, part in zip(dues, equal_parts(terms.principal_fen, count), strict=True)]
    if terms.method is Method.EQUAL_PRINCIPAL:
        parts = equal_parts(terms.principal_fen, count)
    elif terms.method is Method.INTEREST_ONLY_BULLET:
        parts = [0] * (count - 1) + [terms.principal_fen]
    else:
        return _level(terms, dues, whole, fractions)
    made, balance = [], principal
    for due, part, fraction in zip(dues, parts, fractions, strict=True):
        made.append((due, part, fen(balance * rate, [fraction])))
        balance -= part
    return made


def _level(terms: QuoteTerms, dues: list[date], whole: bool, fractions: list[tuple[int, int]]) -> list[Line]:
    """Instalments solved by discounting, then line by line."""
    weights = [Decimal(1)] * len(dues)
    for step in terms.steps:
        weights[step.from_period - 1 :] = [step.factor] * (len(dues) - step.from_period + 1)
    rate = terms.annual_rate or Decimal(0)
    base = terms.instalment_fen or base_instalment(terms, fractions, weights)
    stub_at = int(terms.method is Method.RENT_IN_ADVANCE) if is_solved_on_months(terms) and not whole else None
    made, balance = [], Decimal(terms.principal_fen)
    for k, due in enumerate(dues):
        interest = fen(balance * rate, [fractions[k]])
        kept = fen(balance * rate, [(1, 12)]) if k == stub_at else interest
        payment = round_fen(base * weights[k])
        last = k == len(dues) - 1 if terms.instalment_fen is None else balance <= payment - kept
        part = int(balance) if last else min(payment - kept, int(balance))
        assert part >= 0, "the instalment does not cover its interest"
        made.append((due, part, interest))
        balance -= part
        if last:
            break
    return made


def is_solved_on_months(terms: QuoteTerms) -> bool:
    """Whether the instalment is solved as if every period were a whole month."""
    said = terms.stub.level if terms.stub else None
    return terms.day_count is DayCount.THIRTY_360 if said is None else said is StubLevel.FULL_PERIODS


def base_instalment(terms: QuoteTerms, fractions: list[tuple[int, int]], weights: list[Decimal]) -> int:
    """The base instalment of a level plan."""
    full, advance = is_solved_on_months(terms), terms.method is Method.RENT_IN_ADVANCE
    solving = [(0, 1) if advance and k == 0 else (1, 12) if full else f for k, f in enumerate(fractions)]
    return instalment(terms.principal_fen, terms.annual_rate or Decimal(0), solving, weights, terms.balloon_fen or 0)


def instalment(principal: int, rate: Decimal, solving: list[tuple[int, int]], weights: list[Decimal], balloon: int) -> int:
    """x with P = Σ x·w·v + balloon·v_n, half up."""
    discount, annuity = Decimal(1), Decimal(0)
    for (units, base), weight in zip(solving, weights, strict=True):
        discount /= 1 + rate * units / base
        annuity += weight * discount
    return round_fen((principal - balloon * discount) / annuity)


def equal_parts(principal: int, count: int) -> list[int]:
    """Equal half-up parts, the last taking the rest."""
    each = fen(Decimal(principal), [(1, count)])
    parts, left = [], principal
    for _ in range(count - 1):
        parts.append(min(each, left))
        left -= parts[-1]
    return [*parts, left]


def fen(yearly: Decimal, fractions: list[tuple[int, int]]) -> int:
    """yearly × Σ units/base, multiplied before dividing so that exact halves stay exact."""
    common = 1
    for _, base in fractions:
        common *= base // _gcd(common, base)
    return round_fen(yearly * sum(units * (common // base) for units, base in fractions) / common)


def round_fen(amount: Decimal) -> int:
    """Half up to a whole fen."""
    return int(amount.quantize(Decimal(1), ROUND_HALF_UP))


def due_dates(terms: QuoteTerms, count: int) -> tuple[list[date], bool]:
    """Due dates, and whether the first interest period is a whole month."""
    start, advance = terms.start_date, terms.method is Method.RENT_IN_ADVANCE
    anchor = terms.due_day or start.day
    first = terms.first_due_date if not advance else None
    if first is None:
        first = next(d for d in (start + timedelta(days=n) for n in range(1, 70)) if d.day == clip(d.year, d.month, anchor))
        skip = (terms.stub.skip_below_days if terms.stub else None) or 0
        if start.day != clip(start.year, start.month, anchor) and (first - start).days < skip:
            first = shift(first, 1, anchor)
    elif terms.due_day is None and first != shift(start, 1, start.day):
        anchor = first.day
    whole = start.day == clip(start.year, start.month, anchor) and first == shift(start, 1, anchor)
    dues = [shift(first, k, anchor) for k in range(count)]
    return ([start, *dues[: count - 1]], whole or count == 1) if advance else (dues, whole)


def year_fractions(terms: QuoteTerms, dues: list[date], whole: bool) -> list[tuple[int, int]]:
    """(units, base) of each period."""
    found, before = [], terms.start_date
    stub_at = 1 if terms.method is Method.RENT_IN_ADVANCE else 0
    for k, due in enumerate(dues):
        is_stub = k == stub_at and not whole
        basis = terms.stub.basis if is_stub and terms.stub else terms.day_count
        if basis is DayCount.THIRTY_360 and not is_stub and due > before:
            found.append((1, 12))
        else:
            found.append(length(before, due, basis))
        before = due
    return found


def length(start: date, end: date, basis: DayCount) -> tuple[int, int]:
    """Length in years, counted day by day."""
    if basis is DayCount.THIRTY_360:
        months = (end.year - start.year) * 12 + end.month - start.month
        return months * 30 + min(end.day, 30) - min(start.day, 30), 360
    days = [start + timedelta(days=n) for n in range((end - start).days)]
    if basis is DayCount.ACT_ACT:
        leap = sum(calendar.isleap(day.year) for day in days)
        return leap * 365 + (len(days) - leap) * 366, 365 * 366
    return len(days), 360 if basis is DayCount.ACT_360 else 365


def shift(day: date, months: int, anchor: int) -> date:
    """`months` later on the anchor, clipped."""
    at = day.year * 12 + day.month - 1 + months
    return date(at // 12, at % 12 + 1, clip(at // 12, at % 12 + 1, anchor))


def clip(year: int, month: int, anchor: int) -> int:
    """The anchor or the month's last day."""
    return min(anchor, calendar.monthrange(year, month)[1])


def _gcd(a: int, b: int) -> int:
    while b:
        a, b = b, a % b
    return a
