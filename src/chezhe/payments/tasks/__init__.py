"""The worker's doors to banks and channels. Nothing is sent inside a transaction."""

from chezhe.payments.tasks import batches, debits, payouts, reconciliation  # noqa: F401
from chezhe.payments.tasks.payouts import order_of, query_open_payouts, query_payout, send_payout

__all__ = ["order_of", "query_open_payouts", "query_payout", "send_payout"]
