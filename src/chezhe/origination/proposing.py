"""An application as the risk room judges it: the loan as it would be paid out today, with its balance after every month."""

from __future__ import annotations

from datetime import date

from chezhe.finmath.money import Money
from chezhe.origination import cars, figures
from chezhe.origination.models import Application, ApplicationParty
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.deciding.asking import JOINT
from chezhe.risk.proposals import FurtherCar, Proposal


def proposal(number: str, on: date) -> Proposal | None:
    """None while figures are missing. Raises NoPlan (422) for terms that make no plan, ParameterMissing or LenderUnknown (409)."""
    application = Application.objects.select_related("customer", "vehicle", "product_version__product").filter(number=number).first()
    assessment = figures.assess(application, on) if application is not None else None
    if application is None or assessment is None:
        return None
    plan, decision = assessment.sample.charged, deciding_queries.latest(application.subject)
    return Proposal(
        subject=application.subject, customer_number=application.customer.number, vehicle_number=assessment.vehicle.number,
        amount=assessment.sample.amount, principal=Money(plan.totals.principal_fen),
        interest=Money(plan.totals.interest_fen + plan.totals.fee_fen),
        balances=(assessment.sample.amount, *(Money(row.balance_fen) for row in plan.rows)), matures_on=plan.rows[-1].due_date,
        further=tuple(FurtherCar(one.vehicle.number, cars.base_of(one.vehicle, on)) for one in assessment.further),
        price=application.price if application.purpose == "purchase" else None, price_base=assessment.price_base,
        tier=decision.tier if decision is not None else "", branch_id=application.branch_id, owner_id=application.owner_id,
    )


def debtors(number: str) -> frozenset[str]:
    """Whoever owes the loan, by customer number."""
    borrower = Application.objects.filter(number=number).values_list("customer__number")
    beside = ApplicationParty.objects.filter(application__number=number, role__in=JOINT).values_list("customer__number")
    return frozenset(key for (key,) in borrower.union(beside))
