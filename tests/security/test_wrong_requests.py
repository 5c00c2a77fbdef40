"""A loan's life over REST, every request of it sent wrongly first: nothing crashes, nothing is half written."""

from __future__ import annotations

import dataclasses
from random import Random

import pytest

from chezhe.kernel.simulators import World
from tests.journeys.house import Program, Team
from tests.journeys.test_first_loan_api import (
    test_a_company_borrows_with_its_controller_as_surety_and_pays_to_the_last_day as a_company_borrows,
)
from tests.journeys.test_first_loan_api import test_a_person_borrows_on_a_car_repays_twice_and_settles_early as a_person_borrows
from tests.security.fuzz import OneConnection
from tests.security.mutate import Spoiler

pytestmark = pytest.mark.django_db


def test_a_wrong_request_is_refused_and_leaves_no_trace(team: Team, bank: World) -> None:
    assert tried(team, bank, a_person_borrows, each=1) > 300


@pytest.mark.long
@pytest.mark.parametrize("journey", [a_person_borrows, a_company_borrows])
def test_every_wrong_request_is_refused_and_leaves_no_trace(team: Team, bank: World, journey: object) -> None:
    assert tried(team, bank, journey, each=30) > 3_000


def tried(team: Team, bank: World, journey: object, *, each: int) -> int:
    tester = Spoiler(each=each, random=Random(7))
    tested = TestedTeam(**{field.name: getattr(team, field.name) for field in dataclasses.fields(team)}, tester=tester)
    with OneConnection():
        journey(tested, bank)  # type: ignore[operator]
    assert not tester.faults, "\n".join(tester.faults[:40])
    return tester.tried


@dataclasses.dataclass(frozen=True)
class TestedTeam(Team):
    """Everybody's programs are tested at every request."""

    __test__ = False
    tester: Spoiler

    def program(self, name: str, *, scopes: list[str] | None = None) -> Program:
        return self.tester.of(super().program(name, scopes=scopes))
