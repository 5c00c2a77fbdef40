"""The share of overdue loans over the last days agrees with what the house saw on each of those days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from chezhe.kernel import business_date
from chezhe.kernel.testing import WU
from chezhe.servicing import queries
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import START, Bank, days_pass, lend, pay, settle
from chezhe.servicing.trends import DayOfBook, overdue_by_day
from chezhe.ui import formats

pytestmark = pytest.mark.django_db
END = date(2026, 4, 20)
OTHER_VIN = "LRWYGCEK2RC000004"


def seen(bank: Bank) -> DayOfBook:
    """What the list of overdue loans said this evening."""
    today = business_date.current()
    return DayOfBook(today, Loan.objects.filter(status="active").count(), queries.overdue(bank.fang, today).count())


def test_it_agrees_with_what_was_seen_every_evening(bank: Bank, loan: Loan) -> None:
    other = lend(bank, vin=OTHER_VIN, plate="沪B54321")
    kept: list[DayOfBook] = []
    while business_date.current() < END:
        today = business_date.current()
        if today == date(2026, 2, 20):
            pay(bank, loan, "2000.00", today, "A1")
        if today == date(2026, 2, 25):
            pay(bank, loan, "1400.00", today, "A2")
        if today == date(2026, 3, 10):
            pay(bank, other, "3321.43", date(2026, 2, 15), "B1")
        if today == date(2026, 4, 10):
            settle(bank, loan, formats.yuan(queries.settlement_quote(Loan.objects.get(pk=loan.pk), today).to_pay), "J1")
        kept.append(seen(bank))
        days_pass(bank, today + timedelta(days=1))
    kept.append(seen(bank))
    days = (END - START).days + 1
    assert {day.overdue for day in kept} == {0, 1, 2} and {day.running for day in kept} == {1, 2}
    assert overdue_by_day(bank.fang, END, days) == kept
    assert overdue_by_day(bank.fang, END) == kept[-30:]


def test_money_taken_back_counts_as_unpaid_again(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 20))
    event = pay(bank, loan, "3400.00", date(2026, 2, 20), "A1")
    assert overdue_by_day(bank.fang, date(2026, 2, 20), 1)[0].overdue == 0
    reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="记错贷款", by=bank.fang)
    assert overdue_by_day(bank.fang, date(2026, 2, 20), 1)[0].overdue == 1


def test_nobody_sees_figures_out_of_reach(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 20))
    assert overdue_by_day(WU, date(2026, 2, 20), 2) == [DayOfBook(date(2026, 2, 19), 0, 0), DayOfBook(date(2026, 2, 20), 0, 0)]


def test_the_database_is_asked_twice_however_many_loans_there_are(bank: Bank, loan: Loan, django_assert_num_queries: object) -> None:
    days_pass(bank, date(2026, 2, 20))
    lend(bank, vin=OTHER_VIN, plate="沪B54321")
    with django_assert_num_queries(2):  # type: ignore[operator]
        overdue_by_day(bank.fang, date(2026, 2, 20))
