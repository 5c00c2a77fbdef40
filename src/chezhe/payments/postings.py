"""What the ledger says when the bank has moved money."""

from __future__ import annotations

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.ledger import chart


def payout_paid(amount: Money, subject: str) -> tuple[Transfer, ...]:
    """Money has left our payout account; what it was for is booked by the room that asked for it."""
    return (Transfer(chart.FUNDS_IN_TRANSIT, chart.BANK_PAYOUT, amount.fen, subject),)


def payout_returned(amount: Money, subject: str) -> tuple[Transfer, ...]:
    """The payee's bank has sent the money back."""
    return (Transfer(chart.BANK_PAYOUT, chart.FUNDS_IN_TRANSIT, amount.fen, subject),)


def taken_back(amount: Money, subject: str) -> tuple[Transfer, ...]:
    """The bank has taken a receipt back before it was anybody's."""
    return (Transfer(chart.SUSPENSE, chart.BANK, amount.fen, subject),)


def receipt(amount: Money, subject: str) -> tuple[Transfer, ...]:
    """A receipt on the statement: whose it is will be found later, but no fen is without a place."""
    return (Transfer(chart.BANK, chart.SUSPENSE, amount.fen, subject),)
