"""Lines of an account add up, continue one another, and bear the quarter's interest; a forger's do not always."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chezhe.invented import PersonLife, fates, person
from chezhe.invented.flows import month_flow, summary
from chezhe.invented.months import index
from chezhe.invented.statements import DEMAND_RATE, Entry, account_number, forged, lines, told
from chezhe.invented.tests.crowd import people

FIRST, LAST = date(2025, 9, 1), date(2026, 2, 28)


def _lines(life: PersonLife, first: date = FIRST, last: date = LAST) -> list[Entry]:
    return lines(life, account_number(life, "icbc"), first, last)


def _breaks(found: Sequence[Entry]) -> int:
    return sum(1 for one, two in zip(found, found[1:], strict=False) if two.balance_fen != one.balance_fen + two.amount_fen)


def test_every_balance_follows_from_the_one_before_and_none_is_below_nothing() -> None:
    for life in people(25):
        found = _lines(life)
        assert found and _breaks(found) == 0 and min(entry.balance_fen for entry in found) >= 0
        assert [(entry.on, entry.time) for entry in found] == sorted((entry.on, entry.time) for entry in found)


def test_a_window_tells_the_same_as_a_longer_one() -> None:
    for life in people(8):
        inner = _lines(life, date(2025, 11, 12), date(2026, 1, 20))
        assert inner == [entry for entry in _lines(life) if date(2025, 11, 12) <= entry.on <= date(2026, 1, 20)]


def test_interest_comes_on_the_21st_of_the_quarters_last_month_for_the_balances_of_its_days() -> None:
    life = people(5)[0]
    found = _lines(life, date(2025, 6, 1), LAST)
    paid = [entry for entry in found if entry.summary == "结息"]
    assert [entry.on for entry in paid] == [date(2025, 6, 21), date(2025, 9, 21), date(2025, 12, 21)]
    held = [entry.balance_fen for entry in found if date(2025, 9, 21) <= entry.on <= date(2025, 12, 20)]
    assert 0 < paid[-1].amount_fen <= max(held) * DEMAND_RATE / 360 * 91 + 1


def test_a_salary_comes_once_a_month_on_its_day_from_the_employer() -> None:
    salaried = next(life for life in people() if (job := life.job_on(FIRST)) and job.kind == "salaried" and job.until_on > LAST)
    job = salaried.job_on(FIRST)
    paid = [entry for entry in _lines(salaried) if entry.summary == "工资"]
    assert job is not None and len(paid) == 6 and {(entry.party, entry.on.day) for entry in paid} == {(job.employer, job.pay_day)}
    assert paid[0].amount_fen == month_flow(salaried, index(FIRST)).salary_fen


def test_somebody_who_gambles_shows_it() -> None:
    gambler = next(life for life in people() if life.gambles)
    stakes = sum(-entry.amount_fen for entry in _lines(gambler) if "娱乐城" in entry.party or "竞彩" in entry.party or "棋牌" in entry.party)
    told_of = summary(gambler, date(2026, 3, 1), [], is_forged=False).gambled_fen
    assert stakes > 0 and abs(stakes - told_of) <= 18


def test_an_honest_person_hands_in_the_truth() -> None:
    life = person(fates.id_number(fates.GOOD))
    assert told(life, account_number(life, "icbc"), FIRST, LAST) == _lines(life)


def test_a_forger_shows_more_salary_and_leaves_a_trace_as_often_as_not() -> None:
    liars = [person(fates.id_number(fates.LIAR, born_on=date(1970 + n, 5, 5))) for n in range(16)]
    traces = 0
    for life in liars:
        true, shown = _lines(life), told(life, account_number(life, "icbc"), FIRST, LAST)
        paid, claimed = (sum(entry.amount_fen for entry in found if entry.summary == "工资") for found in (true, shown))
        assert claimed > 1.1 * paid
        has_interest = any(entry.summary == "结息" for entry in shown)
        traces += _breaks(shown) > 0 or not has_interest
    assert 10 <= traces <= 16


def test_a_careful_forger_reckons_the_balances_anew() -> None:
    liars = [person(fates.id_number(fates.LIAR, born_on=date(1960 + n, 7, 7))) for n in range(30)]
    careful = [life for life in liars if not life.chance.happens("breaks balance", 0.75)]
    assert careful and all(_breaks(forged(life, _lines(life))) == 0 for life in careful)
