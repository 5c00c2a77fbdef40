"""Keys for programs: shown once, kept as a digest, narrowed to scopes, over on a date."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import replace
from datetime import datetime, timedelta

from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.staff import steps
from chezhe.staff.models import ApiToken, User

PREFIX = "czt_"
_TOUCH_EVERY = timedelta(minutes=1)


def fresh() -> str:
    """A new key with 256 random bits."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def of_header(given: str) -> str:
    """The key in an `Authorization` header; empty when it is of another scheme."""
    scheme, _space, token = given.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def digest_of_header(given: str) -> str:
    return digest(of_header(given))


def issue(user: User, label: str, scopes: list[str], expires_at: datetime, at: datetime) -> tuple[ApiToken, str]:
    """The stored row and the key itself, which nobody can read again."""
    token = fresh()
    row = ApiToken.objects.create(
        user=user, label=label, hint=token[:10], digest=digest(token), scopes=sorted(scopes), created_at=at, expires_at=expires_at
    )
    return row, token


_BY_DIGEST = Composed(lambda mark: ApiToken.objects.select_related("user").filter(digest=mark, revoked_at__isnull=True), "?")


def find(token: str, at: datetime) -> ApiToken | None:
    """The row of a key that works now."""
    if not token.startswith(PREFIX):
        return None
    found = _BY_DIGEST.objects(digest(token))
    return found[0] if found and found[0].expires_at > at and found[0].user.is_active else None


def of(user_id: int | None, at: datetime) -> list[ApiToken]:
    """A person's keys that work."""
    return list(ApiToken.objects.filter(user_id=user_id, revoked_at__isnull=True, expires_at__gt=at))


def read_actor(token: str) -> Actor | None:
    """The kernel's token reader: the owner, narrowed to the scopes; None when the key does not work."""
    at = clock.now()
    row = find(token, at)
    if row is None:
        return None
    if row.last_used_at is None or at - row.last_used_at >= _TOUCH_EVERY:
        ApiToken.objects.filter(pk=row.pk).update(last_used_at=at)
    return replace(steps.actor_for(row.user, at, stepped_up_at=row.stepped_up_at, scopes=row.scopes), is_program=True)
