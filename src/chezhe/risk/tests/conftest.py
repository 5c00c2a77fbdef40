from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from chezhe.customers.models import Customer
from chezhe.customers.tests import filing
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import Cast, hire, make_cast
from chezhe.kernel import clock, jobs, roles, simulators
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.testing import moment


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def vault_folder(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def gathering_day() -> Iterator[None]:
    """A Monday morning on which outside sources answer in this process and jobs wait in line."""
    with clock.at(moment("2026-03-16 10:00")), jobs.in_line(), simulators.in_process():
        yield


@pytest.fixture
def officer(cast: Cast) -> Actor:
    return hire("罗", cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH)


@pytest.fixture
def firm(cast: Cast) -> Customer:
    return filing.company(filing.FLEET, cast.lin)
