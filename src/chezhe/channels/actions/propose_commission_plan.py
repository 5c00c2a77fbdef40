"""What a dealer is to earn, for another person to agree to."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.channels import permissions
from chezhe.channels.commission import steps
from chezhe.channels.commission.steps import PlanTerms
from chezhe.channels.models import CommissionPlan, Dealer
from chezhe.kernel import events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import require_reason


@action(permissions.PROPOSE_COMMISSION, label=_("提出返佣方案"))
def propose_commission_plan(*, dealer_number: str, terms: PlanTerms, reason: str, business_date: date, by: Actor) -> CommissionPlan:
    """Propose what a dealer earns from a day on; it counts once another person agrees. Raises what `steps.propose` raises."""
    dealer = Dealer.objects.visible_to(by).lock(dealer_number)
    plan = steps.propose(dealer, terms, require_reason(reason, most=200), on=business_date, by=by)
    events.publish("commission_plan.proposed", plan.subject, {"number": plan.number, "dealer": dealer.number})
    return plan
