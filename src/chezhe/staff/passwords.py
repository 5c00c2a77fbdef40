"""Passwords: which ones are good enough, when they grow old, and changing them."""

from __future__ import annotations

import secrets
import string
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import crypto
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.staff import rules
from chezhe.staff.models import PasswordHistory, User

_WAITING = "staff_accesschange.content"


@dataclass(frozen=True, slots=True)
class OneTimeSecret:
    """A first password, shown this once; it must be changed at the next sign-in."""

    user: User
    secret: str

    @property
    def subject(self) -> str:
        return self.user.subject


class WrongPassword(BusinessError):
    code = "wrong_password"
    http_status = 422
    field = "current"
    sentence = _("当前密码不正确。")


_SENTENCES = {
    "short": _("密码至少 %(length)s 个字符。"),
    "long": _("密码最多 %(length_max)s 个字符。"),
    "plain": _("密码须包含大写字母、小写字母、数字、符号中的至少 %(classes)s 类。"),
    "personal": _("密码不能包含用户名或姓名。"),
    "common": _("这个密码太常见，容易被猜到，请换一个。"),
    "reused": _("不能使用最近 %(history)s 次用过的密码。"),
}


def profile() -> rules.PasswordProfile:
    """The profile in force: `mlps3` or `asvs` (settings.AUTH_PROFILE)."""
    return rules.PROFILES[settings.AUTH_PROFILE]


def hint() -> str:
    """What a new password needs, in one sentence."""
    wanted = profile()
    if wanted.classes_min > 1:
        return str(_("至少 %(length)s 个字符，含大写字母、小写字母、数字、符号中的 %(classes)s 类。")) % {
            "length": wanted.length_min, "classes": wanted.classes_min}
    return str(_("至少 %(length)s 个字符，可以是一句容易记住的话。")) % {"length": wanted.length_min}


def require_good(user: User, password: str) -> None:
    """Raises Invalid (422, field `password`) with the first thing that is wrong."""
    wanted = profile()
    faults = rules.password_faults(password, wanted, [user.username, user.name])
    if not faults and _is_common(password):
        faults = ["common"]
    if not faults and _was_used(user, password, wanted.history):
        faults = ["reused"]
    if faults:
        raise Invalid(
            field="password", code=f"password_{faults[0]}", sentence=_SENTENCES[faults[0]], length=wanted.length_min,
            length_max=rules.PASSWORD_LENGTH_MAX, classes=wanted.classes_min, history=wanted.history,
        )


def set_password(user: User, password: str, at: datetime, *, must_change: bool = False) -> None:
    """Store a password, keeping the earlier one's hash in the history."""
    put_hash(user, make_password(password), at, must_change=must_change)


def put_hash(user: User, hashed: str, at: datetime, *, must_change: bool = True) -> None:
    """The same with a password that has been hashed already."""
    if user.password and user.password_set_at:
        PasswordHistory.objects.create(user=user, password=user.password, set_at=user.password_set_at)
    user.password, user.password_set_at, user.must_change_password = hashed, at, must_change
    user.save(update_fields=["password", "password_set_at", "must_change_password"])


def sealed(password: str) -> str:
    """The hash of a password that waits for somebody's agreement, encrypted."""
    return crypto.encrypt(make_password(password), bound_to=_WAITING)


def unsealed(stored: str) -> str:
    """The hash that `sealed` kept."""
    return crypto.decrypt(stored, bound_to=_WAITING)


def change(user: User, *, current: str, password: str, at: datetime) -> None:
    """Change one's own password. Raises WrongPassword (422) or Invalid (422)."""
    if not user.check_password(current):
        raise WrongPassword()
    require_good(user, password)
    with transaction.atomic():
        set_password(user, password, at)


def is_stale(user: User, at: datetime) -> bool:
    """Whether the password must be changed before anything else."""
    days = profile().days_max
    if user.must_change_password:
        return True
    return bool(days and not user.is_demo and user.password_set_at and at - user.password_set_at > timedelta(days=days))


def one_time_secret() -> str:
    """A first password for somebody to change at once: 20 characters, 100 random bits or more, of every class."""
    letters = string.ascii_letters + string.digits
    return "".join(secrets.choice(letters) for _index in range(17)) + secrets.choice("23456789") + "-" + secrets.choice("Aa")


def _is_common(password: str) -> bool:
    try:
        CommonPasswordValidator().validate(password)
    except ValidationError:
        return True
    return False


def _was_used(user: User, password: str, history: int) -> bool:
    if not history:
        return False
    earlier = user.old_passwords.order_by("-id").values_list("password", flat=True)[: history - 1]
    return any(check_password(password, old) for old in (user.password, *earlier) if old)
