"""Compliance over REST: `/api/v1/compliance/…`."""

from chezhe.compliance.api import people  # noqa: F401
from chezhe.compliance.api.figures import router

__all__ = ["router"]
