"""Plans that people change, and what becomes of the loan when that is taken back: holiday, extension (AC-13), restructuring (AC-14)."""

from __future__ import annotations

from datetime import date

import pytest

from chezhe.finmath.terms import Method
from chezhe.kernel import business_date
from chezhe.servicing import queries
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.deciding import risk
from chezhe.servicing.tests.lending import Bank, lend, pay, with_plan
from chezhe.servicing.tests.test_corrections import take_back
from chezhe.servicing.tests.test_replanning import extend, holiday, restructure
from tests.golden.telling import Told, one_year_paid, paid_in_time

pytestmark = pytest.mark.django_db
INTEREST_ONLY = with_plan(method=Method.INTEREST_ONLY_BULLET, periods=12)
BEFORE_THE_END = date(2027, 1, 10)


def lines(loan: Loan, since: int) -> list[tuple[date, int, int]]:
    """Due date, principal and interest of the newest plan."""
    plan = loan.schedules.latest("version")
    return list(zip(plan.due_dates, plan.principal_fen, plan.interest_fen, strict=True))[since:]


def owed(loan: Loan, on: date) -> tuple[int, int, int, int]:
    """Penalty, compound, interest and principal."""
    dues = queries.current_position(Loan.objects.get(pk=loan.pk), on).dues
    return tuple(sum(getattr(due, f"{item}_fen") for due in dues) for item in ("penalty", "compound", "interest", "principal"))  # type: ignore[return-value]


# ---- holiday ----------------------------------------------------------------------------------------------------


@pytest.mark.tells("holiday")
def test_a_holiday_of_three_months_is_paid_for_in_one_line(bank: Bank, loan: Loan) -> None:
    """70 558.46 bear 705.5846 a month: 2,822.34 in the four months to 15 May; then AC-01 goes on with 67 942.61."""
    loan = one_year_paid(bank, loan, date(2027, 1, 20))
    told = Told(loan)
    holiday(bank, loan, 3, risk(bank))
    assert told.more() == "" and lines(loan, 12)[:2] == [
        (date(2027, 5, 15), 261_585, 282_234), (date(2027, 6, 15), 332_143 - 67_943, 67_943)]
    assert lines(loan, 0)[-1] == (date(2029, 4, 15), 328_857, 3_289), "AC-01's last line, three months later"
    business_date.open_day(date(2027, 5, 15))
    pay(bank, loan, "5438.19", date(2027, 5, 15))
    assert told.more() == (
        "2027-05-15 due\n"
        "  Dr interest receivable  2,822.34\n"
        "  Cr accrued interest     2,822.34\n"
        "\n"
        "2027-05-15 repayment\n"
        "  Dr bank                 5,438.19\n"
        "  Cr interest receivable  2,822.34\n"
        "  Cr principal            2,615.85"
    )


@pytest.mark.takes_back("holiday")
def test_a_holiday_taken_back_after_the_instalment_should_have_been_paid(bank: Bank, loan: Loan) -> None:
    """On 7 March the instalment of 15 February is due after all: AC-01's thirteenth, twenty days late at 18 %."""
    loan = one_year_paid(bank, loan, date(2027, 1, 20))
    change = holiday(bank, loan, 3, risk(bank))
    business_date.open_day(date(2027, 3, 7))
    told = Told(loan)
    take_back(bank, change.event)
    assert told.more() == "2027-02-15 due\n  Dr interest receivable  705.58\n  Cr accrued interest     705.58"
    assert lines(loan, 12)[0] == (date(2027, 2, 15), 261_585, 70_558) and lines(loan, 0)[-1][0] == date(2029, 1, 15)
    assert owed(loan, date(2027, 3, 7)) == (2_616, 706, 70_558, 261_585), "20 days of 1.3079 and of 0.35279 a day"
    assert loan.days_past_due(date(2027, 3, 7)) == 20


# ---- extension --------------------------------------------------------------------------------------------------


def nearly_over(bank: Bank) -> Loan:
    """AC-03: eleven months of 1,000.00 paid, five days to maturity."""
    loan = lend(bank, INTEREST_ONLY)
    return paid_in_time(bank, loan, 11, "1000.00", BEFORE_THE_END)


@pytest.mark.tells("extended")
def test_ac13_interest_only_the_principal_is_extended_by_six_months_at_thirteen_per_cent(bank: Bank) -> None:
    loan = nearly_over(bank)
    told = Told(loan)
    extend(bank, loan, 6, risk(bank), "0.13")
    assert told.more() == "" and loan.annual_rate is not None and f"{loan.annual_rate.normalize():f}" == "0.13"
    assert lines(loan, 11) == [
        (date(2027, 1, 15), 0, 100_000), *((date(2027, month, 15), 0, 108_333) for month in range(2, 7)), (date(2027, 7, 15), 10_000_000, 108_333)]
    for month, yuan in ((1, "1000.00"), *((month, "1083.33") for month in range(2, 7))):
        business_date.open_day(date(2027, month, 15))
        pay(bank, loan, yuan, date(2027, month, 15), f"E{month}")
    assert told.more().endswith(
        "2027-06-15 due\n"
        "  Dr interest receivable  1,083.33\n"
        "  Cr accrued interest     1,083.33\n"
        "\n"
        "2027-06-15 repayment\n"
        "  Dr bank                 1,083.33\n"
        "  Cr interest receivable  1,083.33"
    )
    business_date.open_day(date(2027, 7, 15))
    pay(bank, loan, "101083.33", date(2027, 7, 15), "E7")
    assert told.more().endswith(
        "2027-07-15 repayment\n"
        "  Dr bank                 101,083.33\n"
        "  Cr interest receivable    1,083.33\n"
        "  Cr principal            100,000.00"
    )
    assert loan.status == "settled"


@pytest.mark.takes_back("extended")
def test_ac13_an_extension_taken_back_after_the_old_maturity(bank: Bank) -> None:
    """On 25 January all 100,000.00 have been due for ten days: 500.00 of penalty at 18 %, and 5.00 on the 1,000.00."""
    loan = nearly_over(bank)
    change = extend(bank, loan, 6, risk(bank), "0.13")
    business_date.open_day(date(2027, 1, 25))
    told = Told(loan)
    assert owed(loan, date(2027, 1, 25)) == (0, 500, 100_000, 0)
    take_back(bank, change.event)
    assert told.last() == "2027-01-15 due\n  Dr interest receivable  1,000.00\n  Cr accrued interest     1,000.00", "with both plans"
    assert owed(loan, date(2027, 1, 25)) == (50_000, 500, 100_000, 10_000_000) and loan.annual_rate is not None
    pay(bank, loan, "101505.00", date(2027, 1, 25), "LATE")
    assert told.more() == (
        "2027-01-25 repayment\n"
        "  Dr bank                 101,505.00\n"
        "  Cr penalty income           500.00\n"
        "  Cr compound income            5.00\n"
        "  Cr interest receivable    1,000.00\n"
        "  Cr principal            100,000.00"
    )
    assert loan.status == "settled"


# ---- restructuring ----------------------------------------------------------------------------------------------


@pytest.mark.tells("restructured")
@pytest.mark.takes_back("restructured")
def test_ac14_a_restructuring_puts_off_the_interest_and_taken_back_it_is_owed_again(bank: Bank, loan: Loan) -> None:
    """Instalments 13 to 15 unpaid on 15 April 2027: 7 926.27 of principal, 2 038.02 of interest."""
    today = date(2027, 4, 15)
    loan = one_year_paid(bank, loan, today)
    told = Told(loan)
    before, plan = owed(loan, today), lines(loan, 0)
    change = restructure(bank, loan, risk(bank))
    assert told.last() == (
        "2027-04-15 restructured\n"
        "  Dr interest income           2,038.02\n"
        "  Dr off-book interest         2,038.02\n"
        "  Cr interest receivable       2,038.02\n"
        "  Cr off-book interest contra  2,038.02"
    )
    new = loan.schedules.latest("version")
    assert (new.due_dates[-36], new.principal_fen[-36], (new.arrears_fen or [])[-36]) == (date(2027, 5, 15), 168_873, 5_661)
    assert loan.observed_until == date(2028, 4, 15) and loan.days_past_due(today) == 0
    take_back(bank, change.event)
    assert told.more() == (
        "2027-04-15 reversal\n"
        "  Dr interest receivable       2,038.02\n"
        "  Dr off-book interest contra  2,038.02\n"
        "  Cr interest income           2,038.02\n"
        "  Cr off-book interest         2,038.02"
    )
    assert owed(loan, today) == before and before[2:] == (203_802, 792_627) and lines(loan, 0) == plan
    assert loan.observed_until is None and loan.days_past_due(today) == 59


def test_ac14_taken_back_when_the_first_new_instalment_was_paid(bank: Bank, loan: Loan) -> None:
    """On 15 May 2,400.00 came. The new plan took 118.12 and 31.34 of penalties to 15 April, 587.99 and 56.61 of interest, 1,605.94
    of principal; the old one takes instalment 13: 116.41, 31.40, 705.58 and 1,546.61."""
    loan, today = one_year_paid(bank, loan, date(2027, 4, 15)), date(2027, 5, 15)
    change = restructure(bank, loan, risk(bank))
    business_date.open_day(today)
    pay(bank, loan, "2400.00", today, "N1")
    told = Told(loan)
    take_back(bank, change.event)
    assert told.more() == (
        "2027-05-15 reversal\n"
        "  Dr interest receivable       2,038.02\n"
        "  Dr off-book interest contra  2,038.02\n"
        "  Cr interest income           2,038.02\n"
        "  Cr off-book interest         2,038.02\n"
        "\n"
        "2027-05-15 replay\n"
        "  Dr principal                 59.33\n"
        "  Dr interest income           56.61\n"
        "  Dr penalty income             1.71\n"
        "  Dr off-book interest         56.61\n"
        "  Cr interest receivable       79.26\n"
        "  Cr accrued interest          38.33\n"
        "  Cr compound income            0.06\n"
        "  Cr off-book interest contra  56.61"
    )
    left = (8_058 + 4_003, 2_072 + 980, 67_943 + 65_301 + 62_632, 106_924 + 264_200 + 266_842 + 269_511)
    assert owed(loan, today) == left and loan.days_past_due(today) == 89, "instalments 14 to 16 and the rest of 13"
