"""What the ledger says when a channel collects, takes back and settles."""

from __future__ import annotations

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer, moving
from chezhe.ledger import chart


def collected(amount: Money, subject: str) -> tuple[Transfer, ...]:
    """The channel holds the money for us; whose debt it pays is booked by the room that asked for it."""
    return (Transfer(chart.CHANNEL_CLEARING, chart.DEBITS_COLLECTED, amount.fen, subject),)


def returned(amount: Money, subject: str) -> tuple[Transfer, ...]:
    """The bank has taken a debit back; the channel holds it against its next settlement."""
    return (Transfer(chart.DEBITS_COLLECTED, chart.CHANNEL_CLEARING, amount.fen, subject),)


def settled(gross_fen: int, fee: Money, subject: str) -> tuple[Transfer, ...]:
    """The channel sends what it collected less what was taken back and its fee; a negative sum is what we owe it."""
    return (
        *moving(chart.FUNDS_IN_TRANSIT, chart.CHANNEL_CLEARING, gross_fen - fee.fen, subject),
        *moving(chart.BANK_CHARGES, chart.CHANNEL_CLEARING, fee.fen, subject),
    )


def arrived(net: Money, subject: str) -> tuple[Transfer, ...]:
    """The sum stands on our bank statement, which had it as a receipt of somebody's."""
    return (Transfer(chart.SUSPENSE, chart.FUNDS_IN_TRANSIT, net.fen, subject),)
