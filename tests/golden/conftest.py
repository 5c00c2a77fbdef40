"""A lender's back office for the stories of one borrower, on a clock that stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chezhe.kernel import clock
from chezhe.kernel.testing import moment
from chezhe.servicing.models import Loan, LoanEvent
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


@pytest.fixture(autouse=True)
def must_have_happened(request: pytest.FixtureRequest) -> Iterator[None]:
    """A story that says which events it tells (`tells`, `takes_back`) is held to it."""
    told, back = ({kind for mark in request.node.iter_markers(name) for kind in mark.args} for name in ("tells", "takes_back"))
    if told | back:
        request.getfixturevalue("bank")
    yield
    if told | back:
        assert told <= set(LoanEvent.objects.values_list("kind", flat=True)), "the story does not tell what it says"
        assert back <= set(LoanEvent.objects.filter(reversal__isnull=False).values_list("kind", flat=True)), "nothing of that was taken back"
