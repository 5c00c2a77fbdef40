"""What was done in error, and the journal of its being taken back, to the fen: AC-01's loan, mostly of the day AC-11 is about."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.finmath.allocation import Item
from chezhe.kernel import business_date, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.servicing.actions.cancel_refund import cancel_refund
from chezhe.servicing.actions.fix_refinancing import fix_refinancing
from chezhe.servicing.actions.record_insurance_proceeds import record_insurance_proceeds
from chezhe.servicing.actions.request_rate_change import request_rate_change
from chezhe.servicing.actions.resume_loan import resume_loan
from chezhe.servicing.actions.reverse_repricing import reverse_repricing
from chezhe.servicing.actions.undo_payout import undo_payout
from chezhe.servicing.actions.undo_repricing import undo_repricing
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.deciding import agree, ask_refund, risk, take_back
from chezhe.servicing.tests.lending import Bank, lend, pay, prepay, receipt, settle, with_plan
from chezhe.servicing.tests.returning import came_back
from chezhe.servicing.tests.test_calling_in import write_off
from chezhe.servicing.tests.test_charges import charge, waive
from chezhe.servicing.tests.test_refinancing import paid, renewal
from chezhe.servicing.tests.test_replanning import due_day
from chezhe.servicing.tests.test_repricing import FLOATING, NEW_YEAR, applied, lpr, work
from chezhe.servicing.tests.test_security_money import give_back, leave, subsidise
from tests.golden.telling import Told, one_year_paid, paid_in_time

pytestmark = pytest.mark.django_db
FEBRUARY, APRIL, SETTLES, LATER = date(2026, 2, 15), date(2026, 4, 1), date(2027, 1, 25), date(2027, 2, 20)
WHY = "录入有误"


@pytest.mark.takes_back("settled")
def test_a_settlement(bank: Bank, loan: Loan) -> None:
    """AC-11's 72,910.40, found to be another borrower's on 20 February: instalment 13 fell due meanwhile, 705.58 of interest."""
    loan = one_year_paid(bank, loan, SETTLES)
    event = settle(bank, loan, "72910.40")
    told = Told(loan)
    business_date.open_day(LATER)
    take_back(bank, event)
    assert told.more() == (
        "2027-02-15 due\n"
        "  Dr interest receivable  705.58\n"
        "  Cr accrued interest     705.58\n"
        "\n"
        "2027-02-20 reversal\n"
        "  Dr principal                70,558.46\n"
        "  Dr accrued interest            235.19\n"
        "  Dr early-settlement income   2,116.75\n"
        "  Cr bank                     72,910.40"
    )


@pytest.mark.tells("prepaid")
@pytest.mark.takes_back("prepaid")
def test_a_prepayment(bank: Bank, loan: Loan) -> None:
    """20,000.00 that were somebody else's: instalment 13 is AC-01's again."""
    loan = one_year_paid(bank, loan, SETTLES)
    told = Told(loan)
    event = prepay(bank, loan, "20000.00")
    assert told.more() == (
        "2027-01-25 prepayment\n"
        "  Dr bank       20,000.00\n"
        "  Cr principal  20,000.00"
    )
    business_date.open_day(LATER)
    take_back(bank, event)
    assert told.more() == (
        "2027-02-15 due\n"
        "  Dr interest receivable  705.58\n"
        "  Cr accrued interest     705.58\n"
        "\n"
        "2027-02-20 reversal\n"
        "  Dr principal  20,000.00\n"
        "  Cr bank       20,000.00"
    )


@pytest.mark.takes_back("charged")
def test_a_fee_that_was_paid(bank: Bank, loan: Loan) -> None:
    """What the borrower paid for it is his cash."""
    business_date.open_day(date(2026, 2, 1))
    event = charge(bank, loan, 5_000)
    pay(bank, loan, "50.00", date(2026, 2, 1))
    told = Told(loan)
    take_back(bank, event)
    assert told.more() == (
        "2026-02-01 reversal\n"
        "  Dr fee income      50.00\n"
        "  Cr fee receivable  50.00\n"
        "\n"
        "2026-02-01 replay\n"
        "  Dr fee receivable  50.00\n"
        "  Cr unapplied cash  50.00"
    )


@pytest.mark.takes_back("waived")
def test_a_waiver(bank: Bank, loan: Loan) -> None:
    """AC-10's loan: 500.00 of interest are owed again."""
    business_date.open_day(APRIL)
    change = waive(bank, loan, Item.INTEREST, 50_000)
    told = Told(loan)
    take_back(bank, change.event)
    assert told.more() == (
        "2026-04-01 reversal\n"
        "  Dr interest receivable  500.00\n"
        "  Cr waivers              500.00"
    )


@pytest.mark.tells("due_day")
@pytest.mark.takes_back("due_day")
def test_a_due_day(bank: Bank, loan: Loan) -> None:
    """The second instalment was to be due on 25 March; on 20 March it is five days late: one per cent of 97 678.57."""
    loan = paid_in_time(bank, loan, 1, "3321.43", date(2026, 2, 20))
    change = due_day(bank, loan, 25)
    business_date.open_day(date(2026, 3, 20))
    told = Told(loan)
    take_back(bank, change.event)
    assert told.more() == (
        "2026-03-15 due\n"
        "  Dr interest receivable  976.79\n"
        "  Cr accrued interest     976.79"
    )


@pytest.mark.tells("repriced")
@pytest.mark.takes_back("repriced")
def test_a_rate(bank: Bank, loan: Loan) -> None:
    """Both instalments at the old rate: one per cent of 97 678.57, and of the 95 333.93 after it."""
    loan = paid_in_time(bank, loan, 1, "3321.43", date(2026, 2, 15))
    asked = request_rate_change(loan_number=loan.number, annual_rate=Decimal("0.09"), reason="LPR 下调", by=bank.fang)
    change = agree(asked, risk(bank))
    business_date.open_day(date(2026, 4, 20))
    told = Told(loan)
    take_back(bank, change.event)
    assert told.more() == (
        "2026-03-15 due\n"
        "  Dr interest receivable  976.79\n"
        "  Cr accrued interest     976.79\n"
        "\n"
        "2026-04-15 due\n"
        "  Dr interest receivable  953.34\n"
        "  Cr accrued interest     953.34"
    )


@pytest.mark.tells("repriced")
@pytest.mark.takes_back("repriced")
def test_a_batch_of_rates(bank: Bank) -> None:
    """What 11.9 % would have made of 705.58, one per cent of 70 558.46, never was."""
    loan = paid_in_time(bank, lend(bank, FLOATING), 11, "3321.43", NEW_YEAR)
    lpr("0.0290")
    with jobs.in_line():
        batch = applied(bank)
        business_date.open_day(LATER)
        told = Told(loan)
        asked = reverse_repricing(batch_number=batch.number, reason=WHY, by=bank.fang)
        cast_vote(request_number=asked.reverse_approval_number, verdict="agree", opinion="确实录错", by=risk(bank))
        work(batch, undo_repricing)
    assert told.more() == (
        "2027-01-15 due\n"
        "  Dr interest receivable  731.48\n"
        "  Cr accrued interest     731.48\n"
        "\n"
        "2027-02-15 due\n"
        "  Dr interest receivable  705.58\n"
        "  Cr accrued interest     705.58"
    )


@pytest.mark.takes_back("insured")
def test_insurance_proceeds(bank: Bank, loan: Loan) -> None:
    """AC-10's two instalments: of 4,000.00 the deposit of `test_cash_stories` has paid the same."""
    business_date.open_day(APRIL)
    given = receipt("4000.00", APRIL, "P-1", kind="insured", payer="某财产保险公司")
    told = Told(loan)
    event = record_insurance_proceeds(loan_number=loan.number, receipt=given, by=bank.fang)
    assert told.last() == (
        "2026-04-01 insurance_proceeds\n"
        "  Dr bank                 4,000.00\n"
        "  Cr penalty income          72.16\n"
        "  Cr compound income         30.80\n"
        "  Cr interest receivable  1,575.61\n"
        "  Cr principal            2,321.43"
    )
    take_back(bank, event)
    assert told.more() == (
        "2026-04-01 reversal\n"
        "  Dr penalty income          72.16\n"
        "  Dr compound income         30.80\n"
        "  Dr interest receivable  1,575.61\n"
        "  Dr principal            2,321.43\n"
        "  Cr bank                 4,000.00"
    )


@pytest.mark.takes_back("subsidised")
def test_a_subsidy(bank: Bank) -> None:
    """A twelfth of one per cent of 200,000.00: the borrower owes it again, the treasury does not."""
    loan = lend(bank, with_plan(principal_fen=20_000_000, annual_rate=Decimal("0.036")))
    business_date.open_day(FEBRUARY)
    event = subsidise(bank, loan, 1)
    told = Told(loan)
    take_back(bank, event)
    assert told.more() == (
        "2026-02-15 reversal\n"
        "  Dr interest receivable  166.67\n"
        "  Cr subsidy receivable   166.67"
    )


@pytest.mark.takes_back("deposited")
def test_a_deposit_and_a_deposit_on_its_way_back(bank: Bank, loan: Loan) -> None:
    """1,000.00 stay with us after all; then the 5,000.00 never came."""
    event = leave(bank, loan, "5000.00")
    told = Told(loan)
    change = agree(give_back(bank, loan, 100_000), bank.cast.gao)
    cancel_refund(change_number=change.number, reason=WHY, by=bank.fang)
    assert told.more() == (
        "2026-01-15 refunded\n"
        "  Dr deposits held    1,000.00\n"
        "  Cr refunds payable  1,000.00\n"
        "\n"
        "2026-01-15 reversal\n"
        "  Dr refunds payable  1,000.00\n"
        "  Cr deposits held    1,000.00"
    )
    take_back(bank, event)
    assert told.more() == (
        "2026-01-15 reversal\n"
        "  Dr deposits held  5,000.00\n"
        "  Cr bank           5,000.00"
    )


def test_a_refund_on_its_way(bank: Bank, loan: Loan) -> None:
    """678.57 of 4,000.00 are the borrower's cash with us again."""
    business_date.open_day(FEBRUARY)
    pay(bank, loan, "4000.00", FEBRUARY)
    change = agree(ask_refund(bank, loan, 67_857), bank.cast.gao)
    told = Told(loan)
    cancel_refund(change_number=change.number, reason=WHY, by=bank.fang)
    assert told.more() == (
        "2026-02-15 reversal\n"
        "  Dr refunds payable  678.57\n"
        "  Cr unapplied cash   678.57"
    )


@pytest.mark.takes_back("written_off")
def test_a_write_off(bank: Bank, loan: Loan) -> None:
    """The claim is an asset again, and the twenty days of interest since the last due date are no claim of their own."""
    loan = one_year_paid(bank, loan, date(2027, 5, 25))
    change = write_off(bank, loan)
    told = Told(loan)
    take_back(bank, change.event)
    assert told.more() == (
        "2027-05-25 reversal\n"
        "  Dr off-book interest contra      199.79\n"
        "  Dr principal                  70,558.46\n"
        "  Dr written-off claims contra  70,558.46\n"
        "  Cr off-book interest             199.79\n"
        "  Cr provision                  70,558.46\n"
        "  Cr written-off claims         70,558.46"
    )


@pytest.mark.takes_back("settled")
def test_a_refinancing(bank: Bank, loan: Loan) -> None:
    """The old loan runs again; AC-11's figure, kept for it out of the new one's payout, is the borrower's cash there."""
    old = one_year_paid(bank, loan, SETTLES)
    contract = renewal(bank, old, 10_000_000)
    fix_refinancing(contract_number=contract.number, by=bank.fang)
    new = paid(contract)
    told, begun = Told(old), Told(new)
    take_back(bank, old.events.get(kind="settled"))
    assert told.more() == (
        "2027-01-25 replay\n"
        "  Dr accrued interest            235.19\n"
        "  Dr principal                70,558.46\n"
        "  Dr early-settlement income   2,116.75\n"
        "  Cr funds in transit         72,910.40"
    )
    assert begun.more() == (
        "2027-01-25 repayment\n"
        "  Dr funds in transit  72,910.40\n"
        "  Cr unapplied cash    72,910.40"
    )


@pytest.mark.tells("held", "undone")
def test_a_payout_that_came_back(bank: Bank, loan: Loan) -> None:
    """Nothing moves while it is held; undone, the principal is the money that is with us again."""
    business_date.open_day(date(2026, 1, 17))
    told = Told(loan)
    came_back(bank, loan)
    assert told.more() == "" and loan.status == "held"
    undo_payout(loan_number=loan.number, reason=WHY, by=bank.fang)
    assert told.more() == "2026-01-17 undone\n  Dr funds in transit  100,000.00\n  Cr principal         100,000.00"


@pytest.mark.tells("held", "resumed")
def test_a_payout_that_went_again(bank: Bank, loan: Loan) -> None:
    """AC-01 begins on 20 January: its first month ends with 1,000.00 on 20 February."""
    business_date.open_day(date(2026, 1, 17))
    told = Told(came_back(bank, loan))
    business_date.open_day(date(2026, 1, 20))
    resume_loan(contract_number=loan.contract.number, paid_on=date(2026, 1, 20), reference="2", by=SYSTEM)
    assert told.more() == ""
    business_date.open_day(date(2026, 2, 20))
    pay(bank, loan, "3321.43", date(2026, 2, 20))
    assert told.more() == (
        "2026-02-20 due\n"
        "  Dr interest receivable  1,000.00\n"
        "  Cr accrued interest     1,000.00\n"
        "\n"
        "2026-02-20 repayment\n"
        "  Dr bank                 3,321.43\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43"
    )
