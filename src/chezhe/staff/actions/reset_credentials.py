"""Help somebody who has lost the password or the phone."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.hashers import make_password
from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, roles
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff import changes, passwords, permissions, queries, second_factor, steps
from chezhe.staff.models import AccessChange, User


@dataclass(frozen=True, slots=True)
class Reset:
    """`secret` is shown once; it counts at once, or when `change` has been agreed by a second person."""

    user: User
    secret: str
    change: AccessChange | None = None

    @property
    def subject(self) -> str:
        return self.user.subject


@action(permissions.MANAGE_PEOPLE, label=_("重置登录凭证"))
def reset_credentials(*, username: str, reason: str, with_second_factor: bool = False, by: Actor) -> Reset:
    """Give a person a one-time password; with `with_second_factor` the authenticator must be bound anew, too.

    Whoever resets knows the secret and could sign in as that person. So where no bound authenticator would stand in the
    way of somebody who decides or moves money, compliance agrees first (an administrator, for compliance itself).
    """
    user = User.objects.visible_to(by).lock(username)
    if user.pk in by.user_ids:
        raise Invalid(code="own_account", sentence=_("不能重置自己的凭证，请在“我的账户”修改密码。"))
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=_("请填写重置原因。"))
    secret = passwords.one_time_secret()
    trusted = _trusted_roles(user)
    if not trusted or (second_factor.is_enrolled(user) and not with_second_factor):
        steps.renew_credentials(user, make_password(secret), with_second_factor, clock.now())
        return Reset(user, secret)
    changes.require_reason(reason)
    content = {"with_second_factor": with_second_factor, "password": passwords.sealed(secret)}
    asked = roles.ADMIN if roles.COMPLIANCE in trusted else roles.COMPLIANCE
    change = changes.propose(kind="reset", role=trusted[0], content=content, reason=reason, user=user, by=by, asked=asked)
    return Reset(user, secret, change)


def _trusted_roles(user: User) -> list[str]:
    """The roles of a person that decide over money or over others; also those that begin later."""
    held = queries.roles_to_come(user, clock.today())
    return sorted(held & {*roles.MONEY, roles.REVIEWER, roles.COMPLIANCE})
