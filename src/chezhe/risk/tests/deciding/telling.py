"""A case in the database: whoever is told everything that the shipped tables ask for, and a card that scores."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db import transaction

from chezhe.customers.models import Customer
from chezhe.kernel import clock, events, jobs
from chezhe.kernel.actor import Actor
from chezhe.risk.deciding import champion, steps
from chezhe.risk.deciding.asking import Asking
from chezhe.risk.deciding.models import Decision, DecisionRound
from chezhe.risk.deciding.values import Scorer
from chezhe.risk.facts import steps as fact_steps
from chezhe.risk.tests.deciding.cases import CARD_INPUTS, GOOD, Card

PERSON = {
    "age_years": 35, "id_verified": True, "face_verified": True, "card_verified": True, "phone_months": 60, "phone_name_match": True,
    "has_enforcement": False, "has_court_case": False, "has_consumption_ban": False, "watch_list_hit": False,
    "bureau_overdue_now": False, "bureau_overdue_amount_now": 0, "bureau_bad_debt": False, "bureau_missed_in_row_24m": 0,
    "bureau_missed_total_24m": 0, "bureau_missed_12m": 0, "bureau_hard_inquiries_3m": 1, "bureau_is_thin": False, "bureau_score": 720, "bureau_monthly_due": 60_000,
    "bureau_card_balance": 100_000, "lenders_applied_30d": 1, "lenders_applied_90d": 1, "income_verified_monthly": 1_250_000,
    "income_gap_rate": "0.01", "flow_interest_ok": True, "flow_is_continuous": True, "flow_gambling_amount": 0, "flow_lender_debits_monthly": 0, "employer_months": 60,
    "is_local": True,
}
# What asking for a decision finds out by itself of somebody who shares nothing with anybody.
RELATED = {
    "on_blacklist": False, "same_phone_people": 0, "same_address_people": 0, "same_device_people": 0, "same_card_people": 0,
    "same_employer_phone_people": 0, "ring_size": 0, "ring_bad_rate": "0", "employer_bad_people": 0, "employer_bad_rate": "0",
}
# The same of an application that shares nothing with another.
SHARED = {"same_vin_applications": 0, "plate_other_vins": 0, "guarantor_applications": 0}
CAR = {
    "car_age_months": 46, "car_mileage_km": 56_000, "car_mileage_conflict": False, "car_major_accident": False, "car_flood": False,
    "car_fire": False, "car_title_clear": True, "car_mortgaged_elsewhere": False, "car_vin_match": True, "car_plate_match": True,
    "car_usage": "non_commercial", "car_insured": True,
}
FORWARD = {"forward_ltv_max": "0.70", "coverage_value": 9_000_000, "owed_to_maturity": 6_800_000}
FIGURES = {
    code: GOOD[code] for code in (
        "amount", "periods", "annual_rate", "ltv", "price_base", "instalment", "purpose", "borrower_kind", "car_condition",
        "car_use_kind", "car_energy_kind", "penalty_multiple", "misuse_multiple", "upfront_fees", "all_in_simple", "all_in_compound",
        "product_rate_usual", "product_rate_min", "product_rate_max", "product_ltv_max",
    )
} | {"product": "P03", "purpose": "consumption", "channel": "direct", "monthly_debt_declared": 100_000}


@contextmanager
def scoring() -> Iterator[None]:
    """A monotone card is the champion for persons."""
    scorer = Scorer(name="card", content_hash="card-1", model=Card(), inputs=tuple(CARD_INPUTS), points_min=300, points_max=900)
    source = champion.Source(lambda kind: scorer if kind == "person" else None, lambda given: scorer if given == "card-1" else None)
    champion.register(source)
    try:
        yield
    finally:
        champion.unregister(source)


def tell(customer: Customer, car: str = "", subject: str = "", *, without: tuple[str, ...] = (), **changes: Any) -> None:
    """Everything that outside sources, and our own measuring, would have told by now."""
    at = clock.now() - timedelta(minutes=1)
    for whom, facts, source in ((customer.subject, PERSON, "bureau"), (car, CAR, "bureau"), (subject, FORWARD, "decision")):
        if whom:
            told = {code: changes.get(code, value) for code, value in facts.items() if code not in without}
            fact_steps.record_facts(whom, told, source=source, known_at=at)


def asking(customer: Customer, by: Actor, *, subject: str = "application:A26-000001-8", car: str = "", kind: str = "live", **figures: Any) -> Asking:
    return Asking(
        subject=subject, kind=kind, customer=customer, vehicle=car, branch_id=customer.branch_id, owner_id=by.user_id or customer.owner_id,
        on=clock.now().astimezone(clock.SHANGHAI).date(), licence_type="mcc", region="", figures={**FIGURES, **figures},
    )


def begin(question: Asking, by: Actor) -> DecisionRound:
    with transaction.atomic():
        return steps.begin(question, by=by)


def decided(question: Asking, by: Actor) -> Decision:
    """Asked and decided by the worker; nobody agreed to be asked about, so there is nothing to wait for."""
    with jobs.in_line():
        begun = begin(question, by)
        while events.deliver_all() + jobs.run_due():
            pass
    return Decision.objects.get(round=begun)
