"""What the law and the licence say of a case. Nobody, no table and no person, can be allowed more than this.

The limits come from `compliance.rules`; here they are laid against the facts of one application.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final

from chezhe.compliance import rules as cap_rules
from chezhe.compliance.rules import Finding, PricingFacts
from chezhe.finmath.money import ZERO, Money
from chezhe.risk.deciding.values import CAPS, DECLINED, REFERRED, Case, Stage, Terms

CLEAR: Final = "clear"
PRICE_CUT: Final = "price_cut"
FEES: Final = "upfront_fees"
# What it takes to say which limits bind, and what the rules cannot be asked without; of the two ways to annualise, the one that counts is
# added.
CHOOSING: Final = (
    "amount", "price_base", "periods", "annual_rate", "purpose", "borrower_kind", "product", "car_condition", "car_use_kind",
    "car_energy_kind", "penalty_multiple", "misuse_multiple",
)
NEEDED: Final = (*CHOOSING, FEES)
COSTS: Final = ("all_in_simple", "all_in_compound", "annual_rate")
RATE_STEP: Final = Decimal("0.0001")
LTV_REASON, PRICE_REASON, LICENCE_REASON = "R15", "R21", "R02"


@dataclass(frozen=True, slots=True)
class Capped:
    """What the caps say: the stage of the record, and the terms cut to what they allow."""

    stage: Stage
    terms: Terms


def judge(case: Case, terms: Terms) -> Capped:
    """Lay the legal limits against the loan as it is asked for. A price too high is cut where the product allows it and referred;
    too large or too long a loan, or one that no licence allows, is declined. What cannot be asked is referred."""
    if case.bounds.limits is None:
        return Capped(Stage(name=CAPS, verdict=REFERRED, trouble="limits_missing"), terms)
    needed = NEEDED if case.asks_fees else CHOOSING
    unknown = tuple(code for code in (*needed, f"all_in_{case.bounds.measure}") if case.value(code) is None)
    if unknown:
        return Capped(Stage(name=CAPS, verdict=REFERRED, unknown=unknown), terms)
    try:
        facts = pricing_facts(case)
    except ValueError:
        return Capped(Stage(name=CAPS, verdict=REFERRED, trouble="pricing_words_unknown"), terms)
    findings = cap_rules.judge(facts, case.bounds.limits, measure=case.bounds.measure)
    return _ruled(case, terms, [finding for finding in findings if finding.is_block])


def pricing_facts(case: Case, *, fees: Money | None = None) -> PricingFacts:
    """The loan as the cap engine sees it, with its own fees unless others are named (none where they are not told and a case does not ask
    for them). Raises ValueError for a word that no rule knows."""
    given: Any = case.value
    own = given(FEES)
    return PricingFacts(
        licence_type=case.bounds.licence_type, region=case.bounds.region, product_code=given("product"),
        borrower_kind=given("borrower_kind"), purpose=given("purpose"), vehicle_condition=given("car_condition"),
        usage=given("car_use_kind"), energy=given("car_energy_kind"), amount=Money(given("amount")), price_base=Money(given("price_base")),
        term_months=given("periods"), annual_rate=given("annual_rate"), all_in_simple=given("all_in_simple"),
        all_in_compound=given("all_in_compound"), penalty_multiple=given("penalty_multiple"),
        misuse_multiple=given("misuse_multiple"), upfront_fees=fees if fees is not None else Money(own) if own is not None else ZERO,
    )


def _ruled(case: Case, terms: Terms, blocks: list[Finding]) -> Capped:
    if not blocks:
        return Capped(Stage(name=CAPS, verdict=CLEAR), terms)
    costs = [block for block in blocks if block.measure in COSTS]
    outputs = tuple((block.code, f"{block.measure}:{block.actual}>{block.limit}") for block in blocks)
    reasons = tuple(dict.fromkeys(_reason(block) for block in blocks))
    cut = _cut_rate(case, costs)
    if len(costs) == len(blocks) and cut is not None:
        stage = Stage(name=CAPS, verdict=REFERRED, outputs=outputs, reasons=reasons, trouble=PRICE_CUT)
        return Capped(stage, _with_rate(terms, cut))
    return Capped(Stage(name=CAPS, verdict=DECLINED, outputs=outputs, reasons=reasons), terms)


def _reason(block: Finding) -> str:
    return {cap_rules.LTV: LTV_REASON, "licence": LICENCE_REASON}.get(block.measure, PRICE_REASON)


def _cut_rate(case: Case, costs: Iterable[Finding]) -> Decimal | None:
    """The rate that takes the excess away, None when the product has none so low. The cost falls by at least as much as the rate, but
    for rounding: whoever agrees to it has the exact cost computed again."""
    excess = max((block.actual - block.limit for block in costs), default=Decimal(0))
    asked, lowest = case.value("annual_rate"), case.value("product_rate_min")
    if not isinstance(asked, Decimal) or not isinstance(lowest, Decimal) or not excess.is_finite():
        return None
    cut = ((asked - excess) / RATE_STEP).to_integral_value(ROUND_FLOOR) * RATE_STEP
    return cut if cut >= lowest and cut > 0 else None


def _with_rate(terms: Terms, rate: Decimal) -> Terms:
    kept = rate if terms.annual_rate is None else min(rate, terms.annual_rate)
    return Terms(
        amount_max_fen=terms.amount_max_fen, annual_rate=kept, ltv_max=terms.ltv_max, dti_max=terms.dti_max, sla_hours=terms.sla_hours,
    )
