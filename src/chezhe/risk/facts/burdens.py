"""The burden of people from what is known of them, before any loan of ours. That of an application stands in its decision."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from chezhe.risk.facts import earning, earnings, queries
from chezhe.risk.facts.burden import Burden, Payer, burden
from chezhe.risk.facts.earning import Figures
from chezhe.risk.facts.queries import Assembled

_DEBTS = ("bureau_monthly_due", "bureau_card_balance", "flow_lender_debits_monthly")
CODES: Final = (*earning.CODES, *_DEBTS)


def payer(subject: str, at: datetime) -> Payer:
    """One liable person as facts have them at a moment."""
    return payer_of(subject, queries.assembled([subject], at, CODES), earnings.figures_at(at))


def payer_of(subject: str, seen: Assembled, figures: Figures | None) -> Payer:
    """The same from what was assembled already (`CODES`). Who pays lenders more than the bureau knows of owes that."""
    due, cards, paid = (seen.values.get(code) for code in _DEBTS)
    # The bureau's figure holds the cards at a tenth of what is used; they are counted apart.
    debt = None if due is None or cards is None else max(0, due - cards // 10)  # type: ignore[operator]
    income = earning.earned(earnings.evidence_of(seen), figures).monthly
    return Payer(subject, income, debt if debt is None else max(debt, paid or 0), cards)  # type: ignore[arg-type]


def measured(people: Sequence[str], instalment: int, at: datetime) -> Burden:
    """The burden of these people, the borrower first and then everybody who is jointly liable, with a new instalment in fen."""
    seen, figures = queries.assembled_each(people, at), earnings.figures_at(at)
    return burden([payer_of(subject, seen[subject], figures) for subject in people], instalment)
