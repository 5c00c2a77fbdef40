"""Servicing over REST: `/api/v1/servicing/…`."""

from chezhe.servicing.api import (  # noqa: F401
    change_previews,
    changes,
    commission,
    days,
    debits,
    early,
    invoices,
    money,
    money_previews,
    papers,
    profit,
    provisions,
    quality,
    refinancing,
    repricing,
    returned,
    subsidies,
    vat,
)
from chezhe.servicing.api.loans import router

__all__ = ["router"]
