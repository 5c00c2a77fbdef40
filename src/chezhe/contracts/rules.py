"""What must be true before money leaves, and who may let it go. Pure values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from chezhe.compliance.rules import COMMERCIAL_USE, CONVENTIONAL, NEV, PRIVATE_USE, PricingFacts
from chezhe.finmath.contract import ContractTerms
from chezhe.finmath.money import Money
from chezhe.finmath.terms import Method, Rates

# The conditions precedent in the order in which people meet them.
COST_SHEET, SIGNED, MORTGAGE, ACCOUNT, APPROVAL = "cost_sheet", "signed", "mortgage", "account", "approval"
PAYOFF, COVERAGE, GPS = "payoff", "coverage", "gps"
CONDITIONS = (COST_SHEET, SIGNED, MORTGAGE, GPS, ACCOUNT, APPROVAL, COVERAGE, PAYOFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What is known of a contract on the day somebody wants to pay it out.

    The approval counts until its last day; `needs_cost_sheet` is false before the duty began and for companies. A contract that
    `refinances` an older loan needs that loan's payoff of the day. `is_covered` is None where nothing was measured yet, or need not be.
    """

    on: date
    is_signed: bool
    needs_cost_sheet: bool
    has_cost_sheet: bool
    is_mortgage_registered: bool
    is_account_open: bool
    account_holder: str
    borrower_name: str
    approval_expires_on: date | None
    refinances: bool = False
    payoff_on: date | None = None
    is_covered: bool | None = None
    needs_gps: bool = False
    has_gps: bool = False
    # What areas and people ask for besides, by code, and whether it is met; which of all conditions was waived or put off.
    further: Mapping[str, bool] = field(default_factory=dict)
    waived: frozenset[str] = frozenset()


def missing(facts: Readiness) -> tuple[str, ...]:
    """The conditions that are not met, in order; empty when money may leave."""
    met = {
        COST_SHEET: facts.has_cost_sheet or not facts.needs_cost_sheet,
        SIGNED: facts.is_signed,
        MORTGAGE: facts.is_mortgage_registered,
        ACCOUNT: facts.is_account_open and facts.account_holder == facts.borrower_name,
        APPROVAL: facts.approval_expires_on is None or facts.on <= facts.approval_expires_on,
        COVERAGE: facts.is_covered is not False, GPS: facts.has_gps or not facts.needs_gps,
        PAYOFF: not facts.refinances or facts.payoff_on == facts.on,
    }
    own = tuple(condition for condition in CONDITIONS if not met[condition] and condition not in facts.waived)
    return (*own, *(condition for condition, is_met in facts.further.items() if not is_met))


def device_numbers(typed: str) -> tuple[str, ...]:
    """The numbers of devices as somebody typed them, each once, in their order."""
    return tuple(dict.fromkeys(re.split(r"[\s、，,;；]+", typed.strip()))) if typed.strip() else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """What the caps ask of a loan beside its terms: `energy` and `usage` as booleans of the car."""

    licence_type: str
    region: str
    product_code: str
    borrower_kind: str
    purpose: str
    condition: str
    is_new_energy: bool
    is_commercial: bool
    price_base: Money | None


def pricing_facts(deal: Deal, terms: ContractTerms, rates: Rates, *, misuse_multiple: Decimal, penalty_multiple: Decimal) -> PricingFacts:
    """The loan as the cap engine sees it. Nothing is ever kept back from the principal."""
    plan = terms.plan
    rate = plan.flat_annual_rate if plan.method is Method.FLAT_EQUAL else plan.annual_rate
    upfront = sum(fee.amount_fen for fee in plan.fees if fee.when.value == "upfront")
    return PricingFacts(
        licence_type=deal.licence_type, region=deal.region, product_code=deal.product_code, borrower_kind=deal.borrower_kind,
        purpose=deal.purpose, vehicle_condition=deal.condition, usage=COMMERCIAL_USE if deal.is_commercial else PRIVATE_USE,
        energy=NEV if deal.is_new_energy else CONVENTIONAL, amount=Money(plan.principal_fen), price_base=deal.price_base,
        term_months=plan.periods or 0, annual_rate=rate or Decimal(0), all_in_simple=rates.all_in_simple,
        all_in_compound=rates.all_in_compound, penalty_multiple=penalty_multiple, misuse_multiple=misuse_multiple,
        upfront_fees=Money(upfront), deducted_from_principal=Money(0),
    )
