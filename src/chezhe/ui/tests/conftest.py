from __future__ import annotations

from chezhe.ui.tests.cars import cars  # noqa: F401
