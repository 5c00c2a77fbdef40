"""Totals by branch and product: what our files hold against what a person read off the old system. Pure sums."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from chezhe.takeover.rules import OldLoan

COUNT = "count"
FIGURES = (COUNT, "principal", "interest", "fee", "penalty", "unapplied", "deposit")
Totals = Mapping[str, Mapping[str, int]]
"""Figures (a count, else fen) by `branch|product`."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure on which the files and the old system do not agree."""

    key: str
    figure: str
    found: int
    stated: int


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person typed in, as one thing."""

    totals: Totals


def figures_of(old: OldLoan) -> dict[str, int]:
    """The stated balances of a loan, penalties together."""
    stated = old.loan.stated
    return {
        "principal": stated.principal_fen, "interest": stated.interest_fen, "fee": stated.fee_fen,
        "penalty": stated.penalty_fen + stated.compound_fen, "unapplied": stated.unapplied_fen,
        "deposit": stated.deposit_fen,
    }


def key_of(branch: str, product: str) -> str:
    """What totals are kept by."""
    return f"{branch}|{product}"


def total(loans: Iterable[OldLoan]) -> dict[str, dict[str, int]]:
    """The totals of these loans."""
    sums: dict[str, dict[str, int]] = {}
    for old in loans:
        kept = sums.setdefault(key_of(old.loan.branch, old.loan.product), dict.fromkeys(FIGURES, 0))
        kept[COUNT] += 1
        for name, fen in figures_of(old).items():
            kept[name] += fen
    return dict(sorted(sums.items()))


def differences(found: Totals, stated: Totals) -> list[Difference]:
    """Everything that does not agree, in the order of keys and figures; a key that was not stated differs in all of it."""
    return [
        Difference(key, figure, found.get(key, {}).get(figure, 0), stated.get(key, {}).get(figure, 0))
        for key in sorted({*found, *stated}) for figure in FIGURES
        if key not in stated or found.get(key, {}).get(figure, 0) != stated[key].get(figure, 0)
    ]


def summed(totals: Totals) -> dict[str, int]:
    """Over all branches and products."""
    return {figure: sum(kept.get(figure, 0) for kept in totals.values()) for figure in FIGURES}
