"""What the assembled system says of itself, for files that are kept and compared."""

from __future__ import annotations

from typing import Any

from chezhe.config.api import api


def openapi() -> dict[str, Any]:
    """The OpenAPI 3.1 document, as docs/openapi.json keeps it."""
    return dict(api.get_openapi_schema())
