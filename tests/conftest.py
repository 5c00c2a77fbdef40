"""What journeys and intruders share: a lender's whole team, and the simulated bank."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chezhe.kernel import business_date, clock, jobs, simulators
from chezhe.kernel.simulators import World
from tests.journeys.house import NOW, TODAY, Team, hire


@pytest.fixture
def vault(tmp_path: Path, settings: Any) -> None:
    """Uploads go where the test ends with them."""
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def team(db: None, vault: None) -> Iterator[Team]:
    """The clock stands at NOW; jobs wait in line."""
    with clock.at(NOW), jobs.in_line():
        business_date.open_day(TODAY)
        yield hire()


@pytest.fixture
def bank(team: Team) -> Iterator[World]:
    """The simulated bank in this process: it calls back two hours late, and says everything twice."""
    with simulators.in_process() as world:
        world.set_faults("bank", duplicate_rate=1, delay_seconds=(7200, 7200))
        yield world
