"""What a month's internal funding cost books: a claim of the treasury on the business, outside the balance sheet."""

from __future__ import annotations

from chezhe.finmath.transfers import Transfer, moving
from chezhe.ledger import chart


def for_funding(cost_fen: int, owner: str) -> tuple[Transfer, ...]:
    """The transfer price is nobody's income outside the house: interest on borrowed money stands in 6411 already."""
    return moving(chart.INTERNAL_FUNDING, chart.INTERNAL_FUNDING_CONTRA, cost_fen, owner)
