"""Take a role away; it stops counting at once."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.staff import changes, permissions, steps
from chezhe.staff.models import RoleGrant


@action(permissions.GRANT_ROLES, label=_("收回角色"))
def revoke_role(*, grant_id: int, reason: str, by: Actor) -> RoleGrant:
    """End a person's role today; less power needs no second person, but an administrator must remain."""
    grant = RoleGrant.objects.visible_to(by).select_for_update(of=("self",)).select_related("user").filter(pk=grant_id).first()
    if grant is None:
        raise NotFound(what=grant_id)
    changes.require_reason(reason)
    at = clock.now()
    if grant.role == "admin":
        steps.require_another_administrator(grant.user, at)
    today = at.astimezone(clock.SHANGHAI).date()
    grant.ends_on = max(today, grant.starts_on)
    grant.save(update_fields=["ends_on"])
    return grant
