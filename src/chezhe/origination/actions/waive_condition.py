from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import SamePerson, require_reason
from chezhe.origination import duties, permissions, steps
from chezhe.origination.models import ApprovalCondition
from chezhe.origination.offers import conditions
from chezhe.origination.states import CONDITION


@action(permissions.DECIDE, label=_("豁免批复条件"))
def waive_condition(*, application_number: str, condition_id: int, reason: str, by: Actor) -> ApprovalCondition:
    """Let a condition of the approval go: a second person who decides, neither whoever set it nor anybody who sold or wrote the case."""
    reason = require_reason(reason, most=200)
    application = steps.lock(application_number, by)
    condition = conditions.lock(application, condition_id)
    if by.user_ids & (duties.duties_of(application)[duties.SALES] | {condition.set_by_id}):
        raise SamePerson(name=by.name, verb=CONDITION.label("waive"))
    conditions.settle(condition, "waive", reason, by=by)
    return condition
