"""Payments over REST: `/api/v1/payments/…`."""

from chezhe.payments.api import batches, debits, receipts, reconciliation  # noqa: F401
from chezhe.payments.api.banking import router

__all__ = ["router"]
