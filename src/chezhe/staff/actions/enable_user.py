"""Take a person back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.staff import permissions
from chezhe.staff.models import User


@action(permissions.MANAGE_PEOPLE, label=_("启用人员账号"))
def enable_user(*, username: str, by: Actor) -> User:
    """Switch a person on again; sign-ins and tokens that were ended stay ended."""
    user = User.objects.visible_to(by).lock(username)
    user.is_active, user.disabled_at = True, None
    user.save(update_fields=["is_active", "disabled_at"])
    return user
