"""Registries, vault and the way home: what a loan leaves behind it, in a life in a hurry."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from chezhe.contracts.models import CustodyItem, CustodyMove, RegistrationOrder, Release
from chezhe.kernel import business_date, clock, events
from chezhe.servicing import proof
from chezhe.servicing.models import Loan
from chezhe.simulation import borrowers, securities
from chezhe.simulation.crew import Alone
from chezhe.simulation.tests.living import hurry, scene_on
from chezhe.simulation.tracks import OVER, Track
from chezhe.simulation.workplace import Turn

START = date(2026, 3, 2)


def settled(crew: Alone, track: Track, loan: Loan, day: date) -> None:
    """Paid off at the counter on `day`, and the news of it delivered."""
    business_date.open_day(day)
    with clock.at(datetime.combine(day, time(10), clock.SHANGHAI)):
        track.loan = loan.number
        borrowers._settle(track, loan, scene_on(crew, day))
        events.deliver_all()
    track.goes_on("releasing", scene_on(crew, day))


def goes_home(crew: Alone, track: Track, day: date) -> list[str]:
    """Every stage until nothing more happens, one a day; what was counted on the way."""
    counted: list[str] = []
    while track.stage != OVER:
        day += timedelta(days=1)
        business_date.open_day(day)
        (turned,) = crew.each("take", [Turn(day, True, track)])
        assert not turned.refused, turned.refused
        counted += turned.counts
    return counted


def test_both_registries_note_the_car_and_its_papers_lie_in_the_vault_until_they_go_home(crew: Alone) -> None:
    track, loan = hurry(crew, START)
    orders = RegistrationOrder.objects.filter(contract=loan.contract)
    assert sorted(orders.values_list("registry", "status")) == [("unified", "accepted"), ("vehicle_office", "accepted")]
    assert all(order.due_on is not None and order.accepted_on <= order.due_on for order in orders)
    kept = CustodyItem.objects.filter(contract=loan.contract)
    assert sorted(kept.values_list("kind", "status")) == [("certificate", "kept"), ("key", "kept")]
    day = START + timedelta(days=1)
    settled(crew, track, loan, day)
    counted = goes_home(crew, track, day)
    assert counted.count("released") == 1 and {"papers_delivered", "papers_collected"} & set(counted)
    release = Release.objects.get(contract=loan.contract)
    assert release.status == "done" and release.steps.filter(code="received").exists()
    assert set(kept.values_list("status", flat=True)) == {"out"} and set(orders.values_list("status", flat=True)) == {"cancelled"}
    loan.refresh_from_db()
    assert proof.first_difference(loan) == ""


def test_a_lent_certificate_comes_back_before_the_papers_leave(crew: Alone) -> None:
    track, loan = hurry(crew, START)
    day = START + timedelta(days=1)
    business_date.open_day(day)
    with clock.at(datetime.combine(day, time(9), clock.SHANGHAI)):
        securities.lend_certificate(track, scene_on(crew, day))
        securities.bring_back(track, scene_on(crew, day))
    assert CustodyItem.objects.get(contract=loan.contract, kind="certificate").status == "lent"
    settled(crew, track, loan, day)
    assert "custody_back" in goes_home(crew, track, day)
    moves = CustodyMove.objects.filter(item__contract=loan.contract, item__kind="certificate").order_by("id")
    assert list(moves.values_list("verb", flat=True)) == ["keep", "lend", "give_back", "hand_out"]


def test_what_the_office_sends_back_is_handed_in_again(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(securities, "REFUSED", 1.0)
    _track, loan = hurry(crew, START)
    order = RegistrationOrder.objects.get(contract=loan.contract, registry="vehicle_office")
    assert (order.status, order.attempt) == ("accepted", 2) and order.refusal
