"""Let a colleague act for me while I am away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, roles
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.staff import changes, permissions, queries, rules
from chezhe.staff.models import Delegation, User


@action(permissions.DELEGATE, label=_("委托同事代办"))
def delegate(
    *, delegate_username: str, role_ids: Collection[str], starts_on: date, ends_on: date, reason: str, by: Actor
) -> Delegation:
    """Allow a colleague to act for oneself in some roles, from a day until a day; both count as having acted."""
    if by.user_id is None or by.on_behalf_of_id is not None:
        raise Invalid(code="delegation_chain", sentence=_("代人办理时不能再委托他人。"))
    delegator = User.objects.get(pk=by.user_id)
    colleague = User.objects.filter(username=delegate_username.strip().lower(), is_active=True).exclude(pk=by.user_id).first()
    if colleague is None:
        raise Invalid(field="delegate_username", code="delegate_unknown", sentence=_("没有这位在职同事，且不能委托给自己。"))
    changes.require_reason(reason)
    _require_dates(starts_on, ends_on)
    _require_roles(role_ids, delegator, starts_on)
    return Delegation.objects.create(
        delegator=delegator, delegate=colleague, roles=sorted(set(role_ids)), starts_on=starts_on, ends_on=ends_on,
        reason=reason.strip(), created_at=clock.now(),
    )


def _require_dates(starts_on: date, ends_on: date) -> None:
    if starts_on < clock.today():
        raise Invalid(field="starts_on", code="delegation_past", sentence=_("开始日不能早于今天。"))
    if ends_on <= starts_on:
        raise Invalid(field="ends_on", code="dates_reversed", sentence=_("结束日须晚于开始日。"))
    if ends_on - starts_on > timedelta(days=rules.DELEGATION_DAYS_MAX):
        raise Invalid(field="ends_on", code="delegation_long", sentence=_("一次委托最长 %(days)s 天。"), days=rules.DELEGATION_DAYS_MAX)


def _require_roles(role_ids: Collection[str], delegator: User, on: date) -> None:
    held = {grant.role for grant in queries.grants_of(delegator, on)}
    if not role_ids or not set(role_ids) <= held:
        raise Invalid(field="role_ids", code="role_not_held", sentence=_("只能委托自己在开始日持有的角色，至少选一个。"))
    if roles.ADMIN in role_ids:
        raise Invalid(field="role_ids", code="admin_not_delegable", sentence=_("管理员角色不能委托，请授予另一位管理员。"))
