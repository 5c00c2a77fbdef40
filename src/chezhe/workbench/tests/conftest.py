from __future__ import annotations

import pytest

from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.documents.tests.people import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()
