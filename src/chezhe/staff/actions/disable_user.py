"""Let a person go: nothing works any more from the next request on."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel import clock, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff import permissions, sessions, steps
from chezhe.staff.models import User


@action(permissions.MANAGE_PEOPLE, label=_("停用人员账号"))
def disable_user(*, username: str, reason: str, by: Actor) -> User:
    """Switch a person off; their sign-ins and tokens end at once."""
    user = User.objects.visible_to(by).lock(username)
    if user.pk in by.user_ids:
        raise Invalid(code="own_account", sentence=_("不能停用自己的账户，请由另一位管理员操作。"))
    if not reason.strip():
        raise Invalid(field="reason", code="reason_missing", sentence=pgettext_lazy("person", "请填写停用原因。"))
    at = clock.now()
    steps.require_another_administrator(user, at)
    user.is_active, user.disabled_at = False, at
    user.save(update_fields=["is_active", "disabled_at"])
    sessions.end_all(user, at)
    sessions.revoke_tokens(user, at)
    events.publish("user.disabled", user.subject, {"user": user.pk})
    return user
