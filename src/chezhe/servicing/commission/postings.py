"""What the ledger says of commission. Pure.

Sums are as agreed with the dealer, tax included: the whole of it is expense, and no input tax is taken out of it.
"""

from __future__ import annotations

from chezhe.finmath.transfers import Transfer
from chezhe.ledger import chart


def owner_of(loan_number: str) -> str:
    """What the ledger calls the commission of a loan: the loan's own balances are what the borrower owes, and nothing else."""
    return f"commission:{loan_number}"


def for_accrual(fen: int, owner: str) -> tuple[Transfer, ...]:
    """A dealer has earned it; the same when what was taken back is given again."""
    return (Transfer(chart.COMMISSION_EXPENSE, chart.COMMISSION_PAYABLE, fen, owner),)


def for_clawback(fen: int, owner: str) -> tuple[Transfer, ...]:
    """A dealer owes it back."""
    return (Transfer(chart.CLAWBACK_RECEIVABLE, chart.COMMISSION_EXPENSE, fen, owner),)


def for_netting(fen: int, owner: str) -> tuple[Transfer, ...]:
    """What a dealer owes is set against what it earned."""
    return (Transfer(chart.COMMISSION_PAYABLE, chart.CLAWBACK_RECEIVABLE, fen, owner),)


def for_payment(fen: int, owner: str) -> tuple[Transfer, ...]:
    """The bank has paid a statement."""
    return (Transfer(chart.COMMISSION_PAYABLE, chart.FUNDS_IN_TRANSIT, fen, owner),)
