"""Coming in: prove the password, prove the code; every attempt is counted and audited."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.contrib.auth import authenticate
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import audit
from chezhe.kernel import roles as role_ids
from chezhe.kernel.actor import ANONYMOUS, Actor
from chezhe.kernel.errors import BusinessError
from chezhe.staff import locks, passwords, second_factor
from chezhe.staff.models import StaffSession, User


class SignInFailed(BusinessError):
    code = "sign_in_failed"
    http_status = 422
    sentence = _("用户名或密码不正确。")


def prove_password(request: HttpRequest, username: str, password: str, at: datetime) -> User:
    """The person whose name and password these are.

    Raises SignInFailed (422) with one sentence for every reason, or LockedOut (429).
    """
    name = username.strip().lower()
    key = locks.key_of("password", name, request.META.get("REMOTE_ADDR", ""))
    try:
        locks.spend_attempt(key, at)
        user = authenticate(request, username=name, password=password)
        if not isinstance(user, User):
            raise SignInFailed()
    except BusinessError as refusal:
        known = User.objects.filter(username=name).first()
        _note("staff.sign_in", ANONYMOUS, known, refusal)
        raise
    locks.forgive(key)
    return user


def prove_code(user: User, code: str, at: datetime, *, verb: str = "staff.sign_in") -> None:
    """Accept the second factor. Raises WrongCode (422), NotEnrolled (409) or LockedOut (429)."""
    key = locks.key_of("code", user.pk)
    try:
        locks.spend_attempt(key, at)
        second_factor.check(user, code, at)
    except BusinessError as refusal:
        _note(verb, ANONYMOUS, user, refusal)
        raise
    locks.forgive(key)


def prove_demo(user: User, at: datetime) -> None:
    """The demo's one click: the same check of a real code, computed here because the demo has no phone."""
    second_factor.check_unspent(user, second_factor.demo_code(user, at), at)


def note_entry(actor: Actor, user: User, verb: str, **facts: Any) -> None:
    """Write a sign-in, sign-out or step-up into the audit trail."""
    audit.record(by=actor, verb=verb, subject=user.subject, facts=facts)


def _note(verb: str, actor: Actor, user: User | None, refusal: BusinessError) -> None:
    # A name that does not exist may be a password typed into the wrong field: it is not written down.
    subject = user.subject if user else ""
    audit.record(by=actor, verb=verb, subject=subject, facts={"code": refusal.code}, outcome="refused")


def waits_for(session: StaffSession, actor: Actor, at: datetime) -> str:
    """What must be done before anything else: `password`, `second_factor`, or nothing."""
    if passwords.is_stale(session.user, at):
        return "password"
    if must_enrol(session.user, actor) and not second_factor.is_enrolled(session.user):
        return "second_factor"
    return ""


def must_enrol(user: User, actor: Actor) -> bool:
    """Whoever moves money or grants rights needs a second factor (TRUST T19)."""
    return bool(actor.roles & frozenset(role_ids.MONEY))
