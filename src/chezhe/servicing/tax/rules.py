"""What is taxed when, and how much tax a price holds. Pure sums in whole fen.

Every item of income has its tax point. Interest is taxed when it falls due by contract, as long as the loan's interest stands on
the books (up to `OFF_BOOK_DPD` = 90 days past due); what falls due after that is taxed when it is received (财税〔2016〕36号).
Interest that was taxed when it fell due, and left the books unpaid, is not taxed a second time when it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from chezhe.ledger import chart


class TaxItem(StrEnum):
    """The rows of a return; a waiver takes away from what was taxed before."""

    INTEREST_DUE = "interest_due"
    INTEREST_LATE = "interest_late"
    PENALTY = "penalty"
    COMPOUND = "compound"
    FEE = "fee"
    EARLY_SETTLEMENT = "early_settlement"
    WAIVER = "waiver"


ITEMS = tuple(TaxItem)
# The account that bears the tax of an item: its income, or the loss from waiving it.
BEARS = {
    TaxItem.INTEREST_DUE: chart.INTEREST_INCOME, TaxItem.INTEREST_LATE: chart.INTEREST_INCOME, TaxItem.PENALTY: chart.PENALTY_INCOME,
    TaxItem.COMPOUND: chart.COMPOUND_INCOME, TaxItem.FEE: chart.FEE_INCOME, TaxItem.EARLY_SETTLEMENT: chart.EARLY_SETTLEMENT_INCOME,
    TaxItem.WAIVER: chart.WAIVERS,
}
# Accounts whose credit in a loan's name is an item's base as it is; interest that comes late needs `taken_back` as well.
READ_FROM = {
    TaxItem.INTEREST_DUE: chart.ACCRUED_INTEREST, TaxItem.INTEREST_LATE: chart.INTEREST_INCOME, TaxItem.PENALTY: chart.PENALTY_INCOME,
    TaxItem.COMPOUND: chart.COMPOUND_INCOME, TaxItem.FEE: chart.FEE_INCOME, TaxItem.EARLY_SETTLEMENT: chart.EARLY_SETTLEMENT_INCOME,
    TaxItem.WAIVER: chart.WAIVERS,
}
INCOME = (chart.INTEREST_INCOME, chart.PENALTY_INCOME, chart.COMPOUND_INCOME, chart.FEE_INCOME, chart.EARLY_SETTLEMENT_INCOME)


def tax_within(gross_fen: int, rate: Decimal) -> int:
    """The tax that a price holds: gross × r ÷ (1 + r), half up away from zero, so that a base taken back gives back its tax."""
    over, under = rate.as_integer_ratio()
    tax = (2 * abs(gross_fen) * over + over + under) // (2 * (over + under))
    return tax if gross_fen >= 0 else -tax


def taxes_of(bases: Sequence[int], rate: Decimal) -> tuple[int, ...]:
    """Rounded once an item of a loan and month."""
    return tuple(tax_within(base, rate) for base in bases)


@dataclass(frozen=True, slots=True)
class OffBook:
    """One entry's movement of a loan's interest outside the books: `claim_fen` on the memo account (+ grows), `income_fen` on the
    income account in the loan's own name (+ is income)."""

    claim_fen: int
    income_fen: int


def taken_back(movements: Iterable[OffBook]) -> int:
    """How much interest that was taxed when it fell due stands outside the books now, unpaid.

    Interest leaves the books with the same sum off the income, so that claim and income together stay; what falls due outside makes
    them grow. Money goes to the oldest, which is the taxed part; a loan without a claim outside begins anew.
    """
    claim, untaxed, begun = 0, 0, 0
    for moved in movements:
        claim += moved.claim_fen
        untaxed += moved.claim_fen + moved.income_fen
        if not claim:
            begun = untaxed
    return claim - max(0, min(claim, untaxed - begun))


def less(sums: Sequence[int], earlier: Sequence[int]) -> tuple[int, ...]:
    """What is new since."""
    return tuple(now - then for now, then in zip(sums, earlier, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """What the general ledger says, in fen since VAT began: income of all accounts, and why some of it is not in the base."""

    income_fen: int = 0
    not_due_fen: int = 0
    taken_back_fen: int = 0
    waived_fen: int = 0
    other_fen: int = 0

    def proves(self, taxed_fen: int) -> int:
        """What does not add up; 0 when taxed and untaxed income together are the income that was posted."""
        untaxed = self.not_due_fen - self.taken_back_fen + self.waived_fen + self.other_fen
        return self.income_fen - taxed_fen - untaxed


BOOK_ROWS = ("not_due_fen", "taken_back_fen", "waived_fen", "other_fen", "income_fen")
