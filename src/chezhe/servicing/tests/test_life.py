"""A loan's life through the actions, with the real books: every fen of the worked cases."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from chezhe.contracts.models import Contract, Mortgage
from chezhe.finmath.allocation import PRINCIPAL_FIRST, AllocationMode, AllocationRule
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, WrongState
from chezhe.kernel.testing import WU
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import lives, permissions, proof, queries
from chezhe.servicing.actions.activate_loan import PaidOutDiffers, activate_loan
from chezhe.servicing.actions.open_business_day import TooManyDays, open_business_day
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.judging import PayoffDiffers
from chezhe.servicing.models import Loan, LoanEvent
from chezhe.servicing.references import ReceiptReferenceTaken
from chezhe.servicing.tests.lending import (
    FEE,
    START,
    TERMS,
    Bank,
    contract,
    days_pass,
    lend,
    pay,
    pay_instalments,
    receipt,
    settle,
    with_plan,
)

pytestmark = pytest.mark.django_db

APRIL = date(2026, 4, 1)


def journal(loan: Loan) -> str:
    return ledger_queries.journal_text(owner=loan.subject).strip().replace(f" {loan.number}", "")


def agrees(loan: Loan) -> bool:
    loan.refresh_from_db()
    return proof.first_difference(loan) == ""


def test_ac01_the_loan_begins_on_the_day_the_money_was_paid(bank: Bank, loan: Loan) -> None:
    assert journal(loan) == "2026-01-15 payout\n  Dr principal         100,000.00\n  Cr funds in transit  100,000.00"
    stored = loan.schedules.get()
    assert stored.principal_fen[0] + stored.interest_fen[0] == 332_143 and len(stored.due_dates) == 36
    assert (loan.status, loan.principal_left, loan.next_event_on) == ("active", Money(10_000_000), date(2026, 2, 15))
    assert agrees(loan)


def test_activating_twice_gives_the_same_loan_and_another_sum_is_refused(bank: Bank) -> None:
    made = contract(bank)
    asked = {"contract_number": made.number, "paid_on": START, "by": SYSTEM}
    with pytest.raises(PaidOutDiffers):
        activate_loan(amount=Money(9_999_999), **asked)
    first = activate_loan(amount=made.principal, **asked)
    assert activate_loan(amount=made.principal, **asked) == first and Loan.objects.count() == 1


def test_the_news_of_the_payout_opens_the_loan_once(bank: Bank) -> None:
    made = contract(bank)
    for _ in range(2):
        events.publish("disbursement.paid", made.subject, {
            "disbursement": "DB26-1", "contract": made.number, "amount_fen": 10_000_000, "paid_on": "2026-01-15"})
    events.deliver_all()
    assert Loan.objects.get().contract == made


def test_an_instalment_falls_due_and_is_paid(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 1)
    assert journal(loan).endswith(
        "2026-02-15 due\n"
        "  Dr interest receivable  1,000.00\n"
        "  Cr accrued interest     1,000.00\n"
        "\n"
        "2026-02-15 repayment\n"
        "  Dr bank                 3,321.43\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43"
    )
    assert loan.principal_left == Money(9_767_857) and not loan.interest_due and agrees(loan)


def test_ac09_penalties_after_45_days_are_owed_and_paid_before_interest(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    loan.refresh_from_db()
    first = queries.current_position(loan, APRIL).dues[0]
    assert (first.penalty_fen, first.compound_fen) == (5_223, 2_250)
    pay(bank, loan, "3000.00", APRIL)
    assert journal(loan).endswith(
        "2026-04-01 repayment\n"
        "  Dr bank                 3,000.00\n"
        "  Cr penalty income          52.23\n"
        "  Cr compound income         22.50\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            1,925.27"
    )
    assert agrees(loan) and loan.days_past_due(APRIL) == 45


def test_ac10_a_fee_goes_first_and_446_16_is_left(bank: Bank) -> None:
    loan = lend(bank, with_plan(fees=(FEE,)))
    days_pass(bank, APRIL)
    event = pay(bank, loan, "3000.00", APRIL)
    loan.refresh_from_db()
    paid = event.facts["paid"][0]
    assert [paid[f"{item}_fen"] for item in ("fee", "penalty", "compound", "interest", "principal")] == [5_000, 5_223, 2_250, 100_000, 187_527]
    assert lives.life_of(loan)[0].dues[0].total_fen == 44_616 and agrees(loan)


@pytest.mark.parametrize(("mode", "dpd"), [(AllocationMode.BY_INSTALMENT, 17), (AllocationMode.BY_ITEM, 45)])
def test_ac10_two_instalments_by_instalment_or_by_item(bank: Bank, mode: AllocationMode, dpd: int) -> None:
    loan = lend(bank, replace(TERMS, allocation=AllocationRule(mode=mode)))
    days_pass(bank, APRIL)
    pay(bank, loan, "4000.00", APRIL)
    loan.refresh_from_db()
    assert loan.days_past_due(APRIL) == dpd and agrees(loan)


def test_ac10_principal_first_once_the_loan_is_very_late(bank: Bank) -> None:
    rule = AllocationRule(late_order=PRINCIPAL_FIRST, late_after_days=90)
    loan = lend(bank, replace(TERMS, allocation=rule))
    day = date(2026, 5, 20)
    days_pass(bank, day)
    event = pay(bank, loan, "3000.00", day)
    paid = event.facts["paid"][0]
    assert (paid["principal_fen"], paid["interest_fen"], paid["penalty_fen"]) == (232_143, 67_857, 0) and agrees(loan)


def test_ac10_what_is_too_much_waits_and_never_prepays(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 15))
    pay(bank, loan, "5000.00", date(2026, 2, 15))
    loan.refresh_from_db()
    assert loan.unapplied == Money(167_857) and agrees(loan)
    days_pass(bank, date(2026, 3, 15))
    loan.refresh_from_db()
    assert not loan.unapplied and loan.interest_due + loan.principal_due == Money(332_143 - 167_857) and agrees(loan)
    assert "2026-03-15 unapplied_used\n  Dr unapplied cash       1,678.57\n  Cr interest receivable    976.79\n  Cr principal              701.78" in journal(loan)


def test_ac11_the_quote_is_the_posting_and_the_mortgage_waits_for_its_release(bank: Bank, loan: Loan) -> None:
    pay_instalments(bank, loan, 12)
    day = date(2027, 1, 25)
    quoted = queries.settlement_quote(loan, day)
    assert (quoted.to_pay, quoted.figure.interest_fen, quoted.figure.early_settlement_fee_fen) == (Money(7_291_040), 23_519, 211_675)
    days_pass(bank, day)
    with pytest.raises(PayoffDiffers):
        settle(bank, loan, "72910.39")
    event = settle(bank, loan, "72910.40")
    assert journal(loan).endswith(
        "2027-01-25 early_settlement\n"
        "  Dr bank                     72,910.40\n"
        "  Cr principal                70,558.46\n"
        "  Cr accrued interest            235.19\n"
        "  Cr early-settlement income   2,116.75"
    )
    assert agrees(loan) and (loan.status, loan.settled_on) == ("settled", day) and not loan.principal_left
    assert Mortgage.objects.get().status == "release_requested" and Contract.objects.get().status == "settled"
    assert settle(bank, loan, "72910.40") == event, "the same slip again books nothing"
    with pytest.raises(WrongState):
        settle(bank, loan, "72910.40", "J2")


def test_paying_everything_on_time_completes_the_loan(bank: Bank) -> None:
    loan = lend(bank, with_plan(periods=3))
    due = list(loan.schedules.get().due_dates)
    for number, day in enumerate(due):
        days_pass(bank, day)
        owed = Money(lives.position_of(loan, day).due_total_fen)
        pay(bank, loan, str(owed), day, f"R{number}")
        loan.refresh_from_db()
    assert (loan.status, loan.settled_on) == ("settled", due[-1]) and not loan.principal_left and agrees(loan)
    assert Mortgage.objects.get().status == "release_requested"


def test_money_that_waits_completes_the_loan_when_the_last_line_falls_due(bank: Bank) -> None:
    loan = lend(bank, with_plan(periods=2))
    days_pass(bank, date(2026, 2, 15))
    pay(bank, loan, "110000.00", date(2026, 2, 15))
    days_pass(bank, date(2026, 3, 20))
    assert agrees(loan) and (loan.status, loan.settled_on) == ("settled", date(2026, 3, 15)) and loan.unapplied


def test_one_slip_is_booked_once_and_never_for_other_money(bank: Bank, loan: Loan) -> None:
    days_pass(bank, APRIL)
    first = pay(bank, loan, "3000.00", APRIL)
    assert pay(bank, loan, "3000.00", APRIL) == first
    assert LoanEvent.objects.filter(kind="repaid").count() == 1
    with pytest.raises(ReceiptReferenceTaken) as refused:
        pay(bank, loan, "3000.01", APRIL)
    assert refused.value.field == "reference" and agrees(loan)


def test_impossible_receipts_are_refused_and_nothing_is_written(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 15))
    wrong = {
        Invalid: [receipt("0", START), receipt("-1", START), receipt("1", START, reference=" "), receipt("1", START, channel="gold"),
                  receipt("1", START, memo="字" * 201)],
        queries.PaidInFuture: [receipt("1", date(2026, 2, 16))], queries.PaidBeforePayout: [receipt("1", date(2026, 1, 14))],
    }
    for refusal, receipts in wrong.items():
        for given in receipts:
            with pytest.raises(refusal):
                record_repayment(loan_number=loan.number, receipt=given, by=bank.fang)
    assert not LoanEvent.objects.filter(kind="repaid").exists()


def test_days_are_opened_one_by_one_and_never_backwards(bank: Bank, loan: Loan) -> None:
    opened = open_business_day(day=date(2026, 2, 15), calendar_day=date(2026, 2, 15), by=bank.fang)
    assert opened.touched == 1 and business_date.current() == date(2026, 2, 15)
    assert open_business_day(day=date(2026, 2, 15), calendar_day=date(2026, 2, 15), by=bank.fang).touched == 0
    with pytest.raises(business_date.BusinessDateBackwards):
        open_business_day(day=date(2026, 2, 14), calendar_day=date(2026, 2, 14), by=bank.fang)
    with pytest.raises(TooManyDays):
        open_business_day(day=date(2026, 5, 15), calendar_day=date(2026, 5, 15), by=bank.fang)


def test_who_belongs_nowhere_sees_no_loan_and_who_lacks_the_right_moves_none(bank: Bank, loan: Loan) -> None:
    assert not Loan.objects.visible_to(WU).exists() and not queries.overdue(WU, date(2030, 1, 1)).exists()
    with pytest.raises(NotFound):
        queries.open_subject(WU, loan.number)
    assert queries.open_subject(bank.cast.lin, loan.number).text == loan.subject
    with pytest.raises(NotFound):
        queries.open_subject(bank.cast.mei, loan.number)
    for clerk in (WU, bank.cast.lin, bank.cast.xu):
        with pytest.raises(NotPermitted):
            record_repayment(loan_number=loan.number, receipt=receipt("1", START), by=clerk)
    assert not bank.cast.lin.can(permissions.REVERSE.code)
