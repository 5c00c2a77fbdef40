"""Newly due, overdue, another bucket, cured: told once each, by the night and by money, however a loan was brought there."""

from __future__ import annotations

from datetime import date

import pytest

from chezhe.kernel.models import Event
from chezhe.servicing.actions.open_business_day import open_business_day
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.models import EndOfDayShard, Loan
from chezhe.servicing.tests.lending import Bank, days_pass, pay
from chezhe.servicing.tests.test_bank_files import imported
from chezhe.servicing.turns import EVENT, reached

pytestmark = pytest.mark.django_db


def turned(after: int = 0) -> list[tuple[str, ...]]:
    """Day, kind, number of the loan and for moves the buckets, in this order; only of events later than `after`."""
    found: list[tuple[str, ...]] = []
    for event in Event.objects.filter(name=EVENT, pk__gt=after):
        for kind, loans in event.payload.items():
            if kind != "on":
                found += [(event.payload["on"], kind, *([one] if isinstance(one, str) else one)) for one in loans]
    return sorted(found)


def latest() -> int:
    return Event.objects.order_by("-pk").values_list("pk", flat=True)[0]


def test_a_night_is_late_when_the_day_after_the_due_date_is_over() -> None:
    due = date(2026, 2, 15)
    assert [reached(due, date(2026, 2, day)) for day in (15, 16, 17, 18)] == [0, 0, 1, 2] and reached(None, due) == 0


def test_the_calendar_tells_who_is_due_and_who_grows_older(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 3, 20))
    assert turned() == [
        ("2026-02-15", "due", loan.number),
        ("2026-02-16", "moved", loan.number, "C", "M1"), ("2026-02-16", "overdue", loan.number),
        ("2026-03-15", "due", loan.number),
        ("2026-03-18", "moved", loan.number, "M1", "M2"),
    ]
    counted = {kind: sum(shard.turned.get(kind, 0) for shard in EndOfDayShard.objects.all()) for kind in ("due", "overdue", "moved")}
    assert counted == {"due": 2, "overdue": 1, "moved": 2}


def test_money_cures_and_moves_back_and_its_return_undoes_both(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 3, 20))
    before = latest()
    first = pay(bank, loan, "3400.00", date(2026, 3, 20), "S1")
    assert turned(before) == [("2026-03-20", "moved", loan.number, "M2", "M1")] and first.facts["moved"] == ["M2", "M1"]
    cured = pay(bank, loan, "3400.00", date(2026, 3, 20), "S2")
    assert turned(before)[0] == ("2026-03-20", "cured", loan.number) and cured.facts["moved"] == ["M1", "C"]
    middle = latest()
    reverse_repayment(loan_number=loan.number, event_id=first.pk, reason="退票", by=bank.fang)
    assert turned(middle) == [("2026-03-20", "moved", loan.number, "C", "M1"), ("2026-03-20", "overdue", loan.number)]


def test_money_in_time_for_the_night_tells_nothing_of_arrears(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 16))
    before = latest()
    assert "moved" not in pay(bank, loan, "3400.00", date(2026, 2, 16)).facts
    days_pass(bank, date(2026, 2, 20))
    assert turned(before) == []


def test_money_found_late_cures_on_the_day_the_loan_stands_on(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 3, 10))
    before = latest()
    assert pay(bank, loan, "3321.43", date(2026, 2, 15)).facts["moved"] == ["M1", "C"]
    assert [told[1] for told in turned(before)] == ["cured", "moved"]


def test_a_payment_before_the_shard_tells_what_the_shard_would_have(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 14))
    before = latest()
    open_business_day(day=date(2026, 2, 15), calendar_day=date(2026, 2, 15), by=bank.fang)
    pay(bank, loan, "3321.43", date(2026, 2, 15))
    days_pass(bank, date(2026, 2, 18))
    assert turned(before) == [("2026-02-15", "due", loan.number)]


def test_a_bank_file_tells_of_all_its_loans_at_once(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 2, 20))
    file, before = imported(bank, f"2026-02-20,3400.00,S1,王小明,,还款 {loan.number}"), latest()
    post_bank_file(file_number=file.number, by=bank.fang)
    assert turned(before) == [("2026-02-20", "cured", loan.number), ("2026-02-20", "moved", loan.number, "M1", "C")]
