"""Training rows: the same for one seed, nothing known that was not known then, and an outcome that facts explain in part."""

from __future__ import annotations

import json
from itertools import islice
from statistics import mean

import pytest

from chezhe.invented import person
from chezhe.invented.tests.crowd import id_numbers
from chezhe.risk.lab import generating
from chezhe.risk.lab.generating import ID, TARGET, TIME, applications
from chezhe.risk.lab.neighbours import Neighbours

ROWS = 400


@pytest.fixture(scope="module")
def rows() -> list[dict[str, object]]:
    return list(applications(ROWS, 11))


def test_the_same_seed_is_the_same_rows_and_another_is_not(rows: list[dict[str, object]]) -> None:
    again = list(islice(applications(ROWS, 11), 40))
    assert json.dumps(again) == json.dumps(rows[:40])
    assert next(applications(ROWS, 12)) != rows[0]


def test_rows_stand_in_order_of_time_over_three_years(rows: list[dict[str, object]]) -> None:
    days = [str(row[TIME]) for row in rows]
    assert days == sorted(days) and days[0] < "2023-10" and days[-1] > "2026-04" and len({row[ID] for row in rows}) == ROWS


def test_every_value_is_of_a_kind_that_facts_have(rows: list[dict[str, object]]) -> None:
    """Money and counts are whole, rates are text: no float is told."""
    for row in rows:
        assert all(type(value) in (int, str, bool) and value != "" for value in row.values())


def test_what_is_unknown_is_absent(rows: list[dict[str, object]]) -> None:
    assert any("income_verified_monthly" not in row and "dti" not in row for row in rows)
    assert any("bureau_score" not in row for row in rows) and all("amount" in row and "bureau_overdue_now" in row for row in rows)


def test_the_outcome_is_rare_and_no_single_fact_gives_it_away(rows: list[dict[str, object]]) -> None:
    assert 0.05 < mean(int(str(row[TARGET])) for row in rows) < 0.2
    for code in ("has_enforcement", "bureau_bad_debt", "bureau_overdue_now", "flow_is_continuous", "phone_name_match"):
        told = [(row[code], row[TARGET]) for row in rows if code in row]
        assert {outcome for value, outcome in told if value} | {outcome for value, outcome in told if not value} == {0, 1}
        assert any(value for value, outcome in told if outcome == 0) or not any(value for value, _outcome in told)


def test_weaker_facts_go_bad_more_often(rows: list[dict[str, object]]) -> None:
    missed = [(int(str(row["bureau_missed_total_24m"])), int(str(row[TARGET]))) for row in rows]
    assert mean(bad for count, bad in missed if count >= 3) > 1.5 * mean(bad for count, bad in missed if count == 0)


def test_a_later_row_never_changes_an_earlier_one() -> None:
    known = Neighbours()
    lives = [person(number) for number in id_numbers(30)]
    seen = [known.seen(life) for life in lives[:5]]
    for life in lives:
        known.remember(life, False)
    assert all(facts["ring_size"] == 0 for facts in seen)
    assert [Neighbours().seen(life) for life in lives[:5]] == seen
    # One's own earlier application is no other person.
    assert known.seen(lives[0])["same_phone_people"] == 0


def test_the_outcome_is_known_a_year_later() -> None:
    assert generating.last_day_of_outcome(generating.LAST).year == generating.LAST.year + 1
