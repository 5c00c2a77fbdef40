"""Money that comes in and goes out, as steps of the state machine."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from hypothesis import strategies as st
from hypothesis.stateful import rule

from chezhe.finmath.money import Money
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.actions.request_deposit_return import request_deposit_return
from chezhe.servicing.actions.request_deposit_use import request_deposit_use
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.models import LoanChange
from chezhe.servicing.tests.deciding import answer, ask_refund, pay_out
from chezhe.servicing.tests.lending import START, pay, prepay, receipt, settle
from tests.faults.exercise_plans import News
from tests.faults.machine_lender import Lender, fens, parts, places, seldom, yuan


class MoneySteps(Lender):
    @rule(place=places, fen=fens, back=st.sampled_from([0, 0, 0, 1, 9, 40]))
    def money_comes(self, place: int, fen: int, back: int) -> None:
        at = self._running_one(place)
        on = max(START, self.today - timedelta(days=back))
        self._try("repaid" if back == 0 else "repaid late", at, News("repaid", on, fen),
                  self.pages[at].status != "settled", lambda: pay(self.bank, self.book[at], yuan(fen), on, self._reference()))

    @rule(place=places)
    def what_is_owed_comes(self, place: int) -> None:
        at = self._running_one(place)
        page = self.pages[at]
        fen = sum(sum(owed.values()) for _, owed in page.owed) or (page.running.principal + page.running.interest if page.running else 1)
        self._try("repaid", at, News("repaid", self.today, max(fen, 1)), page.status != "settled",
                  lambda: pay(self.bank, self.book[at], yuan(max(fen, 1)), self.today, self._reference()))
    @rule(place=places, fen=st.sampled_from([90_000, 450_000, 3_000_000]), back=st.sampled_from([0, 0, 9]))
    def the_insurer_pays(self, place: int, fen: int, back: int) -> None:
        at = self._running_one(place)
        on = max(START, self.today - timedelta(days=back))
        self._try("insured", at, News("insured", on, fen), self.pages[at].status != "settled", lambda: record_insurance_proceeds(
            loan_number=self.book[at].number, receipt=receipt(yuan(fen), on, self._reference(), kind="insured"), by=self.bank.fang))

    @rule(place=places, fen=st.sampled_from([300_000, 1_000_000, 2_345_678, 9_999_999]), mode=st.sampled_from(list(PrepaymentMode)))
    def principal_comes_early(self, place: int, fen: int, mode: PrepaymentMode) -> None:
        at = self._running_one(place)
        page, promised = self.pages[at], self.book[at].product_version.terms.prepayment
        is_allowed = mode in promised.modes and fen >= promised.amount_min.fen
        can = page.status == "active" and is_allowed and page.can_prepay(fen, mode)
        self._try("prepaid", at, News("prepaid", self.today, fen, mode=mode), can,
                  lambda: prepay(self.bank, self.book[at], yuan(fen), mode.value, self._reference()))

    @rule(place=places, really=seldom)
    def it_is_settled(self, place: int, really: bool) -> None:
        if not really:
            return self._wait(3)
        at = self._running_one(place)
        page = self.pages[at]
        can = page.status != "settled"
        self._try("settled", at, News("settled", self.today, page.to_pay if can else 1), can,
                  lambda: settle(self.bank, self.book[at], yuan(page.to_pay if can else 1), self._reference()))
    @rule(place=places, part=parts)
    def cash_goes_back(self, place: int, part: Decimal) -> None:
        at = self._running_one(place)
        fen = max(1, int(self.pages[at].unapplied * part))
        self._change("refunded", at, News("refunded", self.today, fen), fen <= self.pages[at].unapplied,
                     lambda number: ask_refund(self.bank, self.book[at], fen))

    @rule(place=places, fen=fens)
    def a_deposit_is_left(self, place: int, fen: int) -> None:
        at = self._running_one(place)
        can = self.pages[at].status in ("active", "accelerated")
        self._try("deposited", at, News("deposited", self.today, fen), can, lambda: take_deposit(
            loan_number=self.book[at].number, receipt=receipt(yuan(fen), self.today, self._reference(), kind="deposited"), by=self.bank.fang))

    @rule(place=places, part=parts)
    def the_deposit_pays(self, place: int, part: Decimal) -> None:
        at = self._running_one(place)
        page = self.pages[at]
        most = min(page.deposit, sum(sum(owed.values()) for _, owed in page.owed))
        fen = max(1, int(most * part))
        can = fen <= most and page.status != "settled"
        self._change("deposit_used", at, News("deposit_used", self.today, fen), can, lambda number: request_deposit_use(
            loan_number=number, amount=Money(fen), reason="抵扣", by=self.bank.fang))

    @rule(place=places, part=parts)
    def the_deposit_goes_back(self, place: int, part: Decimal) -> None:
        at = self._running_one(place)
        fen = max(1, int(self.pages[at].deposit * part))
        self._change("deposit_returned", at, News("deposit_returned", self.today, fen), fen <= self.pages[at].deposit, lambda number: (
            request_deposit_return(loan_number=number, amount=Money(fen), reason="客户申请", by=self.bank.fang)))

    @rule(place=places, back=st.integers(0, 3))
    def the_treasury_pays(self, place: int, back: int) -> None:
        """Of the last lines that fell due; the cap of a year is the borrower's, and one borrower has all these loans."""
        at = self._running_one(place)
        page = self.pages[at]
        number = page.fallen - back
        year = str(page.lines[number - 1].due.year) if 1 <= number <= page.fallen else ""
        granted = [news for one in self.pages for news in one.news if news.kind == "subsidised"]
        fen = page.subsidy_of(number, sum(news.fen for news in granted if news.item == year))
        is_due = page.status == "active" or (page.status == "accelerated" and number < page.fallen)
        can = is_due and fen > 0 and all(news.number != number for news in granted if news in page.news)
        news = News("subsidised", self.today, fen, item=year, number=number)
        self._try("subsidised", at, news, can, lambda: grant_subsidy(loan_number=self.book[at].number, period=number, by=self.bank.fang))

    @rule(place=places, comes_back=seldom)
    def a_refund_is_paid(self, place: int, comes_back: bool) -> None:
        """A funding clerk lets it go and the bank pays; what the receiving bank sends back stays set aside, to be given up."""
        waiting = [kept for kept in self.taken if kept[2].kind == "refunded" and LoanChange.objects.get(event=kept[2]).status == "applied"]
        if not waiting:
            return
        at, news, event = kept = waiting[place % len(waiting)]
        change = pay_out(self.bank, LoanChange.objects.get(event=event))
        if comes_back:
            assert answer(change, "returned", "ACCOUNT_CLOSED").status == "returned"
            self.told["refund back"] += 1
            return
        assert change.status == "paid"
        self.taken.remove(kept)
        self.pages[at].news.append(News("refund_paid", self.today, news.fen))
        self.pages[at].live(self.today)
        self.told["refund paid"] += 1
