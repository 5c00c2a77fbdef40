"""pass_straight_through: what the machine approved as it was asked for is taken for a customer who agreed to it beforehand."""

from __future__ import annotations

from typing import Any

import pytest

from chezhe.documents.tests.acting import ActingClient, browser  # noqa: F401
from chezhe.invented import fates, person
from chezhe.kernel import events
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.models import AuditEntry, Event
from chezhe.kernel.moves import history
from chezhe.kernel.simulators import World
from chezhe.origination.actions.pass_straight_through import pass_straight_through
from chezhe.origination.models import Application, StraightRun
from chezhe.origination.tests import asking, living
from chezhe.origination.tests.asking import TODAY, submit
from chezhe.risk.deciding import queries
from chezhe.risk.screening import freezing

GOOD, SOUND_CAR = fates.id_number(fates.GOOD), fates.car_vin(fates.GOOD, serial=2)


def ready(amount: str = "40,000", *, acceptance: str = "ahead") -> tuple[living.Town, Application]:
    """A prime customer's application that is complete."""
    town = living.make_town(person(GOOD).home_city)
    applicant = living.arrive(town, GOOD, SOUND_CAR)
    made = living.apply_for(applicant, town, amount=amount)
    made.refresh_from_db()
    Application.objects.filter(pk=made.pk).update(acceptance=acceptance)
    return town, made


def approve(amount: str = "40,000", *, acceptance: str = "ahead") -> Application:
    """The same, handed in and decided."""
    town, made = ready(amount, acceptance=acceptance)
    return submit(made, town.lin)


def trail(application: Application, verb: str) -> list[AuditEntry]:
    return list(AuditEntry.objects.filter(verb=f"origination.{verb}", subject=application.subject))


def test_it_is_accepted_by_the_system_alone_and_once(world: World) -> None:
    made = approve()
    decision = queries.latest(made.subject)
    assert decision is not None and (decision.tier, decision.route) == ("A", "auto_approve")
    assert made.status == "accepted" and made.approval is None
    accepted = history(made.subject)[-1]
    assert (accepted.status_to, accepted.actor_name, accepted.reason) == ("accepted", SYSTEM.name, "客户申请时已同意按申请条件直接办理")
    assert StraightRun.objects.get(application=made).status == "running"
    assert made.offers.get().status == "accepted"
    for _again in range(2):
        pass_straight_through(application_number=made.number, business_date=TODAY, by=SYSTEM)
    assert Event.objects.filter(name="application.accepted").count() == 1 == StraightRun.objects.count()
    entry = trail(made, "pass_straight_through")[0]
    assert entry.actor_key == SYSTEM.key


def test_who_did_not_agree_beforehand_is_asked(world: World) -> None:
    made = approve(acceptance="asked")
    run = StraightRun.objects.get(application=made)
    assert (made.status, run.status, run.reason_code) == ("approved", "left", "not_agreed")
    assert "没有预先同意" in str(run.said)
    assert Event.objects.get(name="application.handed_over").payload == {"number": made.number, "reason": "not_agreed"}


def test_what_people_decide_does_not_go_straight(house: asking.House) -> None:
    made = asking.submitted(house, acceptance="ahead")
    assert made.acceptance == "ahead" and made.status == "first_review"
    asking.vote(made, house.chen, opinion="收入流水核实无误")
    asking.vote(made, house.zhou)
    events.deliver_all()
    made.refresh_from_db()
    assert made.status == "approved" and not StraightRun.objects.exists()


def test_somebody_who_is_frozen_meanwhile_goes_to_people_with_the_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    from chezhe.origination.actions import apply_decision as applying

    town, made = ready()
    monkeypatch.setattr(applying.agreeing, "require", lambda *_a, **_k: None)

    def held(*_people: Any, **_by: Any) -> None:
        raise freezing.CustomerFrozen(who="王某")

    monkeypatch.setattr(freezing, "require_free", held)
    made = submit(made, town.lin)
    run = StraightRun.objects.get(application=made)
    assert (made.status, run.status, run.reason_code) == ("approved", "left", freezing.BusinessHeld.code)
    assert run.reason == str(freezing.BusinessHeld()) and made.offers.get().status == "open"


def test_nobody_of_the_house_may_do_it(house: asking.House) -> None:
    with pytest.raises(NotPermitted):
        pass_straight_through(application_number="A26-000001-0", business_date=TODAY, by=house.lin)


def test_the_customers_agreement_is_a_field_of_its_step_with_a_history(house: asking.House) -> None:
    made = asking.filled(house)
    assert made.acceptance == "asked"
    asking.save(made, "finance", {"acceptance": "ahead"}, house)
    made.refresh_from_db()
    assert made.acceptance == "ahead"
    assert [(one.before, one.after) for one in made.changes.filter(field="acceptance")] == [("asked", "ahead")]
    asking.save(made, "finance", {"acceptance": ""}, house)
    made.refresh_from_db()
    assert made.acceptance == "asked"


def test_the_page_and_the_api_say_how_far_it_went(world: World, browser: ActingClient) -> None:  # noqa: F811
    town, made = ready()
    made = submit(made, town.lin)
    browser.acts_as(town.lin)
    assert "直通办理中" in browser.get(f"/origination/{made.number}/").content.decode()
    said = browser.api(f"origination/{made.number}").json()
    assert (said["acceptance"], said["straight"]["status"], said["straight"]["reason"]) == ("ahead", "running", "")
    step = browser.get(f"/origination/{asking_again(made, town)}/steps/finance/").content.decode()
    assert "批复后如何办理" in step


def asking_again(made: Application, town: living.Town) -> str:
    """A draft of the same customer's, where the agreement is not taken over."""
    from chezhe.origination.actions.copy_application import copy_application

    copied = copy_application(application_number=made.number, business_date=TODAY, by=town.lin)
    assert copied.acceptance == "asked"
    return copied.number
