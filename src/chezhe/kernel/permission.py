"""Permission codes, declared once beside the actions of their room."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from chezhe.kernel import roles as role_ids
from chezhe.kernel.actor import GUEST, OUTSIDERS

REGISTRY: dict[str, Permission] = {}


@dataclass(frozen=True, slots=True)
class Permission:
    """A right somebody may hold.

    `code` is `<room>.<verb>`; `roles` hold it when a new database is made (roles are data afterwards);
    `accountable` answers for its use on the responsibility (RACI) page; `consulted` are asked before it is used and
    `informed` are told of it afterwards;
    `moves_money` demands a fresh second factor (step-up) at the door. `outsiders` are the kinds of outsiders (`kernel.actor`) who
    hold it in their own business: no role, nothing to be granted, and nobody unless it is said here.
    """

    code: str
    label: Any
    roles: tuple[str, ...]
    accountable: str
    consulted: tuple[str, ...]
    informed: tuple[str, ...]
    moves_money: bool
    reads_only: bool
    outsiders: tuple[str, ...] = ()

    @property
    def room(self) -> str:
        return self.code.split(".")[0]


def permission(
    code: str,
    label: Any,
    roles: Iterable[str],
    *,
    accountable: str = role_ids.BRANCH_MGR,
    consulted: Iterable[str] = (),
    informed: Iterable[str] = (),
    moves_money: bool = False,
    reads_only: bool = False,
    outsiders: Iterable[str] = (),
) -> Permission:
    """Declare and register a permission. A code declared twice, or a consulted role that is named again, raises ValueError."""
    if code in REGISTRY:
        raise ValueError(f"permission declared twice: {code}")
    declared = Permission(
        code, label, tuple(roles), accountable, tuple(consulted), tuple(informed), moves_money, reads_only, tuple(outsiders))
    others = (*declared.roles, accountable, *declared.informed)
    unknown = [r for r in (*others, *declared.consulted) if r not in role_ids.LABELS]
    if unknown:
        raise ValueError(f"unknown roles in {code}: {unknown}")
    if strangers := sorted({*declared.outsiders} - {*OUTSIDERS, GUEST}):
        raise ValueError(f"unknown outsiders in {code}: {strangers}")
    named_again = sorted({*declared.consulted} & {*others})
    if named_again:
        raise ValueError(f"consulted on {code}, and named for more: {named_again}")
    REGISTRY[code] = declared
    return declared


def held_by_outsiders(kind: str) -> frozenset[str]:
    """The codes that every outsider of a kind holds."""
    return frozenset(code for code, declared in REGISTRY.items() if kind in declared.outsiders)
