"""What every door asks first: is it meant for this kind of person, is the person signed in, and may they read this?"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import URLPattern, get_resolver
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from chezhe.kernel import authority
from chezhe.kernel import roles as role_ids
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.permission import REGISTRY, Permission

STAFF = "staff"


def needs(permission: Permission | None, audience: str = STAFF) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Guard a view or an API operation; `None` asks only for a signed-in person.

    A page sends the stranger to the sign-in page; whoever lacks the permission is refused (403) with who can grant it.
    `audience` is whom the door is for: the staff, or one kind of outsiders (`kernel.actor`). For anybody else there is no such
    door (404). Both are kept on the function (`.needs`, `.audience`), so that the permission matrix can be made from the doors.
    """

    def wrap(view: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
            actor = authority.actor_of(request)
            if actor.is_anonymous and not request.path.startswith("/api/"):
                return _sent_to_sign_in(request, audience)
            require_audience(request, audience)
            require(request, permission)
            return view(request, *arguments, **named)

        guarded.needs = permission  # type: ignore[attr-defined]
        guarded.audience = audience  # type: ignore[attr-defined]
        return guarded

    return wrap


def _sent_to_sign_in(request: HttpRequest, audience: str) -> HttpResponse:
    """Raises NotFound (404) where nobody can sign in: a guest comes by a link."""
    if audience not in settings.LOGIN_URLS:
        raise NotFound(what=request.path)
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URLS[audience])


def open_to_all(operation: Callable[..., Any]) -> Callable[..., Any]:
    """An API operation for whoever has not come in yet. Who has, asks elsewhere (404): a key that is kept with the answer would undo
    what a refusal counts."""

    @functools.wraps(operation)
    def opened(request: HttpRequest, *arguments: Any, **named: Any) -> Any:
        if not authority.actor_of(request).is_anonymous:
            raise NotFound(what=request.path)
        return operation(request, *arguments, **named)

    opened.is_open = True  # type: ignore[attr-defined]
    return opened


def require_audience(request: HttpRequest, audience: str) -> None:
    """Raises NotFound (404) for whoever the door is not for: the staff never acts inside a portal, an outsider only there."""
    actor = authority.actor_of(request)
    if (actor.kind if actor.is_outsider else STAFF) != audience:
        raise NotFound(what=request.path)


def uncounted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For pages that judge a secret: a refusal must be counted, so it may not stand in a transaction that is undone.

    `_once` would put the view into such a transaction (the kernel's idempotency middleware), so it is refused here.
    """

    @never_cache
    @sensitive_post_parameters()
    @functools.wraps(view)
    def guarded(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if "_once" in request.POST:
            return HttpResponseBadRequest(_("此页面的请求不能带 _once。"))
        return view(request, *arguments, **named)

    return guarded


def safe_next(request: HttpRequest, fallback: str = "/") -> str:
    """The `next` address of this request, if it is one of our own."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    allowed = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if allowed else fallback


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
