"""Permission codes, declared once beside the actions of their room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chezhe.kernel import roles as role_ids

REGISTRY: dict[str, Permission] = {}


@dataclass(frozen=True, slots=True)
class Permission:
    """A right somebody may hold.

    `code` is `<room>.<verb>`; `roles` hold it when a new database is made (roles are data afterwards);
    `accountable` answers for its use on the responsibility (RACI) page; `informed` are told of it;
    `moves_money` demands a fresh second factor (step-up) at the door.
    """

    code: str
    label: Any
    roles: tuple[str, ...]
    accountable: str
    informed: tuple[str, ...]
    moves_money: bool
    reads_only: bool

    @property
    def room(self) -> str:
        return self.code.split(".")[0]


def permission(
    code: str,
    label: Any,
    roles: Iterable[str],
    *,
    accountable: str = role_ids.BRANCH_MGR,
    informed: Iterable[str] = (),
    moves_money: bool = False,
    reads_only: bool = False,
) -> Permission:
    """Declare and register a permission. Declaring one code twice is a bug and raises ValueError."""
    if code in REGISTRY:
        raise ValueError(f"permission declared twice: {code}")
    unknown = [r for r in (*roles, accountable, *informed) if r not in role_ids.LABELS]
    if unknown:
        raise ValueError(f"unknown roles in {code}: {unknown}")
    declared = Permission(code, label, tuple(roles), accountable, tuple(informed), moves_money, reads_only)
    REGISTRY[code] = declared
    return declared
