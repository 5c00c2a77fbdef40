"""Customers at the portal: they apply, read, sign by a link, rate, complain and settle, as the same kind of actor as on its pages."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from chezhe import invented
from chezhe.compliance.models import Complaint, Rating
from chezhe.contracts.models import Contract, Signature
from chezhe.kernel import business_date, clock, events
from chezhe.kernel.models import AuditEntry
from chezhe.origination.models import Application
from chezhe.servicing import proof
from chezhe.servicing.models import Loan, SettlementAsk
from chezhe.simulation import borrowers, phone
from chezhe.simulation.crew import Alone
from chezhe.simulation.lives import Life
from chezhe.simulation.tests.living import hurry, scene_on

# The sheet of costs is asked for since 2026-08-01.
START = date(2026, 9, 7)


@pytest.fixture(autouse=True)
def everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has a number of their own does everything on the phone."""
    monkeypatch.setattr(phone, "has_one", lambda track: is_alone(track.life))


def is_alone(life: Life) -> bool:
    return life.person is not None and invented.person(life.person.id_number).ring is None


def test_a_loan_is_applied_for_read_and_signed_on_the_phone(crew: Alone) -> None:
    track, loan = hurry(crew, START, suits=is_alone)
    application = Application.objects.get(number=track.application)
    assert application.filed_through == "online" and application.device
    contract = Contract.objects.get(number=track.contract)
    assert contract.cost_sheet_channel == "e_sign"
    assert set(Signature.objects.filter(contract=contract, party__isnull=False).values_list("channel", flat=True)) == {"link"}
    own = {entry.verb for entry in AuditEntry.objects.filter(actor_key__startswith="borrower:")}
    assert own >= {"portal.sign_in", "portal.bind", "origination.apply_online", "contracts.open_cost_sheet", "contracts.confirm_cost_sheet"}
    assert proof.first_difference(loan) == ""


def test_they_say_how_it_was_and_what_was_wrong_and_hear_an_answer(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phone, "RATES", 1.0)
    monkeypatch.setattr(phone, "COMPLAINS", 1.0)
    track, loan = hurry(crew, START, suits=is_alone)
    for _time in range(2):
        at_ten(crew, START + timedelta(days=1), lambda scene: phone.speak(track, loan, scene))
    assert Rating.objects.get().about == loan.subject
    assert Complaint.objects.get().channel == "portal"
    at_ten(crew, START + timedelta(days=2), phone.answer_complaints)
    at_ten(crew, START + timedelta(days=3), lambda scene: phone.hear(track, scene))
    assert Complaint.objects.get().status == "closed" and "complaint" not in track.memory


def test_they_ask_to_settle_and_it_is_settled_at_that_sum(crew: Alone) -> None:
    track, loan = hurry(crew, START, suits=is_alone)
    track.loan = loan.number
    at_ten(crew, START + timedelta(days=9), lambda scene: borrowers._settle(track, loan, scene))
    loan = Loan.objects.get(pk=loan.pk)
    asked = SettlementAsk.objects.get(loan=loan)
    assert loan.status == "settled" and asked.amount == loan.events.filter(kind="settled").get().amount
    assert proof.first_difference(loan) == ""


def at_ten(crew: Alone, day: date, act) -> None:  # type: ignore[no-untyped-def]
    """Let it happen on that day, and the news of it be delivered."""
    business_date.open_day(day)
    with clock.at(datetime.combine(day, time(10), clock.SHANGHAI)):
        act(scene_on(crew, day, 3))
        crew.everybody("evening", day)
        events.deliver_all()
