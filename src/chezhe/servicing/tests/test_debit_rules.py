"""The debit calendar by itself: which hours, which turns, and what a reason means."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.servicing.debits import rules
from chezhe.servicing.debits.rules import Calendar

CALENDAR = Calendar(
    hours=(8, 12, 18), days_after=(1, 3), hours_after=(9, 17), tries_max=6,
    meanings={"INSUFFICIENT_FUNDS": "retry", "LIMIT_EXCEEDED": "split", "DAY_LIMIT_EXCEEDED": "next_day", "CARD_CLOSED": "stop"},
)


@pytest.mark.parametrize(("days_late", "falls_due", "tried", "hours"), [
    (0, True, 0, (8, 12, 18)), (1, False, 3, (9, 17)), (2, False, 3, ()), (3, False, 5, (9,)), (3, False, 6, ()), (31, True, 0, (8, 12, 18)),
])
def test_the_hours_of_a_day(days_late: int, falls_due: bool, tried: int, hours: tuple[int, ...]) -> None:
    assert rules.hours_on(CALENDAR, days_late=days_late, falls_due=falls_due, tried=tried) == hours


@pytest.mark.parametrize(("now", "turns"), [
    (None, ((1, 8), (2, 12), (3, 18))), (7, ((1, 8), (2, 12), (3, 18))), (8, ((1, 8), (2, 12), (3, 18))), (13, ((2, 12), (3, 18))), (23, ((3, 18),)),
])
def test_of_the_hours_that_have_passed_only_the_last_is_made_up_for(now: int | None, turns: tuple[tuple[int, int], ...]) -> None:
    assert rules.slots(CALENDAR.hours, now) == turns


@given(st.lists(st.integers(0, 23), unique=True, max_size=6), st.one_of(st.none(), st.integers(0, 23)))
def test_a_turn_keeps_its_number_whenever_the_day_is_planned(hours: list[int], now: int | None) -> None:
    whole = dict(rules.slots(hours, None))
    assert all(whole[turn] == hour for turn, hour in rules.slots(hours, now))


def test_the_worst_reason_decides_and_one_that_nobody_has_thought_of_stops() -> None:
    assert CALENDAR.meaning_of("ALIEN_ABDUCTION") == "stop"
    assert rules.worst(CALENDAR, ["INSUFFICIENT_FUNDS", "", "CARD_CLOSED", "LIMIT_EXCEEDED"]) == "CARD_CLOSED"
    assert rules.worst(CALENDAR, ["", ""]) == ""


@pytest.mark.parametrize(("times", "parts"), [(0, 1), (1, 2), (2, 4), (3, 8), (9, 8), (99, 8)])
def test_what_was_too_large_is_halved_and_halved_again(times: int, parts: int) -> None:
    assert rules.parts_at_least(times) == parts


@pytest.mark.parametrize(("status", "collected", "known", "has_failed", "verb"), [
    ("ordered", 100, 0, False, "collect"), ("ordered", 40, 0, True, "collect_part"), ("ordered", 0, 0, True, "fail"),
    ("ordered", 0, 0, False, "skip"), ("failed", 100, 0, False, "correct"), ("partly", 40, 40, False, ""), ("collected", 100, 100, False, ""),
])
def test_how_a_try_ends(status: str, collected: int, known: int, has_failed: bool, verb: str) -> None:
    assert rules.verb_of(status, 100, collected, known_fen=known, has_failed=has_failed) == verb


def test_a_calendar_without_hours_debits_nobody() -> None:
    assert rules.hours_on(replace(CALENDAR, hours=()), days_late=0, falls_due=True, tried=0) == ()
