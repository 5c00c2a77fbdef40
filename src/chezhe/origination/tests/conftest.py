from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chezhe.compliance.seeds import lender, parameters
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.kernel import business_date, clock, jobs, simulators
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import moment
from chezhe.origination.tests.asking import TODAY, House, make_house
from chezhe.risk import tasks


@pytest.fixture
def house(db: None) -> House:
    parameters.sow()
    lender.sow_lender()
    business_date.open_day(TODAY)
    return make_house()


@pytest.fixture(autouse=True)
def vault_folder(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"

@pytest.fixture
def world(db: None, tmp_path: Path, settings: Any) -> Iterator[World]:
    """A day on which every source answers by the invented lives, the watch lists are in and no price model is at work; jobs wait in line."""
    settings.MEDIA_ROOT, settings.PRICE_MODEL = tmp_path / "files", tmp_path / "no-model"
    parameters.sow()
    lender.sow_lender()
    with clock.at(moment("2026-03-16 10:00")), jobs.in_line(), simulators.in_process() as made:
        business_date.open_day(TODAY)
        tasks.fetch_watch_lists()
        yield made
