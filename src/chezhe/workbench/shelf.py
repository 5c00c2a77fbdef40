"""The saved views as the lists of every room see them (`chezhe.ui.saved`)."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import Resolver404, resolve

from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.ui.saved import SavedView as Shown
from chezhe.workbench import permissions
from chezhe.workbench.models import DefaultView, SavedView, Subscription


class Shelf:
    """Asks once a list."""

    def views_of(self, actor: Actor, list_key: str) -> list[Shown]:
        return [shown(row, actor) for row in with_default(actor).filter(list_key=list_key)]

    def roles_for(self, actor: Actor) -> list[tuple[str, Any]]:
        return list(roles.LABELS.items()) if actor.can(permissions.SHARE_VIEWS.code) else []


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
