"""Which due a payment settles first (冲销顺序). Orders are data; what is too much stays unapplied, never prepays.

Standard 费→罚→复→息→本 follows 民法典 §561 (cost, interest, principal); a product may turn to principal first once
the loan is later than a number of days (DOMAIN AC-10; needs a contract clause).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from chezhe.finmath import kernels, life_kernels


class Item(StrEnum):
    """A kind of due."""

    FEE = "fee"
    PENALTY = "penalty"
    COMPOUND = "compound"
    INTEREST = "interest"
    PRINCIPAL = "principal"


class AllocationMode(StrEnum):
    """Oldest instalment first (逐期, vertical), or item by item over all instalments (horizontal)."""

    BY_INSTALMENT = "by_instalment"
    BY_ITEM = "by_item"


COST_FIRST = (Item.FEE, Item.PENALTY, Item.COMPOUND, Item.INTEREST, Item.PRINCIPAL)
PRINCIPAL_FIRST = (Item.PRINCIPAL, Item.INTEREST, Item.COMPOUND, Item.PENALTY, Item.FEE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What one instalment owes (or was paid), in fen by item."""

    period: int
    due_date: date
    fee_fen: int = 0
    penalty_fen: int = 0
    compound_fen: int = 0
    interest_fen: int = 0
    principal_fen: int = 0

    @property
    def total_fen(self) -> int:
        """All items together."""
        return self.fee_fen + self.penalty_fen + self.compound_fen + self.interest_fen + self.principal_fen

    @property
    def figures(self) -> tuple[int, int, int, int, int]:
        """Every item, in the order of `Item`."""
        return self.fee_fen, self.penalty_fen, self.compound_fen, self.interest_fen, self.principal_fen

    def with_figures(self, figures: Sequence[int]) -> "Due":
        """Of the same instalment, other amounts, in the order of `Item`."""
        fee, penalty, compound, interest, principal = figures
        return Due(
            period=self.period, due_date=self.due_date, fee_fen=fee, penalty_fen=penalty, compound_fen=compound, interest_fen=interest,
            principal_fen=principal,
        )

    def item_fen(self, item: Item) -> int:
        """One item."""
        return int(getattr(self, f"{item.value}_fen"))


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationRule:
    """The order of items, and optionally another one for loans more than `late_after_days` past due."""

    order: tuple[Item, ...] = COST_FIRST
    mode: AllocationMode = AllocationMode.BY_INSTALMENT
    late_order: tuple[Item, ...] | None = None
    late_after_days: int | None = None

    def __post_init__(self) -> None:
        """Every order names every item once, else money would be stranded."""
        for order in (self.order, self.late_order):
            if order is not None and sorted(order) != sorted(Item):
                raise ValueError("an allocation order names each item exactly once")
        if (self.late_order is None) != (self.late_after_days is None):
            raise ValueError("a late order needs its number of days, and the days their order")

    def order_at(self, dpd: int) -> tuple[Item, ...]:
        """The order for a loan `dpd` days past due."""
        return self.late_order if self.late_order and life_kernels.is_late(dpd, late_after(self)) else self.order


class TransactionKind(StrEnum):
    """Money that comes in, by what it comes from: each may settle dues in its own order."""

    REPAYMENT = "repayment"
    DIRECT_DEBIT = "direct_debit"
    INSURANCE = "insurance"  # an insurer pays us as loss payee
    DEPOSIT = "deposit"  # security that is used
    DISPOSAL = "disposal"  # proceeds of the car
    RECOVERY = "recovery"  # whatever comes after a write-off


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationChoice:
    """Which order settles what comes in as `kind`."""

    kind: TransactionKind
    rule: AllocationRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """`paid` and `left` mirror the dues, instalment by instalment; `unapplied_fen` is 溢缴款."""

    paid: tuple[Due, ...]
    left: tuple[Due, ...]
    unapplied_fen: int


def late_after(rule: AllocationRule) -> int:
    """The days after which its late order holds; −1 when it has none."""
    return -1 if rule.late_after_days is None else rule.late_after_days


def allocate(rule: AllocationRule, dues: Sequence[Due], amount_fen: int, *, dpd: int) -> Allocation:
    """Spread `amount_fen` (≥ 0) over `dues`, oldest first. paid + left = dues, and paid + unapplied = amount."""
    if amount_fen < 0:
        raise ValueError("a payment is not negative")
    ordered = sorted(dues, key=lambda due: (due.due_date, due.period))
    amounts = [fen for due in ordered for fen in due.figures]
    paid = [0] * len(amounts)
    unapplied = kernels.spread(amount_fen, amounts, positions(rule, len(ordered), rule.order_at(dpd)), paid)
    left = [amount - part for amount, part in zip(amounts, paid, strict=True)]
    return Allocation(paid=_dues(ordered, paid), left=_dues(ordered, left), unapplied_fen=unapplied)


def positions(rule: AllocationRule, instalments: int, order: Sequence[Item]) -> tuple[int, ...]:
    """One of the rule's orders as positions in a flat list of instalments × items (items in the order of `Item`)."""
    return _positions(rule.mode, instalments, tuple(order))


@lru_cache(maxsize=1024)
def _positions(mode: AllocationMode, instalments: int, order: tuple[Item, ...]) -> tuple[int, ...]:
    kinds = list(Item)
    columns = [kinds.index(item) for item in order]
    if mode is AllocationMode.BY_INSTALMENT:
        return tuple(row * len(kinds) + column for row in range(instalments) for column in columns)
    return tuple(row * len(kinds) + column for column in columns for row in range(instalments))


def _dues(like: Sequence[Due], amounts: Sequence[int]) -> tuple[Due, ...]:
    wide = len(Item)
    return tuple(due.with_figures(amounts[at * wide : (at + 1) * wide]) for at, due in enumerate(like))
