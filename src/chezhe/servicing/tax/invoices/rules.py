"""What of the borrower's money may be invoiced, and what the platform is told and answers. Pure values.

The interest of a loan carries no input tax that anybody may deduct (《增值税法》): only ordinary invoices, never special ones.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from chezhe.finmath.allocation import Item
from chezhe.ledger import chart
from chezhe.servicing.position import Applied, Closed, Effect

EARLY_SETTLEMENT = "early_settlement"
ITEMS = (Item.INTEREST.value, Item.PENALTY.value, Item.COMPOUND.value, Item.FEE.value, EARLY_SETTLEMENT)
AT_SETTLEMENT = 0
Key = tuple[int, str]
"""Instalment (0 what an early settlement paid, below 0 a fee beside the plan) and item."""


@dataclass(frozen=True, slots=True)
class Paper:
    """An invoice for the platform: lines are item, amount and the tax within, in fen."""

    reference: str
    title_kind: str
    title: str
    tax_number: str
    amount_fen: int
    tax_fen: int
    lines: tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class RedLetter:
    reference: str
    invoice_number: str
    reason: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What the platform says of a paper: taken (it will tell later), issued under a number, or refused."""

    outcome: Literal["taken", "issued", "refused"]
    invoice_number: str = ""
    failure_code: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """The platform's news of a paper, by the reference it was asked for under."""

    receipt_id: str
    reference: str
    answer: Answer


def received(effects: Iterable[Effect]) -> dict[Key, int]:
    """The borrower's money for anything but principal, by instalment and item; what the treasury paid was not the borrower's."""
    found: Counter[Key] = Counter()
    for effect in effects:
        if isinstance(effect, Applied) and effect.source != chart.SUBSIDY_RECEIVABLE:
            for part in effect.allocation.paid:
                for item in (Item.INTEREST, Item.PENALTY, Item.COMPOUND, Item.FEE):
                    found[part.period, item.value] += part.item_fen(item)
        elif isinstance(effect, Closed):
            figure = effect.settlement
            for name, fen in zip(ITEMS, (
                figure.interest_fen, figure.penalty_fen, figure.compound_fen, figure.fee_fen, figure.early_settlement_fee_fen,
            ), strict=True):
                found[AT_SETTLEMENT, name] += fen
    return {key: fen for key, fen in sorted(found.items(), key=_order) if fen > 0}


def _order(pair: tuple[Key, int]) -> tuple[int, int]:
    (period, item), _fen = pair
    return period, ITEMS.index(item)


def remaining(paid: Mapping[Key, int], invoiced: Mapping[Key, int]) -> dict[Key, int]:
    """What was paid and stands on no invoice."""
    return {key: left for key, fen in paid.items() if (left := fen - invoiced.get(key, 0)) > 0}


def without_ground(paid: Mapping[Key, int], standing: Sequence[tuple[int, Mapping[Key, int]]]) -> list[int]:
    """Which invoices must go so that none stands for money that is not there, the newest first; `standing` are (id, sums), oldest first."""
    left, gone = dict(paid), []
    for invoice, sums in standing:
        if all(left.get(key, 0) >= fen for key, fen in sums.items()):
            for key, fen in sums.items():
                left[key] -= fen
        else:
            gone.append(invoice)
    return gone[::-1]
