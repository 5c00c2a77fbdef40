"""A receipt the bank took back: its repayment is reversed and the money leaves suspense, in one step."""

from __future__ import annotations

import pytest

from chezhe.customers.tests.filing import CARD
from chezhe.finmath.money import Money
from chezhe.kernel.errors import Invalid, NotPermitted, WrongState
from chezhe.kernel.testing import WU
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.models import BankLine, Tally
from chezhe.payments.reconciliation.taking_back import AmountOther, NotTakenBack
from chezhe.payments.tests.test_camt import OUT, camt
from chezhe.servicing import queries
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.take_back_receipt import take_back_receipt
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass
from chezhe.servicing.tests.test_bank_files import DAY, HEAD

pytestmark = pytest.mark.django_db


def taken_back(bank: Bank, serial: str, yuan: str, number: str = "") -> Tally:
    """The bank's statement says that a receipt went back; under its own number or another."""
    back = OUT.replace("</CdtDbtInd>", "</CdtDbtInd><RvslInd>true</RvslInd>").replace("D1", number or serial).replace("50.00", yuan)
    back = back.replace("2026-03-15", "2026-02-15")
    closing = f"{1000 - float(yuan):.2f}"
    import_bank_file(content=camt(back, closing=closing), name="冲回.xml", by=bank.fang)
    reconcile_accounts(by=bank.fang)
    return Tally.objects.get(items__statement_line__takes_back=True)


@pytest.fixture
def receipt(bank: Bank, loan: Loan) -> str:
    days_pass(bank, DAY)
    row = f"2026-02-15,3321.43,S1,王建国,,还款 {loan.number}"
    file = import_bank_file(content=(HEAD + row + "\n").encode(), name="二月.csv", by=bank.fang).file
    post_bank_file(file_number=file.number, by=bank.fang)
    return "S1"


@pytest.mark.parametrize("number", ["", "R77"])
def test_the_repayment_is_reversed_and_the_money_is_nowhere_any_more(bank: Bank, loan: Loan, receipt: str, number: str) -> None:
    tally = taken_back(bank, receipt, "3321.43", number)
    assert tally.kind
    take_back_receipt(tally_number=tally.number, bank_serial=receipt, reason="银行冲回收款", by=bank.fang)
    line = BankLine.objects.get(bank_serial=receipt)
    assert (line.status, line.matched_subject) == ("returned", "")
    assert not ledger_queries.balance(chart.SUSPENSE) and not ledger_queries.balance(chart.BANK)
    assert ledger_queries.journal_text("bank_line:S1").strip().splitlines()[-3:] == [
        "2026-02-16 receipt_taken_back S1", "  Dr suspense  3,321.43", "  Cr bank      3,321.43",
    ]
    loan.refresh_from_db()
    assert loan.principal_due + loan.interest_due == Money(332_143)
    agreed = Tally.objects.get()
    assert (agreed.kind, agreed.difference, agreed.items.count()) == ("", Money(0), 4)
    with pytest.raises(NotTakenBack):
        take_back_receipt(tally_number=agreed.number, bank_serial=receipt, reason="再次", by=bank.fang)


def test_another_sum_is_not_the_same_receipt_and_a_reason_is_needed(bank: Bank, loan: Loan, receipt: str) -> None:
    tally = taken_back(bank, receipt, "50.00", "R77")
    with pytest.raises(Invalid):
        take_back_receipt(tally_number=tally.number, bank_serial=receipt, reason=" ", by=bank.fang)
    with pytest.raises(AmountOther):
        take_back_receipt(tally_number=tally.number, bank_serial=receipt, reason="银行冲回", by=bank.fang)
    assert BankLine.objects.get().status == "matched"  # nothing half done
    with pytest.raises(NotPermitted):
        take_back_receipt(tally_number=tally.number, bank_serial=receipt, reason="看不到", by=WU)


def test_a_receipt_that_waits_only_leaves_suspense_and_cannot_be_posted_afterwards(bank: Bank, loan: Loan) -> None:
    days_pass(bank, DAY)
    file = import_bank_file(content=(HEAD + "2026-02-15,50.00,S9,某人,,房租\n").encode(), name="二月.csv", by=bank.fang).file
    tally = taken_back(bank, "S9", "50.00")
    take_back_receipt(tally_number=tally.number, bank_serial="S9", reason="银行冲回", by=bank.fang)
    assert not ledger_queries.balance(chart.SUSPENSE)
    assert post_bank_file(file_number=file.number, by=bank.fang).parked == 0
    with pytest.raises((WrongState, NotTakenBack)):
        take_back_receipt(tally_number=Tally.objects.get().number, bank_serial="S9", reason="再次", by=bank.fang)


def test_reconciliation_learns_who_stands_behind_a_loan(bank: Bank, loan: Loan) -> None:
    party = queries.parties_of([loan.number])[loan.number]
    assert party.names == {loan.customer.name} and party.tails == {CARD[-4:]}
