"""The invented team, ready for a story, and a crew of one process that tells it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chezhe.kernel.testing import moment
from chezhe.simulation import people
from chezhe.simulation.crew import Alone, alone


@pytest.fixture
def team(db: None) -> None:
    list(people.settle_in(moment("2026-03-01 09:00")))


@pytest.fixture
def crew(team: None) -> Iterator[Alone]:
    with alone(7) as crew:
        assert isinstance(crew, Alone)
        yield crew
