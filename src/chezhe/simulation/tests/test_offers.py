"""Less than was asked, conditions met and let go, no, and other terms: in lives in a hurry."""

from __future__ import annotations

from datetime import date

import pytest

from chezhe.contracts.models import ContractCondition
from chezhe.origination.models import Application, ApprovalCondition
from chezhe.simulation import applications, conditions, offers
from chezhe.simulation.crew import Alone
from chezhe.simulation.lives import Life
from chezhe.simulation.tests.living import hurry, rushed
from chezhe.simulation.tracks import OVER

START = date(2026, 3, 2)


def looked_at(life: Life) -> bool:
    """A company: its case goes to people, who may agree on other terms."""
    return life.company is not None


def test_people_agree_to_less_and_on_conditions_that_are_met(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "OFFERED_LESS", 1.0)
    monkeypatch.setattr(offers, "ON_CONDITIONS", 1.0)
    monkeypatch.setattr(offers, "LET_GO", 0.0)
    track, loan = hurry(crew, START, suits=looked_at)
    assert loan.principal < track.life.wanted
    assert set(ApprovalCondition.objects.filter(application__number=track.application).values_list("status", flat=True)) == {"met"}


def test_a_second_person_lets_a_condition_go(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offers, "ON_CONDITIONS", 1.0)
    monkeypatch.setattr(offers, "LET_GO", 1.0)
    track, _loan = hurry(crew, START, suits=looked_at)
    gone = ApprovalCondition.objects.get(application__number=track.application)
    assert gone.status == "waived" and gone.settled_by_name != gone.set_by_name


@pytest.mark.parametrize(("let_go", "field"), [(0.0, "met_at"), (1.0, "waived_at")])
def test_what_somebody_words_before_the_payout_is_met_or_waived(
    crew: Alone, monkeypatch: pytest.MonkeyPatch, let_go: float, field: str,
) -> None:
    monkeypatch.setattr(conditions, "ASKED", 1.0)
    monkeypatch.setattr(conditions, "LET_GO", let_go)
    track, _loan = hurry(crew, START)
    assert getattr(ContractCondition.objects.get(contract__number=track.contract, code="own_1"), field) is not None


def test_an_offer_is_declined(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applications, "DECLINED", 1.0)
    track = rushed(crew, START, wants="offers_declined")
    assert track.stage == OVER
    assert Application.objects.get(number=track.application).offers.get().status == "declined"


def test_other_terms_are_decided_anew(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applications, "COUNTERED", 1.0)
    monkeypatch.setattr(applications, "DECLINED", 0.0)
    track = rushed(crew, START, wants="offers_countered", ends=("repaying",))
    application = Application.objects.get(number=track.application)
    assert application.amount < track.life.wanted
    assert list(application.offers.order_by("place").values_list("status", flat=True)) == ["countered", "accepted"]
