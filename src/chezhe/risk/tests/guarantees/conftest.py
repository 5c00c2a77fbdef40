from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chezhe.compliance.seeds import parameters
from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.kernel import business_date, clock
from chezhe.kernel.testing import moment
from chezhe.risk.tests.guarantees.desk import TODAY, Desk, make_desk, stand_in


@pytest.fixture
def desk(db: None, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    settings.MEDIA_ROOT = tmp_path / "files"
    parameters.sow()
    with clock.at(moment("2026-03-16 10:00")):
        business_date.open_day(TODAY)
        made = make_desk()
        stand_in(made, monkeypatch)
        yield made
