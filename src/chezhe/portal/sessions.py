"""Sign-ins of outsiders as rows: a token in a cookie of its own, idle after half an hour, over after twelve, ended at once."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q
from django.http import HttpRequest

from chezhe.customers.models import CustomerMobile
from chezhe.kernel import clock
from chezhe.kernel.client_address import client_ip
from chezhe.kernel.composed import Composed
from chezhe.portal import rules
from chezhe.portal.models import Account, OutsideSession

_TOUCH_EVERY = timedelta(seconds=60)


def digest(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def start(request: HttpRequest, account: Account, at: datetime, *, is_program: bool = False) -> str:
    """The token of a new sign-in; the oldest of too many ends."""
    token = rules.PREFIX + secrets.token_urlsafe(32)
    OutsideSession.objects.create(
        account=account, digest=digest(token), is_program=is_program, started_at=at, last_seen_at=at, ip_address=client_ip(request) or None,
        user_agent=request.headers.get("User-Agent", "")[:200],
    )
    surplus = _open(account).values_list("pk", flat=True)[rules.SESSIONS_MAX :]
    OutsideSession.objects.filter(pk__in=list(surplus)).update(ended_at=at)
    return token


def _signed_in(mark: str):  # type: ignore[no-untyped-def]
    # A number that was taken out of the customer's file belongs to somebody else by now.
    still_theirs = CustomerMobile.objects.filter(
        customer=OuterRef("account__customer"), mobile_hash=OuterRef("account__mobile_hash"))
    return OutsideSession.objects.select_related("account__customer", "account__person__dealer").defer(
        "account__customer__id_number", "account__customer__address", "account__customer__employer",
    ).annotate(is_theirs=Exists(still_theirs)).filter(Q(digest=mark), ended_at__isnull=True)


_BY_DIGEST: Composed[OutsideSession] = Composed(_signed_in, "?")


def read(token: str, at: datetime) -> OutsideSession | None:
    """The sign-in behind a token with whose it is; None when there is none or it is over. Asked on every request."""
    if not token.startswith(rules.PREFIX):
        return None
    found = _BY_DIGEST.objects(digest(token))
    return found[0] if found and _is_open(found[0], at) else None


def _is_open(session: OutsideSession, at: datetime) -> bool:
    is_here = clock.is_within(session.last_seen_at, at, rules.IDLE_MAX)
    return is_here and clock.is_within(session.started_at, at, rules.SESSION_MAX)


def touch(session: OutsideSession, at: datetime) -> None:
    """Note that somebody is here; at most one write a minute."""
    if at - session.last_seen_at >= _TOUCH_EVERY:
        OutsideSession.objects.filter(pk=session.pk).update(last_seen_at=at)


def step_up(session: OutsideSession, about: str, at: datetime) -> None:
    """A code asked for `about` was right."""
    OutsideSession.objects.filter(pk=session.pk).update(stepped_up_at=at, stepped_up_for=about)


def end(session: OutsideSession, at: datetime) -> None:
    OutsideSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(ended_at=at)


def end_all(account: Account, at: datetime) -> int:
    """End every sign-in of an account; returns how many ended."""
    return int(_open(account).update(ended_at=at))


def _open(account: Account):  # type: ignore[no-untyped-def]
    return OutsideSession.objects.filter(account=account, ended_at__isnull=True).order_by("-started_at", "-pk")
