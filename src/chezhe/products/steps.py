"""Checks and moves of a product version that several actions and doors share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import product as combinations
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import queries as compliance_queries
from chezhe.compliance import steps as compliance_steps
from chezhe.compliance.rules import Finding, PricingFacts
from chezhe.finmath.money import Money
from chezhe.finmath.quote import quote
from chezhe.finmath.terms import Quote, TermsError
from chezhe.kernel import clock, events
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.kernel.moves import move
from chezhe.products import judging, rules
from chezhe.products.models import ProductVersion
from chezhe.products.rules import Corner, ProductTerms
from chezhe.products.states import VERSION


class NoPlan(BusinessError):
    code = "no_plan"
    http_status = 422
    sentence = _("这些条件排不出还款计划（%(reason)s），请调整期限、利率或还款方式。")


def lock_version(number: str) -> ProductVersion:
    """The version, locked until the transaction ends; NotFound (404)."""
    found = ProductVersion.objects.select_for_update(of=("self",)).select_related("product").filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


def sentence_of(problem: judging.Problem) -> str:
    """The problem in the reader's language."""
    return gettext(problem.text) % problem.facts


def refuse(problems: list[judging.Problem]) -> None:
    """Raise Invalid (422) for the first problem; return when there is none."""
    for problem in problems[:1]:
        raise Invalid(field=problem.field, code="product_terms_invalid", sentence=sentence_of(problem))


def check_request(terms: ProductTerms, request: judging.Request) -> None:
    """Raise Invalid (422), with the field and a sentence, for the first thing that does not fit the product."""
    refuse(judging.misfits(terms, request))


def quoted(terms: ProductTerms, *, counted_only: bool = False, **asked: Any) -> Quote:
    """The plan and what it costs; `asked` is what `rules.quote_terms` takes. Raises NoPlan (422)."""
    try:
        return quote(rules.quote_terms(terms, counted_only=counted_only, **asked))
    except TermsError as failure:
        raise NoPlan(reason=failure.code) from failure


def worst_corner(terms: ProductTerms, start: date) -> tuple[Corner, Quote]:
    """The dearest combination that the terms allow, with its cost (simple, all-in; one that has no rate is dearest)."""
    priced = [
        (corner, quoted(terms, counted_only=True, amount=corner.amount, periods=corner.periods,
                        annual_rate=corner.annual_rate, method=corner.method, start=start))
        for corner in rules.corners(terms)
    ]
    infinite = Decimal("Infinity")
    return max(priced, key=lambda pair: infinite if pair[1].rates.all_in_simple is None else pair[1].rates.all_in_simple)


def findings(code: str, terms: ProductTerms, worst: tuple[Corner, Quote], on: date) -> list[Finding]:
    """What the caps in force on `on` say of every kind of loan the terms allow, blocks first, each rule once."""
    seen: dict[tuple[str, str], Finding] = {}
    for facts in _all_facts(code, terms, worst):
        for finding in compliance_steps.findings_for(facts, on):
            seen.setdefault((finding.code, finding.measure), finding)
    return sorted(seen.values(), key=lambda finding: not finding.is_block)


def require_within_caps(code: str, terms: ProductTerms, worst: tuple[Corner, Quote], on: date) -> list[Finding]:
    """Raise CapExceeded (409) when any loan the terms allow would break a cap on `on`; else the warnings."""
    found = findings(code, terms, worst, on)
    if found and found[0].is_block:
        raise compliance_steps.CapExceeded(found)
    return found


def _all_facts(code: str, terms: ProductTerms, worst: tuple[Corner, Quote]) -> list[PricingFacts]:
    corner, priced = worst
    lender = compliance_queries.lender()
    vehicle = terms.vehicle
    kinds = combinations(terms.borrower_kinds, terms.purposes, vehicle.conditions, vehicle.usages, vehicle.energies)
    return [
        PricingFacts(
            licence_type=lender.licence_type, region=lender.region, product_code=code, borrower_kind=borrower, purpose=purpose,
            vehicle_condition=condition, usage=usage, energy=energy, amount=None, ltv_rate=terms.ltv_max,
            term_months=terms.periods_max, annual_rate=corner.annual_rate, all_in_simple=priced.rates.all_in_simple,
            all_in_compound=priced.rates.all_in_compound, penalty_multiple=terms.penalty.multiple,
            misuse_multiple=terms.penalty.misuse_multiple, upfront_fees=Money(priced.totals.upfront_fee_fen),
        )
        for borrower, purpose, condition, usage, energy in kinds
    ]


def describe_worst(worst: tuple[Corner, Quote]) -> dict[str, Any]:
    """The dearest combination as the version keeps it."""
    corner, priced = worst
    simple, compound = priced.rates.all_in_simple, priced.rates.all_in_compound
    return {
        "method": corner.method.value, "amount_fen": corner.amount.fen, "periods": corner.periods,
        "annual_rate": str(corner.annual_rate), "all_in_simple": None if simple is None else str(simple),
        "all_in_compound": None if compound is None else str(compound),
    }


_VERBS = {"approved": "publish_version", "returned": "return_version", "rejected": "return_version", "withdrawn": "return_version"}


def settle_version(subject: str, outcome: str, by: Actor) -> ProductVersion:
    """Publish a submitted version or send it back to draft, in the transaction of the deciding vote."""
    version = lock_version(subject.partition(":")[2])
    verb = _VERBS[outcome]
    if verb == "publish_version":
        version.published_by_name, version.published_at = by.name, clock.now()
        version.save(update_fields=["published_by_name", "published_at"])
        events.publish("product.published", version.subject, {
            "product": version.product.code, "version": version.number, "effective_from": version.effective_from.isoformat()})
    move(version, VERSION, verb, by=by)
    return version
