"""Sign-ins as rows: idle after 30 minutes, over after 12 hours, ended at once when somebody says so."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.auth import login
from django.db.models import Exists, OuterRef
from django.http import HttpRequest

from chezhe.kernel import clock
from chezhe.kernel.client_address import client_ip
from chezhe.kernel.composed import Composed
from chezhe.staff import rules
from chezhe.staff.models import ApiToken, Delegation, RoleGrant, SecondFactor, StaffSession, User

_KEY = "staff_session_id"
_TOUCH_EVERY = timedelta(seconds=60)


def start(request: HttpRequest, user: User, at: datetime, *, with_second_factor: bool) -> StaffSession:
    """Sign `user` in at this browser under a fresh session key; the oldest of too many sign-ins ends."""
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    session = StaffSession.objects.create(
        user=user, signed_in_at=at, last_seen_at=at, stepped_up_at=at if with_second_factor else None,
        ip_address=client_ip(request) or None, user_agent=request.headers.get("User-Agent", "")[:200],
    )
    request.session[_KEY] = session.pk
    if not user.is_demo:
        surplus = _open(user).values_list("pk", flat=True)[rules.SESSIONS_MAX :]
        StaffSession.objects.filter(pk__in=list(surplus)).update(ended_at=at)
    return session


_SIGN_IN = Composed(lambda mark: StaffSession.objects.select_related("user").filter(pk=mark).annotate(
    is_enrolled=Exists(SecondFactor.objects.filter(user=OuterRef("user")))), -1)


def read(request: HttpRequest, at: datetime) -> StaffSession | None:
    """The sign-in behind a request with its person, knowing whether an authenticator is bound (`is_enrolled`); None when
    there is none or it is over. Asked on every request: what is rarely needed (whom it acts for) is left to be fetched."""
    session_id = request.session.get(_KEY)
    if session_id is None:
        return None
    found = _SIGN_IN.objects(session_id)
    return found[0] if found and is_open(found[0], at) else None


def is_open(session: StaffSession, at: datetime) -> bool:
    return (
        session.ended_at is None and session.user.is_active
        and clock.is_within(session.last_seen_at, at, rules.IDLE_MAX) and clock.is_within(session.signed_in_at, at, rules.SESSION_MAX)
    )


def touch(session: StaffSession, at: datetime) -> None:
    """Note that the person is here; at most one write a minute."""
    if at - session.last_seen_at >= _TOUCH_EVERY:
        StaffSession.objects.filter(pk=session.pk).update(last_seen_at=at)


def step_up(session: StaffSession, at: datetime) -> None:
    StaffSession.objects.filter(pk=session.pk).update(stepped_up_at=at)


def act_for(session: StaffSession, delegation: Delegation | None) -> None:
    """From the next request on this sign-in acts for the delegator, or for its own person again."""
    StaffSession.objects.filter(pk=session.pk).update(acting_for=delegation, as_grant=None)


def work_as(session: StaffSession, grant: RoleGrant | None) -> None:
    """From the next request on this sign-in has one role in one place only, or all that its person holds."""
    StaffSession.objects.filter(pk=session.pk).update(as_grant=grant, acting_for=None)


def end(session: StaffSession, at: datetime) -> None:
    StaffSession.objects.filter(pk=session.pk, ended_at__isnull=True).update(ended_at=at)


def end_all(user: User, at: datetime, *, except_id: int | None = None) -> int:
    """End every sign-in of a person (but one); returns how many ended."""
    return int(_open(user).exclude(pk=except_id).update(ended_at=at))


def revoke_tokens(user: User, at: datetime) -> None:
    ApiToken.objects.filter(user=user, revoked_at__isnull=True).update(revoked_at=at)


def _open(user: User):  # type: ignore[no-untyped-def]
    return StaffSession.objects.filter(user=user, ended_at__isnull=True).order_by("-signed_in_at", "-pk")
