"""Fold = row = ledger: the three must say the same of every loan, to the fen."""

from __future__ import annotations

from chezhe.finmath.allocation import Item
from chezhe.ledger import chart
from chezhe.servicing import rules, steps
from chezhe.servicing.models import Loan

_ROW = ("principal_left", "principal_due", "interest_due", "fee_due", "unapplied")


def first_difference(loan: Loan) -> str:
    """The first thing on which row, fold and ledger disagree, in words; empty when they agree."""
    position, _ = steps.life_of(loan)
    cached = rules.cache(position)
    for name in _ROW:
        row, fold = getattr(loan, name).fen, getattr(cached, name)
        if row != fold:
            return f"{loan.number}: {name} is {row} fen in the row and {fold} fen in the fold"
    for name in ("as_of", "next_event_on", "oldest_due_on"):
        if getattr(loan, name) != getattr(cached, name):
            return f"{loan.number}: {name} is {getattr(loan, name)} in the row and {getattr(cached, name)} in the fold"
    owed = 0 if position.settled_on else position.due_fen(Item.INTEREST)
    fees = 0 if position.settled_on else position.due_fen(Item.FEE)
    expected = {
        chart.LOAN_PRINCIPAL: position.principal_fen, chart.INTEREST_RECEIVABLE: owed, chart.FEE_RECEIVABLE: fees,
        chart.UNAPPLIED_CASH: -position.unapplied_fen,
    }
    booked = steps.booked_balances(loan)
    for account, fen in expected.items():
        if booked.get(account, 0) != fen:
            return f"{loan.number}: account {account} holds {booked.get(account, 0)} fen in the ledger and {fen} fen in the fold"
    return ""
