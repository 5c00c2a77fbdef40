"""One real loan from enquiry to settled, by mouse and keyboard, by the people whose work it is."""

from __future__ import annotations

from datetime import date

from chezhe.contracts.models import Disbursement
from chezhe.identifiers.capital import amount_in_capitals
from chezhe.payments.models import Payout
from chezhe.ui.tests.browser import browser_marks
from tests.browser import closing, deciding, keeping, selling
from tests.browser.town import Town

pytestmark = browser_marks


class FirstLoan(Town):
    def test_a_loan_from_enquiry_to_settled(self) -> None:
        application = self.an_application_is_written_and_decided()
        contract = self.a_contract_is_printed_and_signed(application)
        self.money_is_sent_once(contract)
        self.the_loan_is_repaid_and_settled(contract)

    def an_application_is_written_and_decided(self) -> str:
        lin = self.desk("lin")
        customer = selling.from_enquiry_to_customer(lin)
        selling.open_account(lin, customer)
        car = selling.register_car(lin, customer)
        selling.value_car(self.desk("ping"), car)
        application = selling.begin(lin, customer, "P02")
        selling.fill_in(lin, car)
        assert selling.hand_over_papers(lin, self.folder) > 5
        selling.gather_consents(lin)
        selling.submit(lin)
        deciding.agree(self.desk("chen"), application, "收入流水核实无误")
        deciding.may_not_vote_twice(self.desk("chen"), application)
        deciding.agree_by_keyboard(self.desk("zhou"), application)
        selling.take_the_offer(lin, application)
        return application

    def a_contract_is_printed_and_signed(self, application: str) -> str:
        he = self.desk("he")
        contract = closing.make_contract(he, application)
        words = closing.printed(he, contract, "loan_contract")
        assert "60,000.00" in words and amount_in_capitals(6_000_000) in words and contract in words
        assert "11.67%" in words or "11.6655%" in words, words
        closing.sign(he, contract, self.folder)
        closing.register_mortgage(he, contract, self.folder)
        return contract

    def money_is_sent_once(self, contract: str) -> None:
        payout = closing.order_payout(self.desk("fang"), contract)
        closing.let_go(self.desk("gao"), payout)
        self.time_passes()
        assert (Disbursement.objects.count(), Payout.objects.count()) == (1, 1), "clicked twice, sent once"
        self.desk("gao").go(f"/contracts/payouts/{payout}/").sees("已放款")

    def the_loan_is_repaid_and_settled(self, contract: str) -> None:
        cai = self.desk("cai")
        loan = keeping.loan_of(cai, contract)
        assert keeping.balance_stands_everywhere(cai, loan) == 6_000_000
        rows = keeping.plan(cai, loan)
        first, second = (date.fromisoformat(row[1]) for row in rows[:2])
        cai = self.finance_opens(first)
        keeping.take_at_the_counter(cai, loan)
        keeping.balance_stands_everywhere(cai, loan)
        cai = self.finance_opens(second)
        keeping.import_statement(cai, self.folder, loan, rows[1][5].strip("¥").replace(",", ""), second)
        keeping.post_statement(cai)
        keeping.balance_stands_everywhere(cai, loan)
        keeping.settle(cai, loan)
        self.time_passes()
        keeping.release_mortgage(self.desk("he"), contract, self.folder)
        keeping.books_balance(cai, 1)

    def finance_opens(self, day: date):
        self.wake_on(day)
        keeping.open_day(self.desk("cai"), day)
        return self.desk("cai")
