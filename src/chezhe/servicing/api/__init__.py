"""Servicing over REST: `/api/v1/servicing/…`."""

from chezhe.servicing.api import changes, days, invoices, money, papers, profit, provisions, quality, refinancing, repricing, vat  # noqa: F401
from chezhe.servicing.api.loans import router

__all__ = ["router"]
