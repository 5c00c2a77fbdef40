"""The compliance officer, the risk manager, a seller, a collector, and a customer to speak of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chezhe.compliance.tests.acting import ActingClient, acting_client
from chezhe.kernel import clock, roles, subjects
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import NotFound
from chezhe.kernel.testing import moment
from chezhe.staff.tests.cast import acting, branch, person

SUBJECT = "probe:P1"
AT = moment("2026-03-16 10:00")


@pytest.fixture(autouse=True)
def ten_in_the_morning() -> Iterator[None]:
    with clock.at(AT):
        yield


@pytest.fixture(autouse=True)
def a_subject_of_the_shop() -> Iterator[None]:
    """`probe:P1` belongs to everybody with a reach; Wu, who belongs nowhere, cannot open it."""

    def open_probe(actor: Actor, number: str) -> subjects.Subject:
        if number != "P1" or actor.reach == Reach.NONE:
            raise NotFound(what=number)
        return subjects.Subject(f"probe:{number}", "张*")

    held = dict(subjects._openers)
    subjects.register("probe", open_probe)
    yield
    subjects._openers.clear()
    subjects._openers.update(held)


@pytest.fixture
def cast(db: None) -> dict[str, Actor]:
    shop = branch()
    return {
        "he": acting(person("he", roles.COMPLIANCE, reach=Reach.ALL)),
        "gao": acting(person("gao", roles.RISK_MANAGER, reach=Reach.ALL)),
        "lin": acting(person("lin", roles.SALES, at=shop, reach=Reach.OWN)),
        "zhao": acting(person("zhao", roles.COLLECTOR, at=shop, reach=Reach.OWN)),
    }


@pytest.fixture
def browser(settings: Any) -> ActingClient:
    return acting_client(settings)
