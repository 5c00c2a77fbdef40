"""The legal caps over a whole relation: what blocks in `compliance.rules.judge`, and the price cut of `deciding.caps`.

The limits of a loan depend on what it is; whoever prepares the relation writes those that block into columns of their own (`bounds_of`).
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final

import ibis  # type: ignore[import-untyped]

from chezhe.compliance import rules as cap_rules
from chezhe.compliance.rules import BLOCK, CANNOT_LEND, CHOICES, Limit
from chezhe.decisiontables.ibis_masks import bits_of
from chezhe.risk.deciding.caps import LICENCE_REASON, LTV_REASON, NEEDED, PRICE_REASON
from chezhe.risk.deciding.values import CAPS, Bounds
from chezhe.risk.lab.bulk_stages import (
    CLEAR,
    REFER,
    REJECT,
    Expr,
    Words,
    either,
    every,
    is_any,
    lacking,
    number,
    stands,
    united,
    where,
)
from chezhe.risk.lab.bulk_terms import UNITS, product, units

# The columns that hold the limits of each loan, and what they are: rates, multiples and months as DECIMAL, null where nothing blocks.
KINDS: Final = {
    "limits_known": "boolean", "cost_measure": "string", "licence_type": "string", "cost_max": "rate", "own_cost_max": "rate",
    "ltv_legal_max": "rate", "term_legal_max": "rate", "penalty_legal_max": "rate", "misuse_legal_max": "rate",
}
_WORDS: Final = {"borrower_kind": "borrower_kind", "purpose": "purpose", "vehicle_condition": "car_condition", "usage": "car_use_kind",
                 "energy": "car_energy_kind", "licence_type": "bounds_licence_type"}
# A rate is cut to whole hundredths of a percent.
_CUT_UNITS: Final = UNITS // 10_000
_ALLOWANCE: Final = 12
OTHERS: Final = ("licence", "own", "ltv", "term", "penalty", "misuse")


def column(name: str) -> str:
    return f"bounds_{name}"


def bounds_of(bounds: Bounds) -> dict[str, Any]:
    """The limits of one loan that block, as the columns of a relation. `own_cost_max` is the cap of lenders without a licence, under which
    the contract rate and the overdue rate count on their own."""
    blocks = [limit for limit in bounds.limits or () if limit.effect == BLOCK]
    costs = [limit for limit in blocks if limit.need.measure == cap_rules.COST]
    widest = max((one for one in bounds.limits or () if one.need.measure == cap_rules.TERM), key=lambda one: one.value, default=None)
    found = {
        "limits_known": bounds.limits is not None, "cost_measure": bounds.measure, "licence_type": bounds.licence_type,
        "cost_max": _least(costs), "own_cost_max": _least([one for one in costs if one.need.code == "CAP_LPR4_PRIVATE"]),
        "ltv_legal_max": _least([one for one in blocks if one.need.measure == cap_rules.LTV]),
        "term_legal_max": widest.value if widest is not None and widest.effect == BLOCK else None,
        "penalty_legal_max": _least([one for one in blocks if one.need.measure == cap_rules.OVERDUE]),
        "misuse_legal_max": _least([one for one in blocks if one.need.measure == cap_rules.MISUSE]),
    }
    return {column(name): value for name, value in found.items()}


def _least(limits: list[Limit]) -> Decimal | None:
    return min((limit.value for limit in limits), default=None)


def judge(relation: Any, words: Words) -> Any:
    """The relation with the stage of the caps; `_rate` is cut where the law cuts it."""
    def bound(name: str) -> Expr:
        return relation[column(name)]

    measure = bound("cost_measure")
    main = ibis.cases((measure == "compound", relation["all_in_compound"]), else_=relation["all_in_simple"])
    relation = relation.mutate(
        _cost_over=_excess(relation, units(main), units(bound("cost_max"))),
        _own_over=_above(units(relation["annual_rate"]), units(bound("own_cost_max"))), **_others(relation),
    )
    excess = ibis.greatest(ibis.coalesce(relation["_cost_over"], number(0)), ibis.coalesce(relation["_own_over"], number(0)))
    relation = relation.mutate(
        _is_cost=relation["_cost_over"].notnull() | relation["_own_over"].notnull(),
        _is_other=either([relation[f"_over_{name}"] for name in OTHERS]), _wanted=units(relation["annual_rate"]) - excess,
    )
    return _ruled(relation.mutate(_cut=_cut(relation)), words)


def _above(rate: Expr, cap: Expr) -> Expr:
    """By how many units a rate is above its cap; null when it is not."""
    return (rate > cap).fill_null(False).ifelse(rate - cap, ibis.null()).cast("int64")


def _excess(relation: Any, main: Expr, cap: Expr) -> Expr:
    """The same for the whole cost, which may be above by what rounding to the fen adds: 12 over the amount in fen."""
    is_over = (product(main - cap, relation["amount"]) > _ALLOWANCE * UNITS).fill_null(False)
    return is_over.ifelse(main - cap, ibis.null()).cast("int64")


def _others(relation: Any) -> dict[str, Expr]:
    """What no lower price takes away."""
    def cap(name: str) -> Expr:
        return units(relation[column(name)])

    multiple = units(relation["penalty_multiple"])
    tests = {
        "licence": relation[column("licence_type")].isin(sorted(map(str, CANNOT_LEND))),
        "own": product(units(relation["annual_rate"]), multiple) > product(cap("own_cost_max"), number(UNITS)),
        "ltv": product(relation["amount"], number(UNITS)) > product(cap("ltv_legal_max"), relation["price_base"]),
        "term": relation["periods"] * number(UNITS) > cap("term_legal_max"), "penalty": multiple > cap("penalty_legal_max"),
        "misuse": units(relation["misuse_multiple"]) > cap("misuse_legal_max"),
    }
    return {f"_over_{name}": tests[name].fill_null(False) for name in OTHERS}


def _cut(relation: Any) -> Expr:
    """The rate that takes the excess away; null when the product has none so low."""
    steps, lowest = relation["_wanted"] // _CUT_UNITS, units(relation["product_rate_min"])
    cut = (steps * _CUT_UNITS).cast("int64")
    return ((cut >= lowest) & (cut > 0)).fill_null(False).ifelse(cut, ibis.null()).cast("int64")


def _ruled(relation: Any, words: Words) -> Any:
    is_known = relation[column("limits_known")].fill_null(False)
    needed = lacking(relation, words, NEEDED)
    simple, compound = (lacking(relation, words, (f"all_in_{which}",)) for which in ("simple", "compound"))
    is_compound = (relation[column("cost_measure")] == "compound").fill_null(False)
    unknown = [
        where(is_known, united([one, where(is_compound, three), where(~is_compound, two)]))
        for one, two, three in zip(needed, simple, compound, strict=True)
    ]
    relation = relation.mutate(**{f"_lacks_{word}": one for word, one in enumerate(unknown)})
    unknown = [relation[f"_lacks_{word}"] for word in range(words.count)]
    are_words = every([relation[name].isin(sorted(map(str, CHOICES[word]))).fill_null(False) for word, name in _WORDS.items()])
    relation = relation.mutate(_is_doubt=~is_known | is_any(unknown) | ~are_words)
    relation = relation.mutate(
        _is_cut=~relation["_is_doubt"] & relation["_is_cost"] & ~relation["_is_other"] & relation["_cut"].notnull(),
    )
    is_doubt, is_cut = relation["_is_doubt"], relation["_is_cut"]
    is_block = relation["_is_cost"] | relation["_is_other"]
    verdict = ibis.cases((is_doubt | is_cut, number(REFER)), (is_block, number(REJECT)), else_=number(CLEAR))
    price = either([relation["_is_cost"], *(relation[f"_over_{name}"] for name in OTHERS if name not in ("ltv", "licence"))])
    told = {LTV_REASON: relation["_over_ltv"], LICENCE_REASON: relation["_over_licence"], PRICE_REASON: price}
    reasons = bits_of((words.reasons[code], test) for code, test in told.items())
    found = stands(
        relation, CAPS, words, verdict=verdict, doubt=is_doubt, unknown=[relation[f"_lacks_{word}"] for word in range(words.count)],
        reasons=is_doubt.ifelse(number(0), reasons), exceptions=is_cut.cast("int64"),
    )
    kept = ibis.least(ibis.coalesce(found["_rate"], found["_cut"]), found["_cut"])
    return found.mutate(_rate=found["_is_cut"].ifelse(kept, found["_rate"]).cast("int64"))
