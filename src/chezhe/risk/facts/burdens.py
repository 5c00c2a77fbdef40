"""The burden of people from what is known of them, before any loan of ours. That of an application stands in its decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from chezhe.risk.facts import earning, earnings, queries
from chezhe.risk.facts.burden import Burden, Payer, burden

_DEBTS = ("bureau_monthly_due", "bureau_card_balance", "flow_lender_debits_monthly")


def payer(subject: str, at: datetime) -> Payer:
    """One liable person as facts have them at a moment. Who pays lenders more than the bureau knows of owes that."""
    seen = queries.assembled([subject], at, (*earning.CODES, *_DEBTS))
    due, cards, paid = (seen.values.get(code) for code in _DEBTS)
    # The bureau's figure holds the cards at a tenth of what is used; they are counted apart.
    debt = None if due is None or cards is None else max(0, due - cards // 10)  # type: ignore[operator]
    return Payer(
        subject, earnings.earned_of(seen, at).monthly, debt if debt is None else max(debt, paid or 0), cards)  # type: ignore[arg-type]


def measured(people: Sequence[str], instalment: int, at: datetime) -> Burden:
    """The burden of these people, the borrower first and then everybody who is jointly liable, with a new instalment in fen."""
    return burden([payer(subject, at) for subject in people], instalment)
