"""The mark of a customer's browser: random, kept by the browser alone, and told with what is applied for from it. Who clears it is given a
new one; who sends none is looked at by a person."""

from __future__ import annotations

import re
import secrets
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse

# Browsers keep a cookie no longer; each sign-in begins the time anew.
LASTS = timedelta(days=400)
_MARK = re.compile(r"dv[0-9a-f]{32}")


def cookie() -> str:
    """Its name. A mark is nobody's: it stays when somebody signs out, and is the same for the next who signs in there."""
    return f"{'__Host-' if settings.IS_PRODUCTION else ''}device"


def mark_of(request: HttpRequest) -> str:
    """What the browser brought along; empty for none, and for what we never gave."""
    brought = request.COOKIES.get(cookie(), "")
    return brought if _MARK.fullmatch(brought) else ""


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser keep its mark, a new one where it has none. It counts from the next request on."""
    if cookie() in response.cookies:
        return
    response.set_cookie(
        cookie(), mark_of(request) or f"dv{secrets.token_hex(16)}", max_age=int(LASTS.total_seconds()), path="/",
        secure=settings.IS_PRODUCTION or request.is_secure(), httponly=True, samesite="Lax",
    )
