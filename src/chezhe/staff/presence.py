"""Who else has this page open: a note on the sign-in, renewed while the page stays there. It is no audit and soon forgotten."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core import signing
from django.http import HttpRequest

from chezhe.kernel.errors import NotFound
from chezhe.staff import rules
from chezhe.staff.models import StaffSession

FOR = timedelta(seconds=75)
_SALT, _KEPT = "staff.presence", 8


def ticket(request: HttpRequest) -> str:
    """What the page shows when it asks: only who was given the page can ask who else looks at it."""
    return signing.dumps([request.staff_session.pk, request.path], salt=_SALT)  # type: ignore[attr-defined]


def look(session: StaffSession, ticket: str, at: datetime) -> list[str]:
    """Note that this sign-in has the page open; returns the names of the others. Raises NotFound (404) for a ticket of no page."""
    try:
        owner, page = signing.loads(ticket, salt=_SALT, max_age=rules.SESSION_MAX)
    except (signing.BadSignature, ValueError):
        raise NotFound(what="page") from None
    if owner != session.pk:
        raise NotFound(what="page")
    recent = {kept: seen for kept, seen in session.looking.items() if _is_fresh(seen, at) and kept != page}
    kept = dict(list(recent.items())[-_KEPT:]) | {page: at.isoformat()}
    StaffSession.objects.filter(pk=session.pk).update(looking=kept)
    others = StaffSession.objects.filter(ended_at=None, last_seen_at__gte=at - rules.IDLE_MAX, looking__has_key=page)
    rows = others.exclude(user=session.user).select_related("user").order_by("user__name")
    return list(dict.fromkeys(row.user.name for row in rows if _is_fresh(row.looking[page], at)))


def _is_fresh(seen: str, at: datetime) -> bool:
    return at - datetime.fromisoformat(seen) <= FOR
