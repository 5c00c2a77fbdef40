from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chezhe.compliance.seeds import parameters
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.kernel import business_date, clock, jobs, simulators
from chezhe.kernel.testing import moment
from chezhe.risk.tests.valuing.yard import TODAY, Yard, make_yard, without_a_price_model


@pytest.fixture
def yard(db: None, tmp_path: Path, settings: Any) -> Iterator[Yard]:
    """The simulators in this process, jobs in line, the clock standing still; no price model is in force."""
    settings.MEDIA_ROOT = tmp_path / "files"
    without_a_price_model()
    parameters.sow()
    with clock.at(moment("2026-03-16 10:00")), jobs.in_line(), simulators.in_process() as world:
        business_date.open_day(TODAY)
        for name in ("jingzhengu", "che300", "vehicle_registry"):
            world.set_faults(name, error_before_rate=0)
        yield make_yard()
