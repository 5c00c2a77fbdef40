"""The cast and small helpers for tests of every room."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from chezhe.kernel import clock
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.permission import REGISTRY


def moment(text: str) -> datetime:
    """`moment("2026-03-15 10:00")` in Asia/Shanghai."""
    return datetime.fromisoformat(text).replace(tzinfo=clock.SHANGHAI)


def actor(
    name: str, *roles: str, user_id: int | None = None, branch_id: int | None = None,
    branch_ids: Iterable[int] = (), reach: Reach = Reach.ALL,
) -> Actor:
    """An actor with the permissions that `roles` hold by default, freshly stepped up."""
    held = {code for code, permission in REGISTRY.items() if set(permission.roles) & set(roles)}
    covered = frozenset(branch_ids) or frozenset([branch_id] if branch_id else [])
    return Actor(
        key=f"staff:{user_id or name}", name=name, user_id=user_id, roles=frozenset(roles),
        permissions=frozenset(held), reach=reach, branch_id=branch_id, branch_ids=covered, stepped_up_at=clock.now(),
    )


WU = Actor(key="staff:wu", name="吴", kind="staff", reach=Reach.NONE)
"""Wu belongs to no branch and must see nothing."""
