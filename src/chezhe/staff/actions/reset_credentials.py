"""Help somebody who has lost the password or the phone."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff import passwords, permissions, second_factor, sessions
from chezhe.staff.models import User
from chezhe.staff.passwords import OneTimeSecret


@action(permissions.MANAGE_PEOPLE)
def reset_credentials(*, username: str, reason: str, with_second_factor: bool = False, by: Actor) -> OneTimeSecret:
    """Give a person a one-time password; with `with_second_factor` the authenticator must be bound anew, too."""
    user = User.objects.visible_to(by).lock(username)
    if user.pk in by.user_ids:
        raise Invalid(code="own_account", sentence=_("不能重置自己的凭证，请在“我的账户”修改密码。"))
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请填写重置原因。"))
    at, secret = clock.now(), passwords.one_time_secret()
    passwords.set_password(user, secret, at, must_change=True)
    if with_second_factor:
        second_factor.remove(user)
    sessions.end_all(user, at)
    return OneTimeSecret(user, secret)
