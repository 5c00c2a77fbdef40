"""What every door asks first: is the person signed in, and may they read this?"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest

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
            if permission is not None and not actor.can(permission.code):
                raise NotPermitted(permission=permission.label, grantors=role_ids.LABELS[role_ids.ADMIN], code=permission.code)
            return view(request, *arguments, **named)

        guarded.needs = permission  # type: ignore[attr-defined]
        return guarded

    return wrap


def readable() -> list[Permission]:
    """Permissions that only open a page."""
    return [permission for permission in REGISTRY.values() if permission.reads_only]
