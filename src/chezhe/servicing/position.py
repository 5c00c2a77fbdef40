"""A loan's position: what is owed, paid and still to come, as a fold over dated events.

Pure values. Online one loan is folded on demand; nothing here reads a clock or a database. The order of a day is:
first instalments fall due (and take unapplied cash), then money that arrives that day is spread.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from chezhe.finmath import ageing, allocation, penalty, prepayment, settlement
from chezhe.finmath.accrual import AccruingLine, accrued_fen
from chezhe.finmath.allocation import Allocation, AllocationRule, Due, Item
from chezhe.finmath.penalty import OverdueStretch, PenaltyRule
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.settlement import Settlement, SettlementRule
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Row, TermsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The contract's rules that move money after payout. `annual_rate` None marks flat charges; settling early is
    free of charge once `free_after_periods` instalments are paid; `plan` is what a prepayment plans anew."""

    annual_rate: Decimal | None
    day_count: DayCount
    first_day_count: DayCount
    penalty: PenaltyRule
    allocation: AllocationRule
    settlement: SettlementRule
    free_after_periods: int | None = None
    plan: QuoteTerms | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One instalment of the schedule, running over [from_date, due_date); `opening_fen` bears its interest.

    `earned_fen` is the part of the interest that a sum prepaid inside the line had earned before it was paid.
    """

    period: int
    from_date: date
    due_date: date
    opening_fen: int
    principal_fen: int
    interest_fen: int
    fee_fen: int
    is_replanned: bool = False
    earned_fen: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LinePosition:
    """What has been paid on one instalment, and how long which amounts stayed unpaid after its due date."""

    line: Line
    paid: Due
    stretches: tuple[OverdueStretch, ...] = ()
    cleared_on: date | None = None

    def left_fen(self, item: Item) -> int:
        """Unpaid principal, interest or fee in fen."""
        return int(getattr(self.line, f"{item.value}_fen")) - self.paid.item_fen(item)

    @property
    def instalment_left_fen(self) -> int:
        """The unpaid part of the instalment itself, without penalties."""
        return sum(self.left_fen(item) for item in (Item.PRINCIPAL, Item.INTEREST, Item.FEE))

    def owed(self, rule: PenaltyRule, on: date) -> Due:
        """What this instalment owes on `on`, penalty and compound interest to that day included."""
        # An instalment cleared within its grace owes nothing for the days before, however late one looks.
        as_of = min(on, self.cleared_on) if self.cleared_on else on
        charged = penalty.charge_over(rule, self.line.due_date, as_of, [*self.stretches, self._open_stretch(as_of)])
        return Due(
            period=self.line.period, due_date=self.line.due_date, fee_fen=self.left_fen(Item.FEE),
            penalty_fen=max(0, charged.penalty_fen - self.paid.penalty_fen),
            compound_fen=max(0, charged.compound_fen - self.paid.compound_fen),
            interest_fen=self.left_fen(Item.INTEREST), principal_fen=self.left_fen(Item.PRINCIPAL),
        )

    def after(self, part: Due, on: date) -> LinePosition:
        """With `part` paid on `on`."""
        if not part.total_fen:
            return self
        paid = Due(
            period=part.period, due_date=part.due_date,
            **{f"{item.value}_fen": self.paid.item_fen(item) + part.item_fen(item) for item in Item},
        )
        changed = replace(self, paid=paid, stretches=(*self.stretches, self._open_stretch(on)))
        is_clear = not (changed.left_fen(Item.PRINCIPAL) or changed.left_fen(Item.INTEREST))
        return replace(changed, cleared_on=self.cleared_on or (on if is_clear else None))

    def _open_stretch(self, on: date) -> OverdueStretch:
        start = self.stretches[-1].to_date if self.stretches else self.line.due_date
        return OverdueStretch(
            from_date=start, to_date=max(on, start),
            principal_fen=self.left_fen(Item.PRINCIPAL), interest_fen=self.left_fen(Item.INTEREST),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A loan on a day. The first `recognised` lines have fallen due; `unapplied_fen` is the borrower's cash with us."""

    terms: Terms
    lines: tuple[LinePosition, ...]
    as_of: date
    recognised: int = 0
    unapplied_fen: int = 0
    settled_on: date | None = None

    @property
    def principal_fen(self) -> int:
        """Principal outstanding, due or not."""
        return 0 if self.settled_on else sum(line.left_fen(Item.PRINCIPAL) for line in self.lines)

    def due_fen(self, item: Item) -> int:
        """Principal, interest or fee that has fallen due and is unpaid."""
        return sum(line.left_fen(item) for line in self.lines[: self.recognised])

    @property
    def dues(self) -> tuple[Due, ...]:
        """What is owed now, instalment by instalment, penalties to `as_of` included."""
        owed = (line.owed(self.terms.penalty, self.as_of) for line in self.lines[: self.recognised])
        return tuple(due for due in owed if due.total_fen)

    @property
    def due_total_fen(self) -> int:
        return sum(due.total_fen for due in self.dues)

    @property
    def dpd(self) -> int:
        """Days past due: first in, first out by instalment; penalties alone do not age a loan."""
        unpaid = [(line.line.due_date, line.instalment_left_fen) for line in self.lines[: self.recognised]]
        return ageing.days_past_due(unpaid, self.as_of)

    @property
    def next_line(self) -> Line | None:
        """The next instalment to fall due."""
        return self.lines[self.recognised].line if self.recognised < len(self.lines) and not self.settled_on else None

    @property
    def is_paid_off(self) -> bool:
        """Everything the schedule asked for has fallen due and been paid, penalties included."""
        return self.recognised == len(self.lines) and not self.dues


@dataclass(frozen=True, slots=True, kw_only=True)
class FellDue:
    """An instalment fell due: its interest and fee become receivable."""

    on: date
    line: Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """Money was spread over dues. `amount_fen` is new money from account `source`; `drawn_fen` is how much unapplied
    cash was used."""

    on: date
    source: str
    amount_fen: int
    drawn_fen: int
    allocation: Allocation


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """The loan was settled early with money from account `source`; `drawn_fen` of the payoff came from unapplied
    cash, `interest_due_fen` is the part of its interest that had fallen due before."""

    on: date
    source: str
    amount_fen: int
    drawn_fen: int
    interest_due_fen: int
    settlement: Settlement


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepaid:
    """`amount_fen` of principal that had not fallen due was paid from account `source`; the rest is planned anew."""

    on: date
    source: str
    amount_fen: int
    mode: PrepaymentMode


Effect = FellDue | Applied | Closed | Prepaid


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """Something that happened to the loan from outside, as the event rows keep it."""

    on: date
    source: str
    amount_fen: int
    settles: bool = False
    prepays: PrepaymentMode | None = None


def opened(terms: Terms, rows: Sequence[Row], *, paid_out_on: date, principal_fen: int) -> Position:
    """The position on the day of payout, from the rows of the schedule."""
    return Position(terms=terms, lines=tuple(_lines(rows, paid_out_on, principal_fen, 0)), as_of=paid_out_on)


def _lines(rows: Sequence[Row], start: date, opening_fen: int, passed: int) -> Iterator[LinePosition]:
    """Untouched lines from `start` on, numbered after the `passed` ones."""
    for row in rows:
        line = Line(
            period=passed + row.period, from_date=start, due_date=row.due_date, opening_fen=opening_fen,
            principal_fen=row.principal_fen, interest_fen=row.interest_fen, fee_fen=row.fee_fen,
        )
        yield LinePosition(line=line, paid=Due(period=line.period, due_date=row.due_date))
        opening_fen, start = row.balance_fen, row.due_date


def advance(position: Position, to: date) -> tuple[Position, list[Effect]]:
    """Bring the loan up to date: what falls due until `to` (included) is recognised and takes unapplied cash.

    Doing it day by day or in one step gives the same. Raises ValueError for a day before `as_of`.
    """
    if to < position.as_of:
        raise ValueError(f"the position is already at {position.as_of}")
    effects: list[Effect] = []
    while (line := position.next_line) is not None and line.due_date <= to:
        position = replace(position, as_of=max(line.due_date, position.as_of), recognised=position.recognised + 1)
        effects.append(FellDue(on=line.due_date, line=line))
        if position.unapplied_fen:
            position, applied = _spread(position, 0, "")
            effects.append(applied)
    return replace(position, as_of=to), effects


def receive(position: Position, amount_fen: int, on: date, source: str) -> tuple[Position, list[Effect]]:
    """Money arrives: the loan is brought up to `on`, then the sum is spread; what is too much stays unapplied."""
    position, effects = advance(position, on)
    position, applied = _spread(position, amount_fen, source)
    return position, [*effects, applied]


def _spread(position: Position, amount_fen: int, source: str) -> tuple[Position, Applied]:
    available = amount_fen + position.unapplied_fen
    outcome = allocation.allocate(position.terms.allocation, position.dues, available, dpd=position.dpd)
    lines = _with(position.lines, outcome.paid, position.as_of)
    drawn = max(0, position.unapplied_fen - outcome.unapplied_fen)
    applied = Applied(on=position.as_of, source=source, amount_fen=amount_fen, drawn_fen=drawn, allocation=outcome)
    return replace(position, lines=lines, unapplied_fen=outcome.unapplied_fen), applied


def _with(lines: tuple[LinePosition, ...], paid: Iterable[Due], on: date) -> tuple[LinePosition, ...]:
    parts = {due.period: due for due in paid}
    return tuple(line.after(parts[line.line.period], on) if line.line.period in parts else line for line in lines)


def payoff(position: Position, on: date) -> Settlement:
    """What settles the loan on `on`, before unapplied cash is set off. The position itself does not change."""
    position, _ = advance(position, on)
    running = position.next_line
    later = sum(line.line.interest_fen for line in position.lines[position.recognised + 1 :])
    figure = settlement.settle(
        _settlement_rule(position), on, overdue=position.dues,
        line=_accruing(position.terms, running) if running else None, later_flat_fen=later,
    )
    earned = running.earned_fen if running else 0
    return replace(figure, interest_fen=figure.interest_fen + earned, total_fen=figure.total_fen + earned)


def _settlement_rule(position: Position) -> SettlementRule:
    after = position.terms.free_after_periods
    paid = sum(1 for line in position.lines[: position.recognised] if line.cleared_on)
    is_free = after is not None and paid >= after
    return replace(position.terms.settlement, fee_rate=Decimal(0)) if is_free else position.terms.settlement


def _accruing(terms: Terms, line: Line) -> AccruingLine:
    return AccruingLine(
        from_date=line.from_date, due_date=line.due_date, balance_fen=line.opening_fen,
        interest_fen=line.interest_fen - line.earned_fen, annual_rate=terms.annual_rate,
        day_count=terms.first_day_count if line.period == 1 else terms.day_count,
    )


def close(position: Position, amount_fen: int, on: date, source: str) -> tuple[Position, list[Effect]]:
    """Settle early with exactly the payoff of the day less unapplied cash. Raises ValueError for another sum."""
    position, effects = advance(position, on)
    figure = payoff(position, on)
    drawn = min(position.unapplied_fen, figure.total_fen)
    if amount_fen != figure.total_fen - drawn:
        raise ValueError("the sum is not the payoff of the day")
    left = position.unapplied_fen - drawn
    fallen_due = position.due_fen(Item.INTEREST)
    closed = Closed(
        on=on, source=source, amount_fen=amount_fen, drawn_fen=drawn, interest_due_fen=fallen_due, settlement=figure
    )
    lines = _with(position.lines, position.dues, on)
    return replace(position, lines=lines, unapplied_fen=left, settled_on=on), [*effects, closed]


def prepay(position: Position, amount_fen: int, on: date, source: str, mode: PrepaymentMode) -> tuple[Position, list[Effect]]:
    """Pay `amount_fen` of the principal not yet due; the lines not yet due are planned anew.

    Raises TermsError when the plan cannot be changed this way: something is overdue, the line was replanned before,
    the sum reaches the balance, or the method has no such plan.
    """
    position, effects = advance(position, on)
    running = position.next_line
    if position.terms.plan is None or running is None:
        raise TermsError("prepayment_not_possible", "mode")
    if position.dues:
        raise TermsError("prepayment_while_overdue", "amount")
    if running.is_replanned:
        raise TermsError("prepayment_twice_in_line", "paid_on")
    lines = _replanned(position, running, amount_fen, on, mode)
    done = Prepaid(on=on, source=source, amount_fen=amount_fen, mode=mode)
    return replace(position, lines=(*position.lines[: position.recognised], *lines)), [*effects, done]


def _replanned(position: Position, running: Line, amount_fen: int, on: date, mode: PrepaymentMode) -> list[LinePosition]:
    plan, passed = position.terms.plan, position.recognised
    assert plan is not None
    lines = [held.line for held in position.lines]
    # Without fees, and from a line that is whole: what the borrower calls the instalment.
    usual = lines[passed + 1].principal_fen + lines[passed + 1].interest_fen if len(lines) > passed + 1 else None
    rest = prepayment.rest_of(plan, rows_of(lines), passed)
    rows = prepayment.prepaid_schedule(
        rest, amount_fen=amount_fen, paid_on=on, mode=mode,
        instalment_fen=usual if plan.method is Method.EQUAL_INSTALMENT else None,
    )
    first, *later = _lines(rows, running.from_date, running.opening_fen - amount_fen, passed)
    before, after = (accrued_fen(_accruing(position.terms, line), on) for line in (running, first.line))
    marked = replace(first.line, is_replanned=True, earned_fen=min(before - after, first.line.interest_fen))
    return [replace(first, line=marked), *later]


def rows_of(lines: Iterable[Line]) -> list[Row]:
    """The lines as rows of a schedule, with running balances."""
    return [
        Row(period=line.period, due_date=line.due_date, principal_fen=line.principal_fen, interest_fen=line.interest_fen,
            fee_fen=line.fee_fen, total_fen=line.principal_fen + line.interest_fen + line.fee_fen,
            balance_fen=line.opening_fen - line.principal_fen)
        for line in lines
    ]


def fold(start: Position, incoming: Iterable[Incoming], to: date) -> tuple[Position, list[Effect]]:
    """The whole life again: everything that came in, in the order of its value dates, then on to `to`.

    A settlement that no longer meets the payoff (money before it was taken back), or a prepayment that is no longer
    possible, counts as an ordinary receipt.
    """
    position = start
    effects: list[Effect] = []
    for money in sorted(incoming, key=lambda money: money.on):
        ready, fallen = advance(position, money.on)
        position, more = take(ready, money)
        effects += [*fallen, *more]
    position, more = advance(position, max(to, position.as_of))
    return position, [*effects, *more]


def take(ready: Position, money: Incoming) -> tuple[Position, list[Effect]]:
    """One arrival on a position that stands on its day, by what it is."""
    if money.settles and money.amount_fen == _still_to_pay(ready):
        return close(ready, money.amount_fen, money.on, money.source)
    if money.prepays is not None:
        try:
            return prepay(ready, money.amount_fen, money.on, money.source, money.prepays)
        except TermsError:
            return receive(ready, money.amount_fen, money.on, money.source)
    return receive(ready, money.amount_fen, money.on, money.source)


def _still_to_pay(position: Position) -> int:
    total = payoff(position, position.as_of).total_fen
    return total - min(total, position.unapplied_fen)
