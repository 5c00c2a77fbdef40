"""What templates may name, taken from one case: the same numbers as the ledger's."""

from __future__ import annotations

from typing import Any

from chezhe.contracts.papers import words
from chezhe.contracts.papers.facts import CO_BORROWER, GUARANTOR, Case, Consent, Party, Surety
from chezhe.documents.papers.figures import both, day, figure, percent
from chezhe.finmath.money import Money
from chezhe.finmath.penalty import GraceMode
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.settlement import FlatCharges
from chezhe.finmath.terms import Method

_MODES = {PrepaymentMode.REDUCE_INSTALMENT: "期限不变、减少每期还款额", PrepaymentMode.SHORTEN_TERM: "每期还款额不变、缩短期限"}
ABSENT = "—"


def values_of(case: Case, signer: Party | None = None, surety: Surety | None = None, consent: Consent | None = None) -> dict[str, str]:
    """Every field that this case has; `signer` is who signs the paper, by itself the borrower. A field that it has not stays away."""
    who, rows = signer or case.borrower, case.quote.rows
    found = {
        "contract_number": case.number, "made_on": day(case.made_on), "lender_name": case.lender.name, "lender_uscc": case.lender.uscc,
        **_of_party("borrower", case.borrower), **_of_party("signer", who),
        "guarantor_names": "、".join(party.name for party in case.parties if party.role == GUARANTOR),
        "principal": both(case.principal), "periods": f"{case.terms.plan.periods}", "purpose": case.purpose,
        "product_name": case.product_name, "all_in_simple": percent(case.counted.rates.all_in_simple),
        "all_in_compound": percent(case.counted.rates.all_in_compound), "first_due_on": day(rows[0].due_date),
        "last_due_on": day(rows[-1].due_date), "upfront_fees": both(Money(case.quote.totals.upfront_fee_fen)),
        "refinanced_number": case.refinances, **_of_cars(case), "account_bank": case.account.bank,
        "account_number": case.account.number,
        "account_holder": case.account.holder, "gps_wired": f"{case.gps_wired}", "gps_wireless": f"{case.gps_wireless}",
        **_of_rates(case), **_of_orders(case), **_of_default(case), **_of_prepayment(case),
    }
    if surety is not None:
        until = surety.until or case.guaranteed_until
        found |= {"guarantee_amount": both(surety.amount) if surety.amount else "", "guarantee_until": day(until)}
    if consent is not None:
        found |= {"consent_text": consent.text, "consent_version": f"{consent.version}", "recipients": "、".join(case.recipients)}
    return found


def flags_of(case: Case, signer: Party | None = None, surety: Surety | None = None) -> frozenset[str]:
    """The flags under which clauses stand in this case."""
    who, floats, is_flat = signer or case.borrower, case.terms.floating is not None, case.terms.plan.method is Method.FLAT_EQUAL
    floats = floats and case.terms.plan.annual_rate is not None
    rule, settlement, product = case.terms.penalty, case.product.settlement, case.product
    keeps = settlement.flat_charges is FlatCharges.KEEP
    roles = {party.role for party in case.parties}
    asked = {
        "floats": floats, "penalty_follows": floats and product.penalty.follows_rate,
        "penalty_stays": floats and not product.penalty.follows_rate,
        "has_stub": case.terms.plan.stub is not None, "has_fees": bool(case.fees), "refinances": bool(case.refinances),
        "has_upfront_fees": case.quote.totals.upfront_fee_fen > 0, "has_late_order": case.terms.allocation.late_order is not None,
        "has_other_orders": bool(_others(case)), "compounds": rule.compounds,
        "has_grace": bool(rule.grace_days) and rule.grace_mode is not GraceMode.NONE, "has_settlement_fee": bool(settlement.fee_rate),
        "settlement_free": bool(settlement.fee_rate) and settlement.free_after_periods is not None,
        "is_flat": is_flat, "keeps_flat_charges": is_flat and keeps,
        "waives_flat_charges": is_flat and not keeps, "can_prepay": bool(product.prepayment.modes), "has_guarantor": GUARANTOR in roles,
        "has_co_borrower": CO_BORROWER in roles, "is_company": not case.borrower.is_person, "signer_is_company": not who.is_person,
        "needs_gps": case.gps_wired + case.gps_wireless > 0, "several_liability": surety is None or surety.is_joint,
        "limited_guarantee": surety is not None and surety.amount is not None,
        "owner_is_other": any(car.owner.name != case.borrower.name for car in case.cars),
    }
    return frozenset(flag for flag, is_set in asked.items() if is_set)


def _of_cars(case: Case) -> dict[str, str]:
    """The car; of several each in its place, and every owner once."""
    said = {
        "car_title": [car.title for car in case.cars], "car_vin": [car.vin for car in case.cars],
        "car_plate": [car.plate or "尚未上牌" for car in case.cars],
        "car_owner": list(dict.fromkeys(car.owner.name for car in case.cars)),
    }
    return {name: "、".join(texts) for name, texts in said.items()}


def _of_party(role: str, party: Party) -> dict[str, str]:
    said = {"name": party.title, "paper": party.paper_number, "phone": party.phone or ABSENT, "address": party.address or ABSENT}
    return {f"{role}_{name}": value for name, value in said.items()}


def _of_rates(case: Case) -> dict[str, str]:
    plan, floating = case.terms.plan, case.terms.floating
    found = {"day_count": words.DAY_COUNTS[plan.day_count]}
    if plan.stub is not None:
        found["stub_day_count"] = words.DAY_COUNTS[plan.stub.basis]
    if plan.annual_rate is None:
        return {**found, "flat_rate": percent(plan.flat_annual_rate)}
    found["annual_rate"] = percent(plan.annual_rate)
    if floating is not None:
        points = (floating.spread_rate * 10_000).normalize()
        found |= {
            "reference_rate_name": words.BASES_OF_RATES[floating.base], "reference_rate": percent(plan.annual_rate - floating.spread_rate),
            "spread": f"{'加' if points >= 0 else '减'} {abs(points):f} 个基点", "cadence": words.CADENCES[floating.cadence],
        }
    return found


def _of_orders(case: Case) -> dict[str, str]:
    rule = case.terms.allocation
    found = {"order": _order(rule.order), "other_orders": _others(case)}
    if rule.late_order is not None:
        found |= {"late_order": _order(rule.late_order), "late_after_days": f"{rule.late_after_days}"}
    return found


def _others(case: Case) -> str:
    """How money that is no repayment counts, where it has its own order."""
    return "".join(
        f"{words.TRANSACTIONS[choice.kind]}依次抵充{_order(choice.rule.order)}。"
        for choice in case.product.orders if choice.rule != case.terms.allocation
    )


def _order(items: tuple[Any, ...]) -> str:
    return "、".join(words.ITEMS[item] for item in items)


def _of_default(case: Case) -> dict[str, str]:
    rule, penalty = case.terms.penalty, case.product.penalty
    found = {
        "penalty_base": words.BASES[rule.base], "penalty_rate": percent(rule.annual_rate), "penalty_multiple": f"{penalty.multiple}",
        "penalty_day_count": words.DAY_COUNTS[rule.day_count], "misuse_multiple": f"{penalty.misuse_multiple}",
    }
    if rule.grace_days and rule.grace_mode is not GraceMode.NONE:
        found |= {"grace_days": f"{rule.grace_days}", "grace_rule": words.GRACE[rule.grace_mode]}
    return found


def _of_prepayment(case: Case) -> dict[str, str]:
    settlement, prepayment = case.product.settlement, case.product.prepayment
    found = {"prepayment_min": figure(prepayment.amount_min), "prepayment_ways": "或".join(_MODES[mode] for mode in prepayment.modes)}
    if settlement.fee_rate:
        found["settlement_rate"] = percent(settlement.fee_rate)
    if settlement.free_after_periods is not None:
        found["settlement_free_after"] = f"{settlement.free_after_periods}"
    return found
