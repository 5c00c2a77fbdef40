"""A second person agrees to what a dealer earns, or does not."""

from __future__ import annotations

from chezhe.channels import permissions
from chezhe.channels.commission import steps
from chezhe.channels.models import CommissionPlan
from chezhe.channels.states import COMMISSION_PLAN
from chezhe.kernel import clock, events, moves
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.DECIDE_COMMISSION)
def decide_commission_plan(*, plan_number: str, agrees: bool, opinion: str = "", by: Actor) -> CommissionPlan:
    """Agree to a plan, or not; whoever proposed it cannot. The cap is asked once more.

    Raises WrongState, SamePerson, ParameterMissing (409) or CommissionAboveCap (422).
    """
    plan = CommissionPlan.objects.visible_to(by).lock(plan_number)
    verb = "agree" if agrees else "refuse"
    COMMISSION_PLAN.require(plan.status, verb)
    steps.require_another(plan, by, COMMISSION_PLAN.label("agree"))
    if agrees:
        steps.require_below_cap(plan.rate, plan.product_code, plan.effective_from)
    plan.decided_at, plan.decided_by_name, plan.opinion = clock.now(), by.name, opinion.strip()[:200]
    plan.save(update_fields=["decided_at", "decided_by_name", "opinion"])
    moves.move(plan, COMMISSION_PLAN, verb, by=by, reason=plan.opinion)
    events.publish("commission_plan.decided", plan.subject, {"number": plan.number, "outcome": plan.status})
    return plan
