"""One number is one life: the same for everybody who asks, and the same past on every later day."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import correlation, mean, median

import pytest

from chezhe.identifiers import id_card
from chezhe.invented import fates, person
from chezhe.invented.debts import standing
from chezhe.invented.months import index, later
from chezhe.invented.tests.crowd import ON, id_numbers, people


def test_the_same_number_is_the_same_life() -> None:
    before = [person(number) for number in id_numbers(20)]
    person.cache_clear()
    assert [person(number) for number in id_numbers(20)] == before
    assert len({life.name + life.mobile for life in people()}) == len(people())


def test_a_number_without_a_birth_date_has_no_life() -> None:
    with pytest.raises(ValueError):
        person("320102197002290000")


def test_march_continues_february() -> None:
    """What was told of a month never changes, whatever is asked later."""
    for life in people(80):
        for account in life.accounts_on(date(2024, 2, 10)):
            early, late = standing(account, date(2024, 2, 10)), standing(account, date(2026, 3, 10))
            assert late.history[: len(early.history)] == early.history
        window = life.enquiries_in(date(2025, 1, 1), date(2025, 7, 1))
        whole = life.enquiries_in(date(2023, 6, 1), date(2026, 3, 1))
        assert window == tuple(event for event in whole if date(2025, 1, 1) <= event.on < date(2025, 7, 1))


def test_nothing_is_told_of_days_to_come() -> None:
    for life in people(80):
        assert all(account.opened_on <= ON for account in life.accounts_on(ON))
        assert life.marital_on(life.born_on) == "single" and not life.owns_house_on(life.born_on)
        assert {event.on for event in life.enquiries_in(ON - timedelta(days=90), ON)} <= {ON - timedelta(days=n) for n in range(1, 91)}


def test_an_account_never_owes_what_it_cannot() -> None:
    for life in people(150):
        for account in life.accounts_on(ON):
            stands = standing(account, ON)
            assert 0 <= stands.overdue_fen <= stands.balance_fen
            assert stands.balance_fen <= account.amount_fen or account.kind in ("R2", "R3")
            assert (stands.missed > 0) <= stands.is_open and (stands.overdue_fen > 0) <= (stands.missed > 0)
            assert len(stands.history) <= max(0, index(ON) - index(account.opened_on))


def test_a_loan_falls_month_by_month_to_nothing() -> None:
    good = person(fates.id_number(fates.GOOD))
    loan = next(account for account in good.accounts if account.kind == "D1")
    owed = [standing(loan, later(loan.opened_on, month)).balance_fen for month in range(loan.term + 2)]
    assert owed[0] == loan.amount_fen and owed == sorted(owed, reverse=True) and owed[-1] == 0
    assert not standing(loan, later(loan.opened_on, loan.term)).is_open


def test_people_are_like_those_a_lender_meets() -> None:
    lives = people()
    incomes = [life.income_on(ON) for life in lives]
    assert 700_000 < median(incomes) < 1_000_000
    late = [any(standing(account, ON).missed for account in life.accounts_on(ON)) for life in lives]
    assert 0.02 < mean(late) < 0.12
    assert 0.1 < mean(life.lies.income_factor > 1.2 for life in lives) < 0.3
    assert mean(life.lies.borrows_identity for life in lives) < 0.02 and mean(life.ring is not None for life in lives) < 0.04


def test_character_shows_in_the_past_but_does_not_give_itself_away() -> None:
    lives = people()
    missed = [float(sum(1 for account in life.accounts_on(ON) for month in standing(account, ON).history[-24:] if month)) for life in lives]
    assert -0.6 < correlation([life.character for life in lives], missed) < -0.15


def test_digits_choose_a_life() -> None:
    model, lost, liar, stranger = (person(fates.id_number(code)) for code in (fates.GOOD, fates.BAD, fates.LIAR, fates.STRANGER))
    assert model.character > 0.9 and not model.cases and model.lies.income_factor < 1.1
    assert not any(month for account in model.accounts_on(ON) for month in standing(account, ON).history)
    assert {case.kind for case in lost.cases} >= {"civil", "enforcement", "ban"} and any(a.kind == "C1" for a in lost.accounts)
    assert liar.lies.forges_statement and liar.lies.hides_debts and liar.declared_income_on(ON) > 1.2 * liar.income_on(ON)
    assert stranger.lies.borrows_identity
    owed = sum(standing(account, ON).due_fen for account in liar.accounts_on(ON))
    assert liar.declared_debt_on(ON) <= owed // 3


def test_members_of_a_ring_share_what_the_ring_owns() -> None:
    numbers = [fates.id_number(fates.RING, born_on=date(1980 + n, 1, 1), ring=3) for n in range(12)]
    members = [person(number) for number in numbers]
    assert {life.ring.number for life in members if life.ring} == {3}
    assert any(
        len({getattr(life, thing) for life in members}) < len(members) for thing in ("device", "address", "mobile", "employer_phone"))
    other = person(fates.id_number(fates.RING, ring=4))
    assert other.ring is not None and other.ring.device != members[0].ring.device  # type: ignore[union-attr]


def test_numbers_of_a_fate_are_valid_and_no_other_invented_number_has_one() -> None:
    assert id_card.judge(fates.id_number(fates.DOWN, source="bureau")).valid
    assert not any(fates.of_person(number).code for number in id_numbers())
    assert fates.of_person(fates.id_number(fates.DOWN, source="courts")).strikes(fates.DOWN, "courts")
    assert not fates.of_person(fates.id_number(fates.DOWN, source="courts")).strikes(fates.DOWN, "bureau")
    assert fates.of_person(fates.id_number(fates.DOWN)).strikes(fates.DOWN, "bureau")


def test_age_is_counted_in_whole_years() -> None:
    life = person(fates.id_number(fates.GOOD, born_on=date(1990, 6, 15)))
    assert (life.age_on(date(2026, 6, 14)), life.age_on(date(2026, 6, 15))) == (35, 36)
