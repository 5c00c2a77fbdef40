"""A loan's position as values: terms, lines, and what was paid on them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from msgspec import Struct, structs

from chezhe.finmath import ageing, kernels, penalty
from chezhe.finmath.allocation import AllocationChoice, AllocationRule, Due, TransactionKind
from chezhe.finmath.penalty import OverdueStretch, PenaltyRule
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import DayCount, QuoteTerms


class Terms(Struct, frozen=True, kw_only=True, array_like=True):
    """The contract's rules that move money after payout. `annual_rate` None marks flat charges; settling early is
    free of charge once `free_after_periods` instalments are paid; `plan` is what a prepayment plans anew. More than
    `off_book_after_days` past due, interest leaves the books until all arrears are paid (财金〔2002〕5号). Repayments settle
    dues by `allocation`, other money by its own of the `orders` where the product has one. With a `penalty_multiple` the penalty
    rate follows the contract rate."""

    annual_rate: Decimal | None
    day_count: DayCount
    first_day_count: DayCount
    penalty: PenaltyRule
    allocation: AllocationRule
    settlement: SettlementRule
    free_after_periods: int | None = None
    plan: QuoteTerms | None = None
    off_book_after_days: int = 90
    orders: tuple[AllocationChoice, ...] = ()
    penalty_multiple: Decimal | None = None

    def priced(self, plan: QuoteTerms, annual_rate: Decimal | None) -> Terms:
        """With another plan at its rate."""
        rule = self.penalty
        if self.penalty_multiple is not None and annual_rate is not None:
            rule = replace(rule, annual_rate=penalty.penalty_rate(annual_rate, self.penalty_multiple))
        return structs.replace(self, plan=plan, annual_rate=annual_rate, penalty=rule)

    def order_for(self, kind: TransactionKind) -> AllocationRule:
        """The order in which money of this kind settles dues."""
        return next((choice.rule for choice in self.orders if choice.kind is kind), self.allocation)


class Line(Struct, frozen=True, kw_only=True, array_like=True):
    """One instalment of the schedule, running over [from_date, due_date); `opening_fen` bears its interest.

    `earned_fen` is the part of the interest that a sum prepaid inside the line had earned before it was paid. A line that runs
    otherwise than the terms say has a rate or a day count of its own, and a `penalty_rate` when it was planned at an older rate
    that penalties follow. `arrears_fen` is interest of an older plan that falls due
    with the line: it is interest to the borrower, and was taken off the books before. A fee charged after a write-off `is_claim`:
    it stands in the memo accounts alone.
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
    annual_rate: Decimal | None = None
    day_count: DayCount | None = None
    arrears_fen: int = 0
    penalty_rate: Decimal | None = None
    is_claim: bool = False

    @property
    def interest_asked_fen(self) -> int:
        """All interest the borrower pays with it."""
        return self.interest_fen + self.arrears_fen


class Spell(Struct, frozen=True, kw_only=True, array_like=True):
    """A time of arrears: from the due date of its first instalment to the day on which nothing was overdue any more (None while
    something is). `days` is how late an instalment that has been cleared was at worst; a restructuring took part of it when it
    `has_moved`."""

    due_on: date
    ended_on: date | None
    days: int = 0
    has_moved: bool = False


class LinePosition(Struct, frozen=True, kw_only=True, array_like=True):
    """What has been paid on one instalment, and how long which amounts stayed unpaid after its due date.

    What was forgiven counts as paid; `waived_fen` is that part of its interest and fee. What a restructuring took into the new
    plan has `moved`. `brought_…` are penalties that stood on it when the loan was taken over. A payment that left nothing of it,
    penalties included, has closed it: a cleared instalment charges nothing any more, so nobody need ask again. A fee that was paid
    after the rest was cleared is kept as `fee_cleared_on`.
    """

    line: Line
    paid: Due
    stretches: tuple[OverdueStretch, ...] = ()
    cleared_on: date | None = None
    waived_fen: int = 0
    moved_principal_fen: int = 0
    moved_interest_fen: int = 0
    moved_fee_fen: int = 0
    brought_penalty_fen: int = 0
    brought_compound_fen: int = 0
    is_closed: bool = False
    fee_cleared_on: date | None = None

    @property
    def principal_left_fen(self) -> int:
        """Unpaid principal."""
        return self.line.principal_fen - self.paid.principal_fen - self.moved_principal_fen

    @property
    def interest_left_fen(self) -> int:
        """Unpaid interest."""
        return self.line.interest_asked_fen - self.paid.interest_fen - self.moved_interest_fen

    @property
    def arrears_left_fen(self) -> int:
        """Unpaid interest of an older plan: it is paid after the line's own."""
        return min(self.line.arrears_fen, self.interest_left_fen) if self.line.arrears_fen else 0

    @property
    def fee_left_fen(self) -> int:
        """Unpaid fee."""
        return self.line.fee_fen - self.paid.fee_fen - self.moved_fee_fen

    @property
    def instalment_left_fen(self) -> int:
        """The unpaid part of the instalment itself, without penalties."""
        return self.principal_left_fen + self.interest_left_fen + self.fee_left_fen

    @property
    def in_order_from(self) -> date | None:
        """The day on which the last of the instalment itself, without penalties, was paid, forgiven or moved."""
        return None if self.instalment_left_fen else self.fee_cleared_on or self.cleared_on

    @property
    def was_in_time(self) -> bool:
        """Paid whole by its due date: nothing will ever be owed on it again."""
        return self.cleared_on is not None and self.cleared_on <= self.line.due_date and not self.instalment_left_fen

    def closed(self) -> LinePosition:
        """After nothing was left of it: closed, if it is cleared."""
        return structs.replace(self, is_closed=True) if self.cleared_on and not self.instalment_left_fen else self

    def owed(self, rule: PenaltyRule, on: date) -> Due:
        """What this instalment owes on `on`, penalty and compound interest to that day included."""
        # An instalment cleared within its grace owes nothing for the days before, however late one looks.
        as_of = min(on, self.cleared_on) if self.cleared_on else on
        rule = rule if self.line.penalty_rate is None else replace(rule, annual_rate=self.line.penalty_rate)
        charged = penalty.charge_over(rule, self.line.due_date, as_of, [*self.stretches, self._open_stretch(as_of)])
        return Due(
            period=self.line.period, due_date=self.line.due_date, fee_fen=self.fee_left_fen,
            penalty_fen=max(0, self.brought_penalty_fen + charged.penalty_fen - self.paid.penalty_fen),
            compound_fen=max(0, self.brought_compound_fen + charged.compound_fen - self.paid.compound_fen),
            interest_fen=self.interest_left_fen, principal_fen=self.principal_left_fen,
        )

    def after(self, part: Due, on: date, *, is_waived: bool = False) -> LinePosition:
        """With `part` paid (or forgiven) on `on`."""
        if not part.total_fen:
            return self
        paid = part.with_figures([before + now for before, now in zip(self.paid.figures, part.figures, strict=True)])
        waived = self.waived_fen + (part.interest_fen + part.fee_fen if is_waived else 0)
        changed = structs.replace(self, paid=paid, stretches=(*self.stretches, self._open_stretch(on)), waived_fen=waived)
        is_clear = not (changed.principal_left_fen or changed.interest_left_fen or (self.line.period < 0 and changed.fee_left_fen))
        if self.cleared_on and self.fee_left_fen and not changed.fee_left_fen:
            return structs.replace(changed, fee_cleared_on=on)
        return structs.replace(changed, cleared_on=self.cleared_on or (on if is_clear else None))

    def _open_stretch(self, on: date) -> OverdueStretch:
        start = self.stretches[-1].to_date if self.stretches else self.line.due_date
        return OverdueStretch(
            from_date=start, to_date=max(on, start),
            principal_fen=self.principal_left_fen, interest_fen=self.interest_left_fen - self.arrears_left_fen,
        )

    def bearing(self, penalty_rate: Decimal) -> LinePosition:
        """With the penalty rate that held when it was planned, whatever the terms say from now on."""
        if self.line.penalty_rate is not None:
            return self
        return structs.replace(self, line=structs.replace(self.line, penalty_rate=penalty_rate))

    def moved(self, on: date) -> LinePosition:
        """What is unpaid becomes part of a new plan on `on`; penalties to that day stay owed here."""
        return structs.replace(
            self, stretches=(*self.stretches, self._open_stretch(on)), cleared_on=self.cleared_on or on,
            fee_cleared_on=on if self.cleared_on and self.fee_left_fen else self.fee_cleared_on,
            moved_principal_fen=self.moved_principal_fen + self.principal_left_fen,
            moved_interest_fen=self.moved_interest_fen + self.interest_left_fen, moved_fee_fen=self.moved_fee_fen + self.fee_left_fen,
        )

    @property
    def has_moved(self) -> bool:
        """Whether anything of it was taken into a new plan."""
        return bool(self.moved_principal_fen or self.moved_interest_fen or self.moved_fee_fen)


class Position(Struct, frozen=True, kw_only=True, array_like=True):
    """A loan on a day. The first `recognised` lines have fallen due; `unapplied_fen` is the borrower's cash with us.

    While `is_off_book`, unpaid interest stands outside the balance sheet and nothing accrues on it. `accrued_out_fen` is
    the interest that has left the accrued interest of the whole house: what fell due, or was settled, on the books.
    `charges` are fees beside the plan, each as a line of its own, numbered −1, −2, …; they make no loan late. The lines from
    `plan_from` on are those of `terms.plan`. After a restructuring the loan is watched until `observed_until`. Once it is
    accelerated all of it is due; once it is written off its claim is kept outside the books, the first `charges_written_off` charges
    with it. `deposit_fen` is the borrower's security with us. `worst_before` is how late it was under the books it was taken over from.
    While it is `held_since` a day its money is not with the borrower, and the calendar does nothing to it.
    """

    terms: Terms
    lines: tuple[LinePosition, ...]
    as_of: date
    charges: tuple[LinePosition, ...] = ()
    recognised: int = 0
    unapplied_fen: int = 0
    settled_on: date | None = None
    is_off_book: bool = False
    accrued_out_fen: int = 0
    plan_from: int = 0
    observed_until: date | None = None
    accelerated_on: date | None = None
    written_off_on: date | None = None
    deposit_fen: int = 0
    worst_before: Spell | None = None
    charges_written_off: int = 0
    held_since: date | None = None
    undone_on: date | None = None

    @property
    def principal_fen(self) -> int:
        """Principal outstanding, due or not."""
        return 0 if self.settled_on else sum(line.principal_left_fen for line in self.lines)

    @property
    def principal_due_fen(self) -> int:
        """Principal that has fallen due and is unpaid."""
        return sum(line.principal_left_fen for line in self.lines[: self.recognised])

    def charged(self, fen: int, on: date, *, is_claim: bool = False) -> Position:
        """With one more fee beside the plan, owed from `on`; nothing is added for nothing."""
        if not fen:
            return self
        period = -1 - len(self.charges)
        line = Line(period=period, from_date=on, due_date=on, opening_fen=0, principal_fen=0, interest_fen=0, fee_fen=fen,
                    is_claim=is_claim)
        return structs.replace(self, charges=(*self.charges, LinePosition(line=line, paid=Due(period=period, due_date=on))))

    @property
    def interest_due_fen(self) -> int:
        """Interest that has fallen due and is unpaid."""
        return sum(line.interest_left_fen for line in self.lines[: self.recognised] if not line.is_closed)

    @property
    def arrears_due_fen(self) -> int:
        """The part of the interest due that came from an older plan and stands off the books."""
        return sum(line.arrears_left_fen for line in self.lines[: self.recognised] if not line.is_closed)

    @property
    def arrears_to_come_fen(self) -> int:
        """Interest of an older plan that has not fallen due."""
        return 0 if self.settled_on else sum(line.line.arrears_fen for line in self.lines[self.recognised :])

    @property
    def fee_due_fen(self) -> int:
        """Fees that have fallen due and are unpaid, those beside the plan included."""
        return sum(line.fee_left_fen for line in (*self.lines[: self.recognised], *self.charges))

    @property
    def dues(self) -> tuple[Due, ...]:
        """What is owed now, instalment by instalment and charge by charge, penalties to `as_of` included."""
        fallen = (*self.lines[: self.recognised], *self.charges)
        owed = (line.owed(self.terms.penalty, self.as_of) for line in fallen if not (line.is_closed or line.was_in_time))
        return tuple(due for due in owed if due.total_fen)

    @property
    def due_total_fen(self) -> int:
        return sum(due.total_fen for due in self.dues)

    @property
    def dpd(self) -> int:
        """Days past due: first in, first out by instalment; penalties alone do not age a loan."""
        unpaid = [(line.line.due_date, line.instalment_left_fen) for line in self.lines[: self.recognised] if not line.is_closed]
        return ageing.days_past_due(unpaid, self.as_of)

    @property
    def oldest_due(self) -> int:
        """The due day, as an ordinal, of the oldest instalment with anything unpaid; 0 for none."""
        oldest = 0
        for held in () if self.settled_on else self.lines[: self.recognised]:
            if not held.is_closed:
                oldest = kernels.oldest_after(oldest, held.line.due_date.toordinal(), held.instalment_left_fen)
        return oldest

    @property
    def oldest_due_on(self) -> date | None:
        """The due date of the oldest instalment with anything unpaid."""
        oldest = self.oldest_due
        return date.fromordinal(oldest) if oldest else None

    @property
    def next_line(self) -> Line | None:
        """The next instalment to fall due."""
        return self.lines[self.recognised].line if self.recognised < len(self.lines) and not self.settled_on else None

    @property
    def is_paid_off(self) -> bool:
        """Everything the schedule asked for has fallen due and been paid, penalties included."""
        return self.recognised == len(self.lines) and not self.dues
