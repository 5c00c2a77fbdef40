from __future__ import annotations

from chezhe.documents.tests.acting import browser  # noqa: F401
from chezhe.risk.tests.registry.desk import desk, house  # noqa: F401
