"""The burden of people from what is known of them, before any loan of ours. That of an application stands in its decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chezhe.risk.facts import queries
from chezhe.risk.facts.burden import Burden, Payer, burden

_CODES = ("income_verified_monthly", "bureau_monthly_due", "bureau_card_balance", "flow_lender_debits_monthly")


def payer(subject: str, at: datetime) -> Payer:
    """One liable person as facts have them at a moment. Who pays lenders more than the bureau knows of owes that."""
    known = {code: one.value for code, one in queries.assembled([subject], at, _CODES).known.items()}
    due, cards, paid = (known.get(code) for code in _CODES[1:])
    # The bureau's figure holds the cards at a tenth of what is used; they are counted apart.
    debt = None if due is None or cards is None else max(0, due - cards // 10)
    return Payer(subject, known.get("income_verified_monthly"), debt if debt is None else max(debt, paid or 0), cards)


def measured(people: Sequence[str], instalment: int, at: datetime) -> Burden:
    """The burden of these people, the borrower first and then everybody who is jointly liable, with a new instalment in fen."""
    return burden([payer(subject, at) for subject in people], instalment)
