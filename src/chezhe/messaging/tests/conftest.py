"""A customer of the shop, people who send, and the vendors' simulators on a standing clock."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chezhe.compliance import steps as compliance
from chezhe.compliance.tests.acting import ActingClient, acting_client
from chezhe.kernel import clock, jobs, roles, simulators, subjects
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.kernel.errors import NotFound
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import moment
from chezhe.staff.tests.cast import acting, branch, person

AT = moment("2026-03-16 10:00")
SUBJECT, MOBILE = "probe:P1", "15400000001"


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    with clock.at(AT):
        yield


@pytest.fixture(autouse=True)
def a_customer(db: None) -> Iterator[None]:
    """`probe:P1` … belong to the shop; a seller with own reach sees those of her own."""
    shop = branch()

    def open_probe(actor: Actor, number: str) -> subjects.Subject:
        if actor.reach == Reach.NONE or not number.startswith("P"):
            raise NotFound(what=number)
        return subjects.Subject(f"probe:{number}", "王*明", branch_id=shop.pk)

    held = dict(subjects._openers)
    subjects.register("probe", open_probe)
    yield
    subjects._openers.clear()
    subjects._openers.update(held)


@pytest.fixture
def consent() -> None:
    for kind in ("personal_info", "marketing"):
        compliance.grant(subject=SUBJECT, kind=kind, on=AT.date(), channel="paper", evidence="DOC-1", by=SYSTEM)


@pytest.fixture
def world() -> Iterator[World]:
    """The vendors, answering at once and without whims, and the jobs in line."""
    with simulators.in_process(seed=7) as made, jobs.in_line():
        for name in ("sms", "wechat", "email"):
            made.set_faults(name, delay_seconds=(5, 5), duplicate_rate=0)
        yield made


@pytest.fixture
def cast(db: None) -> dict[str, Actor]:
    shop = branch()
    return {
        "he": acting(person("he", roles.COMPLIANCE, reach=Reach.ALL)),
        "gao": acting(person("gao", roles.BRANCH_MGR, at=shop, reach=Reach.BRANCH)),
        "feng": acting(person("feng", roles.BRANCH_MGR, at=branch("BJ01", "北京一店", "NORTH"), reach=Reach.BRANCH)),
    }


@pytest.fixture
def browser(settings: Any) -> ActingClient:
    return acting_client(settings)
