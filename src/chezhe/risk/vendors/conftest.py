"""All outside sources in one process, on a standing clock, and nobody waits."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chezhe.kernel import clock, simulators
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import moment

AT = moment("2026-03-16 10:00")


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(AT), simulators.in_process(seed=7) as made:
        yield made
