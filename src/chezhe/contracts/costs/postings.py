"""What an up-front fee books: our income, or what we hold for whom it is due."""

from __future__ import annotations

from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer
from chezhe.ledger import chart

EVENT = "upfront_fee"
INTO = {"bank": chart.BANK, "cash": chart.CASH}


def upfront_fee(amount: Money, channel: str, payee_kind: str, owner: str) -> tuple[Transfer, ...]:
    """The transfer for a fee that was paid at the counter or by bank."""
    credit = chart.FEE_INCOME if payee_kind == "lender" else chart.THIRD_PARTY_PAYABLE
    return (Transfer(INTO[channel], credit, amount.fen, owner),)
