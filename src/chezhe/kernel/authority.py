"""The port through which the kernel's doors learn who somebody is; the staff room plugs in at start-up."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest

from chezhe.kernel.actor import ANONYMOUS, Actor

TokenReader = Callable[[str], Actor | None]
_token_reader: TokenReader | None = None


def register_token_reader(reader: TokenReader) -> None:
    """`reader(token)` gives the actor of a bearer token with the permissions its scopes leave, or None."""
    global _token_reader
    _token_reader = reader


def actor_of_token(token: str) -> Actor | None:
    return _token_reader(token) if _token_reader else None


def actor_of(request: HttpRequest) -> Actor:
    """The actor the staff room's middleware put on the request."""
    return getattr(request, "actor", ANONYMOUS)
