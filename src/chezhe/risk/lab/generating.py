"""Past applications that never were: rows of facts with their outcome, for the models that a fresh system starts with.

Every row is a life (`chezhe.invented`) that asks for a loan on a day; its facts are read from the answers that the outside sources would
have given on that day by the same functions that read the real answers, so that a model of these rows understands what the product
serves. Pure: the same `n` and `seed` are the same rows, byte by byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from math import exp
from random import Random
from typing import Any

from chezhe.identifiers import synthetic
from chezhe.invented import car, car_values, defaults, flows, person
from chezhe.invented.car_models import MODELS
from chezhe.invented.cars import CarLife
from chezhe.invented.debts import standing
from chezhe.invented.flows import FlowSummary
from chezhe.invented.months import between, later
from chezhe.invented.people import PersonLife
from chezhe.risk.facts import earning
from chezhe.risk.lab.neighbours import Neighbours
from chezhe.risk.vendors.bureau import reading as bureau_reading
from chezhe.risk.vendors.bureau import telling as bureau_telling
from chezhe.risk.vendors.courts import reading as court_reading
from chezhe.risk.vendors.courts import telling as court_telling
from chezhe.risk.vendors.identity import reading as identity_reading
from chezhe.risk.vendors.identity import telling as identity_telling
from chezhe.risk.vendors.lenders import reading as lender_reading
from chezhe.risk.vendors.lenders import telling as lender_telling
from chezhe.risk.vendors.social_insurance import reading as insurance_reading
from chezhe.risk.vendors.social_insurance import telling as insurance_telling
from chezhe.risk.vendors.valuers import telling as valuer_telling
from chezhe.risk.vendors.vehicle_registry import reading as registry_reading
from chezhe.risk.vendors.vehicle_registry import telling as registry_telling

TARGET, ID, TIME = "bad_12m", "row_id", "approved_on"
MONTHS, LAST = 36, date(2026, 6, 30)
PROVINCES = {"33": 40, "44": 25, "32": 14, "31": 6, "41": 5, "51": 5, "61": 5}
PRODUCTS = {"P02": 6, "P03": 4}
_SHANGHAI = timezone(timedelta(hours=8))
_CENT, _FOUR = Decimal("0.01"), Decimal("0.0001")
# Of everybody with a credit report: what a card may ask for without sending people away who have done nothing wrong.
WIDELY_KNOWN = frozenset((
    "bureau_score", "bureau_missed_12m", "bureau_missed_total_24m", "bureau_missed_in_row_24m", "bureau_hard_inquiries_3m",
    "bureau_hard_inquiries_1m", "bureau_balance_unsecured", "bureau_months_since_first", "bureau_monthly_due", "bureau_card_balance",
    "lenders_applied_7d", "lenders_applied_30d", "lenders_applied_90d", "phone_months", "periods", "ltv", "dti",
))
# By whom a model is held to treat people alike; none of them may be asked for by one.
GROUPS = ("sex", "age_years", "marital_status", "region")
# How often a source had nothing to say, or was down all day.
_NO_STATEMENT, _NO_PHONE, _NO_LENDERS, _NO_VALUE = 0.10, 0.015, 0.01, 0.02


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody applies for. `bought_at_fen` is the price of the car as agreed."""

    on: date
    amount_fen: int
    periods: int
    annual_rate: Decimal
    product: str
    purpose: str
    bought_at_fen: int


def applications(n: int, seed: int, *, last: date = LAST, with_sex: bool = False) -> Iterator[dict[str, Any]]:
    """`n` rows in order of time over 36 months to `last`: facts by their codes (money in whole fen, rates as text, what is unknown left
    out), `row_id`, `approved_on` (ISO text) and `bad_12m` (1 when the loan went 90 days late within twelve months). `with_sex` adds `sex`,
    which is no fact."""
    rng, neighbours = Random(seed), Neighbours()
    days = sorted(int((rng.random() ** 0.92) * MONTHS * 30.4) for _ in range(n))
    first = last - timedelta(days=int(MONTHS * 30.4))
    for number, day in enumerate(days, start=1):
        on = first + timedelta(days=day)
        life = _somebody(rng, day / (MONTHS * 30.4))
        vehicle = _a_car(rng, life, on)
        row = row_of(life, vehicle, _wish(rng, life, vehicle, on), f"G{seed}-{number:06d}", neighbours)
        yield row | {"sex": "male" if life.is_male else "female"} if with_sex else row


def row_of(life: PersonLife, vehicle: CarLife, wish: Wish, row_id: str, neighbours: Neighbours) -> dict[str, Any]:
    """One application with everything known of it on its day, and what became of it."""
    chance, instalment = life.chance, _instalment(wish)
    facts = {
        **_person_facts(life, wish.on), **_car_facts(vehicle, wish, life.city), **neighbours.seen(life),
        "amount": wish.amount_fen, "periods": wish.periods, "annual_rate": str(wish.annual_rate), "product": wish.product,
        "purpose": wish.purpose, "borrower_kind": "person", "region": life.city,
    }
    facts |= _derived(facts, instalment)
    for codes, name, rate in _SILENCES:
        if chance.happens(f"silent {name} {wish.on}", rate):
            facts = {code: value for code, value in facts.items() if code not in codes}
    truth = _truth(life, vehicle, wish, instalment)
    is_bad = defaults.defaults_on(life, wish.on, row_id, **truth)
    neighbours.remember(life, is_bad)
    return {ID: row_id, TIME: wish.on.isoformat(), **facts, TARGET: int(is_bad)}


_FLOW_CODES = frozenset((
    "income_verified_monthly", "income_gap_rate", "income_contradicted", "salary_months_6m", "flow_is_continuous", "flow_interest_ok",
    "flow_average_balance",
    "flow_gambling_amount", "flow_lender_debits_monthly", "flow_top_share", "dti",
))
# As shipped (INSURED_INCOME_MULTIPLE, INCOME_CONFLICT_RATE).
_FIGURES = earning.Figures(Decimal(2), Decimal("0.30"))
_SILENCES = (
    (_FLOW_CODES, "statement", _NO_STATEMENT), (frozenset(("phone_months", "phone_name_match")), "phone", _NO_PHONE),
    (frozenset(("lenders_applied_7d", "lenders_applied_30d", "lenders_applied_90d")), "lenders", _NO_LENDERS),
    (frozenset(("car_value_market", "ltv", "car_days_to_sell")), "valuer", _NO_VALUE),
)


def _person_facts(life: PersonLife, on: date) -> dict[str, Any]:
    at, chance = datetime(on.year, on.month, on.day, 10, tzinfo=_SHANGHAI), life.chance
    held = [(account, standing(account, on)) for account in life.accounts_on(on)]
    summary = flows.summary(life, on, held, is_forged=life.lies.forges_statement)
    job, declared = life.job_on(on), life.declared_income_on(on)
    shown = _flow_facts(summary, declared)
    photo = f"{life.id_number}:{on}"
    return {
        **identity_reading.age_facts(life.born_on, on), **identity_reading.identity_facts(identity_telling.identity_of(life)),
        **identity_reading.face_facts(identity_telling.face_of(life, photo)),
        **identity_reading.card_facts(identity_telling.card_of(life, "6299990000000000000", life.mobile)),
        **identity_reading.phone_facts(identity_telling.phone_of(life, life.mobile, on)),
        **bureau_reading.facts(bureau_telling.report_of(life, at, is_whole=False)),
        **court_reading.person_facts(court_telling.entries_of(life.cases, chance, on)),
        **lender_reading.lender_facts(lender_telling.applications_of(life, on)),
        "income_declared_monthly": declared, **shown, **_contradiction(life, on, declared, shown),
        "employer_months": between(job.from_on, on) if job else 0, "is_local": life.city == life.home_city,
        "education": life.education, "marital_status": life.marital_on(on), "house_owner": life.owns_house_on(on), "on_blacklist": False,
    }


def _flow_facts(summary: FlowSummary, declared: int) -> dict[str, Any]:
    """What a statement shows; an income only where it proves one."""
    shown = {
        "flow_is_continuous": summary.is_continuous, "flow_interest_ok": summary.interest_is_right,
        "flow_average_balance": summary.average_balance_fen, "flow_gambling_amount": summary.gambled_fen,
        "flow_lender_debits_monthly": summary.lender_debits_fen, "flow_top_share": f"{summary.top_share:.4f}",
    }
    if not summary.is_proof:
        return shown
    return shown | {
        "income_verified_monthly": summary.income_fen, "income_gap_rate": _rate(declared - summary.income_fen, summary.income_fen),
        "salary_months_6m": summary.salary_months,
    }


def _contradiction(life: PersonLife, on: date, declared: int, shown: dict[str, Any]) -> dict[str, Any]:
    """Whether statement and insurance both contradict what was declared. The income of these rows is the statement's alone: the card that
    is shipped was trained on it."""
    if earning.VERIFIED not in shown:
        return {}
    answer = insurance_telling.insurance_of(life, on)
    insured = {} if answer is None else insurance_reading.insured_facts(answer, "")
    found = earning.earned(earning.evidence({**insured, **shown, earning.DECLARED: declared}, {}), _FIGURES)
    return {earning.CONTRADICTED: found.is_contradicted}


def _car_facts(vehicle: CarLife, wish: Wish, city: str) -> dict[str, Any]:
    on, odometer = wish.on, vehicle.odometer_on(wish.on)
    quotes = [
        valuer_telling.value_of(
            provider, vehicle, on, city=city, registered_on=vehicle.registered_on, mileage_km=odometer,
            condition=_seen_condition(vehicle, on))  # type: ignore[arg-type]
        for provider in valuer_telling.HABITS if valuer_telling.knows(provider, vehicle)
    ]
    facts: dict[str, Any] = {
        **registry_reading.title_facts(registry_telling.title_of(vehicle, on, plate=vehicle.plate, owner_number="1"), on),
        **registry_reading.history_facts(registry_telling.history_of(vehicle, on), on, odometer), "car_mileage_km": odometer,
        "car_vin_match": True,
    }
    if quotes:
        facts["car_value_market"] = sum(quote.prices.b2b_fen for quote in quotes) // len(quotes)
        facts["car_days_to_sell"] = sum(quote.days_to_sell for quote in quotes) // len(quotes)
    return facts


def _derived(facts: dict[str, Any], instalment: int) -> dict[str, Any]:
    """What the decision works out of the facts: monthly debt, DTI (DOMAIN.md §4) and LTV."""
    debt, income, value = facts["bureau_monthly_due"], facts.get("income_verified_monthly"), facts.get("car_value_market")
    found: dict[str, Any] = {"monthly_debt": debt}
    if income:
        found["dti"] = _rate(debt + instalment, income)
    if value:
        found["ltv"] = _rate(facts["amount"], value)
    return found


def _truth(life: PersonLife, vehicle: CarLife, wish: Wish, instalment: int) -> dict[str, float]:
    owed = sum(standing(account, wish.on).due_fen for account in life.accounts_on(wish.on))
    return {
        "burden_rate": (owed + instalment) / max(1, life.income_on(wish.on)),
        "ltv_rate": wish.amount_fen / max(1, car_values.value_on(vehicle, wish.on)),
    }


def _somebody(rng: Random, passed: float) -> PersonLife:
    """Of two who would like to, more and more often the hungrier one comes: the crowd changes over the months."""
    first, says = person(_number(rng)), rng.random()
    if says >= 0.25 + 0.3 * passed:
        return first
    return max(first, person(_number(rng)), key=lambda life: life.hunger)


def _number(rng: Random) -> str:
    born_on = date(1966, 1, 1) + timedelta(days=int(37 * 365.25 * (0.1 + 0.9 * rng.random() ** 0.8)))
    province = rng.choices(tuple(PROVINCES), weights=tuple(PROVINCES.values()))[0]
    return synthetic.invent_id_number(rng, born_on, "male" if rng.random() < 0.72 else "female", province)


def _a_car(rng: Random, life: PersonLife, on: date) -> CarLife:
    """Of two cars the one nearer to a year's income."""
    wanted, found = life.income_on(on) * 11, []
    for _ in range(2):
        maker = rng.choice(MODELS).maker_code
        year = on.year - rng.choice((1, 2, 2, 3, 3, 4, 4, 5, 6, 7))
        found.append(car(synthetic.invent_vin(rng, max(2012, year), maker)))
    bought = [each for each in found if each.registered_on < on - timedelta(days=90)] or found[:1]
    return min(bought, key=lambda each: abs(car_values.value_on(each, on) - wanted))


def _wish(rng: Random, life: PersonLife, vehicle: CarLife, on: date) -> Wish:
    price = int(car_values.value_on(vehicle, on) * exp(rng.gauss(0.03, 0.06)))
    share = min(0.9, max(0.25, rng.gauss(0.58 + 0.04 * life.hunger, 0.11)))
    rate = Decimal(rng.choice(("0.0888", "0.0988", "0.1088", "0.1188", "0.1288", "0.1488", "0.1680"))).quantize(_FOUR)
    return Wish(
        on=on, amount_fen=max(2_000_000, int(price * share) // 100_000 * 100_000), periods=rng.choice((12, 24, 24, 36, 36)),
        annual_rate=rate, product=rng.choices(tuple(PRODUCTS), weights=tuple(PRODUCTS.values()))[0],
        purpose=rng.choice(("vehicle_purchase", "turnover")), bought_at_fen=price)


def _instalment(wish: Wish) -> int:
    """Of equal instalments, in fen; a feature, not a schedule."""
    rate = float(wish.annual_rate) / 12
    return int(wish.amount_fen * rate / (1 - (1 + rate) ** -wish.periods))


def _seen_condition(vehicle: CarLife, on: date) -> str:
    """An appraiser is a grade too kind now and then."""
    honest = car_values.condition_on(vehicle, on)
    return "ABCD"[max(0, "ABCD".index(honest) - 1)] if vehicle.chance.happens(f"kind {on}", 0.2) else honest


def _rate(top: int, bottom: int) -> str:
    return str((Decimal(top) / Decimal(max(1, bottom))).quantize(_FOUR))


def last_day_of_outcome(approved_on: date) -> date:
    """From when on the outcome of a row can be known: twelve months on."""
    return later(approved_on, defaults.MONTHS)
