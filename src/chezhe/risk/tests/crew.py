"""People for the tests of relations and screening: Lin and Mei sell in two shops, the others see the whole house."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import hire, make_cast
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import moment

NOW = moment("2026-03-16 10:00")


@dataclass(frozen=True)
class Crew:
    """Chen reviews in Lin's shop; Rui manages risk, Fei is a risk officer there, He and Hu are compliance, Xu audits."""

    lin: Actor
    mei: Actor
    chen: Actor
    fei: Actor
    rui: Actor
    he: Actor
    hu: Actor
    xu: Actor


@pytest.fixture(autouse=True)
def ten_in_the_morning() -> Iterator[None]:
    with clock.at(NOW):
        yield


@pytest.fixture
def crew(db: Any) -> Crew:
    cast = make_cast()
    return Crew(
        lin=cast.lin, mei=cast.mei, chen=cast.chen, fei=hire("飞", cast.east, roles.RISK_OFFICER, reach=Reach.ALL),
        rui=hire("瑞", cast.east, roles.RISK_MANAGER, reach=Reach.ALL), he=hire("何", cast.east, roles.COMPLIANCE, reach=Reach.ALL),
        hu=hire("胡", cast.east, roles.COMPLIANCE, reach=Reach.ALL), xu=cast.xu,
    )
