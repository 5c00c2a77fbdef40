from __future__ import annotations

from collections.abc import Iterator

import pytest

from chezhe.compliance.seeds import lender, parameters
from chezhe.kernel import business_date, clock
from chezhe.kernel.testing import moment
from chezhe.risk.tests.deciding.telling import scoring


@pytest.fixture
def house(db: None) -> Iterator[None]:
    """A lender with its figures on a Monday morning, and a card that scores."""
    parameters.sow()
    lender.sow_lender()
    with clock.at(moment("2026-03-16 10:00")), scoring():
        business_date.open_day(clock.now().date())
        yield
