"""Propose a role for a person; a second administrator agrees."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid
from chezhe.staff import changes, permissions
from chezhe.staff.models import REACH_LABELS, AccessChange, Branch, Region, User


@dataclass(frozen=True, slots=True)
class Place:
    """How far a role reaches: a branch or a region is named by its code, the others need none."""

    reach: Reach
    branch_code: str = ""
    region_code: str = ""


@action(permissions.GRANT_ROLES, label=_("授予角色"))
def grant_role(
    *, username: str, role: str, place: Place, starts_on: date, ends_on: date | None = None, reason: str, by: Actor
) -> AccessChange:
    """Propose a role for a person from a day on; it counts once a second administrator has agreed."""
    user = User.objects.visible_to(by).lock(username)
    if not user.is_active:
        raise Invalid(field="username", code="user_disabled", sentence=_("此人已停用，请先启用。"))
    changes.require_role(role)
    changes.require_reason(reason)
    if ends_on is not None and ends_on <= starts_on:
        raise Invalid(field="ends_on", code="dates_reversed", sentence=_("结束日须晚于开始日。"))
    branch, region = _places(place)
    content = {
        "reach": place.reach.value, "branch_id": branch.pk if branch else None, "region_id": region.pk if region else None,
        "starts_on": starts_on.isoformat(), "ends_on": ends_on.isoformat() if ends_on else "",
    }
    return changes.propose(kind="grant", role=role, content=content, reason=reason, user=user, by=by)


def _places(place: Place) -> tuple[Branch | None, Region | None]:
    """The branch or region that the reach needs; raises Invalid (422) beside the missing one."""
    if place.reach not in REACH_LABELS:
        raise Invalid(field="reach", code="reach_missing", sentence=_("请选择数据范围。"))
    if place.reach == Reach.BRANCH:
        branch = Branch.objects.filter(code=place.branch_code).first()
        if branch is None:
            raise Invalid(field="branch_code", code="branch_unknown", sentence=_("范围为本店时，请选择门店。"))
        return branch, None
    if place.reach == Reach.REGION:
        region = Region.objects.filter(code=place.region_code).first()
        if region is None:
            raise Invalid(field="region_code", code="region_unknown", sentence=_("范围为本区时，请选择区域。"))
        return None, region
    return None, None
