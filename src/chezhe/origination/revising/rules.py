"""What differs between two submissions of one application, and whether it has to be decided anew. Pure values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# Key of a snapshot → field of the application, in the order in which people read them.
_KEYS = {
    "customer": "customer", "product_version": "product_code", "product_hash": "product_hash", "purpose": "purpose",
    "vehicle": "vehicle_number", "price_fen": "price", "price_base_fen": "price_base", "amount_fen": "amount", "periods": "periods",
    "method": "method", "annual_rate": "annual_rate", "due_day": "due_day", "monthly_income_fen": "monthly_income",
    "monthly_debt_fen": "monthly_debt", "parties": "parties", "further_vehicles": "further_vehicles",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of two submissions as the snapshots hold it; sums are whole fen."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that is new, or gone: its category and whether it is there now."""

    category: str
    is_new: bool


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Every figure, party and thing that is another one now."""
    return [
        Difference(field, before.get(key), after.get(key)) for key, field in _KEYS.items() if before.get(key) != after.get(key)
    ]


def is_material(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether what was decided on has changed. More papers about the same case have not changed it."""
    return bool(differences(before, after))


def papers(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Paper]:
    """The papers that came and went between two submissions, by their content."""
    old, new = _held(before), _held(after)
    came = [Paper(category, True) for category, _sha in sorted(new - old)]
    return came + [Paper(category, False) for category, _sha in sorted(old - new)]


def _held(snapshot: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {(paper["category"], paper["sha256"]) for paper in snapshot.get("documents", ())}
