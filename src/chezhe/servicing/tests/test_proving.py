"""The proof of a night: what the day touched, a thirtieth of the others, and what differed before; the finding is shown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.models import Event
from chezhe.servicing import lives, proof, rules
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.prove_night import prove_night
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.endofday import proving, runs
from chezhe.servicing.models import AccrualBook, AccrualGroup, EndOfDay, Loan, NightProof
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, receipt
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401
from chezhe.servicing.tests.test_end_of_day_doors import the_worker_works

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 14)


@pytest.fixture
def closed(bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch) -> EndOfDay:  # noqa: F811
    """The night of DAY, in two shards: instalments fall due next morning, and nothing has been proved yet."""
    monkeypatch.setattr(runs, "SHARD_LOANS", 4)
    days_pass(bank, DAY + timedelta(days=1))
    return EndOfDay.objects.get(day=DAY)


def prove_all(run: EndOfDay) -> proving.Night:
    for shard in (*range(len(run.shards)), None):
        prove_night(day=run.day, shard=shard, by=SYSTEM)
    return proving.night_of(run)


def test_the_worker_proves_every_night_after_the_close(bank: Bank, book: list[Loan]) -> None:  # noqa: F811
    days_pass(bank, DAY)
    with jobs.in_line():
        begin_end_of_day(until=DAY + timedelta(days=1), calendar_day=DAY + timedelta(days=1), by=bank.fang)
        the_worker_works()
    nights = [proving.night_of(run) for run in EndOfDay.objects.filter(day__gte=DAY)]
    assert [(night.is_whole, night.differing) for night in nights] == [(True, 0)] * 2
    assert nights[1].checked >= len(book), "all fell due in the night of the 14th"


def test_touched_loans_and_a_thirtieth_of_the_others_have_their_turn(bank: Bank, closed: EndOfDay) -> None:
    touched = set(Loan.objects.filter(as_of__gt=DAY).values_list("pk", flat=True))
    asked = {loan.pk for shard in range(len(closed.shards)) for loan in proving.chosen(closed, shard)}
    assert touched and touched <= asked
    days_pass(bank, date(2026, 4, 20))
    seen: set[int] = set()
    for run in EndOfDay.objects.filter(day__gt=date(2026, 3, 17), day__lte=date(2026, 4, 16)):
        seen |= {loan.pk for shard in range(len(run.shards)) for loan in proving.chosen(run, shard)}
    assert seen == set(Loan.objects.values_list("pk", flat=True)), "within thirty nights everybody"


def test_a_payment_of_the_day_is_proved_though_nothing_fell_due(bank: Bank, book: list[Loan]) -> None:  # noqa: F811
    day = next(date(2026, 1, 16) + timedelta(days=n) for n in range(9) if (date(2026, 1, 16).toordinal() + n - book[0].pk) % 30)
    days_pass(bank, day)
    pay(bank, book[0], "10.00", day)
    run = runs.close_whole(day, by=bank.fang)
    assert book[0] in proving.chosen(run, 0)


def test_what_differs_is_named_on_the_page_and_asked_again_until_it_agrees(bank: Bank, closed: EndOfDay, browser: Any) -> None:
    sick = Loan.objects.order_by("pk").first()
    assert sick is not None
    Loan.objects.filter(pk=sick.pk).update(deposit=Money(5))
    night = prove_all(closed)
    assert night.differing == 1 and f"{sick.number}: deposit is 5 fen" in night.first_difference
    assert Event.objects.filter(name="books.differ", payload__differing=1).exists()
    client = browser.acts_as(bank.fang)
    page = client.get(reverse("servicing:day")).content.decode()
    assert "夜间核对发现不一致" in page and f"{sick.number}: deposit is 5 fen" in page and "1 处不一致" in page
    told = client.get(f"/api/v1/servicing/end-of-days/{DAY}").json()
    assert (told["is_proved"], told["differences"]) == (True, 1)
    days_pass(bank, DAY + timedelta(days=3))
    later = EndOfDay.objects.get(day=DAY + timedelta(days=2))
    assert sick in proving.chosen(closed, 0) and sick in proving.chosen(later, 0), "although nothing touched it since"
    Loan.objects.filter(pk=sick.pk).update(deposit=Money(0))
    assert prove_all(later).differing == 0
    assert "夜间核对发现不一致" not in client.get(reverse("servicing:day")).content.decode()


def test_a_payment_between_two_readings_is_no_difference(bank: Bank, closed: EndOfDay, monkeypatch: pytest.MonkeyPatch) -> None:
    loan, read = Loan.objects.order_by("pk")[0], lives.kept_of

    def pays_meanwhile(loans: Any) -> Any:
        monkeypatch.setattr(lives, "kept_of", read)
        record_repayment(loan_number=loan.number, receipt=receipt("10.00", DAY + timedelta(days=1), "IN-BETWEEN"), by=bank.fang)
        return read(loans)

    monkeypatch.setattr(lives, "kept_of", pays_meanwhile)
    assert prove_night(day=DAY, shard=0, by=SYSTEM).differing == 0


def test_the_accrual_is_proved_against_its_loans_and_the_ledger(bank: Bank, closed: EndOfDay) -> None:
    assert proof.accrual_differences() == []
    AccrualGroup.objects.filter(pk=AccrualGroup.objects.order_by("pk")[0].pk).update(weight=1)
    AccrualBook.objects.filter(pk=AccrualBook.objects.order_by("pk")[0].pk).update(posted_fen=7)
    found = prove_night(day=DAY, shard=None, by=SYSTEM)
    assert found.differing == 2 and found.first_difference.startswith("accrual of ")


def test_proving_again_replaces_what_was_found_and_only_the_worker_proves(bank: Bank, closed: EndOfDay) -> None:
    clock.tick(60)
    assert prove_all(closed) == prove_all(closed) and NightProof.objects.count() == len(closed.shards) + 1
    with pytest.raises(NotPermitted):
        prove_night(day=DAY, shard=0, by=bank.fang)


def test_every_past_day_of_a_loan_comes_out_again_as_it_was(bank: Bank) -> None:
    loan, seen = lend(bank), {}
    for on in (date(2026, 1, 15) + timedelta(days=n) for n in range(130)):
        days_pass(bank, on)
        if on.day in (10, 20):
            pay(bank, loan, "2500.00", on, f"R{on}")
        seen[on] = rules.cache(lives.position_of(Loan.objects.get(pk=loan.pk), on))
    assert all(rules.cache(lives.position_of(Loan.objects.get(pk=loan.pk), on)) == was for on, was in seen.items())
