"""Random tables in the shape of the shipped ones, a small card, random facts and limits."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from chezhe.compliance.rules import Limit, Need
from chezhe.risk.deciding.rules import GATES
from chezhe.risk.deciding.values import TABLES, Bounds, Case, Cover, Policy, Scorer, Strategy
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.tests.deciding.cases import GOOD, LIMITS, TABLES_OF, given, table
from chezhe.scorecards.bins import Bin, Characteristic
from chezhe.scorecards.card import Card
from chezhe.scorecards.features import Feature
from chezhe.scorecards.scaling import Scale

DOMAINS: dict[str, list[Any]] = {
    "age_years": [17, 18, 35, 66], "region": ["华东", "华北"], "has_enforcement": [False, False, True],
    "bureau_overdue_now": [False, False, True], "bureau_missed_in_row_24m": [0, 1, 3], "same_phone_people": [0, 2, 3],
    "face_verified": [True, True, False], "bureau_score": [400, 560, 640, 720], "bureau_hard_inquiries_3m": [0, 1, 6],
    "employer_months": [0, 11, 60], "amount": [1, 3_000_001, 6_000_000, 20_000_000, -5], "periods": [12, 24, 37, 0],
    "annual_rate": ["0.06", "0.0999", "0.12", "0.2401", "0.36"], "ltv": ["0", "0.5", "0.6", "0.7123456789", "0.9"],
    "dti": ["0.1", "0.35", "0.5000000001", "0.9"], "counted_income_monthly": [0, 700_003, 1_250_000],
    "counted_debt_monthly": [0, 100_000, 900_000], "instalment": [0, 337_500, 500_001], "price_base": [5_000_000, 10_000_000, 0],
    "purpose": ["purchase", "consumption", "business"], "borrower_kind": ["person", "company"], "product": ["P02", "P03"],
    "car_condition": ["used", "new"], "car_use_kind": ["private", "commercial"], "car_energy_kind": ["conventional", "nev"],
    "upfront_fees": [0, 150_000, -1], "penalty_multiple": ["1.5", "1.6"], "misuse_multiple": ["2", "2.5"], "all_in_simple": ["0.13", "0.24", "0.2400015", "0.37"],
    "all_in_compound": ["0.138", "0.24000001", "0.4"], "product_rate_usual": ["0.12", "0.2"], "product_rate_min": ["0.08", "0.22"],
    "coverage_value": [0, 7_999_999, 8_000_000, 8_000_001, 20_000_000], "owed_to_maturity": [1, 0, 8_000_000, 7_272_728],
    "product_rate_max": ["0.18", "0.24"], "product_ltv_max": ["0.7", "0.5"], "income_verified_monthly": [0, 1_250_000],
}
_CELLS = {
    "integer": ["-", "-", "< 2", ">= 3", "[1..60]", "null", "not(null)", "null, 0", "> 18"], "boolean": ["-", "-", "true", "false", "null"],
    "number": ["-", "-", "<= 0.6", "> 0.5", "null, < 0.4", "[0.35..0.7]"], "text": ["-", "-", '"A"', '"B", "C"', "null", 'not("A")'],
}
_ANSWERS = {
    "outcome": ['"decline"', '"refer"', "null", '"review"'], "reason": ['"R01"', '"R07"', '"R12"', "null"],
    "route": ['"auto_approve"', '"auto_approve"', '"review"', '"double_review"', '"committee"', '"decline"', "null"],
    "tier": ['"A"', '"B"', '"C"', '"D"', '"Z"', "null"], "rate_step": ["-0.01", "0", "0.02", "null"],
    "ltv_step": ["0.05", "-0.1", "null"], "ltv_max": ["0.65", "0.8", "null"], "dti_max": ["0.6", "0.4", "null"],
    "amount_max": ["30000000", "5000000", "null"],
}
_ASKED: dict[str, list[tuple[str, str]]] = {
    "prescreen": [("age_years", "integer"), ("has_enforcement", "boolean")],
    "knockout": [("bureau_missed_in_row_24m", "integer"), ("bureau_overdue_now", "boolean"), ("dti", "number")],
    "fraud": [("same_phone_people", "integer"), ("face_verified", "boolean")], "tier": [("score", "integer"), ("probability", "number")],
    "pricing": [("tier", "text"), ("ltv", "number")], "limits": [("tier", "text"), ("dti", "number")],
    "route": [("tier", "text"), ("exceptions", "integer"), ("unknown_facts", "integer")],
}
_TOLD: dict[str, list[tuple[str, str]]] = {
    **{name: [("outcome", "text"), ("reason", "text"), ("route", "text")] for name in GATES}, "tier": [("tier", "text")],
    "pricing": [("rate_step", "number")],
    "limits": [("ltv_step", "number"), ("ltv_max", "number"), ("dti_max", "number"), ("amount_max", "integer")],
    "route": [("route", "text")],
}


def card() -> Card:
    """Two characteristics, one of them missing now and then."""
    def bins(cut: float, points: int) -> tuple[Bin, ...]:
        told = (("upto", points), ("above", points * 3), ("missing", 0))
        return tuple(Bin(kind, kind, 1, 1, 0.0, -at / 28.85, at, cut if kind == "upto" else None) for kind, at in told)

    return Card(Scale(), -1.0, 560, (
        Characteristic(Feature("bureau_score", "number", ("bureau_score",)), "-", 1.0, bins(600.0, 30)),
        Characteristic(Feature("ltv", "number", ("ltv",)), "+", 1.0, bins(0.6, 15)),
    ))


def strategy(chance: Random, *, is_plain: bool = False) -> Strategy:
    """Random tables; or the plain ones, by which good cases are approved."""
    made = card()
    if is_plain:
        plain = Scorer(name="card", content_hash="c", model=made, inputs=made.columns, points_min=300, points_max=900)
        return Strategy(policies={name: _plain(name) for name in TABLES}, scorer=plain)
    scorer = Scorer(name="card", content_hash="c", model=made, inputs=made.columns, points_min=300, points_max=chance.choice((640, 900)))
    policies = {name: _some(chance, name) for name in TABLES}
    return Strategy(policies=policies, scorer=scorer if chance.random() > 0.05 else None)


def _some(chance: Random, name: str) -> Policy | None:
    """Every other table is the plain one, so that good cases go all the way."""
    if chance.random() < 0.03:
        return None
    if chance.random() < 0.5:
        return _plain(name)
    return _policy(chance, name)


def _plain(name: str) -> Policy:
    table_of = TABLES_OF[name]
    return Policy(code=name, version=1, content_hash=name, table=table_of, collects=table_of.table.hit_policy.is_collecting)


def _policy(chance: Random, name: str) -> Policy:
    asked, told = _ASKED[name], _TOLD[name]
    rules = [
        ([_cell(chance, kind, name) for _fact, kind in asked], [chance.choice(_ANSWERS[heading]) for heading, _kind in told])
        for _ in range(chance.randint(1, 4))
    ]
    if name not in GATES:
        # The last row says something of everything, so that more than the gates is put to the proof.
        good = {"tier": '"A"', "rate_step": "-0.01", "ltv_step": "0.05", "ltv_max": "0.8", "dti_max": "0.6", "amount_max": "30000000",
                "route": '"auto_approve"'}
        rules.append((["-"] * len(asked), [good[heading] for heading, _kind in told]))
    compiled = table(name, chance.choice(("COLLECT", "RULE_ORDER")) if name in GATES else "FIRST", asked, told, *rules)
    return Policy(code=name, version=1, content_hash=name, table=compiled, collects=name in GATES)


def _cell(chance: Random, kind: str, name: str) -> str:
    if name == "tier" and kind == "integer":
        return chance.choice(["-", ">= 600", "[580..640)", "null"])
    if name in GATES and chance.random() < 0.35:
        return "-"
    return chance.choice(_CELLS[kind])


def bounds(chance: Random) -> Bounds:
    limits: tuple[Limit, ...] | None = LIMITS
    if chance.random() < 0.5:
        limits = (*LIMITS, Limit(Need("CAP_LPR4_PRIVATE", "cost"), Decimal("0.1234567"), "x"),
                  Limit(Need("TERM_MAX_CONSUMER_TEMP", "term"), Decimal(60), "x", chance.choice(("block", "warn"))))
    if chance.random() < 0.05:
        limits = None
    return Bounds(licence_type=chance.choice(("mcc", "mcc", "private", "service", "odd")) if chance.random() < 0.3 else "mcc", region="",
                  limits=limits, measure=chance.choice(("simple", "simple", "compound")))


def case(chance: Random, judged_by: Strategy) -> Case:
    """Near the good borrower: a few facts are others, a few are wanting."""
    odd = chance.choice((0.03, 0.1, 0.4))
    raw = {code: chance.choice(DOMAINS[code]) if code in DOMAINS and chance.random() < odd else value for code, value in GOOD.items()}
    lost = chance.choice((0.0, 0.0, 0.02, 0.2))
    facts = {code: given(code, value) for code, value in raw.items() if chance.random() >= lost and _is_fact(code, value)}
    return Case(facts=facts, strategy=judged_by, bounds=bounds(chance), cover=cover(chance))


def cover(chance: Random) -> Cover | None:
    """Most are judged by coverage; some by the strategy of before, some on a day without a least."""
    return chance.choice((*(Cover(least_rate=Decimal(least)) for least in ("1", "1", "1.1", "0.95", "1.0000000001")), Cover(least_rate=None), None))


def _is_fact(code: str, raw: Any) -> bool:
    try:
        CATALOGUE[code].read(raw)
    except ValueError:
        return False
    return True
