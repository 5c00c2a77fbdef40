"""What people decide about loans, as steps of the state machine."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method
from chezhe.servicing.actions.charge_fee import charge_fee
from chezhe.servicing.actions.request_acceleration import request_acceleration
from chezhe.servicing.actions.request_due_day_change import request_due_day_change
from chezhe.servicing.actions.request_extension import request_extension
from chezhe.servicing.actions.request_holiday import request_holiday
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.request_restructuring import request_restructuring
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.actions.request_write_off import request_write_off
from chezhe.servicing.charges import Fee
from chezhe.servicing.models import LoanChange, LoanEvent
from chezhe.servicing.tests.deciding import agree
from tests.faults.exercise_plans import NEW_RATE, News
from tests.faults.machine_lender import Lender, parts, places, seldom


class DecisionSteps(Lender):
    @rule(place=places, fen=st.integers(1, 90_000))
    def a_fee_is_charged(self, place: int, fen: int) -> None:
        at = self._running_one(place)
        fee = Fee(code="legal", amount=Money(fen), reason="起诉立案")

        def act() -> LoanEvent:
            done = charge_fee(loan_number=self.book[at].number, fee=fee, by=self.bank.fang)
            return agree(done, self.bank.cast.gao).event if isinstance(done, LoanChange) else done  # type: ignore[return-value]

        self._try("charged", at, News("charged", self.today, fen), self.pages[at].status != "settled", act)

    @rule(place=places, item=st.sampled_from([item for item in Item if item is not Item.PRINCIPAL]), part=parts)
    def something_is_forgiven(self, place: int, item: Item, part: Decimal) -> None:
        at = self._running_one(place)
        owed = self.pages[at].owed_of(item.value)
        fen = max(1, int(owed * part))
        can = self.pages[at].status != "settled" and fen <= owed
        self._change("waived", at, News("waived", self.today, fen, item=item.value), can, lambda number: request_waiver(
            loan_number=number, item=item, amount=Money(fen), reason="客户住院", by=self.bank.fang))
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

    @rule(place=places, months=st.integers(1, 5), rate=st.sampled_from([None, None, Decimal("0.13")]))
    def it_is_extended(self, place: int, months: int, rate: Decimal | None) -> None:
        at = self._running_one(place)
        page = self.pages[at]
        can = page.status == "active" and not page.owed and page.can_extend(months, rate)
        self._change("extended", at, News("extended", self.today, number=months, rate=rate), can, lambda number: request_extension(
            loan_number=number, months=months, annual_rate=rate, reason="收入下降", by=self.bank.fang), both=True)

    @rule(place=places, rate=st.sampled_from([Decimal("0.08"), NEW_RATE, Decimal("0.12"), Decimal("0.135")]))
    def the_rate_changes(self, place: int, rate: Decimal) -> None:
        at = self._running_one(place)
        page = self.pages[at]
        can = page.status == "active" and page.can_reprice(rate)
        self._change("repriced", at, News("repriced", self.today, rate=rate), can, lambda number: request_rate_change(
            loan_number=number, annual_rate=rate, reason="LPR 重定价", by=self.bank.fang), risk_alone=True)

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
        if not self._hopeless():
            self._wait(125)  # what falls due next is not paid for a quarter either
        hopeless = self._hopeless()
        at = hopeless[place % len(hopeless)] if hopeless and place else self._running_one(place)
        self._change("written_off", at, News("written_off", self.today), at in hopeless, lambda number: request_write_off(
            loan_number=number, reason="失联", by=self.bank.fang), both=True)

    def _hopeless(self) -> list[int]:
        """The loans that may be written off."""
        late = [(self.today - page.oldest_due).days if page.oldest_due else 0 for page in self.pages]
        return [at for at, page in enumerate(self.pages) if page.status in ("active", "accelerated") and late[at] > 90]
