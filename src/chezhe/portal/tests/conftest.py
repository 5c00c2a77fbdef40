from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chezhe.compliance.seeds import lender, parameters
from chezhe.kernel import business_date, clock
from chezhe.kernel.testing import moment
from chezhe.origination.tests.asking import TODAY, House, make_house
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


@pytest.fixture
def day_of_applying(db: None, settings: Any) -> Iterator[None]:
    """A day on which applications come in; no price model is at work."""
    settings.PRICE_MODEL = Path(settings.MEDIA_ROOT) / "no-model"
    parameters.sow()
    lender.sow_lender()
    with clock.at(moment("2026-03-16 10:00")):
        business_date.open_day(TODAY)
        yield


@pytest.fixture
def house(day_of_applying: None) -> House:
    """A branch that takes applications on that day."""
    return make_house()
