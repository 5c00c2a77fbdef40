"""A sole trader's application, whole: the person's sources and the register of his trade, the shipped tables and the shipped card."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest

from chezhe.identifiers.synthetic import invent_uscc
from chezhe.invented import fates, person
from chezhe.kernel.simulators import World
from chezhe.origination.models import Application
from chezhe.origination.tests import living
from chezhe.origination.tests.asking import submit
from chezhe.origination.tests.test_whole_lives import GOOD, SOUND_CAR, strike
from chezhe.risk.deciding import queries, replaying
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.registry import queries as registry

OF_THE_TRADE = {"trade_is_own", "trade_status", "trade_months"}


def decided(*, product: str = "P10", uscc: str = "") -> tuple[Application, Decision]:
    """A good customer with a trade of many years applies and is decided; whatever is decided can be decided again."""
    town = living.make_town(person(GOOD).home_city)
    applicant = living.keep_trade(living.arrive(town, GOOD, SOUND_CAR), town, uscc=uscc)
    application = submit(living.apply_for(applicant, town, amount="40,000", product=product), town.lin)
    found = queries.latest(application.subject)
    assert found is not None
    again = replaying.replay(found)
    assert (again.is_same, again.trouble, again.differs) == (True, "", ())
    return application, found


def tells(world: World, **changes: Any) -> None:
    """Let the register tell something else of the trade; the person stays who they are."""
    enterprise: Any = world.simulators["enterprise"]
    truth: Callable[[Any, Any], Any] = enterprise._trade
    enterprise._trade = lambda body, call: replace(truth(body, call), **changes)


def rows_of(made: Decision, stage: str) -> list[int]:
    stages = json.loads(made.record)["verdict"]["stages"]
    return list(next(one["rows"] for one in stages if one["name"] == stage))


def test_a_good_sole_trader_is_decided_by_the_person_and_by_the_trade(world: World) -> None:
    application, made = decided()
    assert (application.borrower_kind, made.reasons, made.unknown) == ("sole_trader", [], [])
    assert (made.outcome, made.route, made.tier) == ("approved", "auto_approve", "A")
    kept, card = json.loads(made.record), registry.active("person")
    assert card is not None and kept["model"]["hash"] == card.content_hash
    facts = kept["facts"]
    assert facts["trade_is_own"]["source"] == facts["trade_months"]["source"] == "registry" and "bureau_score" in facts
    assert Enquiry.objects.get(service="trade").status == "answered"


def test_whoever_borrows_as_a_person_is_not_asked_about_his_trade(world: World) -> None:
    application, made = decided(product="P03")
    assert (application.borrower_kind, made.outcome) == ("person", "approved")
    assert not Enquiry.objects.filter(service="trade").exists()


@pytest.mark.parametrize(("said", "outcome", "row"), [
    ({"status": "revoked"}, "declined", 6), ({"status": "cancelled"}, "declined", 6), ({"registered_on": date(2025, 11, 10)}, "declined", 7),
    ({"registered_on": date(2025, 6, 1)}, "referred", 8),
])
def test_a_trade_that_was_closed_or_is_young_stops_it_by_name(world: World, said: dict[str, Any], outcome: str, row: int) -> None:
    tells(world, **said)
    application, made = decided()
    assert (made.outcome, made.reasons, made.unknown) == (outcome, ["R26"], []) and rows_of(made, "prescreen") == [row]
    assert application.status == ("rejected" if outcome == "declined" else "first_review")


def test_a_trade_that_somebody_else_runs_is_nobodys_to_borrow_on(world: World) -> None:
    _application, made = decided(uscc=invent_uscc(Random(8), kind="92"))
    assert (made.outcome, rows_of(made, "prescreen")) == ("declined", [5]) and "R26" in made.reasons


def test_a_trade_that_owes_tax_is_looked_at(world: World) -> None:
    tells(world, arrears_fen=12_300_00)
    _application, made = decided()
    assert (made.outcome, made.reasons, rows_of(made, "knockout")) == ("referred", ["R04"], [9])


@pytest.mark.parametrize("fault", [fates.DOWN, fates.SLOW, fates.GARBLED, fates.CONTRADICTORY, fates.UNKNOWN])
def test_a_register_that_cannot_tell_leads_to_people_with_what_is_missing(world: World, fault: str) -> None:
    strike(world, "enterprise", fault)
    application, made = decided()
    assert (made.outcome, application.status, made.reasons) == ("referred", "first_review", [])
    assert set(made.unknown) == OF_THE_TRADE | {"trade_tax_arrears"}
