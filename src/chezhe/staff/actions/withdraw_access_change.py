"""Take a proposal of rights back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.staff import permissions, second_person
from chezhe.staff.models import AccessChange
from chezhe.staff.states import ACCESS_CHANGE


class NotYours(BusinessError):
    code = "not_proposer"
    http_status = 403
    sentence = _("只有提出这项变更的人可以撤回。")


@action(permissions.GRANT_ROLES, label=_("撤回权限变更"))
def withdraw_access_change(*, change_number: str, by: Actor) -> AccessChange:
    """Withdraw a proposed grant or change of permissions that has not been decided."""
    change = AccessChange.objects.visible_to(by).lock(change_number)
    ACCESS_CHANGE.require(change.status, "withdraw")
    if change.proposed_by_id not in by.user_ids:
        raise NotYours()
    second_person.call_off(change.request_number, by=by)
    change.refresh_from_db()
    return change
