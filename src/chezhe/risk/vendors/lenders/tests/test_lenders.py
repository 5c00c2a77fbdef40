"""Applications elsewhere: more in a longer time, and known only once they were made."""

from __future__ import annotations

from statistics import mean

import pytest

from chezhe.invented import fates, person
from chezhe.invented.tests.crowd import ON, people
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Question
from chezhe.risk.vendors.lenders import client, telling
from chezhe.risk.vendors.lenders.answers import DAYS
from chezhe.risk.vendors.lenders.reading import lender_facts


def test_a_longer_time_never_has_fewer(world: World) -> None:
    for life in people(200):
        windows = telling.applications_of(life, ON).windows
        assert [window.days for window in windows] == list(DAYS)
        assert [window.lenders for window in windows] == sorted(window.lenders for window in windows)


def test_it_becomes_three_facts(world: World) -> None:
    found = client.applications(Question(reference="Q1", consent="C1"), name="张三", id_number=fates.id_number(fates.GOOD), mobile="1")
    assert found is not None and set(lender_facts(found)) == {"lenders_applied_7d", "lenders_applied_30d", "lenders_applied_90d"}


def test_hungry_people_apply_at_more_places() -> None:
    applied = {life: lender_facts(telling.applications_of(life, ON))["lenders_applied_90d"] for life in people()}
    hungry = mean(int(str(count)) for life, count in applied.items() if life.hunger > 0.8)
    content = mean(int(str(count)) for life, count in applied.items() if life.hunger < -0.8)
    assert hungry > content


@pytest.mark.parametrize(("code", "arrears"), [(fates.GOOD, "none"), (fates.BAD, "present")])
def test_arrears_elsewhere_are_told(code: str, arrears: str) -> None:
    assert telling.applications_of(person(fates.id_number(code)), ON).arrears == arrears
