"""Coming in: prove the password, prove the code; every attempt is counted and audited."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import authenticate, update_session_auth_hash
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import audit, authority, clock
from chezhe.kernel import roles as role_ids
from chezhe.kernel.action import STEP_UP_LASTS, name_verbs
from chezhe.kernel.actor import ANONYMOUS, Actor
from chezhe.kernel.client_address import client_ip
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.staff import locks, passwords, second_factor, sessions, tokens
from chezhe.staff.models import ApiToken, StaffSession, User

name_verbs({
    "staff.sign_in": _("登录"), "staff.sign_out": _("退出登录"), "staff.step_up": _("再次验证身份"),
    "staff.change_password": _("修改密码"), "staff.enrol_second_factor": _("绑定动态口令"),
    "staff.renew_recovery_codes": _("更换恢复码"), "staff.act_for": _("代他人办理"), "staff.act_as_self": _("回到本人身份"),
    "staff.work_as": _("切换岗位"),
    "staff.create_first_admin": _("建立首位管理员"),
})


class SignInFailed(BusinessError):
    code = "sign_in_failed"
    http_status = 422
    sentence = _("用户名或密码不正确。")


def prove_password(request: HttpRequest, username: str, password: str, at: datetime) -> User:
    """The person whose name and password these are.

    Raises SignInFailed (422) with one sentence for every reason, or LockedOut (429).
    """
    name = username.strip().lower()
    key = locks.key_of("password", name, client_ip(request))
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
        # Many try the demo as one person at once: there a code is checked but not used up.
        judge = second_factor.check_unspent if settings.DEMO_LOGINS and user.is_demo else second_factor.check
        judge(user, code, at)
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


def step_up(request: HttpRequest, code: str, at: datetime) -> None:
    """Prove the second factor again, for the sign-in or the key behind a request. Raises like `prove_code`."""
    actor = authority.actor_of(request)
    user = User.objects.get(pk=actor.user_id)
    prove_code(user, code, at, verb="staff.step_up")
    session: StaffSession | None = request.staff_session  # type: ignore[attr-defined]
    if session is not None:
        sessions.step_up(session, at)
    else:
        ApiToken.objects.filter(digest=tokens.digest_of_header(request.headers.get("Authorization", ""))).update(stepped_up_at=at)
    note_entry(actor, user, "staff.step_up")


def change_own_password(user: User, *, current: str, password: str, at: datetime, request: HttpRequest) -> None:
    """Change the password behind a request; every other sign-in of the person ends, and this one gets a new key.

    Wrong current passwords are counted like sign-ins. Raises WrongPassword (422), Invalid (422) or LockedOut (429).
    """
    key = locks.key_of("password", user.username, client_ip(request))
    locks.spend_attempt(key, at)
    # Django ties the session to the password: it must know who this is before the password is another.
    assert request.user.is_authenticated
    try:
        passwords.change(user, current=current, password=password, at=at)
    except Invalid:
        locks.forgive(key)
        raise
    locks.forgive(key)
    sessions.end_all(user, at, except_id=request.staff_session.pk)  # type: ignore[attr-defined]
    update_session_auth_hash(request, user)


def is_fresh(session: StaffSession, at: datetime, lasts: timedelta = STEP_UP_LASTS) -> bool:
    """Whether the second factor was proved within the last minutes."""
    return session.stepped_up_at is not None and clock.is_within(session.stepped_up_at, at, lasts)


def waits_for(session: StaffSession, actor: Actor, at: datetime) -> str:
    """What must be done before anything else in a sign-in that `sessions.read` gave: `password`, `second_factor`, or nothing."""
    if passwords.is_stale(session.user, at):
        return "password"
    if must_enrol(session.user, actor) and not session.is_enrolled:  # type: ignore[attr-defined]
        return "second_factor"
    return ""


def must_enrol(user: User, actor: Actor) -> bool:
    """Whoever moves money or grants rights needs a second factor (TRUST T19)."""
    return bool(actor.roles & frozenset(role_ids.MONEY))
