"""Whatever happens to loans in whatever order: row, fold, ledger and an exercise book (`exercise_book`) say the same after every
step, to the fen, and the books balance. Hypothesis chooses the steps; what it finds becomes a test of the servicing room."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from chezhe.finmath.allocation import COST_FIRST, PRINCIPAL_FIRST, AllocationMode, AllocationRule, Item
from chezhe.finmath.money import Money
from chezhe.finmath.penalty import GraceMode, PenaltyRule
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.terms import DayCount, Method, Stub
from chezhe.finmath.tests.oracle_life import half_up
from chezhe.kernel import business_date
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import lives, proof, queries
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.request_acceleration import request_acceleration
from chezhe.servicing.actions.request_deposit_use import request_deposit_use
from chezhe.servicing.actions.request_due_day_change import request_due_day_change
from chezhe.servicing.actions.request_holiday import request_holiday
from chezhe.servicing.actions.request_restructuring import request_restructuring
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.actions.request_write_off import request_write_off
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.charges import Fee
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import AccrualBook, Loan, LoanChange, LoanEvent
from chezhe.servicing.tests.deciding import agree, ask_refund, risk
from chezhe.servicing.tests.lending import FEE, START, TERMS, Bank, days_pass, lend, pay, prepay, receipt, settle, with_plan
from chezhe.servicing.tests.test_end_of_day import CARS
from tests.faults.exercise_book import Page
from tests.faults.exercise_plans import NEW_RATE, News

GRACE = PenaltyRule(annual_rate=Decimal("0.18"), grace_days=5, grace_mode=GraceMode.RETROACTIVE)
ACROSS = AllocationRule(order=COST_FIRST, mode=AllocationMode.BY_ITEM, late_order=PRINCIPAL_FIRST, late_after_days=60)
PLANS = [
    with_plan(TERMS, periods=18),
    replace(with_plan(
        TERMS, method=Method.EQUAL_PRINCIPAL, periods=6, day_count=DayCount.ACT_ACT, due_day=31, stub=Stub(basis=DayCount.ACT_ACT),
    ), penalty=GRACE),
    with_plan(TERMS, method=Method.INTEREST_ONLY_BULLET, periods=3, day_count=DayCount.ACT_365),
    replace(with_plan(TERMS, method=Method.BALLOON, periods=9, balloon_fen=4_000_000, day_count=DayCount.ACT_360, fees=(FEE,)),
            allocation=ACROSS),
    with_plan(TERMS, method=Method.FLAT_EQUAL, annual_rate=None, flat_monthly_rate=Decimal("0.0065"), periods=12, due_day=5),
    with_plan(TERMS, method=Method.BULLET, periods=4),
]
places = st.integers(0, 59)
fens = st.one_of(st.integers(1, 700_000), st.sampled_from([100_000, 332_143, 1_000_000, 9_000_000]))
seldom = st.sampled_from([False, False, False, False, True])
parts = st.sampled_from([Decimal("0.3"), Decimal("0.9999"), Decimal(1)])


class Lender(RuleBasedStateMachine):
    """Six loans of different methods and rules; each example begins on the day of their payout."""

    bank: Bank
    book: list[Loan]
    told: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.pages = [Page(plan) for plan in PLANS]
        self.taken: list[tuple[int, News, LoanEvent]] = []
        self.references = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    # ---- the steps -------------------------------------------------------------------------------------------

    @rule(days=st.sampled_from([1, 1, 2, 7]))
    def days_go_by(self, days: int) -> None:
        self._wait(days)

    @rule(days=st.integers(10, 31))
    def weeks_go_by(self, days: int) -> None:
        self._wait(days)

    def _wait(self, days: int) -> None:
        days_pass(self.bank, self.today + timedelta(days=days))
        for page in self.pages:
            page.pass_to(self.today)
        self._what_was_earned()
        self.told["day"] += days

    @rule(place=places, fen=fens, back=st.sampled_from([0, 0, 0, 1, 9, 40]))
    def money_comes(self, place: int, fen: int, back: int) -> None:
        at = self._running_one(place)
        on = max(START, self.today - timedelta(days=back))
        self._try("repaid" if back == 0 else "repaid late", at, News("repaid", on, fen),
                  self.pages[at].status != "settled", lambda: pay(self.bank, self.book[at], _yuan(fen), on, self._reference()))

    @rule(place=places)
    def what_is_owed_comes(self, place: int) -> None:
        at = self._running_one(place)
        page = self.pages[at]
        fen = sum(sum(owed.values()) for _, owed in page.owed) or (page.running.principal + page.running.interest if page.running else 1)
        self._try("repaid", at, News("repaid", self.today, max(fen, 1)), page.status != "settled",
                  lambda: pay(self.bank, self.book[at], _yuan(max(fen, 1)), self.today, self._reference()))

    @rule(place=st.integers(0, 10**6))
    def something_is_taken_back(self, place: int) -> None:
        if not self.taken:
            return
        at, news, event = self.taken.pop(place % len(self.taken))
        reverse_repayment(loan_number=self.book[at].number, event_id=event.pk, reason="记错", by=self.bank.fang)
        self.pages[at].news.remove(news)
        self.pages[at].live(self.today)
        self.told["taken back"] += 1

    @rule(place=places, fen=st.sampled_from([300_000, 1_000_000, 2_345_678, 9_999_999]), mode=st.sampled_from(list(PrepaymentMode)))
    def principal_comes_early(self, place: int, fen: int, mode: PrepaymentMode) -> None:
        at = self._running_one(place)
        page, promised = self.pages[at], self.book[at].product_version.terms.prepayment
        is_allowed = mode in promised.modes and fen >= promised.amount_min.fen
        can = page.status == "active" and is_allowed and page.can_prepay(fen, mode)
        self._try("prepaid", at, News("prepaid", self.today, fen, mode=mode), can,
                  lambda: prepay(self.bank, self.book[at], _yuan(fen), mode.value, self._reference()))

    @rule(place=places, really=seldom)
    def it_is_settled(self, place: int, really: bool) -> None:
        if not really:
            return self._wait(3)
        at = self._running_one(place)
        page = self.pages[at]
        can = page.status in ("active", "accelerated")
        self._try("settled", at, News("settled", self.today, page.to_pay if can else 1), can,
                  lambda: settle(self.bank, self.book[at], _yuan(page.to_pay if can else 1), self._reference()))

    @rule(place=places, fen=st.integers(1, 90_000))
    def a_fee_is_charged(self, place: int, fen: int) -> None:
        at = self._running_one(place)
        fee = Fee(code="legal", amount=Money(fen), reason="起诉立案")

        def act() -> LoanEvent:
            done = charge_fee(loan_number=self.book[at].number, fee=fee, by=self.bank.fang)
            return agree(done, self.bank.cast.gao).event if isinstance(done, LoanChange) else done  # type: ignore[return-value]

        self._try("charged", at, News("charged", self.today, fen), self.pages[at].status in ("active", "accelerated"), act)

    @rule(place=places, item=st.sampled_from([item for item in Item if item is not Item.PRINCIPAL]), part=parts)
    def something_is_forgiven(self, place: int, item: Item, part: Decimal) -> None:
        at = self._running_one(place)
        owed = self.pages[at].owed_of(item.value)
        fen = max(1, int(owed * part))
        can = self.pages[at].status != "settled" and fen <= owed
        self._change("waived", at, News("waived", self.today, fen, item=item.value), can, lambda number: request_waiver(
            loan_number=number, item=item, amount=Money(fen), reason="客户住院", by=self.bank.fang))

    @rule(place=places, part=parts)
    def cash_goes_back(self, place: int, part: Decimal) -> None:
        at = self._running_one(place)
        fen = max(1, int(self.pages[at].unapplied * part))
        self._change("refunded", at, News("refunded", self.today, fen), fen <= self.pages[at].unapplied,
                     lambda number: ask_refund(self.bank, self.book[at], fen), is_kept=True)

    @rule(place=places, fen=fens)
    def a_deposit_is_left(self, place: int, fen: int) -> None:
        at = self._running_one(place)
        self._try("deposited", at, News("deposited", self.today, fen), self.pages[at].status == "active", lambda: take_deposit(
            loan_number=self.book[at].number, receipt=receipt(_yuan(fen), self.today, self._reference(), kind="deposited"), by=self.bank.fang))

    @rule(place=places, part=parts)
    def the_deposit_pays(self, place: int, part: Decimal) -> None:
        at = self._running_one(place)
        page = self.pages[at]
        most = min(page.deposit, sum(sum(owed.values()) for _, owed in page.owed))
        fen = max(1, int(most * part))
        can = fen <= most and page.status != "settled"
        self._change("deposit_used", at, News("deposit_used", self.today, fen), can, lambda number: request_deposit_use(
            loan_number=number, amount=Money(fen), reason="抵扣", by=self.bank.fang))

    @rule(place=places, day=st.sampled_from([1, 5, 15, 28, 29, 30, 31]))
    def the_due_day_moves(self, place: int, day: int) -> None:
        at = self._running_one(place)
        page = self.pages[at]
        can = page.status == "active" and not page.owed and page.can_move(day)
        self._change("due_day", at, News("due_day", self.today, number=day), can, lambda number: request_due_day_change(
            loan_number=number, due_day=day, reason="发薪日改变", by=self.bank.fang))

    @rule(place=places, months=st.integers(1, 3))
    def a_holiday_is_granted(self, place: int, months: int) -> None:
        at = self._running_one(place)
        page = self.pages[at]
        can = page.status == "active" and not page.owed and page.can_move()
        self._change("holiday", at, News("holiday", self.today, number=months), can, lambda number: request_holiday(
            loan_number=number, months=months, reason="住院", by=self.bank.fang), both=True)

    @rule(place=places, periods=st.sampled_from([1, 6, 24]), method=st.sampled_from([Method.EQUAL_INSTALMENT, Method.EQUAL_PRINCIPAL]))
    def it_is_restructured(self, place: int, periods: int, method: Method) -> None:
        at = self._running_one(place)
        page = self.pages[at]
        can = page.status in ("active", "accelerated") and page.principal > 0
        news = News("restructured", self.today, item=method.value, number=periods)
        self._change("restructured", at, news, can, lambda number: request_restructuring(
            loan_number=number, method=method, annual_rate=NEW_RATE, periods=periods, reason="失业", by=self.bank.fang), both=True)

    @rule(place=places, really=seldom)
    def it_is_called_in(self, place: int, really: bool) -> None:
        if not really:
            return self._wait(5)
        at = self._running_one(place)
        page = self.pages[at]
        can = page.status == "active" and page.running is not None
        self._change("accelerated", at, News("accelerated", self.today), can, lambda number: request_acceleration(
            loan_number=number, reason="失联", by=self.bank.fang), risk_alone=True)

    @rule(place=places, really=seldom)
    def it_is_given_up(self, place: int, really: bool) -> None:
        if not really:
            return self._wait(13)
        at = self._running_one(place)
        page = self.pages[at]
        late = (self.today - page.oldest_due).days if page.oldest_due else 0
        can = page.status in ("active", "accelerated") and late > 90
        self._change("written_off", at, News("written_off", self.today), can, lambda number: request_write_off(
            loan_number=number, reason="失联", by=self.bank.fang), both=True)

    # ---- what must hold after each -----------------------------------------------------------------------------

    @invariant()
    def everybody_says_the_same(self) -> None:
        self.told["step"] += 1
        standing = {loan.pk: loan for loan in Loan.objects.select_related("product_version").order_by("pk")}
        assert not list(proof.differences(standing.values()))
        booked = lives.booked_balances_of(list(standing.values()))
        for loan, page in zip(self.book, self.pages, strict=True):
            row = standing[loan.pk]
            assert _row(row, self.today) == _told(page), f"loan {self.book.index(loan)} on {self.today}"
            assert _dues(row, self.today) == [tuple(owed.values()) for _, owed in page.owed]
            assert _ledger(booked[loan.pk]) == _expected(page)
        assert not proof.accrual_differences() and ledger_queries.prove().is_sound and not ledger_queries.trial_balance(self.today).difference.fen

    def _what_was_earned(self) -> None:
        """The close has posted exactly what the exercise book says was earned, rounded once for all loans."""
        posted = sum(AccrualBook.objects.values_list("posted_fen", flat=True))
        assert posted == half_up(sum((page.earned for page in self.pages), start=self.pages[0].earned * 0))

    # ---- how ---------------------------------------------------------------------------------------------------

    @property
    def today(self) -> date:
        return business_date.current()

    def _running_one(self, place: int) -> int:
        """One of the loans that are not over, as long as there are any; now and then another one, which must be refused."""
        running = [at for at, page in enumerate(self.pages) if page.status != "settled"]
        return running[place % len(running)] if running and place else place % len(self.pages)

    def _reference(self) -> str:
        self.references += 1
        return f"M{self.references}"

    def _try(self, name: str, at: int, news: News, can: bool, act: Callable[[], LoanEvent]) -> None:
        """The house does it exactly when the exercise book can; a refusal changes nothing."""
        try:
            event = act()
        except BusinessError as refusal:
            assert not can, f"{name} on loan {at} refused: {refusal.code} {refusal}"
            self.told["refused"] += 1
            return
        assert can, f"{name} on loan {at} should have been refused"
        self._kept(name, at, news, event)

    def _change(self, name: str, at: int, news: News, can: bool, ask: Callable[[str], LoanChange], *, both: bool = False,
                risk_alone: bool = False, is_kept: bool = False) -> None:
        voters = [risk(self.bank)] if risk_alone else [self.bank.cast.gao, risk(self.bank)] if both else [self.bank.cast.gao]
        act: Any = lambda: agree(ask(self.book[at].number), *voters).event  # noqa: E731
        self._try(name, at, news, can, act)
        if is_kept and self.taken and self.taken[-1][1] is news:
            self.taken.pop()  # a refund that is on its way is cancelled, not taken back

    def _kept(self, name: str, at: int, news: News, event: LoanEvent) -> None:
        self.pages[at].news.append(news)
        self.pages[at].live(self.today)
        self.taken.append((at, news, event))
        self.told[name] += 1


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _row(row: Loan, today: date) -> dict[str, Any]:
    plain = ("status", "is_off_book", "oldest_due_on", "next_due_on", "recognised")
    fen = ("principal_left", "principal_due", "interest_due", "fee_due", "unapplied", "deposit", "accrued_out")
    return {**{name: getattr(row, name) for name in plain}, **{name: getattr(row, name).fen for name in fen}, "dpd": row.days_past_due(today)}


def _told(page: Page) -> dict[str, Any]:
    following = None if page.is_over else page.running
    return {
        "status": page.status, "is_off_book": page.is_off, "oldest_due_on": page.oldest_due,
        "next_due_on": following.due if following else None, "recognised": page.fallen, "principal_left": page.principal,
        "principal_due": page.left_of("principal"), "interest_due": page.left_of("interest"), "fee_due": page.left_of("fee"),
        "unapplied": page.unapplied, "deposit": page.deposit, "accrued_out": page.left_accrual,
        "dpd": (page.today - page.oldest_due).days if page.oldest_due else 0,
    }


def _dues(row: Loan, today: date) -> list[tuple[int, ...]]:
    dues = sorted(queries.current_position(row, today).dues, key=lambda due: (due.due_date, due.period))
    return [] if row.status == "settled" else [tuple(due.item_fen(item) for item in Item) for due in dues]


WATCHED = (
    chart.LOAN_PRINCIPAL, chart.INTEREST_RECEIVABLE, chart.OFF_BOOK_INTEREST, chart.FEE_RECEIVABLE, chart.UNAPPLIED_CASH,
    chart.DEPOSITS_HELD, chart.ACCRUED_INTEREST, chart.WRITTEN_OFF_CLAIMS, chart.BANK, chart.REFUNDS_PAYABLE,
)


def _ledger(booked: dict[str, int]) -> dict[str, int]:
    return {account: booked.get(account, 0) for account in WATCHED}


def _expected(page: Page) -> dict[str, int]:
    """What the ledger must hold in the loan's name: fen, debit positive."""
    fees = [(line.due, line.left("fee")) for line in (*page.lines[: page.fallen], *page.charges)] if not page.settled_on else []
    gone = sum(fen for due, fen in fees if page.given_up_on and due <= page.given_up_on)
    arrears = 0 if page.settled_on else sum(line.arrears_left for line in page.lines)
    interest = page.left_of("interest") - (0 if page.settled_on else sum(line.arrears_left for line in page.lines[: page.fallen]))
    given = sum(news.fen for news in page.news if news.kind in ("repaid", "settled", "prepaid", "deposited"))
    return {
        chart.LOAN_PRINCIPAL: 0 if page.given_up_on else page.principal, chart.INTEREST_RECEIVABLE: 0 if page.is_off else interest,
        chart.OFF_BOOK_INTEREST: arrears + (interest if page.is_off else 0), chart.FEE_RECEIVABLE: sum(fen for _, fen in fees) - gone,
        chart.UNAPPLIED_CASH: -page.unapplied, chart.DEPOSITS_HELD: -page.deposit, chart.ACCRUED_INTEREST: -page.left_accrual,
        chart.WRITTEN_OFF_CLAIMS: page.principal + gone if page.given_up_on else 0, chart.BANK: given,
        chart.REFUNDS_PAYABLE: -sum(news.fen for news in page.news if news.kind == "refunded"),
    }


def machine_of(bank: Bank) -> type[Lender]:
    """The steps on a new book of one loan a plan."""
    book = [lend(bank, plan, vin=CARS[at], plate=f"沪A{at}{at}{at}{at}{at}") for at, plan in enumerate(PLANS)]
    return type("Lender", (Lender,), {"bank": bank, "book": book, "told": Counter()})


def live(bank: Bank, monkeypatch: pytest.MonkeyPatch, *, examples: int, steps: int, **more: Any) -> None:
    """Set by set, not one by one: the close of a day is the one of a large house."""
    monkeypatch.setattr(runs, "FEW", 0)
    monkeypatch.setattr(runs, "SHARD_LOANS", 4)
    machine, began = machine_of(bank), time.monotonic()
    machine.TestCase.settings = settings(
        max_examples=examples, stateful_step_count=steps, deadline=None, suppress_health_check=list(HealthCheck), **more,
    )
    run_state_machine_as_test(machine, settings=machine.TestCase.settings)
    told = ", ".join(f"{name} {count}" for name, count in machine.told.most_common())
    print(f"\n{machine.told['step']} steps in {time.monotonic() - began:.0f} s: {told}")


@pytest.mark.django_db
def test_some_hundred_steps(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    live(bank, monkeypatch, examples=6, steps=39, derandomize=True)


@pytest.mark.long
@pytest.mark.django_db
def test_ten_thousand_steps(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    live(bank, monkeypatch, examples=210, steps=60, print_blob=True)
