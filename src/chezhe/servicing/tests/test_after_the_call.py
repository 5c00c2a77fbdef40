"""What may still happen to a loan that was called in or written off: costs, security, subsidies, and the end of the claim."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.kernel.errors import Invalid, WrongState
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import queries
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.actions.request_deposit_use import request_deposit_use
from chezhe.servicing.actions.request_waiver import request_waiver
from chezhe.servicing.actions.take_deposit import take_deposit
from chezhe.servicing.charges import FeeAfterWriteOff
from chezhe.servicing.judging import PayoffDiffers
from chezhe.servicing.models import Loan
from chezhe.servicing.queries import NotQuotable
from chezhe.servicing.tests.deciding import agree, all_agree, take_back
from chezhe.servicing.tests.lending import Bank, days_pass, pay, pay_instalments, receipt, settle
from chezhe.servicing.tests.test_calling_in import APRIL, MAY, call_in, write_off
from chezhe.servicing.tests.test_charges import charge
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees, journal

pytestmark = pytest.mark.django_db
JUNE = date(2026, 6, 20)


@pytest.fixture
def given_up(bank: Bank, loan: Loan) -> Loan:
    days_pass(bank, APRIL)
    charge(bank, loan, 30_000)
    days_pass(bank, MAY)
    write_off(bank, loan)
    loan.refresh_from_db()
    return loan


def owed(loan: Loan, on: date) -> int:
    return queries.current_position(Loan.objects.get(pk=loan.pk), on).due_total_fen


def test_what_enforcement_costs_joins_the_claim_and_is_income_when_it_is_received(bank: Bank, given_up: Loan) -> None:
    charged = charge(bank, given_up, 40_000)
    assert journal(given_up).endswith(
        "2026-05-20 charged\n"
        "  Dr written-off claims         400.00\n"
        "  Cr written-off claims contra  400.00"
    )
    assert agrees(given_up) and given_up.fee_due == Money(70_000)
    assert ledger_queries.balance(chart.WRITTEN_OFF_CLAIMS, owner=given_up.subject) == Money(10_070_000)
    assert not ledger_queries.balance(chart.FEE_RECEIVABLE, owner=given_up.subject)
    pay(bank, given_up, "700.00", MAY)
    assert agrees(given_up)
    take_back(bank, charged)
    assert agrees(given_up)


def test_recovered_costs_are_fee_income_and_older_fees_go_back_into_the_provision(bank: Bank, given_up: Loan) -> None:
    charge(bank, given_up, 40_000)
    settle(bank, given_up, str(Money(owed(given_up, MAY))))
    told = journal(given_up).rsplit("2026-05-20 recovery\n", 1)[1]
    assert "Cr provision" in told and "  Cr fee income" in told and "400.00" in told
    assert agrees(given_up) and given_up.status == "settled"
    assert not ledger_queries.balance(chart.WRITTEN_OFF_CLAIMS, owner=given_up.subject)


def test_costs_may_be_forgiven_and_the_price_of_the_money_may_not_grow(bank: Bank, given_up: Loan) -> None:
    charge(bank, given_up, 40_000)
    for code in ("papers", "collection", "other"):
        with pytest.raises(FeeAfterWriteOff):
            charge(bank, given_up, 10_000, code)
    asked = request_waiver(loan_number=given_up.number, item=Item.FEE, amount=Money(70_000), reason="和解", by=bank.fang)
    agree(asked, bank.cast.gao)
    assert agrees(given_up) and not given_up.fee_due
    assert journal(given_up).endswith(
        "2026-05-20 waived\n"
        "  Dr written-off claims contra  700.00\n"
        "  Cr written-off claims         700.00"
    )


def test_reinstated_the_costs_are_a_receivable_like_any_other(bank: Bank, given_up: Loan) -> None:
    charge(bank, given_up, 40_000)
    take_back(bank, given_up.events.get(kind="written_off"))
    assert agrees(given_up) and given_up.status == "active"
    assert ledger_queries.balance(chart.FEE_RECEIVABLE, owner=given_up.subject) == Money(70_000)


def test_a_written_off_claim_is_settled_with_exactly_all_that_is_owed(bank: Bank, given_up: Loan) -> None:
    days_pass(bank, JUNE)
    quoted = queries.require_quote(Loan.objects.get(pk=given_up.pk), JUNE, JUNE)
    assert quoted.to_pay == Money(owed(given_up, JUNE))
    for wrong in (quoted.to_pay - Money(1), quoted.to_pay + Money(1)):
        with pytest.raises(PayoffDiffers):
            settle(bank, given_up, str(wrong))
    event = settle(bank, given_up, str(quoted.to_pay))
    assert agrees(given_up) and given_up.status == "settled" and "2026-06-20 recovery\n" in journal(given_up)
    assert not ledger_queries.balance(chart.WRITTEN_OFF_CLAIMS, owner=given_up.subject)
    assert not ledger_queries.balance(chart.OFF_BOOK_INTEREST, owner=given_up.subject)
    take_back(bank, event)
    assert agrees(given_up) and given_up.status == "written_off"


def test_a_letter_may_be_quoted_for_a_month_and_no_new_loan_pays_it_off(browser: Any, bank: Bank, given_up: Loan) -> None:
    row = Loan.objects.get(pk=given_up.pk)
    later = queries.require_quote(row, MAY + timedelta(days=30), MAY)
    assert later.total > queries.require_quote(row, MAY, MAY).total
    with pytest.raises(NotQuotable):
        queries.require_quote(row, MAY + timedelta(days=31), MAY)
    browser.acts_as(bank.fang)
    page = browser.get(at("settlement", row.number))
    assert page.status_code == 200 and str(queries.settlement_quote(row, MAY).to_pay).replace(",", "") in text_of(page).replace(",", "")
    assert at("refinance", row.number) not in text_of(browser.get(at("changes_of") + f"?subject={row.subject}"))


def test_security_may_be_left_and_used_on_a_loan_that_was_called_in(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    call_in(bank, loan)
    left = receipt("5000.00", APRIL, "D1", kind="deposited")
    take_deposit(loan_number=loan.number, receipt=left, by=bank.fang)
    assert agrees(loan) and loan.deposit == Money(500_000)
    assert journal(loan).endswith("2026-04-01 deposited\n  Dr bank           5,000.00\n  Cr deposits held  5,000.00")
    all_agree(bank, request_deposit_use(loan_number=loan.number, amount=Money(500_000), reason="抵扣", by=bank.fang))
    assert agrees(loan) and not loan.deposit


def test_a_subsidy_is_noted_for_lines_that_ran_before_the_call(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 2)
    days_pass(bank, APRIL)
    call_in(bank, loan)
    with pytest.raises(Invalid, match="已到期"):
        grant_subsidy(loan_number=loan.number, period=3, by=bank.fang)
    event = grant_subsidy(loan_number=loan.number, period=2, by=bank.fang)
    assert event.amount and agrees(loan) and "2026-04-01 subsidised\n  Dr subsidy receivable" in journal(loan)
    days_pass(bank, date(2026, 8, 1))
    write_off(bank, loan)
    with pytest.raises(WrongState):
        grant_subsidy(loan_number=loan.number, period=1, by=bank.fang)
