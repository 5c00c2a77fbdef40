"""Contracts over REST: `/api/v1/contracts/…`."""

from chezhe.contracts.api import costs, disbursements, lane, papers, payees  # noqa: F401
from chezhe.contracts.api.contracts import router

__all__ = ["router"]
