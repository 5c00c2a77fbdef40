"""What a month's VAT books."""

from __future__ import annotations

from collections.abc import Mapping

from chezhe.finmath.transfers import Transfer, moving
from chezhe.ledger import chart
from chezhe.servicing.tax.rules import BEARS, ITEMS, TaxItem


def for_month(taxes: Mapping[TaxItem, int], deferred_fen: int, owner: str) -> tuple[Transfer, ...]:
    """The tax leaves each income account for what is payable; `deferred_fen` more (or less) of the interest that is earned and not
    yet due is tax to come (待转销项税额, 财会〔2016〕22号)."""
    rows = [(BEARS[item], chart.VAT_PAYABLE, taxes.get(item, 0)) for item in ITEMS]
    rows.append((chart.INTEREST_INCOME, chart.VAT_DEFERRED, deferred_fen))
    return tuple(transfer for debit, credit, fen in rows for transfer in moving(debit, credit, fen, owner))
