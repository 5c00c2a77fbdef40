"""Small things that the staff room's pages share."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from chezhe.kernel import crypto

_PLACE = "shown_once"


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


def show_once(request: HttpRequest, name: str, secret: str, lines: list[str] | None = None) -> None:
    """Keep a secret, encrypted, for the next page this browser opens at `staff:shown_once`; nowhere else."""
    sealed = crypto.encrypt("\n".join([name, secret, *(lines or [])]), bound_to=_PLACE)
    request.session[_PLACE] = sealed


def take_once(request: HttpRequest) -> list[str]:
    """What `show_once` kept, removed by the taking; empty when there is nothing."""
    sealed = request.session.pop(_PLACE, "")
    return crypto.decrypt(sealed, bound_to=_PLACE).split("\n") if sealed else []


def home() -> str:
    return reverse("staff:account")
