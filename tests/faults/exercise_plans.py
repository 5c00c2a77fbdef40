"""The lines of a loan in the exercise book, and what becomes of them when somebody decides on another plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.terms import DayCount, FeeWhen, Method, QuoteTerms
from chezhe.finmath.tests import oracle

DAY = timedelta(days=1)
ITEMS = ("fee", "penalty", "compound", "interest", "principal")
OFF_BOOK_AFTER = 90
NEW_RATE = Decimal("0.10")
PREPAYABLE = {Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY_BULLET, Method.BULLET, Method.BALLOON}
MOVABLE = {Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL, Method.INTEREST_ONLY_BULLET, Method.BALLOON, Method.FLAT_EQUAL}
REPRICED = MOVABLE - {Method.FLAT_EQUAL}
# Their principal may wait when the last line is running.
WAITING = {Method.BULLET, Method.INTEREST_ONLY_BULLET, Method.BALLOON}
Owed = list[tuple["Line", dict[str, int]]]


@dataclass
class News:
    """What came in on a day; `kind` is the name of the rule of Page that takes it."""

    kind: str
    on: date
    fen: int = 0
    item: str = ""
    mode: PrepaymentMode | None = None
    number: int = 0
    rate: Decimal | None = None

    @property
    def is_at_the_counter(self) -> bool:
        """Money that a clerk has registered; what was claimed had come to the bank before."""
        return self.kind in ("repaid", "insured", "settled", "prepaid", "deposited") and self.item != "claimed"


@dataclass
class Line:
    """An instalment, or (with a number below nought) a fee beside the plan."""

    number: int
    start: date
    due: date
    opening: int
    principal: int
    interest: int
    fee: int
    basis: DayCount
    # What the line bears (nothing: flat charges), and the part of a year that it runs.
    rate: Decimal | None = None
    share: Fraction = Fraction(0)
    penalty_rate: Decimal = Decimal(0)
    is_changed: bool = False
    earned: int = 0
    # Interest of an older plan that falls due with the line: no interest on it, and off the books until it is paid.
    arrears: int = 0
    paid: dict[str, int] = field(default_factory=lambda: dict.fromkeys(ITEMS, 0))
    cleared: date | None = None
    # Fen × nights: what was unpaid, added up night by night.
    nights_principal: int = 0
    nights_interest: int = 0
    # Given up with the loan, or charged since: the fee is part of the claim that the memo accounts keep.
    is_claim: bool = False

    def left(self, item: str) -> int:
        """Unpaid fee, interest (that of an older plan included) or principal."""
        return int(getattr(self, item)) + (self.arrears if item == "interest" else 0) - self.paid[item]

    @property
    def arrears_left(self) -> int:
        """A line's own interest is paid first."""
        return min(self.arrears, self.left("interest"))

    @property
    def unpaid(self) -> int:
        return self.left("fee") + self.left("interest") + self.left("principal")


@cache
def planned(plan: QuoteTerms) -> tuple[oracle.Line, ...]:
    """The lines of a plan; a life that is lived again asks for the same ones."""
    return tuple(oracle.lines(plan))


@cache
def shares(plan: QuoteTerms) -> tuple[Fraction, ...]:
    """The part of a year that each line runs; the one line of a bullet runs them all."""
    dues, is_whole = oracle.due_dates(plan, plan.periods or 1)
    found = [Fraction(*part) for part in oracle.year_fractions(plan, dues, is_whole)]
    return (sum(found, Fraction(0)),) if plan.method is Method.BULLET else tuple(found)


class Plans:
    """What a page does with its lines; the page itself keeps the money."""

    terms: ContractTerms
    news: list[News]
    # Where penalties follow the rate: how many times.
    penalty_multiple: Decimal | None
    plan: QuoteTerms
    lines: list[Line]
    fallen: int
    day: date
    is_off: bool
    left_accrual: int
    restructured_at: int
    called_on: date | None
    given_up_on: date | None

    def _restructured(self, news: News) -> None:
        """Everything unpaid under a plan of `number` instalments at 10 %: interest is spread over it, fees are owed beside it."""
        if self.given_up_on or not self.principal:
            return
        old, principal = self.plan, self.principal
        self._cut()
        interest = sum(line.left("interest") for line in self.lines)
        self._charge(sum(line.left("fee") for line in self.lines))
        for line in self.lines:
            self._pay(line, {item: line.left(item) for item in ("fee", "interest", "principal")})
            line.cleared = line.cleared or self.day
        self.plan = QuoteTerms(
            principal_fen=principal, method=Method(news.item), start_date=self.day, annual_rate=NEW_RATE, periods=news.number,
            first_due_date=oracle.shift(self.day, 1, self._anchor), due_day=self._anchor, day_count=old.day_count, stub=old.stub,
        )
        new = self._lines(self.plan, planned(self.plan), self.fallen)
        parts = oracle.equal_parts(interest, len(new))
        self.lines += [replace(line, arrears=part) for line, part in zip(new, parts, strict=True)]
        self.lines[self.fallen] = replace(self.lines[self.fallen], is_changed=True, basis=self._first_basis())
        self.restructured_at, self.called_on = self.fallen, None

    def _cut(self) -> None:
        """The running line ends today with what it earned, and all principal with it."""
        running, to_come = self.running, self.lines[self.fallen :]
        if running is None:
            return
        earned = self._accrued(running)
        share = Fraction(*oracle.length(running.start, self.day, running.basis))
        whole = replace(running, due=self.day, share=share, interest=earned, fee=0, principal=sum(line.principal for line in to_come),
                        arrears=sum(line.arrears for line in to_come))
        self.lines = [*self.lines[: self.fallen], whole]
        self.fallen += 1
        self.left_accrual += 0 if self.is_off else earned

    def _plan_on(self, new: list[Line], kept: int = 0) -> None:
        """Other lines from the running one on (`kept` of them stay); what was to come of older interest is spread evenly over them."""
        begin = self.fallen + kept
        parts = oracle.equal_parts(sum(line.arrears for line in self.lines[begin:]), len(new))
        self.lines = [*self.lines[:begin], *(replace(line, arrears=part) for line, part in zip(new, parts, strict=True))]

    def can_move(self, due_day: int = 0) -> bool:
        """Whether the due day (or, with none given, the next due date) may be moved."""
        running = self.running
        is_open = running is not None and not running.is_changed and self.plan.method in MOVABLE
        return is_open and (not due_day or running.due != oracle.shift(running.due, 0, due_day))  # type: ignore[union-attr]

    def _due_day(self, news: News) -> None:
        if self.can_move(news.number):
            assert self.running
            months = [oracle.shift(self.running.due, step, news.number) for step in (-1, 0, 1)]
            far = {due: abs((due - self.running.due).days) for due in months if due > max(self.day, self.running.start)}
            # The nearest day still to come; of two as near, the later.
            self._move(max(due for due in far if far[due] == min(far.values())), news.number)

    def _holiday(self, news: News) -> None:
        if self.can_move():
            assert self.running
            self._move(oracle.shift(self.running.due, news.number, self._anchor), self._anchor)

    def _move(self, first_due: date, due_day: int, more: int = 0) -> None:
        periods = len(self.lines) - self.fallen + more
        plan = replace(self._rest(), first_due_date=first_due, due_day=due_day, periods=periods, instalment_fen=None)
        first, *later = self._lines(plan, planned(plan), self.fallen)
        self.plan = plan
        self._plan_on([replace(first, is_changed=True, basis=self._first_basis()), *later])

    def can_reprice(self, rate: Decimal) -> bool:
        """Whether lines are to come that could bear another rate."""
        running = self.running
        is_open = running is not None and not running.is_changed and self.plan.method in REPRICED
        return is_open and self.fallen < len(self.lines) - 1 and rate != self.plan.annual_rate

    def _repriced(self, news: News) -> None:
        """The running line is left alone, those after it are planned at the new rate."""
        assert news.rate is not None
        if not self.can_reprice(news.rate):
            return
        running, following = self.lines[self.fallen : self.fallen + 2]
        plan = replace(
            self._rest(), annual_rate=news.rate, principal_fen=following.opening, start_date=running.due, first_due_date=following.due,
            due_day=self._anchor, periods=len(self.lines) - self.fallen - 1, instalment_fen=None,
        )
        self.lines[self.fallen] = replace(running, is_changed=True)
        self._plan_on(self._lines(plan, planned(plan), self.fallen + 1), kept=1)
        self.plan = plan

    def can_extend(self, months: int, rate: Decimal | None) -> bool:
        """Longer at the same rate; or in the last line, where the principal waits, at any."""
        running = self.running
        if running is None or running.is_changed:
            return False
        is_last = self.fallen == len(self.lines) - 1 and self.plan.method in WAITING
        is_stretched = self.plan.method in REPRICED and rate in (None, self.plan.annual_rate)
        return months <= self._months_left() and (is_last or is_stretched)

    def _months_left(self) -> int:
        """通则 §12: a year's loan may be extended by its own term, a longer one by half of it, all extensions together."""
        periods = self.terms.plan.periods or 1
        return (periods if periods <= 12 else periods // 2) - sum(news.number for news in self.news if news.kind == "extended")

    def _extended(self, news: News) -> None:
        running = self.running
        if running is None or running.is_changed:
            return
        if self.fallen == len(self.lines) - 1 and self.plan.method in WAITING:
            self._wait_with_principal(running, news)
        elif self.plan.method in REPRICED and news.rate in (None, self.plan.annual_rate):
            self._move(running.due, self._anchor, more=news.number)

    def _wait_with_principal(self, running: Line, news: News) -> None:
        """The running line keeps its interest and the regular part of its principal; the rest bears interest month by month."""
        waits = min(self.plan.balloon_fen or running.principal, running.principal)
        plan = QuoteTerms(
            principal_fen=waits, method=Method.INTEREST_ONLY_BULLET, start_date=running.due, due_day=self._anchor, periods=news.number,
            annual_rate=self.plan.annual_rate if news.rate is None else news.rate, day_count=self.plan.day_count,
        )
        self.lines[self.fallen] = replace(running, principal=running.principal - waits, is_changed=True)
        self._plan_on(self._lines(plan, planned(plan), self.fallen + 1), kept=1)
        self.plan = plan

    def _first_basis(self) -> DayCount:
        is_whole = oracle.due_dates(self.plan, 1)[1]
        return self.plan.day_count if is_whole or self.plan.stub is None else self.plan.stub.basis

    def _rest(self) -> QuoteTerms:
        """The running line and all after it as a plan of its own."""
        running = self.running
        assert running is not None
        if self.plan.start_date == running.start:
            return self.plan
        stub = replace(self.plan.stub, skip_below_days=None) if self.plan.stub else None
        return replace(
            self.plan, principal_fen=running.opening, start_date=running.start, first_due_date=running.due, due_day=self._anchor,
            periods=len(self.lines) - self.fallen, instalment_fen=None, stub=stub,
        )

    @property
    def _anchor(self) -> int:
        if self.plan.due_day is not None:
            return self.plan.due_day
        start, first = self.plan.start_date, self.plan.first_due_date
        return start.day if first is None or first == oracle.shift(start, 1, start.day) else first.day

    def _lines(self, plan: QuoteTerms, made: Iterable[oracle.Line], passed: int) -> list[Line]:
        monthly = sum(fee.amount_fen for fee in plan.fees if fee.when is FeeWhen.MONTHLY)
        fee = monthly * (plan.periods or 1) if plan.method is Method.BULLET else monthly
        rate = None if plan.method is Method.FLAT_EQUAL else plan.annual_rate
        follows = self.penalty_multiple is not None and rate is not None
        penalty = rate * self.penalty_multiple if follows else self.terms.penalty.annual_rate  # type: ignore[operator]
        found, start, opening = [], plan.start_date, plan.principal_fen
        for at, ((due, principal, interest), share) in enumerate(zip(made, shares(plan), strict=False)):
            basis = plan.stub.basis if plan.stub and passed + at == 0 else plan.day_count
            found.append(Line(passed + at + 1, start, due, opening, principal, interest, fee, basis, rate, share, penalty))
            start, opening = due, opening - principal
        return found
