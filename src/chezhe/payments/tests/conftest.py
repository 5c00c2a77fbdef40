from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from chezhe.kernel import business_date, clock, jobs, roles, simulators
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import actor, moment
from chezhe.payments import guards
from chezhe.staff.models import Branch, Region, User

TODAY = date(2026, 3, 16)
NOW = moment("2026-03-16 10:00")


@pytest.fixture(autouse=True)
def ordering(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room above that orders payouts and lets every one go."""
    monkeypatch.setitem(guards._guards, "disbursement", lambda rest, by: None)


@pytest.fixture
def branch(db: None) -> Branch:
    region = Region.objects.get_or_create(code="T", defaults={"name": "测试区"})[0]
    business_date.open_day(TODAY)
    return Branch.objects.get_or_create(code="T01", defaults={"name": "城东店", "region": region})[0]


def person(name: str, role: str, at: Branch, reach: Reach = Reach.ALL) -> Actor:
    user = User.objects.get_or_create(username=f"t-{name}", defaults={"name": name, "branch": at, "created_at": NOW})[0]
    return actor(name, role, user_id=user.pk, branch_id=at.pk, reach=reach)


@pytest.fixture
def funding(branch: Branch) -> Actor:
    return person("放款", roles.FUNDING, branch)


@pytest.fixture
def finance(branch: Branch) -> Actor:
    return person("财务", roles.FINANCE, branch)


@pytest.fixture
def bank() -> Iterator[World]:
    """The simulated bank in this process, jobs in line, the clock standing at NOW."""
    with clock.at(NOW), jobs.in_line(), simulators.in_process() as world:
        world.set_faults("bank", duplicate_rate=0, delay_seconds=(1, 1))
        yield world


@pytest.fixture(autouse=True)
def vault(tmp_path: Path, settings: Any) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


def live(world: World, seconds: int, step: int = 5) -> None:
    """Let time pass: jobs run and callbacks arrive as they fall due."""
    for _ in range(0, seconds, step):
        jobs.run_due()
        world.pump()
        clock.tick(step)
    jobs.run_due()
    world.pump()
