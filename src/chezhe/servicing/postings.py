"""What the ledger says when something happens to a loan."""

from __future__ import annotations

from chezhe.finmath.allocation import Item
from chezhe.finmath.money import Money
from chezhe.finmath.transfers import Transfer, moving
from chezhe.ledger import chart
from chezhe.servicing.position import Applied, Closed, FellDue

Row = tuple[str, str, int]
"""Debited account, credited account, fen; a row of nothing is left out."""

# Principal stays in one account, due or not; penalties are income when they are received.
CREDITS = {
    Item.FEE: chart.FEE_RECEIVABLE,
    Item.PENALTY: chart.PENALTY_INCOME,
    Item.COMPOUND: chart.COMPOUND_INCOME,
    Item.INTEREST: chart.INTEREST_RECEIVABLE,
    Item.PRINCIPAL: chart.LOAN_PRINCIPAL,
}


def for_payout(amount: Money, owner: str) -> tuple[Transfer, ...]:
    """The loan begins: the bank has paid what was in transit."""
    return _written([(chart.LOAN_PRINCIPAL, chart.FUNDS_IN_TRANSIT, amount.fen)], owner)


def for_due(fell: FellDue, owner: str) -> tuple[Transfer, ...]:
    """An instalment's interest and fee are earned on its due date."""
    return _written(
        [
            (chart.INTEREST_RECEIVABLE, chart.INTEREST_INCOME, fell.line.interest_fen),
            (chart.FEE_RECEIVABLE, chart.FEE_INCOME, fell.line.fee_fen),
        ],
        owner,
    )


def for_applied(applied: Applied, source: str, owner: str) -> tuple[Transfer, ...]:
    """Money from `source` (bank, cash, suspense) and unapplied cash pays the dues; the rest is kept for the borrower.

    New money first becomes the borrower's unapplied cash only as far as it is not used: each part is taken from
    unapplied cash until that is spent, then from the source.
    """
    parts = [(item, sum(due.item_fen(item) for due in applied.allocation.paid)) for item in Item]
    rows, drawn = _from_two(parts, applied.drawn_fen, source)
    kept = applied.amount_fen - (sum(fen for _, fen in parts) - drawn)
    return _written([*rows, (source, chart.UNAPPLIED_CASH, kept)], owner)


def for_closed(closed: Closed, source: str, owner: str) -> tuple[Transfer, ...]:
    """Early settlement: interest that had not fallen due is earned by settling."""
    figure = closed.settlement
    parts = [
        (chart.LOAN_PRINCIPAL, figure.principal_fen),
        (chart.INTEREST_RECEIVABLE, closed.interest_due_fen),
        (chart.INTEREST_INCOME, figure.interest_fen - closed.interest_due_fen),
        (chart.FEE_RECEIVABLE, figure.fee_fen),
        (chart.PENALTY_INCOME, figure.penalty_fen),
        (chart.COMPOUND_INCOME, figure.compound_fen),
        (chart.EARLY_SETTLEMENT_INCOME, figure.early_settlement_fee_fen),
    ]
    return _written(_drawing(parts, closed.drawn_fen, source), owner)


def _from_two(parts: list[tuple[Item, int]], drawn_fen: int, source: str) -> tuple[list[Row], int]:
    paid = sum(fen for _, fen in parts)
    drawn = min(drawn_fen, paid)
    return _drawing([(CREDITS[item], fen) for item, fen in parts], drawn, source), drawn


def _drawing(parts: list[tuple[str, int]], drawn_fen: int, source: str) -> list[Row]:
    """Each credit taken from unapplied cash first, then from the source."""
    rows, left = [], drawn_fen
    for credit, fen in parts:
        from_unapplied = min(left, fen)
        left -= from_unapplied
        rows.append((chart.UNAPPLIED_CASH, credit, from_unapplied))
        rows.append((source, credit, fen - from_unapplied))
    return rows


def _written(rows: list[Row], owner: str) -> tuple[Transfer, ...]:
    return tuple(transfer for debit, credit, fen in rows for transfer in moving(debit, credit, fen, owner))
