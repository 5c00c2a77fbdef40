from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chezhe.compliance.seeds import parameters
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.kernel import business_date, clock, jobs, simulators
from chezhe.kernel.testing import moment
from chezhe.risk.tests.valuing.yard import TODAY, Yard, make_yard


@pytest.fixture
def yard(db: None, tmp_path: Path, settings: Any) -> Iterator[Yard]:
    """The simulators in this process, jobs in line, the clock standing still."""
    settings.MEDIA_ROOT, settings.PRICE_MODEL = tmp_path / "files", tmp_path / "no-model"
    parameters.sow()
    with clock.at(moment("2026-03-16 10:00")), jobs.in_line(), simulators.in_process() as world:
        business_date.open_day(TODAY)
        for name in ("jingzhengu", "che300", "vehicle_registry"):
            world.set_faults(name, error_before_rate=0)
        yield make_yard()
