from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chezhe.kernel import clock
from chezhe.kernel.testing import moment
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, lend, make_bank


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    with clock.at(moment("2026-01-15 10:00")):
        yield


@pytest.fixture(autouse=True)
def vault_folder(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def bank(db: None) -> Bank:
    return make_bank()


@pytest.fixture
def loan(bank: Bank) -> Loan:
    return lend(bank)
