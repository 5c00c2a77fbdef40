"""The close of a day: shards do what single loans do, once, and nothing is half done."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chezhe.finmath.money import Money
from chezhe.finmath.terms import DayCount, Method
from chezhe.kernel import business_date
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.ledger.models import JournalEntry
from chezhe.servicing import proof, steps
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDay, EndOfDayFailure, EndOfDayShard, Loan, LoanEvent
from chezhe.servicing.tests.lending import FEE, START, TERMS, Bank, days_pass, lend, pay, with_plan
from chezhe.servicing.tests.test_accruals import FLAT
from chezhe.servicing.tests.test_turns import turned

pytestmark = pytest.mark.django_db

PLANS: list[Any] = [
    TERMS, with_plan(TERMS, fees=(FEE,)), FLAT, with_plan(TERMS, day_count=DayCount.ACT_360), with_plan(TERMS, periods=3),
    with_plan(TERMS, method=Method.EQUAL_PRINCIPAL, day_count=DayCount.ACT_ACT),
]
CARS = ("LGXCE4CB4P0000003", "LRWYGCEK2RC000004", "LBVHY1103MM000005", "1M8GDM9AXKP042788", "LFV2A21K8A3000001", "LSVNV2182N2000002")
UNTIL = date(2026, 6, 20)
# Money by loan: on which days how much. The first pays ahead, the second late, the third not at all.
PAID: dict[int, list[tuple[date, str]]] = {
    0: [(date(2026, 2, 10), "3321.43"), (date(2026, 3, 12), "9964.29")],
    1: [(date(2026, 3, 2), "3371.43"), (date(2026, 6, 1), "2000.00")],
    4: [(date(2026, 2, 14), "34002.22"), (date(2026, 3, 14), "34002.22"), (date(2026, 4, 14), "34002.22")],
}


@pytest.fixture
def book(bank: Bank) -> list[Loan]:
    return [
        lend(bank, plan, product="P01" if plan is FLAT else "T01", vin=CARS[at], plate=f"沪A{at}{at}{at}{at}{at}")
        for at, plan in enumerate(PLANS)
    ]


def live(bank: Bank, book: list[Loan]) -> None:
    """Day after day, with the money of each day."""
    while (today := business_date.current()) < UNTIL:
        for at, payments in PAID.items():
            for number, (on, yuan) in enumerate(payments):
                if on == today:
                    pay(bank, book[at], yuan, on, reference=f"S{at}-{number}")
        days_pass(bank, today + timedelta(days=1))


def picture(book: list[Loan]) -> tuple[Any, ...]:
    """All that the two ways must agree on: rows, books, events, news."""
    rows = [
        {name: value for name, value in vars(Loan.objects.get(pk=loan.pk)).items() if not name.startswith("_")} for loan in book
    ]
    texts = [sorted(ledger_queries.journal_text(owner=loan.subject).split("\n\n")) for loan in book]
    events = [sorted(loan.events.values_list("kind", "value_on", "posted_on", "amount")) for loan in book]
    accrued = ledger_queries.journal_text(owner="accrual:T01"), ledger_queries.journal_text(owner="accrual:P01")
    return rows, texts, events, accrued, turned()


def test_shards_leave_what_single_loans_leave(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import transaction

    with transaction.atomic():
        monkeypatch.setattr(runs, "FEW", len(book))
        live(bank, book)
        alone = picture(book)
        transaction.set_rollback(True)
    monkeypatch.setattr(runs, "FEW", 0)
    monkeypatch.setattr(runs, "SHARD_LOANS", 4)
    live(bank, book)
    together = picture(book)
    for one, other in zip(alone, together, strict=True):
        assert one == other
    assert EndOfDayShard.objects.filter(loans__gt=0, one_by_one=0).exists(), "some shards needed no fold at all"
    assert not list(proof.differences(Loan.objects.order_by("pk"))) and not EndOfDayFailure.objects.exists()
    assert {event.kind for event in LoanEvent.objects.all()} >= {"aged", "off_book", "repaid"}
    assert ledger_queries.prove(thorough=True).is_sound


def test_a_day_is_closed_once_however_often_it_is_asked_for(bank: Bank, book: list[Loan]) -> None:
    days_pass(bank, date(2026, 2, 15))
    run = EndOfDay.objects.get(day=date(2026, 2, 14))
    before = JournalEntry.objects.count()
    assert runs.begin(run.day, until=run.day, by=bank.fang) == run
    assert [runs.close_shard(run, shard) for shard in range(len(run.shards))] == [None] * len(run.shards)
    assert runs.finish(run.day).status == "closed" and JournalEntry.objects.count() == before
    with pytest.raises(runs.DayNotCurrent):
        runs.begin(date(2026, 2, 20), until=date(2026, 2, 20), by=bank.fang)


def test_the_next_day_waits_for_the_one_before(bank: Bank, book: list[Loan]) -> None:
    runs.begin(START, until=START, by=bank.fang)
    assert business_date.current() == START + timedelta(days=1), "money is taken at once"
    with pytest.raises(runs.DayNotFinished):
        runs.begin(START + timedelta(days=1), until=START + timedelta(days=1), by=bank.fang)


def test_a_payment_brings_its_loan_along_and_the_shard_leaves_it_alone(bank: Bank, book: list[Loan]) -> None:
    days_pass(bank, date(2026, 2, 14))
    run = runs.begin(date(2026, 2, 14), until=date(2026, 2, 14), by=bank.fang)
    pay(bank, book[0], "3321.43", date(2026, 2, 15))
    for shard in range(len(run.shards)):
        runs.close_shard(run, shard)
    assert runs.totals(run)["loans"] == len(PLANS) - 1 and runs.finish(run.day).status == "closed"
    assert not list(proof.differences(Loan.objects.all()))


def test_one_broken_loan_is_named_and_stops_nobody(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "FEW", len(book))
    days_pass(bank, date(2026, 2, 14))
    broken = book[2]
    steps.record(broken, "prepaid", value_on=START, posted_on=START, reference="X", by=bank.fang, facts={"mode": "nonsense"})
    days_pass(bank, date(2026, 2, 15))
    failure = EndOfDayFailure.objects.get()
    assert failure.loan == broken and failure.reason and EndOfDay.objects.get(day=date(2026, 2, 14)).status == "closed"
    assert Loan.objects.filter(next_due_on=date(2026, 3, 15)).count() == len(PLANS) - 1
    assert ledger_queries.balance(chart.UNAPPLIED_CASH) == Money(0), "nothing was half done"


def test_a_house_without_loans_closes_too(bank: Bank) -> None:
    days_pass(bank, START + timedelta(days=3))
    assert [run.status for run in EndOfDay.objects.all()] == ["closed"] * 3
