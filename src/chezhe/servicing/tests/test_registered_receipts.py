"""A transfer that a clerk registered by the bank's serial is the one that the statement tells: it is booked once, whichever comes first."""

from __future__ import annotations

from datetime import date

import pytest

from chezhe.finmath.money import Money
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.models import BankFile, BankLine, StatementLine, Tally
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.post_bank_file import PostedFile, post_bank_file
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.actions.take_back_receipt import take_back_receipt
from chezhe.servicing.counter import ReceiptOnStatement
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass, pay
from chezhe.servicing.tests.test_life import agrees

pytestmark = pytest.mark.django_db

DAY = date(2026, 2, 16)
HEAD = "交易日期,金额,流水号,付款人,付款账号,附言\n"


def told(bank: Bank, *rows: str, name: str = "二月.csv") -> PostedFile:
    file: BankFile = import_bank_file(content=(HEAD + "\n".join(rows) + "\n").encode(), name=name, by=bank.fang).file
    return post_bank_file(file_number=file.number, by=bank.fang)


def only_tally(bank: Bank) -> Tally:
    """What reconciliation makes of it; the payout is not asked about."""
    reconcile_accounts(by=bank.fang)
    return Tally.objects.get(account=chart.BANK)


def in_the_bank() -> Money:
    return ledger_queries.balance(chart.BANK)


@pytest.fixture
def line(bank: Bank, loan: Loan) -> BankLine:
    """Registered at the counter as S1, and told by the bank afterwards."""
    days_pass(bank, DAY)
    pay(bank, loan, "3321.43", DAY)
    done = told(bank, f"2026-02-16,3321.43,S1,王小明,,还款 {loan.number}")
    assert (done.posted, done.parked, done.known) == (1, 0, 1)
    return BankLine.objects.get(bank_serial="S1")


def test_the_statement_does_not_book_it_again(bank: Bank, loan: Loan, line: BankLine) -> None:
    assert (line.status, line.matched_subject) == ("matched", loan.subject) and loan.number in line.outcome
    assert in_the_bank() == Money(332_143) and not ledger_queries.balance(chart.SUSPENSE)
    assert loan.events.filter(kind="repaid").count() == 1 and agrees(loan)
    tally = only_tally(bank)
    assert (tally.kind, tally.difference, tally.how) == ("", Money(0), "exact")
    again = post_bank_file(file_number=line.file.number, by=bank.fang)
    assert (again.posted, again.parked) == (0, 0) and in_the_bank() == Money(332_143)


def test_another_sum_under_the_same_serial_waits_with_the_reason(bank: Bank, loan: Loan) -> None:
    days_pass(bank, DAY)
    pay(bank, loan, "3321.43", DAY)
    done = told(bank, f"2026-02-16,3321.34,S1,王小明,,还款 {loan.number}")
    assert (done.posted, done.parked, done.known) == (0, 1, 0)
    waiting = BankLine.objects.get()
    assert waiting.status == "parked" and "3321.43" in waiting.outcome.replace(",", "") and loan.number in waiting.outcome
    assert loan.events.filter(kind="repaid").count() == 1 and only_tally(bank).kind == "amount_differs"


def test_what_the_statement_has_told_cannot_be_registered_by_hand(bank: Bank, loan: Loan) -> None:
    days_pass(bank, DAY)
    told(bank, "2026-02-16,3321.43,S1,不明,,房租")
    with pytest.raises(ReceiptOnStatement):
        pay(bank, loan, "3321.43", DAY)
    assert in_the_bank() == Money(332_143) and not loan.events.filter(kind="repaid").exists()


def test_registering_again_after_the_statement_is_harmless(bank: Bank, loan: Loan, line: BankLine) -> None:
    first = loan.events.get(kind="repaid")
    assert pay(bank, loan, "3321.43", DAY) == first and in_the_bank() == Money(332_143)


def test_a_reversal_puts_the_money_in_suspense_and_it_can_be_claimed(bank: Bank, loan: Loan, line: BankLine) -> None:
    event = loan.events.get(kind="repaid")
    reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="记错贷款", by=bank.fang)
    line.refresh_from_db()
    assert (line.status, line.matched_subject) == ("open", "")
    assert in_the_bank() == Money(332_143) == ledger_queries.balance(chart.SUSPENSE) and agrees(loan)
    match_receipt(bank_serial_number="S1", loan_number=loan.number, reason="核对后重新认领", by=bank.fang)
    assert not ledger_queries.balance(chart.SUSPENSE) and in_the_bank() == Money(332_143) and agrees(loan)
    assert only_tally(bank).kind == ""


def test_a_line_of_another_sum_stays_with_what_it_was_claimed_for(bank: Bank, loan: Loan) -> None:
    """The clerk mistyped the sum, the line is claimed, then the mistyped one is reversed: the claim has nothing to do with it."""
    days_pass(bank, DAY)
    mistyped = pay(bank, loan, "3321.43", DAY)
    told(bank, f"2026-02-16,3321.34,S1,王小明,,还款 {loan.number}")
    claimed = match_receipt(bank_serial_number="S1", loan_number=loan.number, reason="柜面记错金额", by=bank.fang)
    reverse_repayment(loan_number=loan.number, event_id=mistyped.pk, reason="金额记错", by=bank.fang)
    line = BankLine.objects.get()
    assert (line.status, line.matched_subject) == ("matched", loan.subject) and agrees(loan)
    assert in_the_bank() == Money(332_134) and not ledger_queries.balance(chart.SUSPENSE)
    reverse_repayment(loan_number=loan.number, event_id=claimed.pk, reason="认领错误", by=bank.fang)
    line.refresh_from_db()
    assert line.status == "open" and ledger_queries.balance(chart.SUSPENSE) == Money(332_134) == in_the_bank() and agrees(loan)


def test_registered_again_after_a_reversal_it_is_the_same_transfer(bank: Bank, loan: Loan) -> None:
    days_pass(bank, DAY)
    wrong = pay(bank, loan, "3000.00", DAY)
    reverse_repayment(loan_number=loan.number, event_id=wrong.pk, reason="金额录错", by=bank.fang)
    pay(bank, loan, "3321.43", DAY)
    done = told(bank, f"2026-02-16,3321.43,S1,王小明,,还款 {loan.number}")
    assert (done.posted, done.parked, done.known) == (1, 0, 1)
    assert in_the_bank() == Money(332_143) and not ledger_queries.balance(chart.SUSPENSE) and agrees(loan)
    assert only_tally(bank).kind == ""


def test_registered_and_reversed_before_the_statement_comes_it_is_a_receipt_like_any(bank: Bank, loan: Loan) -> None:
    days_pass(bank, DAY)
    wrong = pay(bank, loan, "3321.43", DAY)
    reverse_repayment(loan_number=loan.number, event_id=wrong.pk, reason="尚未到账", by=bank.fang)
    done = told(bank, f"2026-02-16,3321.43,S1,王小明,,还款 {loan.number}")
    assert (done.posted, done.parked, done.known) == (1, 0, 0)
    assert in_the_bank() == Money(332_143) and not ledger_queries.balance(chart.SUSPENSE) and agrees(loan)


def test_the_bank_takes_it_back(bank: Bank, loan: Loan, line: BankLine) -> None:
    rows = "交易日期,收入金额,支出金额,流水号,摘要\n2026-02-16,,3321.43,S1,退汇\n"
    import_bank_file(content=rows.encode(), name="退汇.csv", by=bank.fang)
    StatementLine.objects.update(takes_back=True)
    tally = only_tally(bank)
    take_back_receipt(tally_number=tally.number, bank_serial="S1", reason="银行冲回", by=bank.fang)
    line.refresh_from_db()
    assert line.status == "returned" and not in_the_bank() and not ledger_queries.balance(chart.SUSPENSE) and agrees(loan)
