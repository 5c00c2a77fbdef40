from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason
from chezhe.origination import errors, permissions, steps
from chezhe.origination.models import ApprovalCondition
from chezhe.origination.offers import conditions


@action(permissions.MEET_CONDITION, label=_("办完批复条件"))
def meet_condition(*, application_number: str, condition_id: int, evidence: str, by: Actor) -> ApprovalCondition:
    """Note what was done about a condition of the approval, by one of those whose work it is."""
    evidence = require_reason(evidence, most=200)
    condition = conditions.lock(steps.lock(application_number, by), condition_id)
    if condition.owner_role not in by.roles:
        raise errors.ConditionOfOthers(role=condition.owner_label)
    conditions.settle(condition, "meet", evidence, by=by)
    return condition
