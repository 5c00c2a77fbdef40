from __future__ import annotations

from pathlib import Path

import pytest

from chezhe.compliance.seeds import lender, parameters
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.kernel import business_date
from chezhe.origination.tests.asking import TODAY, House, make_house


@pytest.fixture
def house(db: None) -> House:
    parameters.sow()
    lender.sow_lender()
    business_date.open_day(TODAY)
    return make_house()


@pytest.fixture(autouse=True)
def vault_folder(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
