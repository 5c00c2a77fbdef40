"""The slow twin of everything after the schedule: day by day, item by item, in Decimal, without the kernels (DOMAIN §3)."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction

from chezhe.finmath.allocation import AllocationMode, AllocationRule, Item
from chezhe.finmath.penalty import GraceMode, OverdueStretch, PenaltyBase, PenaltyRule
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.settlement import FlatCharges, SettlementRule
from chezhe.finmath.terms import DayCount, DepositRefund, FeeWhen, Method, QuoteTerms, SubsidyTerms
from chezhe.finmath.tests import oracle
from chezhe.finmath.tests.oracle import Line

DAY = timedelta(days=1)


def interest(balance: int, rate: Decimal, start: date, end: date, day_count: DayCount) -> int:
    """Simple interest for [start, end), half up once."""
    with localcontext(prec=60):
        return oracle.fen(Decimal(balance) * rate, [oracle.length(start, end, day_count)])


def accrued(start: date, due: date, balance: int, whole: int, rate: Decimal | None, day_count: DayCount, on: date) -> int:
    """Interest of a line earned up to `on`."""
    end = min(max(on, start), due)
    if end == due:
        return whole
    if rate is None:
        return oracle.fen(Decimal(whole), [((end - start).days, (due - start).days)])
    return min(whole, interest(balance, rate, start, end, day_count))


def charge(rule: PenaltyRule, due: date, on: date, stretches: Sequence[OverdueStretch]) -> tuple[int, int, int]:
    """Days, penalty and compound interest, each day looked at by itself."""
    late = [due + n * DAY for n in range(max((on - due).days, 0))]
    if rule.grace_mode is not GraceMode.NONE and len(late) <= rule.grace_days:
        late = []
    if rule.grace_mode is GraceMode.FROM_END_OF_GRACE:
        late = late[rule.grace_days :]
    principal = interest_sum = Decimal(0)
    with localcontext(prec=60):
        for day in late:
            units, base = oracle.length(day, day + DAY, rule.day_count)
            for stretch in stretches:
                if stretch.from_date <= day < stretch.to_date:
                    principal += stretch.principal_fen * units
                    interest_sum += stretch.interest_fen * units
        if not late:
            return 0, 0, 0
        if rule.base is PenaltyBase.PRINCIPAL_AND_INTEREST:
            return len(late), oracle.round_fen((principal + interest_sum) * rule.annual_rate / base), 0
        compound = oracle.round_fen(interest_sum * rule.annual_rate / base) if rule.compounds else 0
        return len(late), oracle.round_fen(principal * rule.annual_rate / base), compound


def allocated(rule: AllocationRule, dues: Sequence[dict[Item, int]], amount: int, dpd: int) -> tuple[list[dict[Item, int]], int]:
    """What of each due (oldest first) is paid, and what is left of the amount: one fen's way, item by item."""
    order = rule.late_order if rule.late_order and dpd > (rule.late_after_days or 0) else rule.order
    paid = [dict.fromkeys(Item, 0) for _ in dues]
    turns = (
        [(at, item) for at in range(len(dues)) for item in order]
        if rule.mode is AllocationMode.BY_INSTALMENT
        else [(at, item) for item in order for at in range(len(dues))]
    )
    for at, item in turns:
        paid[at][item] = min(amount, dues[at][item])
        amount -= paid[at][item]
    return paid, amount


def payoff(rule: SettlementRule, overdue: Sequence[dict[Item, int]], not_due: int, running: int, kept: int | None) -> dict[str, int]:
    """The settlement figures; `kept` are all flat charges not yet due, for loans that have some."""
    owed = {item: sum(due[item] for due in overdue) for item in Item}
    owed[Item.PRINCIPAL] += not_due
    owed[Item.INTEREST] += kept if kept is not None and rule.flat_charges is FlatCharges.KEEP else running
    with localcontext(prec=60):
        fee = oracle.round_fen(Decimal(not_due) * rule.fee_rate)
    figures = {f"{item.value}_fen": fen for item, fen in owed.items()}
    return figures | {"early_settlement_fee_fen": fee, "total_fen": sum(owed.values()) + fee}


def rest(terms: QuoteTerms, after: int) -> QuoteTerms:
    """The lines after line `after` as a loan of their own."""
    if after == 0:
        return terms
    lines = oracle.lines(terms)
    running = [step for step in terms.steps if step.from_period <= after + 1][-1:]
    later = [replace(step, from_period=step.from_period - after) for step in terms.steps if step.from_period > after + 1]
    return replace(
        terms,
        principal_fen=sum(part for _, part, _ in lines[after:]),
        periods=len(lines) - after,
        start_date=lines[after - 1][0],
        first_due_date=lines[after][0],
        due_day=terms.due_day or terms.start_date.day,
        steps=(*(replace(step, from_period=1) for step in running), *later),
        stub=replace(terms.stub, skip_below_days=None) if terms.stub else None,
        fees=(),
    )


def prepaid(terms: QuoteTerms, after: int, amount: int, on: date, mode: PrepaymentMode, instalment: int) -> list[Line]:
    """The lines after a partial prepayment in line `after` + 1. AssertionError when it is none of the balance or the line."""
    old = rest(terms, after)
    count = old.periods or 0
    assert 0 < amount < old.principal_fen
    smaller = replace(old, principal_fen=old.principal_fen - amount, instalment_fen=None)
    assert (smaller.balloon_fen or 0) < smaller.principal_fen
    if mode is PrepaymentMode.REDUCE_INSTALMENT:
        made = oracle.lines(smaller)
    elif old.method is Method.EQUAL_PRINCIPAL:
        part = oracle.equal_parts(old.principal_fen, count)[0]
        enough = next((n for n in range(1, count) if n * part >= smaller.principal_fen), count)
        made = oracle.lines(replace(smaller, periods=enough))
    else:
        made = _shortened(old, smaller, instalment) or oracle.lines(smaller)
    due, principal, charged = made[0]
    return [(due, principal, charged + _on_prepaid(old, smaller.principal_fen, amount, due, on)), *made[1:]]


def _shortened(old: QuoteTerms, smaller: QuoteTerms, instalment: int) -> list[Line] | None:
    """Lines of the old instalment (solved where none is given), or None when it does not repay in the old lines."""
    dues, whole = oracle.due_dates(old, old.periods or 1)
    with localcontext(prec=60):
        solved = oracle.base_instalment(old, oracle.year_fractions(old, dues, whole), [Decimal(1)] * len(dues))
    kept = instalment or old.instalment_fen or solved
    try:
        made = oracle.lines(replace(smaller, instalment_fen=kept)) if kept else []
    except AssertionError:
        return None
    return made if sum(part for _, part, _ in made) == smaller.principal_fen else None


def _on_prepaid(old: QuoteTerms, balance: int, amount: int, due: date, on: date) -> int:
    """Interest on the prepaid amount from the line's start, rounded together with the line's own on the balance."""
    assert old.start_date <= on < due
    dues, whole = oracle.due_dates(old, old.periods or 1)
    fractions = oracle.year_fractions(old, dues, whole)
    fractions = fractions if old.method is Method.BULLET else fractions[:1]
    basis = old.stub.basis if old.stub and not whole else old.day_count
    units, base = oracle.length(old.start_date, on, basis)
    rate = Fraction(old.annual_rate or 0)
    line = balance * rate * sum(Fraction(*fraction) for fraction in fractions)
    return half_up(line + amount * rate * Fraction(units, base)) - half_up(line)


def half_up(amount: Fraction) -> int:
    """Half up to a whole fen."""
    return (amount + Fraction(1, 2)).__floor__()


def subsidies(terms: QuoteTerms, subsidy: SubsidyTerms, openings: Sequence[int]) -> list[int]:
    """The subsidy of each period on its opening balance, the cap counted by the calendar year of its end."""
    dues, whole = oracle.due_dates(terms, len(openings))
    used: dict[int, int] = defaultdict(int)
    found = []
    for due, opening, fraction in zip(dues, openings, oracle.year_fractions(terms, dues, whole), strict=True):
        part = oracle.fen(opening * subsidy.rate, [fraction])
        if subsidy.cap_per_year_fen is not None:
            part = min(part, subsidy.cap_per_year_fen - used[due.year])
        used[due.year] += part
        found.append(part)
    return found


def cash(terms: QuoteTerms, *, with_fees: bool) -> list[tuple[Fraction, date, int]]:
    """The lender's cash of a plan as (months from the start, date, fen)."""
    lines, count = oracle.lines(terms), terms.periods or 0
    dues, whole = oracle.due_dates(terms, count)
    fractions, advance = oracle.year_fractions(terms, dues, whole), terms.method is Method.RENT_IN_ADVANCE
    gap = Fraction(1) if whole else 12 * Fraction(*fractions[int(advance)])
    upfront = sum(fee.amount_fen for fee in terms.fees if fee.when is FeeWhen.UPFRONT) if with_fees else 0
    monthly = sum(fee.amount_fen for fee in terms.fees if fee.when is FeeWhen.MONTHLY) if with_fees else 0
    flows = [(Fraction(0), terms.start_date, upfront - terms.principal_fen)]
    for at, (due, principal, charged) in enumerate(lines, start=count - len(lines)):
        month = Fraction(0) if advance and at == 0 else gap + at - int(advance)
        flows.append((month, due, principal + charged + monthly * (count if terms.method is Method.BULLET else 1)))
    if terms.deposit is not None:
        month, due, _ = flows[-1]
        if terms.deposit.refund is DepositRefund.END and advance:
            month, due = month + 1, oracle.shift(due, 1, terms.due_day or terms.start_date.day)
        flows += [(Fraction(0), terms.start_date, terms.deposit.amount_fen), (month, due, -terms.deposit.amount_fen)]
    return flows


def is_rate(rate: float, flows: Sequence[tuple[Fraction, int]]) -> bool:
    """Whether the value of (time, fen) flows changes sign within a billionth of `rate`, or all but vanishes there."""
    with localcontext(prec=50):
        values = []
        for off in (-1, 1):
            growth = 1 + Decimal(rate) + off * Decimal("1e-9") * max(Decimal(1), abs(Decimal(rate)))
            powers = [(-Decimal(t.numerator) / t.denominator * growth.ln()).exp() for t, _ in flows]
            values.append(sum((fen * power for (_, fen), power in zip(flows, powers, strict=True)), Decimal(0)))
        return values[0] * values[1] <= 0
