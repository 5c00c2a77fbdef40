"""Posting of money interrupted at every write it makes: nothing is half done, and done again it comes to the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from chezhe.kernel import business_date
from chezhe.payments.actions.import_bank_file import import_bank_file
from chezhe.servicing import queries
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, prepay, settle
from chezhe.servicing.tests.test_bank_files import HEAD, imported
from tests.faults.cutting import Act, cut_at_each_write
from tests.faults.facts import FAULTS, Tell

pytestmark = pytest.mark.django_db
DUE, LATER = date(2026, 2, 15), date(2026, 3, 2)


def repaid(bank: Bank, loan: Loan) -> Act:
    return lambda: pay(bank, loan, "3500.00", LATER)


def repaid_late(bank: Bank, loan: Loan) -> Act:
    return lambda: pay(bank, loan, "3321.43", DUE)


def taken_back(bank: Bank, loan: Loan) -> Act:
    event = pay(bank, loan, "3321.43", LATER)
    return lambda: reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="记错", by=bank.fang)


def prepaid(bank: Bank, loan: Loan) -> Act:
    pay(bank, loan, str(queries.current_position(Loan.objects.get(pk=loan.pk), LATER).due_total_fen / 100), LATER)
    return lambda: prepay(bank, loan, "20000.00")


def settled(bank: Bank, loan: Loan) -> Act:
    payoff = queries.settlement_quote(Loan.objects.get(pk=loan.pk), business_date.current()).to_pay
    return lambda: settle(bank, loan, str(payoff))


def statement_imported(bank: Bank, loan: Loan) -> Act:
    rows = f"2026-03-01,100.00,S1,王小明,,还款 {loan.number}\n2026-03-01,50.00,S2,李四,,房租\n"
    return lambda: import_bank_file(content=(HEAD + rows).encode(), name="三月.csv", by=bank.fang)


def statement_posted(bank: Bank, loan: Loan) -> Act:
    file = imported(bank, f"2026-02-20,3321.43,S1,王小明,,还款 {loan.number}", "2026-03-01,50.00,S2,李四,,房租", f"2026-03-01,9.00,S3,王,,{loan.number}")
    return lambda: post_bank_file(file_number=file.number, by=bank.fang)


@pytest.mark.parametrize("deed", [repaid, repaid_late, taken_back, prepaid, settled, statement_imported, statement_posted])
def test_a_fault_at_any_write_of_posting_leaves_nothing_behind(bank: Bank, deed: Callable[[Bank, Loan], Act], record_property: Tell) -> None:
    loan = lend(bank)
    days_pass(bank, LATER)
    writes = cut_at_each_write(deed(bank, loan))
    print(f"\n{deed.__name__}: cut at each of {writes} writes")
    record_property(FAULTS, {"deeds": 1, "writes cut": writes})
