"""An application as the risk room judges it: the loan as it would be paid out today, with its balance after every month."""

from __future__ import annotations

from datetime import date

from chezhe.finmath.money import Money
from chezhe.origination import figures
from chezhe.origination.models import Application
from chezhe.risk.proposals import Proposal


def proposal(number: str, on: date) -> Proposal | None:
    """None while figures are missing. Raises NoPlan (422) for terms that make no plan, ParameterMissing or LenderUnknown (409)."""
    application = Application.objects.select_related("customer", "vehicle", "product_version__product").filter(number=number).first()
    assessment = figures.assess(application, on) if application is not None else None
    if application is None or assessment is None:
        return None
    plan = assessment.sample.charged
    return Proposal(
        subject=application.subject, customer_number=application.customer.number, vehicle_number=assessment.vehicle.number,
        amount=assessment.sample.amount, principal=Money(plan.totals.principal_fen),
        interest=Money(plan.totals.interest_fen + plan.totals.fee_fen),
        balances=(assessment.sample.amount, *(Money(row.balance_fen) for row in plan.rows)), matures_on=plan.rows[-1].due_date,
        price=application.price if application.purpose == "purchase" else None, price_base=assessment.price_base,
        branch_id=application.branch_id, owner_id=application.owner_id,
    )
