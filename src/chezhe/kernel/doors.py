"""What every door asks first: is the person signed in, and may they read this?"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest
from django.urls import URLPattern, get_resolver

from chezhe.kernel import authority
from chezhe.kernel import roles as role_ids
from chezhe.kernel.errors import NotPermitted
from chezhe.kernel.permission import REGISTRY, Permission


def needs(permission: Permission | None) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a view or an API operation; `None` asks only for a signed-in person.

    A page sends the stranger to the sign-in page; whoever lacks the permission is refused (403) with who can grant it.
    The guard is kept on the function (`.needs`), so that the permission matrix can be made from the doors.
    """

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
            actor = authority.actor_of(request)
            if actor.is_anonymous and not request.path.startswith("/api/"):
                return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
            require(request, permission)
            return view(request, *arguments, **named)

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded

    return wrap


def require(request: HttpRequest, permission: Permission | None) -> None:
    """Raises NotPermitted (403) when the actor lacks `permission`."""
    if permission is not None and not authority.actor_of(request).can(permission.code):
        raise NotPermitted(permission=permission.label, grantors=role_ids.LABELS[role_ids.ADMIN], code=permission.code)


@dataclass(frozen=True, slots=True)
class Page:
    """One address of the installation: its name (`servicing:loans`), its route, and the view behind it."""

    name: str
    route: str
    view: Callable[..., Any]

    @property
    def guard(self) -> Permission | None:
        """What its door asks for; None when being signed in is enough, or nobody asks."""
        guard: Permission | None = getattr(self.view, "needs", None)
        return guard


def pages() -> list[Page]:
    """Every named address that is not the API's, in the order in which they are tried."""
    return [page for page in _named(get_resolver(), "", "") if not page.route.startswith("api/")]


def _named(resolver: Any, namespace: str, before: str) -> Iterator[Page]:
    for entry in resolver.url_patterns:
        route = f"{before}{entry.pattern}"
        if not isinstance(entry, URLPattern):
            yield from _named(entry, ":".join(filter(None, (namespace, entry.namespace))), route)
        elif entry.name:
            yield Page(f"{namespace}:{entry.name}" if namespace else entry.name, route, entry.callback)


def readable() -> list[Permission]:
    """Permissions that only open a page."""
    return [permission for permission in REGISTRY.values() if permission.reads_only]
