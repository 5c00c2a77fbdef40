"""A lender's back office for one test: the people and the product of the servicing room, on a clock that stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chezhe.kernel import clock
from chezhe.kernel.testing import moment
from chezhe.servicing.tests.lending import Bank, make_bank

pytest.register_assert_rewrite("tests.faults.machine_lender")


@pytest.fixture
def bank(db: None, tmp_path: Path, settings: Any) -> Iterator[Bank]:
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.at(moment("2026-01-15 10:00")):
        yield make_bank()
