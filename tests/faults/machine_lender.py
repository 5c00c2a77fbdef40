"""Loans of a small lender for the state machine: how a step is tried, taken back and compared with the exercise book."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.tests.oracle_life import half_up
from chezhe.kernel import business_date
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import lives, proof
from chezhe.servicing.actions.cancel_refund import cancel_refund
from chezhe.servicing.models import AccrualBook, Loan, LoanChange, LoanEvent
from chezhe.servicing.tests.deciding import agree, risk, take_back
from chezhe.servicing.tests.lending import START, Bank, days_pass
from tests.faults.exercise_book import Page
from tests.faults.exercise_plans import News
from tests.faults.machine_told import dues_of, expected_of, ledger_of, row_of, told_of

__all__ = ["START", "Lender", "fens", "parts", "places", "seldom", "yuan"]

places = st.integers(0, 59)
fens = st.one_of(st.integers(1, 700_000), st.sampled_from([100_000, 332_143, 1_000_000, 9_000_000]))
seldom = st.sampled_from([False, False, False, False, True])
parts = st.sampled_from([Decimal("0.3"), Decimal("0.9999"), Decimal(1)])


class Lender(RuleBasedStateMachine):
    """Six loans of different methods and rules; each example begins on the day of their payout."""

    bank: Bank
    plans: list[ContractTerms]
    multiples: list[Decimal | None]
    book: list[Loan]
    told: Counter[str]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.pages = [Page(*told) for told in zip(self.plans, self.multiples, strict=True)]
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

    @rule(place=st.integers(0, 10**6))
    def something_is_taken_back(self, place: int) -> None:
        if not self.taken:
            return
        at, news, event = self.taken.pop(place % len(self.taken))
        if event.kind == "refunded":
            cancel_refund(change_number=event.reference.removeprefix("change/"), reason="客户改变主意", by=self.bank.fang)
        else:
            take_back(self.bank, event)
        self._let_go(event)
        self.pages[at].news.remove(news)
        self.pages[at].live(self.today)
        self.told["taken back"] += 1

    def _let_go(self, event: LoanEvent) -> None:
        """What others keep of an event that was taken back."""

    # ---- what must hold after each -----------------------------------------------------------------------------

    @invariant()
    def everybody_says_the_same(self) -> None:
        self.told["step"] += 1
        standing = {loan.pk: loan for loan in Loan.objects.select_related("product_version").order_by("pk")}
        assert not list(proof.differences(standing.values()))
        booked = lives.booked_balances_of(list(standing.values()))
        for loan, page in zip(self.book, self.pages, strict=True):
            row = standing[loan.pk]
            assert row_of(row, self.today) == told_of(page), f"loan {self.book.index(loan)} on {self.today}"
            assert dues_of(row, self.today) == [tuple(owed.values()) for _, owed in page.owed]
            assert ledger_of(booked[loan.pk]) == expected_of(page)
        assert not proof.accrual_differences() and ledger_queries.prove().is_sound and not ledger_queries.trial_balance(self.today).difference.fen

    def _what_was_earned(self) -> None:
        """The close has posted exactly what the exercise book says was earned, rounded once for all loans of a product."""
        posted = sorted(AccrualBook.objects.values_list("posted_fen", flat=True))
        products = ([page for page in self.pages if page.penalty_multiple == multiple] for multiple in set(self.multiples))
        assert posted == sorted(half_up(sum((page.earned for page in pages), Fraction(0))) for pages in products)

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
                risk_alone: bool = False) -> None:
        voters = [risk(self.bank)] if risk_alone else [self.bank.cast.gao, risk(self.bank)] if both else [self.bank.cast.gao]
        act: Any = lambda: agree(ask(self.book[at].number), *voters).event  # noqa: E731
        self._try(name, at, news, can, act)

    def _kept(self, name: str, at: int, news: News, event: LoanEvent) -> None:
        self.pages[at].news.append(news)
        self.pages[at].live(self.today)
        self.taken.append((at, news, event))
        self.told[name] += 1


def yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"
