"""Cases for the tests of the strategy: small tables in the shape of the shipped ones, a monotone card, and a good borrower."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from chezhe.compliance.rules import Limit, Need
from chezhe.decisiontables import closures, files
from chezhe.risk.deciding.values import TABLES, Bounds, Case, Cover, Given, Policy, Scorer, Strategy
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import stored

AT = "2026-03-16T10:00:00+08:00"


def table(name: str, hit_policy: str, inputs: list[tuple[str, str]], outputs: list[tuple[str, str]], *rules: tuple[list[str], list[str]]) -> Any:
    return closures.compile_table(files.from_json({
        "name": name, "hit_policy": hit_policy, "inputs": [{"name": n, "type": t} for n, t in inputs],
        "outputs": [{"name": n, "type": t} for n, t in outputs], "rules": [{"when": when, "then": then} for when, then in rules],
    }))


def gate(name: str, *rules: tuple[str, str, str, str]) -> Any:
    """A table of (fact, type, bad cell, R code) that collects."""
    names = list(dict.fromkeys((fact, kind) for fact, kind, _, _ in rules))
    rows = [(["-" if fact != one else cell for one, _ in names], [f'"{reason}"', '"decline"']) for fact, _, cell, reason in rules]
    return table(name, "COLLECT", names, [("reason", "text"), ("outcome", "text")], *rows)


TABLES_OF = {
    "prescreen": gate("prescreen", ("age_years", "integer", "< 18, > 65", "R01"), ("region", "text", 'not("华东")', "R19")),
    "knockout": gate(
        "knockout", ("has_enforcement", "boolean", "true", "R04"), ("bureau_overdue_now", "boolean", "true", "R05"),
        ("bureau_missed_in_row_24m", "integer", ">= 3", "R06"),
    ),
    "fraud": table(
        "fraud", "COLLECT", [("same_phone_people", "integer"), ("face_verified", "boolean")], [("reason", "text"), ("outcome", "text")],
        ([">= 3", "-"], ['"R12"', '"refer"']), (["-", "false"], ['"R12"', '"decline"']),
    ),
    "tier": table(
        "tier", "FIRST", [("score", "integer")], [("tier", "text")],
        ([">= 650"], ['"A"']), ([">= 620"], ['"B"']), ([">= 580"], ['"C"']), (["-"], ['"D"']),
    ),
    "pricing": table(
        "pricing", "FIRST", [("tier", "text")], [("rate_step", "number")],
        (['"A"'], ["-0.01"]), (['"B"'], ["0"]), (['"C"'], ["0.01"]), (["-"], ["0.02"]),
    ),
    "limits": table(
        "limits", "FIRST", [("tier", "text")], [("ltv_step", "number"), ("dti_max", "number"), ("amount_max", "integer")],
        (['"A"'], ["0.05", "0.60", "30000000"]), (['"B"'], ["0", "0.50", "20000000"]), (['"C"'], ["-0.10", "0.50", "10000000"]),
        (["-"], ["-0.20", "0.40", "5000000"]),
    ),
    "route": table(
        "route", "FIRST", [("tier", "text"), ("amount", "integer"), ("exceptions", "integer")], [("route", "text"), ("sla_hours", "integer")],
        (['"D"', "-", "-"], ['"decline"', "24"]), (['"A"', "<= 10000000", "0"], ['"auto_approve"', "4"]),
        (['"C"', "-", "-"], ['"double_review"', "48"]), (["-", "-", "-"], ['"review"', "24"]),
    ),
}

CARD_INPUTS = {"bureau_score": 1, "bureau_hard_inquiries_3m": -6, "employer_months": 1}


class Card:
    """Monotone: a better score of the bureau and a longer employment add points, enquiries take them away."""

    def score(self, row: Mapping[str, Any]) -> Any:
        from chezhe.scorecards.scored import Contribution, Reason, Scored

        points = [Contribution("bureau_score", min(80, (500 if row["bureau_score"] is None else row["bureau_score"]) // 10)),
                  Contribution("bureau_hard_inquiries_3m", -6 * min(10, row["bureau_hard_inquiries_3m"] or 0)),
                  Contribution("employer_months", min(30, (row["employer_months"] or 0) // 4))]
        total = 570 + sum(int(part.points) for part in points)
        return Scored(1 / (1 + 1.02 ** (total - 500)), total, (Reason("bureau_hard_inquiries_3m", 6),), tuple(points), 570.0, ())


class Broken:
    def score(self, row: Mapping[str, Any]) -> Any:
        raise RuntimeError("truncated")


GOOD = {
    "age_years": 35, "region": "华东", "has_enforcement": False, "bureau_overdue_now": False, "bureau_missed_in_row_24m": 0,
    "same_phone_people": 0, "face_verified": True, "bureau_score": 720, "bureau_hard_inquiries_3m": 1, "employer_months": 60,
    "amount": 6_000_000, "periods": 24, "annual_rate": "0.12", "ltv": "0.6", "dti": "0.35", "monthly_debt": 100_000,
    "income_verified_monthly": 1_250_000, "counted_income_monthly": 1_250_000,
    "counted_debt_monthly": 100_000, "instalment": 337_500, "price_base": 10_000_000, "purpose": "purchase", "borrower_kind": "person", "product": "P02",
    "car_condition": "used", "car_use_kind": "private", "car_energy_kind": "conventional", "penalty_multiple": "1.5",
    "misuse_multiple": "2", "upfront_fees": 0, "all_in_simple": "0.13", "all_in_compound": "0.138", "product_rate_usual": "0.12", "product_rate_min": "0.08",
    "product_rate_max": "0.18", "product_ltv_max": "0.7", "coverage_value": 9_000_000, "owed_to_maturity": 8_000_000,
}
LIMITS = (
    Limit(Need("CAP_ALLIN_24", "cost"), Decimal("0.24"), "法发〔2017〕22号"), Limit(Need("LTV_USED", "ltv"), Decimal("0.70"), "银发〔2017〕234号"),
    Limit(Need("TERM_MAX_USED", "term"), Decimal(36), "汽车贷款管理办法"),
    Limit(Need("PENALTY_MULT_OVERDUE", "penalty"), Decimal("1.5"), "银发〔2003〕251号"),
    Limit(Need("PENALTY_MULT_MISUSE", "misuse"), Decimal("2"), "银发〔2003〕251号"),
)
COVER = Cover(least_rate=Decimal("1.00"))
BOUNDS = Bounds(licence_type="mcc", region="330000", limits=LIMITS)


def given(code: str, raw: Any, source: str = "bureau") -> Given:
    """A fact as the facts room would hand it over."""
    value = CATALOGUE[code].read(raw)
    return Given(value=value, raw=stored(value), type=CATALOGUE[code].type, source=source, known_at=AT)


def strategy(**changes: Any) -> Strategy:
    policies = {
        name: Policy(
            code=name, version=1, content_hash=f"{name}-hash", table=TABLES_OF[name],
            collects=TABLES_OF[name].table.hit_policy.is_collecting,
        )
        for name in TABLES
    }
    scorer = Scorer(name="card", content_hash="card-hash", model=Card(), inputs=tuple(CARD_INPUTS), points_min=300, points_max=900)
    return Strategy(**{"policies": policies, "scorer": scorer, **changes})


def burdened(dti: str) -> dict[str, Any]:
    """An instalment that is this much of the income, with the debts of the good borrower."""
    return {"dti": dti, "instalment": int(Decimal(dti) * 1_250_000) - 100_000}


def case(*, without: tuple[str, ...] = (), bounds: Bounds = BOUNDS, judged_by: Strategy | None = None, cover: Cover | None = COVER,
         asks_fees: bool = True, **changes: Any) -> Case:
    facts = {code: given(code, raw) for code, raw in {**GOOD, **changes}.items() if code not in without}
    return Case(facts=facts, strategy=judged_by or strategy(), bounds=bounds, cover=cover, asks_fees=asks_fees)
