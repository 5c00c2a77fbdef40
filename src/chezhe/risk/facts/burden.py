"""Income and debts: what somebody owes each month, measured by what they verifiably earn (收入负债比, DTI)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Final

# Of a card's balance so much is taken for its monthly payment.
CARD_SHARE: Final = Decimal("0.10")
_STEP: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Payer:
    """One person's month in fen; None is unknown. Whoever is not jointly liable (连带责任) counts neither with income nor with debts."""

    name: str
    income: int | None
    monthly_debt: int | None
    card_balance: int | None
    is_liable: bool = True


@dataclass(frozen=True, slots=True)
class Burden:
    """The sums in fen behind the ratio; without a ratio, `missing` says whose what is unknown. `uncounted` are liable people whose
    income is unknown and therefore adds nothing."""

    income: int
    debt: int
    cards: int
    instalment: int
    dti: Decimal | None
    missing: tuple[tuple[str, str], ...] = ()
    uncounted: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        return self.debt + self.cards + self.instalment


def burden(payers: Sequence[Payer], instalment: int) -> Burden:
    """(existing monthly debt + card balances × 10 % + new instalment) ÷ verified monthly income; the first payer is the borrower.

    Rounded up at the sixth decimal, so that rounding never helps over a limit. The borrower's income must be known; debts must be
    known of everybody who is liable.
    """
    liable = [payer for payer in payers if payer.is_liable]
    missing = tuple(_missing(liable))
    income = sum(payer.income or 0 for payer in liable)
    debt = sum(payer.monthly_debt or 0 for payer in liable)
    cards = sum(card_payment(payer.card_balance or 0) for payer in liable)
    uncounted = tuple(payer.name for payer in liable[1:] if payer.income is None)
    ratio = None if missing or income <= 0 else (Decimal(debt + cards + instalment) / income).quantize(_STEP, ROUND_CEILING)
    return Burden(income, debt, cards, instalment, ratio, missing, uncounted)


def card_payment(balance: int) -> int:
    """What a card's balance costs each month, in whole fen, rounded up."""
    return int((balance * CARD_SHARE).to_integral_value(ROUND_CEILING))


def _missing(liable: Sequence[Payer]) -> Iterable[tuple[str, str]]:
    for place, payer in enumerate(liable):
        if place == 0 and payer.income is None:
            yield payer.name, "income_verified_monthly"
        if payer.monthly_debt is None:
            yield payer.name, "monthly_debt"
        if payer.card_balance is None:
            yield payer.name, "bureau_card_balance"
