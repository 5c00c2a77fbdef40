"""A loan as a careful clerk keeps it in an exercise book: one page a loan, one line a day, nothing clever.

The small twin of the whole servicing room, for the state machine. It knows neither the fold nor its kernels: every day is lived
by itself (morning, what came in, night), penalties are added up night by night, and a life that changes is lived again from the
payout. Plans come from the slow Decimal twin of the schedules.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.penalty import GraceMode
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.terms import DayCount, Method
from chezhe.finmath.tests import oracle, oracle_life
from tests.faults.exercise_plans import DAY, OFF_BOOK_AFTER, PREPAYABLE, Line, News, Owed, Plans, planned

# 财金〔2025〕80号, 财金〔2026〕1号: a point a year, at most half the rate, 3 000 yuan a borrower and year.
SUBSIDY_RATE, SUBSIDY_YEAR_MAX, SUBSIDY_UNTIL = Decimal("0.01"), 300_000, date(2026, 12, 31)


class Page(Plans):
    """One loan, from its payout on."""

    def __init__(self, terms: ContractTerms, penalty_multiple: Decimal | None = None) -> None:
        self.terms, self.penalty_multiple = terms, penalty_multiple
        self.news: list[News] = []
        self.today = terms.plan.start_date
        self._begin()

    def _begin(self) -> None:
        self.plan = self.terms.plan
        self.lines = self._lines(self.plan, planned(self.plan), 0)
        self.charges: list[Line] = []
        self.fallen = self.unapplied = self.deposit = self.left_accrual = 0
        self.is_off = False
        self.settled_on: date | None = None
        self.called_on: date | None = None
        self.given_up_on: date | None = None
        self.restructured_at = 0
        self.day = self.plan.start_date

    # ---- time ------------------------------------------------------------------------------------------------

    def live(self, to: date) -> None:
        """The whole life again, day after day, up to the state of `to` after what came in on it."""
        self._begin()
        waiting = sorted(self.news, key=lambda news: news.on)
        while True:
            self._morning()
            while waiting and waiting[0].on == self.day:
                self._take(waiting.pop(0))
            if self.day == to:
                break
            self._night()
            self.day += DAY
        self.today = to

    def pass_to(self, to: date) -> None:
        """Nothing comes in until then."""
        while self.day < to:
            self._night()
            self.day += DAY
            self._morning()
        self.today = to

    def _morning(self) -> None:
        while not self.settled_on and self.running and self.running.due <= self.day:
            self.left_accrual += 0 if self.is_off else self.running.interest
            self.fallen += 1
            self._use_cash()

    def _night(self) -> None:
        for line in self.lines[: self.fallen]:
            line.nights_principal += line.left("principal")
            line.nights_interest += line.left("interest") - line.arrears_left
        if self.oldest_due and (self.day - self.oldest_due).days > OFF_BOOK_AFTER:
            self.is_off = True

    # ---- where it stands --------------------------------------------------------------------------------------

    @property
    def running(self) -> Line | None:
        return self.lines[self.fallen] if self.fallen < len(self.lines) and not self.settled_on else None

    @property
    def oldest_due(self) -> date | None:
        return None if self.settled_on else min((line.due for line in self.lines[: self.fallen] if line.unpaid), default=None)

    @property
    def is_over(self) -> bool:
        return self.settled_on is not None or (self.fallen == len(self.lines) and not self.owed)

    @property
    def status(self) -> str:
        return "settled" if self.is_over else "written_off" if self.given_up_on else "accelerated" if self.called_on else "active"

    def left_of(self, item: str) -> int:
        """What fell due and is unpaid."""
        if self.settled_on:
            return 0
        return sum(line.left(item) for line in self.lines[: self.fallen]) + sum(charge.left(item) for charge in self.charges)

    @property
    def principal(self) -> int:
        return 0 if self.settled_on else sum(line.left("principal") for line in self.lines)

    @property
    def owed(self) -> Owed:
        """By instalment and item, penalties to the day included, the oldest first."""
        found = [(line, self._owed_on(line)) for line in (*self.lines[: self.fallen], *self.charges)]
        return sorted(((line, owed) for line, owed in found if any(owed.values())), key=lambda pair: (pair[0].due, pair[0].number))

    def owed_of(self, item: str) -> int:
        return sum(owed[item] for _, owed in self.owed)

    def _owed_on(self, line: Line) -> dict[str, int]:
        rule = self.terms.penalty
        late = (min(self.day, line.cleared or self.day) - line.due).days
        is_free = rule.grace_mode is GraceMode.RETROACTIVE and late <= rule.grace_days
        nights = (0, 0) if is_free else (line.nights_principal, line.nights_interest)
        penalty, compound = (oracle_life.half_up(Fraction(line.penalty_rate) * fen / 360) for fen in nights)
        return {
            "fee": line.left("fee"), "penalty": max(0, penalty - line.paid["penalty"]),
            "compound": max(0, compound - line.paid["compound"]), "interest": line.left("interest"), "principal": line.left("principal"),
        }

    @property
    def payoff(self) -> int:
        """What settles it today, before the borrower's cash with us is set off."""
        running = self.running
        not_due = running.opening if running else 0
        charge = oracle_life.half_up(Fraction(self.terms.settlement.fee_rate) * not_due)
        arrears = sum(line.arrears for line in self.lines[self.fallen :])
        return sum(sum(owed.values()) for _, owed in self.owed) + not_due + charge + arrears + (self._accrued(running) if running else 0)

    @property
    def to_pay(self) -> int:
        return self.payoff - min(self.payoff, self.unapplied)

    def _accrued(self, line: Line) -> int:
        """Interest of the running line earned so far, rounded."""
        rest = line.interest - line.earned
        return line.earned + oracle_life.accrued(line.start, line.due, line.opening, rest, line.rate, line.basis, self.day)

    @property
    def earned(self) -> Fraction:
        """Interest earned by the loan since its payout as the books count it, exactly."""
        line = self.running
        if line is None or self.is_off:
            return Fraction(self.left_accrual)
        rest = Fraction(line.interest - line.earned)
        if line.rate is None:
            part = rest * (self.day - line.start).days / (line.due - line.start).days
        else:
            part = line.opening * Fraction(line.rate) * Fraction(*oracle.length(line.start, self.day, line.basis))
        return self.left_accrual + line.earned + min(part, rest)

    # ---- what comes in ----------------------------------------------------------------------------------------

    def _take(self, news: News) -> None:
        getattr(self, f"_{news.kind}")(news)

    def _repaid(self, news: News) -> None:
        self._spread(news.fen)

    def _insured(self, news: News) -> None:
        """The insurer pays as the borrower would: what is owed first, the rest waits."""
        self._spread(news.fen)

    def _settled(self, news: News) -> None:
        if self.given_up_on or news.fen < self.to_pay:
            self._spread(news.fen)
            return
        kept = self.unapplied + news.fen - self.payoff
        earned = self._accrued(self.running) if self.running else 0
        for line, owed in self.owed:
            self._pay(line, owed)
        self.left_accrual += 0 if self.is_off else earned
        self.unapplied, self.settled_on, self.is_off = kept, self.day, False

    def can_prepay(self, fen: int, mode: PrepaymentMode | None) -> bool:
        running = self.running
        if running is None or self.owed or running.is_changed or self.plan.method not in PREPAYABLE:
            return False
        if mode is PrepaymentMode.SHORTEN_TERM and self.plan.method not in (Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL):
            return False
        return 0 < fen and (self.plan.balloon_fen or 0) < self._rest().principal_fen - fen

    def _prepaid(self, news: News) -> None:
        if not self.can_prepay(news.fen, news.mode):
            self._spread(news.fen)
            return
        assert self.running and news.mode
        running, rest = self.running, self._rest()
        following = self.lines[self.fallen + 1 : self.fallen + 2]
        usual = following[0].principal + following[0].interest if following and rest.method is Method.EQUAL_INSTALMENT else 0
        made = oracle_life.prepaid(rest, 0, news.fen, self.day, news.mode, usual)
        before = self._accrued(running)
        new = self._lines(replace(rest, principal_fen=rest.principal_fen - news.fen), made, self.fallen)
        first = replace(new[0], is_changed=True)
        first.earned = min(before - self._accrued(first), first.interest)
        self._plan_on([first, *new[1:]])

    def _charged(self, news: News) -> None:
        self._charge(news.fen)
        self.charges[-1].is_claim = self.given_up_on is not None
        self._use_cash()

    def _charge(self, fen: int) -> None:
        if fen:
            number = -1 - len(self.charges)
            self.charges.append(Line(number, self.day, self.day, 0, 0, 0, fen, DayCount.ACT_365))

    def _waived(self, news: News) -> None:
        left = news.fen
        for line, owed in self.owed:
            part = min(left, owed[news.item])
            self._pay(line, {news.item: part})
            left -= part
        self._back_on_books()

    def _refunded(self, news: News) -> None:
        short = max(0, news.fen - self.unapplied)
        self.unapplied -= news.fen - short
        self._charge(short)

    def subsidy_of(self, number: int, used: int) -> int:
        """What the treasury takes of a line that fell due, `used` fen of the borrower's year being gone (DOMAIN AC-16)."""
        line = self.lines[number - 1] if 1 <= number <= self.fallen else None
        if line is None or line.rate is None or line.due > SUBSIDY_UNTIL:
            return 0
        rate = min(SUBSIDY_RATE, line.rate / 2)
        return min(oracle_life.half_up(line.opening * Fraction(rate) * line.share), SUBSIDY_YEAR_MAX - used)

    def _subsidised(self, news: News) -> None:
        """Interest that is owed, the oldest first; where the borrower has paid it, the sum is the borrower's."""
        left = news.fen
        for line, owed in self.owed:
            part = min(left, owed["interest"])
            self._pay(line, {"interest": part})
            left -= part
        self.unapplied += left
        self._back_on_books()
        self._use_cash()

    def _refund_paid(self, news: News) -> None:
        """What had been set aside leaves the house; the loan knew it."""

    def _deposited(self, news: News) -> None:
        self.deposit += news.fen

    def _deposit_returned(self, news: News) -> None:
        """What is no more there is owed again, and cash of the borrower with us pays it as it pays any fee."""
        short = max(0, news.fen - self.deposit)
        self.deposit -= news.fen - short
        self._charge(short)
        self._use_cash()

    def _deposit_used(self, news: News) -> None:
        fen = min(news.fen, self.deposit, sum(sum(owed.values()) for _, owed in self.owed))
        if fen:
            self.deposit -= fen
            self._spread(fen)

    def _accelerated(self, _news: News) -> None:
        if self.running is not None and not self.called_on:
            self._cut()
            self.called_on = self.day
            self._use_cash()

    def _written_off(self, news: News) -> None:
        if self.settled_on or self.given_up_on or not self.principal:
            return
        self._accelerated(news)
        self.is_off, self.given_up_on = True, self.day
        for line in (*self.lines, *self.charges):
            line.is_claim = True

    # ---- money ------------------------------------------------------------------------------------------------

    def _spread(self, fresh: int) -> None:
        owed, rule, pot = self.owed, self.terms.allocation, fresh + self.unapplied
        dpd = (self.day - self.oldest_due).days if self.oldest_due else 0
        is_late = rule.late_order is not None and dpd > (rule.late_after_days or 0)
        order = [str(item.value) for item in (rule.late_order if is_late and rule.late_order else rule.order)]
        by_item = rule.mode.value == "by_item"
        places: list[Any] = [(at, item) for at in range(len(owed)) for item in order]
        for at, item in sorted(places, key=lambda place: order.index(place[1])) if by_item else places:
            line, amounts = owed[at]
            part = min(pot, amounts[item])
            self._pay(line, {item: part})
            pot -= part
        self.unapplied = pot
        self._back_on_books()

    def _pay(self, line: Line, parts: dict[str, int]) -> None:
        if not any(parts.values()):
            return
        for item, fen in parts.items():
            line.paid[item] += fen
        if not line.left("principal") and not line.left("interest") and (line.number > 0 or not line.left("fee")):
            line.cleared = line.cleared or self.day

    def _use_cash(self) -> None:
        if self.unapplied and self.owed:
            self._spread(0)

    def _back_on_books(self) -> None:
        """Without arrears; after a restructuring only when an instalment of the new plan has been paid."""
        if self.oldest_due is None and not self.given_up_on and (not self.restructured_at or self.fallen > self.restructured_at):
            self.is_off = False
