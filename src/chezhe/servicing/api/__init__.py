"""Servicing over REST: `/api/v1/servicing/…`."""

from chezhe.servicing.api import (  # noqa: F401
    changes,
    days,
    debits,
    invoices,
    money,
    papers,
    profit,
    provisions,
    quality,
    refinancing,
    repricing,
    subsidies,
    vat,
)
from chezhe.servicing.api.loans import router

__all__ = ["router"]
