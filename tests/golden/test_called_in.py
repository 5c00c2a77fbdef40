"""A loan called in, written off and partly recovered, and each of it taken back, to the fen (AC-11's loan, whose 13th instalment never came)."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import pytest

from chezhe.kernel import business_date
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.servicing import queries
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.deciding import take_back
from chezhe.servicing.tests.lending import Bank, pay
from chezhe.servicing.tests.test_calling_in import call_in, write_off
from tests.golden.telling import Told, one_year_paid

pytestmark = pytest.mark.django_db
CALLED, WRITTEN_OFF, RECOVERED = date(2027, 4, 25), date(2027, 5, 25), date(2027, 8, 1)
# Due date, principal and interest of what is owed on 1 August: four instalments of AC-01, and all the rest, called in on 25 May.
OWED = (
    (date(2027, 2, 15), 261_585, 70_558), (date(2027, 3, 15), 264_200, 67_943), (date(2027, 4, 15), 266_842, 65_301),
    (date(2027, 5, 15), 269_511, 62_632), (WRITTEN_OFF, 5_993_708, 19_979),
)
RECOVERY = (
    "2027-08-01 recovery\n"
    "  Dr bank                       20,000.00\n"
    "  Dr off-book interest contra    2,864.13\n"
    "  Dr written-off claims contra  14,274.15\n"
    "  Cr penalty income              2,689.10\n"
    "  Cr compound income               172.62\n"
    "  Cr interest income             2,864.13\n"
    "  Cr provision                  14,274.15\n"
    "  Cr off-book interest           2,864.13\n"
    "  Cr written-off claims         14,274.15"
)


def late(fen: int, since: date) -> int:
    """18 % a year on what was owed since a day, by the real days of a year of 360, until the recovery."""
    exact = Decimal(fen) * 18 / 100 * (RECOVERED - since).days / 360
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@pytest.mark.tells("accelerated")
@pytest.mark.takes_back("accelerated")
def test_a_loan_is_called_in_and_the_call_taken_back(bank: Bank, loan: Loan) -> None:
    """On 25 April the running line has earned ten days of 626.32: 208.77 fall due, and all principal with it."""
    loan = one_year_paid(bank, loan, CALLED)
    told = Told(loan)
    change = call_in(bank, loan)
    assert told.last() == "2027-04-25 accelerated\n  Dr interest receivable  208.77\n  Cr accrued interest     208.77"
    loan.refresh_from_db()
    assert (loan.status, loan.principal_due.fen, loan.days_past_due(CALLED)) == ("accelerated", 7_055_846, 69)
    take_back(bank, change.event)
    assert told.more() == "2027-04-25 reversal\n  Dr accrued interest     208.77\n  Cr interest receivable  208.77"
    loan.refresh_from_db()
    assert (loan.status, loan.principal_due.fen, loan.days_past_due(CALLED)) == ("active", 792_627, 69)


@pytest.mark.tells("written_off", "repaid")
@pytest.mark.takes_back("repaid")
def test_what_is_recovered_after_a_write_off_is_income_and_provision_and_goes_back_whole(bank: Bank, loan: Loan) -> None:
    """20,000.00 on 1 August pay 2,689.10 of penalties, 172.62 on interest, all interest, and 14,274.15 of principal."""
    loan = one_year_paid(bank, loan, WRITTEN_OFF)
    told = Told(loan)
    write_off(bank, loan)
    assert told.last() == (
        "2027-05-25 written_off\n"
        "  Dr off-book interest             199.79\n"
        "  Dr provision                  70,558.46\n"
        "  Dr written-off claims         70,558.46\n"
        "  Cr off-book interest contra      199.79\n"
        "  Cr principal                  70,558.46\n"
        "  Cr written-off claims contra  70,558.46"
    )
    penalty, compound = (sum(late(row[at], row[0]) for row in OWED) for at in (1, 2))
    interest = sum(row[2] for row in OWED)
    assert (penalty, compound, interest) == (268_910, 17_262, 286_413)
    assert 2_000_000 - penalty - compound - interest == 1_427_415, "the first four instalments, and 3,652.77 of the rest"
    business_date.open_day(RECOVERED)
    event = pay(bank, loan, "20000.00", RECOVERED, "V1")
    assert told.more() == RECOVERY and _claims() == (7_055_846 - 1_427_415, 0)
    take_back(bank, event, "银行退回")
    assert told.more() == (
        "2027-08-01 reversal\n"
        "  Dr penalty income              2,689.10\n"
        "  Dr compound income               172.62\n"
        "  Dr interest income             2,864.13\n"
        "  Dr provision                  14,274.15\n"
        "  Dr off-book interest           2,864.13\n"
        "  Dr written-off claims         14,274.15\n"
        "  Cr bank                       20,000.00\n"
        "  Cr off-book interest contra    2,864.13\n"
        "  Cr written-off claims contra  14,274.15"
    )
    assert _claims() == (7_055_846, 286_413)
    dues = queries.current_position(Loan.objects.get(pk=loan.pk), RECOVERED).dues
    assert [(due.due_date, due.principal_fen, due.interest_fen, due.penalty_fen, due.compound_fen) for due in dues] == [
        (*row, late(row[1], row[0]), late(row[2], row[0])) for row in OWED]
    pay(bank, loan, "20000.00", RECOVERED, "V1")
    assert told.more() == RECOVERY, "the same slip again"


def _claims() -> tuple[int, int]:
    """The claim and the interest that stand beside the balance sheet."""
    return tuple(ledger_queries.balance(account).fen for account in (chart.WRITTEN_OFF_CLAIMS, chart.OFF_BOOK_INTEREST))  # type: ignore[return-value]
