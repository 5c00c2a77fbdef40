"""The memory of where a loan stood: it saves living its life again, and is never believed against the events."""

from __future__ import annotations

from datetime import date
from unittest.mock import patch

import pytest

from chezhe.finmath.money import Money
from chezhe.servicing import checkpoints, lives, proof
from chezhe.servicing import position as positions
from chezhe.servicing.models import Checkpoint, Loan
from chezhe.servicing.tests.deciding import take_back
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, pay_instalments
from chezhe.servicing.tests.test_life import agrees

pytestmark = pytest.mark.django_db

MAY = date(2026, 5, 20)


@pytest.fixture
def paid(bank: Bank, loan: Loan) -> Loan:
    """A loan with three instalments paid and one late."""
    pay_instalments(bank, loan, 3)
    days_pass(bank, MAY)
    loan.refresh_from_db()
    return loan


def test_the_next_event_begins_where_the_last_one_left_the_loan(bank: Bank, paid: Loan) -> None:
    known = checkpoints.of(paid)
    assert known is not None and known.as_of == date(2026, 4, 15)
    assert lives.standing(paid) == lives.life_of(paid)[0] == lives.standing_of([paid])[paid.pk]
    with patch.object(positions, "fold", side_effect=AssertionError("it lived its whole life again")):
        pay(bank, paid, "3321.43", MAY, "late")
    assert agrees(paid)


@pytest.mark.parametrize("on", [date(2026, 5, 20), date(2026, 3, 1)], ids=["today", "found_late"])
def test_an_event_that_it_does_not_know_makes_it_old(bank: Bank, paid: Loan, on: date) -> None:
    event = pay(bank, paid, "1000.00", on, "more")
    kept = Checkpoint.objects.get(loan=paid)
    assert kept.reference == event.reference
    Checkpoint.objects.filter(loan=paid).update(reference=f"{event.reference}/before")
    assert checkpoints.of(paid) is None and checkpoints.of_many([paid]) == {}
    assert lives.standing(paid) == lives.life_of(paid)[0] and agrees(paid)


def test_taking_back_is_remembered_too(bank: Bank, paid: Loan) -> None:
    take_back(bank, paid.events.filter(kind="repaid").latest("id"))
    paid.refresh_from_db()
    assert checkpoints.of(paid) is not None and lives.standing(paid, MAY).dpd == 35 and agrees(paid)


def test_what_other_code_wrote_is_not_read(paid: Loan) -> None:
    Checkpoint.objects.update(form="0" * 16)
    assert checkpoints.of(paid) is None and lives.standing(paid) == lives.life_of(paid)[0]


def test_one_that_says_otherwise_than_the_fold_is_named(bank: Bank, paid: Loan) -> None:
    known = checkpoints.of(paid)
    assert known is not None
    wrong = positions.Position(terms=known.terms, lines=known.lines[:-1], as_of=known.as_of, recognised=known.recognised)
    checkpoints.keep([checkpoints.after(paid.events.exclude(kind__in=checkpoints.SILENT_KINDS).latest("id"), wrong)])
    assert proof.first_difference(paid) == f"{paid.number}: the checkpoint says otherwise than the fold"
    assert list(proof.differences([paid])) == [proof.first_difference(paid)]


def test_a_new_loan_has_none_and_many_are_read_together(bank: Bank, paid: Loan) -> None:
    fresh = lend(bank, vin="LSVAM4187C2184842", plate="京A12346")
    standing = lives.standing_of([paid, fresh])
    assert checkpoints.of(fresh) is None and standing[fresh.pk].principal_fen == Money(10_000_000).fen
    assert standing[paid.pk] == lives.standing(paid)
