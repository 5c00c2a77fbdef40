"""What the borrower, the insurer and the house do with cash beside the instalments: AC-01's loan, booked to the fen."""

from __future__ import annotations

from datetime import date

import pytest

from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.queries import journal_text
from chezhe.payments.actions.merge_receipt import merge_receipt
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.actions.restore_receipt import restore_receipt
from chezhe.payments.models import Tally
from chezhe.servicing import queries
from chezhe.servicing.actions.match_receipt import match_receipt
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.deciding import agree, ask_refund, pay_out
from chezhe.servicing.tests.lending import Bank, pay, receipt, settle
from chezhe.servicing.tests.test_bank_files import imported
from chezhe.servicing.tests.test_charges import charge, waive
from chezhe.servicing.tests.test_corrections import take_back
from chezhe.servicing.tests.test_security_money import give_back, leave, use
from tests.golden.telling import Told, one_year_paid

pytestmark = pytest.mark.django_db
FEBRUARY, APRIL = date(2026, 2, 15), date(2026, 4, 1)


@pytest.mark.tells("repaid", "refunded", "refund_paid")
def test_a_transfer_without_a_number_is_claimed_and_what_is_too_much_goes_back(bank: Bank, loan: Loan) -> None:
    """4,000.00 for an instalment of 3,321.43: 678.57 are the borrower's."""
    business_date.open_day(FEBRUARY)
    told = Told(loan)
    file = imported(bank, "2026-02-15,4000.00,S1,李四,,还车贷")
    assert post_bank_file(file_number=file.number, by=bank.fang).parked == 1
    assert told.more() == "" and ledger_queries.balance(chart.SUSPENSE) == Money(400_000), "on our account, and nobody's yet"
    match_receipt(bank_serial_number="S1", loan_number=loan.number, reason="客户来电说明由表弟代付", by=bank.fang)
    assert told.last() == (
        "2026-02-15 repayment\n"
        "  Dr suspense             4,000.00\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43\n"
        "  Cr unapplied cash         678.57"
    )
    change = agree(ask_refund(bank, loan, 67_857), bank.cast.gao)
    assert told.more() == "2026-02-15 refunded\n  Dr unapplied cash   678.57\n  Cr refunds payable  678.57"
    pay_out(bank, change)
    assert told.more() == "2026-02-15 refund_paid\n  Dr refunds payable   678.57\n  Cr funds in transit  678.57"
    assert not ledger_queries.balance(chart.SUSPENSE) and not loan.unapplied


def test_a_receipt_that_the_counter_had_registered_leaves_suspense_and_comes_back(bank: Bank, loan: Loan) -> None:
    """The bank's 3,321.43 stand twice on our account until one of them goes; restored, they stand there again."""
    business_date.open_day(FEBRUARY)
    told = Told(loan)
    pay(bank, loan, "3321.43", FEBRUARY, "K1")
    told.more()
    imported(bank, "2026-02-15,3321.43,S1,王小明,,房租")
    reconcile_accounts(by=bank.fang)
    brought = "2026-02-15 bank_receipt S1\n  Dr bank      3,321.43\n  Cr suspense  3,321.43"
    assert journal_text("bank_line:S1").strip() == brought and ledger_queries.balance(chart.BANK) == Money(664_286)
    merge_receipt(tally_number=Tally.objects.get(kind="ledger_only").number, bank_serial="S1", by=bank.fang)
    left = "2026-02-15 receipt_booked_before S1\n  Dr suspense  3,321.43\n  Cr bank      3,321.43"
    assert journal_text("bank_line:S1").strip() == f"{brought}\n\n{left}" and ledger_queries.balance(chart.BANK) == Money(332_143)
    restore_receipt(bank_serial="S1", reason="不是同一笔", by=bank.fang)
    back = "2026-02-15 reversal S1\n  Dr bank      3,321.43\n  Cr suspense  3,321.43"
    assert journal_text("bank_line:S1").strip() == f"{brought}\n\n{left}\n\n{back}" and ledger_queries.balance(chart.SUSPENSE) == Money(332_143)
    assert told.more() == "", "the loan was paid once, by the counter"


@pytest.mark.tells("charged", "waived", "repaid")
def test_a_fee_is_charged_penalties_are_forgiven_and_the_rest_is_paid(bank: Bank, loan: Loan) -> None:
    """AC-10 on 1 April: 3 396.16 and 3 349.66 of two instalments, and a fee of 50.00."""
    business_date.open_day(APRIL)
    told = Told(loan)
    charge(bank, loan, 5_000)
    assert told.last() == "2026-04-01 charged\n  Dr fee receivable  50.00\n  Cr fee income      50.00"
    assert queries.current_position(loan, APRIL).due_total_fen == 339_616 + 334_966 + 5_000
    waive(bank, loan, Item.PENALTY, 7_216)
    assert told.more() == "", "penalties are income when they are received"
    waive(bank, loan, Item.INTEREST, 50_000)
    assert told.more() == "2026-04-01 waived\n  Dr waivers              500.00\n  Cr interest receivable  500.00"
    pay(bank, loan, "6223.66", APRIL)
    assert told.more() == (
        "2026-04-01 repayment\n"
        "  Dr bank                 6,223.66\n"
        "  Cr fee receivable          50.00\n"
        "  Cr compound income         30.80\n"
        "  Cr interest receivable  1,476.79\n"
        "  Cr principal            4,666.07"
    )
    assert not queries.current_position(loan, APRIL).dues and loan.oldest_due_on is None


@pytest.mark.tells("deposited", "deposit_used", "refunded")
@pytest.mark.takes_back("deposit_used")
def test_a_deposit_helps_out_is_put_back_and_returned(bank: Bank, loan: Loan) -> None:
    """AC-17's 5 000.00; of them AC-10's 4 000.00 for two instalments that are 45 and 17 days late."""
    told = Told(loan)
    leave(bank, loan, "5000.00")
    assert told.more() == "2026-01-15 deposited\n  Dr bank           5,000.00\n  Cr deposits held  5,000.00"
    business_date.open_day(APRIL)
    change = agree(use(bank, loan, 400_000), bank.cast.gao)
    used = (
        "2026-04-01 deposit_used\n"
        "  Dr deposits held        4,000.00\n"
        "  Cr penalty income          72.16\n"
        "  Cr compound income         30.80\n"
        "  Cr interest receivable  1,575.61\n"
        "  Cr principal            2,321.43"
    )
    assert told.last() == used
    assert (loan.days_past_due(APRIL), loan.deposit) == (17, Money(100_000))
    take_back(bank, change.event)
    assert told.more() == (
        "2026-04-01 reversal\n"
        "  Dr penalty income          72.16\n"
        "  Dr compound income         30.80\n"
        "  Dr interest receivable  1,575.61\n"
        "  Dr principal            2,321.43\n"
        "  Cr deposits held        4,000.00"
    )
    assert (loan.days_past_due(APRIL), loan.deposit, loan.principal_due) == (45, Money(500_000), Money(466_607))
    agree(use(bank, loan, 400_000), bank.cast.gao)
    assert told.more() == used
    change = agree(give_back(bank, loan, 100_000), bank.cast.gao)
    assert told.more() == "2026-04-01 refunded\n  Dr deposits held    1,000.00\n  Cr refunds payable  1,000.00"
    pay_out(bank, change)
    assert told.more() == "2026-04-01 refund_paid\n  Dr refunds payable   1,000.00\n  Cr funds in transit  1,000.00"
    assert not loan.deposit and not ledger_queries.balance(chart.DEPOSITS_HELD)


@pytest.mark.tells("insured", "settled")
def test_the_car_is_a_total_loss_and_the_insurer_pays(bank: Bank, loan: Loan) -> None:
    """AC-11 on 25 January 2027: 72 910.40 settle it, the insurer pays 75,000.00, the borrower gets 2,089.60."""
    today = date(2027, 1, 25)
    loan = one_year_paid(bank, loan, today)
    told = Told(loan)
    given = receipt("75000.00", today, "P-1", kind="insured", payer="某财产保险公司")
    record_insurance_proceeds(loan_number=loan.number, receipt=given, by=bank.fang)
    assert told.more() == "2027-01-25 insurance_proceeds\n  Dr bank            75,000.00\n  Cr unapplied cash  75,000.00"
    assert queries.settlement_quote(loan, today).total == Money(7_291_040)
    settle(bank, loan, "0")
    assert told.more() == (
        "2027-01-25 early_settlement\n"
        "  Dr unapplied cash           72,910.40\n"
        "  Cr principal                70,558.46\n"
        "  Cr accrued interest            235.19\n"
        "  Cr early-settlement income   2,116.75"
    )
    assert (loan.status, loan.unapplied) == ("settled", Money(208_960))
    pay_out(bank, agree(ask_refund(bank, loan, 208_960), bank.cast.gao))
    assert told.more().startswith("2027-01-25 refunded\n  Dr unapplied cash   2,089.60\n") and not loan.unapplied
