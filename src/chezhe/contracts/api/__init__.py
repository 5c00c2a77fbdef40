"""Contracts over REST: `/api/v1/contracts/…`."""

from chezhe.contracts.api import disbursements, signing  # noqa: F401
from chezhe.contracts.api.contracts import router

__all__ = ["router"]
