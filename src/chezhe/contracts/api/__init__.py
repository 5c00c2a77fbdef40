"""Contracts over REST: `/api/v1/contracts/…`."""

from chezhe.contracts.api import (  # noqa: F401
    conditions,
    costs,
    custody,
    disbursements,
    fitting,
    lane,
    papers,
    payees,
    registrations,
    releases,
    seals,
    signing,
    wording,
)
from chezhe.contracts.api.contracts import router

__all__ = ["router"]
