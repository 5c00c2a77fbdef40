"""What others do to a loan: a new loan pays it off, one of its cars goes, the treasury pays a part, the tax office wants paper."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from chezhe.contracts.models import Mortgage
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, jobs, simulators
from chezhe.kernel.simulators import World
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.queries import journal_text
from chezhe.servicing import coverage, queries
from chezhe.servicing.actions.ask_red_invoice import ask_red_invoice
from chezhe.servicing.actions.fix_refinancing import fix_refinancing
from chezhe.servicing.actions.record_subsidy_payment import record_subsidy_payment
from chezhe.servicing.actions.reverse_subsidy_payment import reverse_subsidy_payment
from chezhe.servicing.coverage import CoverShort, ShareExceeded
from chezhe.servicing.models import Loan
from chezhe.servicing.subsidies import SubsidyNothing
from chezhe.servicing.tax.invoices import received
from chezhe.servicing.tests.deciding import agree, risk
from chezhe.servicing.tests.lending import Bank, lend, pay, receipt, with_plan
from chezhe.servicing.tests.test_corrections import take_back
from chezhe.servicing.tests.test_invoices import FIRM, issued, work
from chezhe.servicing.tests.test_refinancing import paid, renewal
from chezhe.servicing.tests.test_security_money import subsidise
from chezhe.servicing.tests.test_vehicle_release import ask, second_car, valued
from tests.golden.telling import Told, one_year_paid

pytestmark = pytest.mark.django_db
SETTLES = date(2027, 1, 25)


@pytest.mark.tells("settled")
def test_ac14_a_new_loan_pays_off_the_old_one_at_ac11s_figure(bank: Bank, loan: Loan) -> None:
    """100,000.00 again, of which 72 910.40 stay with us and 27,089.60 go to the borrower; then the plan of AC-01 begins anew."""
    old = one_year_paid(bank, loan, SETTLES)
    contract = renewal(bank, old, 10_000_000)
    assert fix_refinancing(contract_number=contract.number, by=bank.fang).payoff == Money(7_291_040)
    told = Told(old)
    new = paid(contract)
    assert told.more() == (
        "2027-01-25 refinancing\n"
        "  Dr funds in transit         72,910.40\n"
        "  Cr principal                70,558.46\n"
        "  Cr accrued interest            235.19\n"
        "  Cr early-settlement income   2,116.75"
    )
    assert old.status == "settled" and Mortgage.objects.get(contract=old.contract).status == "handed_on"
    begun = Told(new)
    assert begun.read == "2027-01-25 refinancing\n  Dr principal         100,000.00\n  Cr funds in transit  100,000.00"
    business_date.open_day(date(2027, 2, 25))
    pay(bank, new, "3321.43", date(2027, 2, 25), "N1")
    assert begun.more() == (
        "2027-02-25 due\n"
        "  Dr interest receivable  1,000.00\n"
        "  Cr accrued interest     1,000.00\n"
        "\n"
        "2027-02-25 repayment\n"
        "  Dr bank                 3,321.43\n"
        "  Cr interest receivable  1,000.00\n"
        "  Cr principal            2,321.43"
    )
    assert told.more() == "", "the old loan is over"


@pytest.mark.tells("vehicle_released")
@pytest.mark.takes_back("vehicle_released")
def test_one_of_two_cars_goes_when_the_other_covers_the_rest(bank: Bank, loan: Loan) -> None:
    """After a year 119 571.51 less twelve times 3 321.43 are owed to the end, and 70 558.46 are 80 % of 88,198.08."""
    car, own = second_car(bank, loan), loan.contract.vehicle
    loan = one_year_paid(bank, loan, SETTLES)
    assert coverage.owed_to_maturity(queries.current_position(loan, SETTLES)) == Money(7_971_435)
    for fen, refusal, short in ((7_971_434, CoverShort, 1), (8_819_807, ShareExceeded, 1)):
        valued(own, fen, SETTLES)
        with pytest.raises(refusal) as refused:
            ask(bank, loan, car)
        assert refused.value.facts["short"] == Money(short)
    valued(own, 8_819_808, SETTLES)
    told = Told(loan)
    change = agree(ask(bank, loan, car), risk(bank))
    assert told.more() == "", "no money moves"
    assert (Mortgage.objects.get(vehicle=car).status, Mortgage.objects.get(vehicle=own).status) == ("release_requested", "registered")
    take_back(bank, change.event)
    assert told.more() == "" and Mortgage.objects.get(vehicle=car).status == "registered"


def subsidies(principal: int, instalment: int, months: int) -> list[int]:
    """A point of each month's balance of a loan at 3.6 %, by a ledger kept by hand."""
    found = []
    for _month in range(months):
        found.append(int(Decimal(principal) / 1200 + Decimal("0.5")))
        principal -= instalment - int(Decimal(principal) * 36 / 12000 + Decimal("0.5"))
    return found


@pytest.mark.tells("subsidised")
def test_ac16_the_treasury_pays_a_point_and_the_borrower_the_rest(bank: Bank) -> None:
    """5 869.28 a month, 1 707.27 of subsidies in twelve months; the policy ends with 2026, before the twelfth is due."""
    assert sum(subsidies(20_000_000, 586_928, 12)) == 170_727 and sum(subsidies(20_000_000, 586_928, 36)) == 313_723
    parts = subsidies(20_000_000, 586_928, 11)
    loan = lend(bank, with_plan(principal_fen=20_000_000, annual_rate=Decimal("0.036")))
    told, due = Told(loan), loan.schedules.get().due_dates
    business_date.open_day(due[0])
    pay(bank, loan, "5869.28", due[0], "B0")
    told.more()
    subsidise(bank, loan, 1)
    assert told.more() == "2026-02-15 subsidised\n  Dr subsidy receivable  166.67\n  Cr unapplied cash      166.67", "it was paid"
    business_date.open_day(due[1])
    pay(bank, loan, "5702.61", due[1], "B1")
    assert told.last() == (
        "2026-03-15 repayment\n"
        "  Dr bank                 5,702.61\n"
        "  Cr interest receivable    417.52\n"
        "  Cr principal            5,285.09"
    )
    for period in range(2, 12):
        business_date.open_day(due[period - 1])
        if period > 2:
            pay(bank, loan, str(Decimal(586_928 - parts[period - 2]) / 100), due[period - 1], f"B{period}")
        subsidise(bank, loan, period)
    business_date.open_day(due[11])
    with pytest.raises(SubsidyNothing):
        subsidise(bank, loan, 12)
    assert ledger_queries.balance(chart.SUBSIDY_RECEIVABLE, owner=loan.subject) == Money(sum(parts)) == Money(170_727 - 11_763)
    assert loan.days_past_due(due[10]) == 0


def test_ac16_what_the_treasury_pays_of_a_month_is_set_against_it_and_taken_back(bank: Bank) -> None:
    """166.67 of February's line; the transfer of 20 March was another lender's, and is taken out on the 25th."""
    loan = lend(bank, with_plan(principal_fen=20_000_000, annual_rate=Decimal("0.036")))
    business_date.open_day(date(2026, 2, 15))
    told = Told(loan)
    subsidise(bank, loan, 1)
    assert told.last() == "2026-02-15 subsidised\n  Dr subsidy receivable   166.67\n  Cr interest receivable  166.67"
    came = date(2026, 3, 20)
    business_date.open_day(came)
    paid = record_subsidy_payment(month=date(2026, 2, 1), receipt=receipt("166.67", came, "Z1"), by=bank.fang)
    story = "2026-03-20 subsidy_paid 2026-02\n  Dr bank                166.67\n  Cr subsidy receivable  166.67"
    assert journal_text("subsidy:2026-02") == story and not ledger_queries.balance(chart.SUBSIDY_RECEIVABLE)
    business_date.open_day(date(2026, 3, 25))
    reverse_subsidy_payment(entry_number=paid.number, reason="他行款项误入", by=bank.fang)
    story += "\n\n2026-03-25 reversal 2026-02\n  Dr subsidy receivable  166.67\n  Cr bank                166.67"
    assert journal_text("subsidy:2026-02") == story and ledger_queries.balance(chart.SUBSIDY_RECEIVABLE) == Money(16_667)
    record_subsidy_payment(month=date(2026, 2, 1), receipt=receipt("166.67", date(2026, 3, 25), "Z2"), by=bank.fang)
    story += "\n\n2026-03-25 subsidy_paid 2026-02\n  Dr bank                166.67\n  Cr subsidy receivable  166.67"
    assert journal_text("subsidy:2026-02") == story and told.more() == "", "the borrower's loan hears nothing of it"


@pytest.fixture
def world() -> Iterator[World]:
    with simulators.in_process(seed=7) as world, jobs.in_line():
        yield world


def test_a_year_of_interest_is_invoiced_and_put_right_by_a_red_letter(bank: Bank, loan: Loan, world: World) -> None:
    """Twelve instalments hold 10 415.62 of interest; each line's tax is six parts of 106, rounded by itself."""
    loan = one_year_paid(bank, loan, SETTLES)
    due = received.invoiceable(loan)
    interest = [due[period, "interest"] for period in range(1, 13)]
    assert (interest[0], interest[11], sum(interest)) == (100_000, 73_148, 1_041_562)
    taxes = [int(Decimal(fen) * 6 / 106 + Decimal("0.5")) for fen in interest]
    told = Told(loan)
    invoice = issued(bank, loan, world, {(period, "interest"): None for period in range(1, 13)}, FIRM)
    assert (invoice.amount, invoice.tax) == (Money(1_041_562), Money(sum(taxes))) and invoice.tax == Money(58_955)
    assert told.more() == "", "the tax is booked by the month, not by the invoice"
    take_back(bank, loan.events.filter(kind="repaid").latest("id"), "银行退回")
    assert told.more() == (
        "2027-01-25 reversal\n"
        "  Dr interest receivable    731.48\n"
        "  Dr principal            2,589.95\n"
        "  Cr bank                 3,321.43"
    )
    invoice.refresh_from_db()
    assert invoice.status == "red_due"
    ask_red_invoice(invoice_number=invoice.number, reason="还款冲正", by=bank.fang)
    assert work(world, invoice).status == "red"
    again = issued(bank, loan, world, {(period, "interest"): None for period in range(1, 12)}, FIRM)
    assert (again.amount, again.tax) == (Money(1_041_562 - 73_148), Money(sum(taxes[:11])))
    assert told.more() == ""
