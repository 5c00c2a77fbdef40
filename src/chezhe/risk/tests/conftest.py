from __future__ import annotations

from pathlib import Path

import pytest

from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def vault_folder(tmp_path: Path, settings: object) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
