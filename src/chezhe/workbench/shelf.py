"""The saved views as the lists of every room see them (`chezhe.ui.saved`)."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import Resolver404, resolve

from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import NotFound
from chezhe.ui.saved import SavedView as Shown
from chezhe.workbench import permissions
from chezhe.workbench.models import DefaultView, SavedView, Subscription


class Shelf:
    """Asks once a list."""

    def views_of(self, actor: Actor, list_key: str) -> list[Shown]:
        return [shown(row, actor) for row in _of(actor, list_key)]

    def roles_for(self, actor: Actor) -> list[tuple[str, Any]]:
        return list(roles.LABELS.items()) if actor.can(permissions.SHARE_VIEWS.code) else []


def _of(actor: Actor, list_key: str) -> list[SavedView]:
    """`with_default` of one list: every list asks it."""
    place = [] if actor.branch_id is None or not actor.roles else [actor.branch_id]
    return _listed(actor.roles, bool(place)).objects(list_key, actor.user_id, *place)


@lru_cache(maxsize=256)
def _listed(held: frozenset[str], has_place: bool) -> Composed[SavedView]:
    """Composed for everybody with these roles: nothing else of an actor decides, but the person and the branch asked with."""

    def make(list_key: str, user_id: int, branch_id: int | None = None) -> Any:
        return with_default(Actor(key="", name="", user_id=user_id, roles=held, branch_id=branch_id)).filter(list_key=list_key)

    return Composed(make, "?", -1, *([-2] if has_place else []))


def with_default(actor: Actor) -> Any:
    """The views an actor sees, each knowing whether this person's list opens with it, and whether it is subscribed to."""
    opening, told = (rows.objects.filter(user_id=actor.user_id, view_id=OuterRef("pk")) for rows in (DefaultView, Subscription))
    return SavedView.objects.visible_to(actor).annotate(opens=Exists(opening), is_subscribed=Exists(told))


def shown(row: Any, actor: Actor) -> Shown:
    return Shown(
        key=row.key, name=row.name, query=row.query, is_mine=row.owner_id == actor.user_id, is_default=row.opens, role=row.role,
        shared_with=roles.LABELS[row.role] if row.role else "",
    )


def list_key(path: str) -> str:
    """The name of the list at this address of ours; raises NotFound (404) for any other."""
    try:
        if not path.startswith("/") or path.startswith("//"):
            raise Resolver404
        return resolve(path).view_name
    except Resolver404:
        raise NotFound(what=path[:80]) from None
