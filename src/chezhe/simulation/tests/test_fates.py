"""What only some borrowers go through, deed by deed, in lives that are in a hurry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

import pytest

from chezhe.contracts.models import Mortgage
from chezhe.kernel import business_date, clock, events
from chezhe.servicing import proof
from chezhe.servicing.models import Loan
from chezhe.simulation import decisions, fates, renewals
from chezhe.simulation.crew import Alone
from chezhe.simulation.lives import Life
from chezhe.simulation.tests.living import evening, hurry, scene_on
from chezhe.simulation.tracks import OVER, Track
from chezhe.simulation.workplace import Turn

START = date(2026, 3, 2)


def could_have_more(life: Life) -> bool:
    """Whether the pay and the car carry a larger loan, and nobody else stands for the first."""
    return life.person is not None and life.spouse is None and life.wanted.fen * 100 <= renewals.larger(life)[0].fen * renewals.WORTH_IT


def begun(crew: Alone, place: int, suits: Callable[[Life], bool] = lambda _life: True) -> tuple[Track, Loan]:
    """A life with this fate, its loan paid out."""
    track, loan = hurry(crew, START, suits=suits)
    track.serial = 10_000 // fates.ROUND * fates.ROUND + place
    track.loan = loan.number
    return track, loan


def goes_through(crew: Alone, track: Track, day: date, occasion: str = fates.IN_ORDER) -> list[str]:
    """The names of what happens on `day`."""
    business_date.open_day(day)
    with clock.at(datetime.combine(day, time(10), clock.SHANGHAI)):
        scene = scene_on(crew, day)
        loan = Loan.objects.get(number=track.loan)
        happens = decisions.in_order if occasion == fates.IN_ORDER else decisions.owing
        happens(track, loan, scene)
        crew.everybody("evening", day)
        events.deliver_all()
    loan.refresh_from_db()
    assert proof.first_difference(loan) == ""
    return [what.partition(":")[2] for what in scene.counts if ":" in what]


def test_a_deposit_is_taken_used_and_returned(crew: Alone) -> None:
    track, loan = begun(crew, 41)
    assert goes_through(crew, track, START + timedelta(days=1)) == ["deposit"]
    assert goes_through(crew, track, START + timedelta(days=2)) == []
    due = loan.schedules.get().due_dates[0]
    assert goes_through(crew, track, due, fates.OWING) == ["deposit_used"]
    track.paid = 1
    assert goes_through(crew, track, due) == ["deposit_returned"] and not Loan.objects.get(pk=loan.pk).deposit


@pytest.mark.parametrize(("place", "names"), [(51, ["insurance_proceeds"]), (49, ["subsidy"])])
def test_others_pay(crew: Alone, place: int, names: list[str]) -> None:
    track, loan = begun(crew, place)
    assert goes_through(crew, track, START + timedelta(days=1)) == []
    track.paid = 1
    assert goes_through(crew, track, loan.schedules.get().due_dates[0]) == names


def test_a_second_car_comes_and_goes(crew: Alone) -> None:
    track, loan = begun(crew, 47)
    assert goes_through(crew, track, START + timedelta(days=1)) == ["second_car"]
    track.paid = 1
    assert goes_through(crew, track, START + timedelta(days=2)) == ["vehicle_release"]
    assert goes_through(crew, track, START + timedelta(days=3)) == ["released"]
    assert sorted(Mortgage.objects.values_list("status", flat=True)) == ["registered", "released"]


def test_a_larger_loan_pays_off_the_old_one(crew: Alone) -> None:
    """Of the first whose pay carries it and to whom the machine and the people grant it."""
    day, serial = START, 0
    while day < START + timedelta(days=400):
        track, old = hurry(crew, day, first_serial=serial + 1, suits=could_have_more)
        serial, track.serial, track.loan, track.paid = track.serial, 10_000 // fates.ROUND * fates.ROUND + 55, old.number, 1
        day += timedelta(days=1)
        assert goes_through(crew, track, day) == ["renewal"] and track.stage == "writing"
        day = _renewed(crew, track, day)
        if track.contract != old.contract.number:
            break
    old.refresh_from_db()
    new = Loan.objects.get(contract__number=track.contract)
    assert (old.status, new.status, track.older) == ("settled", "active", None)
    assert proof.first_difference(old) == proof.first_difference(new) == ""


def _renewed(crew: Alone, track: Track, day: date) -> date:
    """The day on which the second application has led to money, or to nothing."""
    for _turn in range(40):
        if track.stage in ("repaying", OVER):
            break
        day += timedelta(days=1)
        business_date.open_day(day)
        (turned,) = crew.each("take", [Turn(day, True, track)])
        assert not turned.refused, turned.refused
        evening(crew, day)
    return day


def test_who_gives_up_the_new_loan_goes_on_with_the_old_one(crew: Alone) -> None:
    track, old = begun(crew, 55, could_have_more)
    contract = track.contract
    track.paid = 1
    goes_through(crew, track, START + timedelta(days=1))
    track.ends()
    assert (track.stage, track.contract, track.loan) == ("repaying", contract, old.number)
    track.ends()
    assert track.stage == OVER
