"""What the cap engine says, with the figures of the day, of a running loan that is to become dearer or longer.

What was lent against which car was judged when it was agreed; lowering a rate is never refused.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from chezhe.compliance import queries as compliance_queries
from chezhe.compliance import rules as caps
from chezhe.compliance import steps as compliance_steps
from chezhe.compliance.rules import COMMERCIAL_USE, CONVENTIONAL, NEV, PRIVATE_USE, PURCHASE, PricingFacts
from chezhe.finmath.money import Money
from chezhe.finmath.quote import cost_with
from chezhe.finmath.terms import Method, QuoteTerms
from chezhe.servicing.models import Loan
from chezhe.vehicles import rules as vehicle_rules


def require_rate(loan: Loan, annual_rate: Decimal, on: date) -> None:
    """Raises CapExceeded or ParameterMissing (409) when the loan, fees counted, would cost too much at this rate all its life."""
    if loan.annual_rate is None or annual_rate <= loan.annual_rate:
        return
    plan, penalty = loan.contract.agreed.plan, loan.product_version.terms.penalty
    simple, compound = cost_with(_at_rate(plan, annual_rate), [])
    compliance_steps.check_pricing(_facts(
        loan, annual_rate=annual_rate, all_in_simple=simple, all_in_compound=compound,
        penalty_multiple=penalty.multiple if penalty.follows_rate else Decimal(0),
    ), on)


def _at_rate(plan: QuoteTerms, annual_rate: Decimal) -> QuoteTerms:
    """The plan as agreed, at this rate; flat charges that a restructuring has replaced become interest on what is left."""
    if plan.annual_rate is None:
        plan = replace(plan, method=Method.EQUAL_INSTALMENT, flat_monthly_rate=None, flat_annual_rate=None)
    return replace(plan, annual_rate=annual_rate, instalment_fen=None)


def require_term(loan: Loan, months: int, on: date) -> None:
    """Raises CapExceeded or ParameterMissing (409) when the loan, extensions included, would run longer than the law lets a loan
    for this use and car (《汽车贷款管理办法》第六条)."""
    facts = _facts(loan, term_months=months)
    limits = [limit for limit in compliance_steps.limits_for(facts, on) if limit.need.measure == caps.TERM]
    compliance_steps.refuse_blocks(caps.check_term(facts, limits))


def _facts(loan: Loan, **more: Any) -> PricingFacts:
    lender, vehicle, application = compliance_queries.lender(), loan.contract.vehicle, loan.contract.application
    return PricingFacts(
        licence_type=lender.licence_type, region=lender.region, product_code=loan.product_version.product.code,
        borrower_kind=application.borrower_kind if application else loan.customer.kind, vehicle_condition=vehicle.condition,
        purpose=application.purpose if application and application.purpose else PURCHASE,
        usage=COMMERCIAL_USE if vehicle_rules.is_commercial(vehicle.usage_nature) else PRIVATE_USE,
        energy=NEV if vehicle_rules.is_new_energy(vehicle.energy_type) else CONVENTIONAL,
        amount=Money(loan.contract.agreed.plan.principal_fen), ltv_rate=Decimal(0), **more,
    )
