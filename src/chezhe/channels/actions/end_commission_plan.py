"""A dealer earns no longer by a plan."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.channels import errors, permissions
from chezhe.channels.models import CommissionPlan
from chezhe.channels.states import COMMISSION_PLAN
from chezhe.kernel import moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason


@action(permissions.PROPOSE_COMMISSION, label=_("终止返佣方案"))
def end_commission_plan(*, plan_number: str, last_day: date, reason: str, business_date: date, by: Actor) -> CommissionPlan:
    """Let a plan count up to a last day, today or later; what was earned by it stays. Raises WrongState (409), ReasonRequired or
    PlanEndsTooEarly (422)."""
    plan = CommissionPlan.objects.visible_to(by).lock(plan_number)
    COMMISSION_PLAN.require(plan.status, "end")
    reason = require_reason(reason, most=200)
    if last_day < business_date:
        raise errors.PlanEndsTooEarly(today=business_date)
    plan.effective_to = min(last_day, plan.effective_to) if plan.effective_to else last_day
    plan.save(update_fields=["effective_to"])
    moves.move(plan, COMMISSION_PLAN, "end", by=by, reason=reason)
    return plan
