"""What of an application the machine is told: the loan's figures as facts, and whose facts count beside the borrower's."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chezhe.compliance import queries as compliance_queries
from chezhe.origination.figures import Assessment
from chezhe.origination.models import Application
from chezhe.risk.deciding.asking import Asking


def asking(application: Application, assessment: Assessment, kind: str) -> Asking:
    """The question, as the application stands with these figures."""
    lender = compliance_queries.lender()
    return Asking(
        subject=application.subject, kind=kind, customer=application.customer,
        vehicle=application.vehicle.subject if application.vehicle else "", dealer=_dealer(application),
        branch_id=application.branch_id, owner_id=application.owner_id, on=assessment.on, licence_type=lender.licence_type,
        region=lender.region, figures=figures(application, assessment),
        parties=tuple((party.role, party.customer.subject) for party in application.parties.select_related("customer")),
        further=tuple(one.vehicle.subject for one in assessment.further),
        filed_through=application.filed_through, device=application.device,
    )


def _dealer(application: Application) -> str:
    return application.dealer.subject if application.dealer is not None else ""


def _is_local(application: Application) -> bool | None:
    """Whether the borrower says to live in the branch's city; None where either is not filed."""
    city, address = application.branch.city, application.customer.address
    return city in address if city and address else None


def figures(application: Application, assessment: Assessment) -> dict[str, Any]:
    """Facts by code; money in whole fen, rates as Decimal. What is not known is left out."""
    facts, terms = assessment.facts, assessment.version.terms
    price = terms.price_of(assessment.sample.method)
    return _known({
        "amount": assessment.sample.amount.fen, "periods": assessment.sample.periods, "annual_rate": assessment.sample.annual_rate,
        "purpose": facts.purpose, "product": facts.product_code, "borrower_kind": facts.borrower_kind, "region": facts.region or None,
        "ltv": assessment.ltv, "price_base": assessment.law_base.fen, "instalment": assessment.instalment.fen,
        "upfront_fees": facts.upfront_fees.fen, "all_in_simple": facts.all_in_simple, "all_in_compound": facts.all_in_compound,
        "penalty_multiple": facts.penalty_multiple, "misuse_multiple": facts.misuse_multiple, "car_condition": facts.vehicle_condition,
        "car_use_kind": facts.usage, "car_energy_kind": facts.energy, "product_rate_usual": price.rate_default,
        "product_rate_min": price.rate_min, "product_rate_max": price.rate_max, "product_ltv_max": terms.ltv_max,
        "channel": "dealer" if _dealer(application) else "direct", "car_usage": assessment.vehicle.usage_nature or None,
        "is_local": _is_local(application),
        "monthly_debt_declared": _fen(application.monthly_debt), "income_declared_monthly": _fen(application.monthly_income),
    })


def _fen(money: Any) -> int | None:
    return None if money is None else int(money.fen)


def _known(facts: dict[str, Any]) -> dict[str, Any]:
    """Rates to ten decimals, as a fact holds them."""
    return {
        code: value.quantize(Decimal("1e-10")).normalize() if isinstance(value, Decimal) else value
        for code, value in facts.items() if value is not None
    }
