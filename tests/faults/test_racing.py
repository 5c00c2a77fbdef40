"""Payments race the close of a day: whoever is first, the end is that of a night in which everybody waited for the other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction

from chezhe.kernel import business_date
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Busy
from chezhe.servicing.actions.begin_end_of_day import begin_end_of_day
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.endofday import runs
from chezhe.servicing.models import EndOfDay, Loan
from chezhe.servicing.tests.lending import Bank, days_pass, pay
from chezhe.servicing.tests.test_bank_files import imported
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401
from tests.bad_input.at_once import at_once
from tests.faults.facts import FAULTS, Tell, digest, figures, must_be_sound

pytestmark = pytest.mark.django_db(transaction=True)
NIGHTS = (date(2026, 2, 14), date(2026, 3, 14), date(2026, 3, 16))
YUAN = ("3321.43", "500.00", "2777.78", "6000.00", "34002.22", "1.00")


def deeds(bank: Bank, book: list[Loan], night: date) -> list[Callable[[], Any]]:  # noqa: F811
    """Every loan is paid for the new day, one for an older one; two lines of a statement come in."""
    today, name = night + timedelta(days=1), f"{night:%m%d}"
    file = imported(bank, f"{night},45.60,F1{name},王,,{book[0].number}", f"{night},78.90,F2{name},王,,{book[5].number}")
    paid = [partial(pay, bank, loan, yuan, today, f"{name}-{at}") for at, (loan, yuan) in enumerate(zip(book, YUAN, strict=True))]
    late = partial(pay, bank, book[2], "100.00", night - timedelta(days=9), f"{name}-late")
    return [*paid, late, partial(post_bank_file, file_number=file.number, by=bank.fang)]


def patiently(deed: Callable[[], Any]) -> Any:
    """As a clerk would: told that somebody is at it, once more."""
    for _ in range(20):
        try:
            return deed()
        except Busy:
            continue
    raise AssertionError("for ever busy")


def test_whoever_is_first_the_end_is_the_same(
    bank: Bank, book: list[Loan], monkeypatch: pytest.MonkeyPatch, record_property: Tell,  # noqa: F811
) -> None:
    monkeypatch.setattr(runs, "FEW", 0)
    monkeypatch.setattr(runs, "SHARD_LOANS", 2)
    for night in NIGHTS:
        days_pass(bank, night)
        begin_end_of_day(until=night, calendar_day=night, by=bank.fang)
        acts = deeds(bank, book, night)
        shards = [partial(close_shard, day=night, shard=shard, by=SYSTEM) for shard in range(len(EndOfDay.objects.get(day=night).shards))]
        ends = {one_after_the_other([*shards, *acts], book, night), one_after_the_other([*acts, *shards], book, night)}
        at_once(*[partial(patiently, deed) for deed in (*shards, *acts, *shards)])
        close_the_rest(night)
        finish_end_of_day(day=night, by=SYSTEM)
        assert {digest(figures(book))} == ends, night
        assert EndOfDay.objects.get(day=night).status == "closed" and business_date.current() == night + timedelta(days=1)
        must_be_sound()
    record_property(FAULTS, {"nights": len(NIGHTS), "postings and shards at once": len(NIGHTS) * (len(acts) + 2 * len(shards))})
    print(f"\n{len(NIGHTS)} nights, {len(acts)} postings and {2 * len(shards)} shards at once in each")


def close_the_rest(night: date) -> None:
    """The shards of loans that somebody was at when theirs were written."""
    for shard in runs.missing(EndOfDay.objects.get(day=night)):
        close_shard(day=night, shard=shard, by=SYSTEM)


def one_after_the_other(acts: list[Callable[[], Any]], book: list[Loan], night: date) -> str:  # noqa: F811
    """What a night without a race leaves."""
    with transaction.atomic():
        for act in acts:
            act()
        runs.finish(night)
        left = digest(figures(book))
        transaction.set_rollback(True)
    return left
