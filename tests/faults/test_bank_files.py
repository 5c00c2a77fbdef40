"""Statements of the bank duplicated, late, in another order, cut in half or overlapping: the end is the same to the fen and by hash."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date

import pytest
from django.db import transaction

from chezhe.payments.actions.import_bank_file import FileHasFaults, import_bank_file
from chezhe.payments.models import BankLine
from chezhe.servicing.actions.post_bank_file import post_bank_file
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass
from chezhe.servicing.tests.test_bank_files import HEAD
from chezhe.servicing.tests.test_end_of_day import book  # noqa: F401
from tests.faults.facts import FAULTS, Tell, digest, figures, kept, must_be_sound

pytestmark = pytest.mark.django_db
FIRST, SECOND, THIRD, END = date(2026, 2, 23), date(2026, 3, 2), date(2026, 3, 9), date(2026, 3, 16)
Story = list[tuple[date, list[str]]]


def weeks(book: list[Loan]) -> tuple[list[str], list[str]]:  # noqa: F811
    """The bank's lines of two weeks: whole and part payments, too much, twice on a day, and one that nobody knows."""
    first = [
        f"2026-02-{16 + at % 4},{yuan},A{at},付款人,,还款 {loan.number}"
        for at, (loan, yuan) in enumerate(zip(book, ["3321.43", "1000.00", "5000.00", "0.01", "34002.22", "2777.78"], strict=True))
    ]
    second = [f"2026-02-{24 + at % 4},{1500 + at}.50,B{at},付款人,,{loan.number}" for at, loan in enumerate(book[:5])]
    return [*first, f"2026-02-20,20.00,A8,付款人,,{book[1].number}", f"2026-02-20,30.00,A9,付款人,,{book[1].number}"], [
        *second, "2026-02-27,88.00,B9,李四,,房租"]


def stories(first: list[str], second: list[str]) -> Iterator[tuple[str, Story]]:
    """How the same lines may reach us."""
    rng, loose = random.Random(7), [*first, *second]
    rng.shuffle(loose)
    yield "last week's file after this week's", [(SECOND, second), (THIRD, first)]
    yield "each file three times", [(FIRST, first), (FIRST, first), (FIRST, [*first, ""]), (SECOND, second), (SECOND, second), (THIRD, first)]
    yield "files that overlap", [(FIRST, first), (SECOND, [*first[4:], *second]), (THIRD, [*first, *second])]
    yield "half a file, then the whole", [(FIRST, first[:4]), (SECOND, first), (SECOND, second[3:]), (THIRD, second)]
    yield "every file upside down", [(FIRST, first[::-1]), (SECOND, second[::-1])]
    yield "line by line in any order, late", [(THIRD, [line]) for line in loose]
    yield "all in one, very late", [(END, loose)]


def told(bank: Bank, story: Story, on: date) -> None:
    """Each file is imported and posted on its day; then time goes on to `on`."""
    for at, (day, lines) in enumerate(story):
        days_pass(bank, day)
        file = import_bank_file(content=(HEAD + "\n".join(lines) + "\n").encode(), name=f"{at}.csv", by=bank.fang).file
        post_bank_file(file_number=file.number, by=bank.fang)
    days_pass(bank, on)


def test_however_the_lines_come_the_end_is_the_same(bank: Bank, book: list[Loan], record_property: Tell) -> None:  # noqa: F811
    first, second = weeks(book)
    days_pass(bank, FIRST)
    with transaction.atomic():
        told(bank, [(FIRST, first), (SECOND, second)], END)
        whole = figures(book)
        transaction.set_rollback(True)
    ways = list(stories(first, second))
    for name, story in ways:
        with transaction.atomic():
            told(bank, story, END)
            left = figures(book)
            assert left == whole and digest(left) == digest(whole), name
            must_be_sound()
            transaction.set_rollback(True)
    files, lines = sum(len(story) for _, story in ways), sum(len(rows) for _, story in ways for _, rows in story)
    print(f"\n{len(ways)} ways of {len(first) + len(second)} lines, one end: {digest(whole)[:16]}")
    record_property(FAULTS, {"ways of two weeks": len(ways), "files": files, "lines told": lines, "same ends": len(ways)})


def test_a_serial_with_another_amount_is_refused_with_its_line_and_nothing_is_booked(
    bank: Bank, book: list[Loan], record_property: Tell,  # noqa: F811
) -> None:
    first, _second = weeks(book)
    told(bank, [(FIRST, first)], FIRST)
    before = kept()
    other = first[1].replace("1000.00", "1000.01")
    with pytest.raises(FileHasFaults):
        told(bank, [(FIRST, [other, "2026-02-20,5.00,C1,李四,,"])], FIRST)
    assert kept() == before and BankLine.objects.get(bank_serial="A1").amount.fen == 100_000
    record_property(FAULTS, {"files refused whole": 1})
