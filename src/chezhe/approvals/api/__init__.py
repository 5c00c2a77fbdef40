"""Approvals over REST: `/api/v1/approvals/…`."""

from chezhe.approvals.api import authority, handling  # noqa: F401
from chezhe.approvals.api.requests import router

__all__ = ["router"]
