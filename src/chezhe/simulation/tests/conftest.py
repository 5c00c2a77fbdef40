"""The invented team, ready for a story."""

from __future__ import annotations

import pytest

from chezhe.kernel.testing import moment
from chezhe.simulation import people


@pytest.fixture
def team(db: None) -> None:
    list(people.settle_in(moment("2026-03-01 09:00")))
