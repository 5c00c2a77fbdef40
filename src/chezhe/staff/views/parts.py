"""Small things that the staff room's pages share."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from chezhe.kernel import crypto

_PLACE = "shown_once"


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
