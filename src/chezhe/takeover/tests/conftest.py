from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import hire
from chezhe.kernel import clock, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import moment
from chezhe.servicing.tests.lending import Bank, make_bank


@pytest.fixture(autouse=True)
def standing_clock() -> Iterator[None]:
    with clock.at(moment("2026-01-15 10:00")):
        yield


@pytest.fixture(autouse=True)
def vault_folder(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def bank(db: None) -> Bank:
    """Fang does finance for the whole house; the business date is 15 January 2026."""
    return make_bank()


@pytest.fixture
def jin(bank: Bank) -> Actor:
    """The second person of finance."""
    return hire("金", bank.cast.east, roles.FINANCE, reach=Reach.ALL)
