"""What dealers earn in the sample: two dealers with a plan, a loan and a statement each."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import transaction

from chezhe.channels.commission import steps as plan_steps
from chezhe.channels.commission.steps import PlanTerms
from chezhe.channels.models import CommissionPlan, Dealer
from chezhe.kernel.actor import Actor
from chezhe.origination.models import Application
from chezhe.servicing import monthly
from chezhe.servicing.commission import accruing, statements
from chezhe.servicing.commission.models import CommissionLine
from chezhe.servicing.models import Loan


@transaction.atomic
def earn(by: Actor, today: date) -> None:
    """Fill the lists of plans, lines and statements. What was earned this month is told as earned in the last, which is over."""
    as_of = monthly.ends_before(today)[0]
    dealers = Dealer.objects.filter(status="active").order_by("pk")[:2]
    loans = Loan.objects.filter(contract__application__isnull=False, commission_lines=None).order_by("pk")[:2]
    # The story may have left only one without.
    for dealer, loan in zip(dealers, loans, strict=False):
        terms = PlanTerms(rate=Decimal("0.03"), hold_months=24, effective_from=loan.paid_out_on)
        plan = plan_steps.propose(dealer, terms, "年度合作", on=loan.paid_out_on, by=by)
        CommissionPlan.objects.filter(pk=plan.pk).update(status="agreed")
        Application.objects.filter(pk=loan.contract.application_id).update(dealer=dealer)
        accruing.accrue(Loan.objects.get(pk=loan.pk), loan.principal, by=by)
    CommissionLine.objects.filter(on__gt=as_of).update(on=as_of)
    statements.draw_up(as_of, by=by)
