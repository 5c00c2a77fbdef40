"""A lender's back office for the stories of one borrower, on a clock that stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chezhe.kernel import clock
from chezhe.kernel.testing import moment
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, lend, make_bank


@pytest.fixture
def bank(db: None, tmp_path: Path, settings: Any) -> Iterator[Bank]:
    settings.MEDIA_ROOT = tmp_path / "files"
    with clock.at(moment("2026-01-15 10:00")):
        yield make_bank()


@pytest.fixture
def loan(bank: Bank) -> Loan:
    """AC-01: 100,000.00 at 12 % over 36 months."""
    return lend(bank)
