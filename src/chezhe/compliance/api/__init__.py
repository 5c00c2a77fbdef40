"""Compliance over REST: `/api/v1/compliance/…`."""

from chezhe.compliance.api import people, voices  # noqa: F401
from chezhe.compliance.api.figures import router

__all__ = ["router"]
