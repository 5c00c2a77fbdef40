"""Price and limit over a whole relation: `deciding.rules._terms` in whole numbers.

A rate is reckoned with in ten-thousand-millionths as BIGINT, money in whole fen; a product of the two is DECIMAL(38, 0), so that no engine
rounds. Nothing is divided but doubles, whose quotient the exact rest corrects: engines divide wide decimals slowly or not exactly.
Rates below 10^5 and figures below 10^12 fen are exact; whoever prepares the relation leaves others out (`rows`).
"""

from __future__ import annotations

from typing import Any, Final

import ibis  # type: ignore[import-untyped]
from ibis.expr import datatypes as dt  # type: ignore[import-untyped]

from chezhe.decisiontables.ibis_masks import bits_of
from chezhe.risk.deciding.rules import AMOUNT_STEP_FEN, LIMIT_FACTS, PRICE_FACTS
from chezhe.risk.deciding.values import LIMITS, PRICING
from chezhe.risk.lab.bulk_stages import (
    CLEAR,
    REFER,
    Expr,
    Words,
    either,
    is_any,
    lacking,
    name_of,
    number,
    part,
    united,
    unknown_words,
    where,
)

WHOLE: Final = dt.Decimal(38, 0)
RATE: Final = dt.Decimal(38, 10)
UNITS: Final = 10**10
# A limit that far away limits nothing.
FAR: Final = 1e15
PRICE_OUTPUTS: Final = ("rate_step",)
LIMIT_OUTPUTS: Final = ("ltv_max", "dti_max", "ltv_step", "amount_max")
PRODUCT_LTV: Final = "product_ltv_max"


def units(rate: Expr) -> Expr:
    """A rate in ten-thousand-millionths."""
    return (rate.cast("float64") * float(UNITS)).round().cast("int64")


def rate_of(value: Expr) -> Expr:
    """Back again."""
    return (value.cast("float64") / float(UNITS)).cast(dt.Decimal(18, 10))


def product(one: Expr, other: Expr) -> Expr:
    """Of whole numbers, exactly."""
    return one.cast(WHOLE) * other.cast(WHOLE)


def said(relation: Any, stage: str, output: str) -> Expr:
    """What the table of a stage said under a heading, a number of any kind, as a rate."""
    return part(relation, stage, f"out_{output}").cast(RATE)


def proposed(above: Expr, below: Expr) -> Expr:
    """About the quotient of two whole numbers, to be corrected; `below` is over nothing."""
    return ibis.greatest(ibis.least((above / below.cast("float64")).floor(), FAR), -FAR).cast("int64")


def corrected(found: Expr, rest: Expr, below: Expr) -> Expr:
    """The whole number below the quotient, from what was proposed and the exact rest."""
    return found + ibis.cases((rest < 0, number(-1)), (rest >= below.cast(WHOLE), number(1)), else_=number(0))


# ---- price ------------------------------------------------------------------------------------------------------


def price(relation: Any, words: Words) -> Any:
    """The relation with the rate by policy (`_rate`, in units, null while it cannot be said), and the stage as it stands after it."""
    wanting = lacking(relation, words, PRICE_FACTS)
    step = said(relation, PRICING, "rate_step")
    is_told = _is_clear(relation, PRICING) & _known(relation, PRICE_FACTS) & step.notnull()
    usual, low, high = (units(relation[f"product_rate_{which}"]) for which in ("usual", "min", "max"))
    rate = ibis.greatest(low, ibis.least(high, usual + units(step)))
    found = relation.mutate(_rate=_only(is_told, rate))
    is_below = is_told & (found["_rate"] > units(relation["annual_rate"])).fill_null(False)
    return _restated(found, PRICING, words, is_told, wanting, is_below)


# ---- limit ------------------------------------------------------------------------------------------------------


def limit(relation: Any, words: Words) -> Any:
    """The relation with the most that may be lent (`_amount_max`, fen, null while it cannot be said), and the stage after it."""
    step, table = (said(relation, LIMITS, name) for name in ("ltv_step", "ltv_max"))
    product_max = relation[PRODUCT_LTV]
    stepped = units(product_max) + units(step)
    relation = relation.mutate(
        _ltv_max=ibis.cases((table.isnull(), stepped), (stepped.isnull(), units(table)), else_=ibis.least(units(table), stepped)),
        _dti_max=units(said(relation, LIMITS, "dti_max")), _lacks_product=step.notnull() & product_max.isnull(),
        _by_table=_whole_part(said(relation, LIMITS, "amount_max")), _ltv=units(relation["ltv"]), _dti=units(relation["dti"]),
    )
    relation = relation.mutate(
        _is_told=_is_clear(relation, LIMITS) & ~relation["_lacks_product"] & _known(relation, (*LIMIT_FACTS, "_ltv_max", "_dti_max")),
        _is_burdened=relation["_dti"] > relation["_dti_max"],
    )
    relation = _weighed(relation)
    over = {"R15": relation["_ltv"] > relation["_ltv_max"], "R09": relation["_over_income"], "": relation["amount"] > relation["_by_table"]}
    told = {f"_over_{name or 'table'}": relation["_is_told"] & test.fill_null(False) for name, test in over.items()}
    return _limited(relation.mutate(**told), words)


def _whole_part(value: Expr) -> Expr:
    value = value.cast("float64")
    return value.abs().floor().cast("int64") * value.sign().cast("int64")


# Wide numbers are slow: each is worked out once, as a column, and only where the answer hangs on it.


def _weighed(relation: Any) -> Any:
    """The relation with whether more is asked for than the income carries beside other debts.

    `_free` is what those leave of the part of the income that may be owed, and `_due` the instalment, both in ten-thousand-millionths of a
    fen and null where nothing is divided."""
    income, instalment = relation["counted_income_monthly"], relation["instalment"]
    relation = relation.mutate(_divides=relation["_is_told"] & relation["_is_burdened"] & (income > 0) & (instalment > 0))
    free = product(relation["_dti_max"], income) - product(relation["counted_debt_monthly"], number(UNITS))
    due = product(instalment, number(UNITS))
    relation = relation.mutate(_free=_only(relation["_divides"], free), _due=_only(relation["_divides"], due))
    over = ibis.cases(
        (~relation["_is_told"], ibis.literal(False)), (income <= 0, ibis.literal(True)), (~relation["_is_burdened"], ibis.literal(False)),
        (instalment <= 0, ibis.literal(True)), else_=relation["_free"] < relation["_due"],
    )
    return relation.mutate(_over_income=over)


def _only(test: Expr, value: Expr) -> Expr:
    """The value where the test is true, elsewhere null."""
    return test.ifelse(value, ibis.null().cast(value.type()))


def _limited(relation: Any, words: Words) -> Any:
    """The least of the limits, and the stage after it."""
    wanting, product_lacks = lacking(relation, words, LIMIT_FACTS), lacking(relation, words, (PRODUCT_LTV,))
    wanting = [united([one, where(relation["_lacks_product"], other)]) for one, other in zip(wanting, product_lacks, strict=True)]
    relation = relation.mutate(_is_over=relation["_over_R15"] | relation["_over_R09"] | relation["_over_table"])
    relation = relation.mutate(_is_weighed=relation["_is_told"] & (relation["_is_over"] | relation["_is_burdened"]))
    relation = _by_value(_by_income(relation))
    least = ibis.least(relation["_value_limit"], relation["_income_limit"], ibis.coalesce(relation["_by_table"], number(int(FAR))))
    relation = relation.mutate(
        _least=ibis.cases((relation["_is_weighed"], least), else_=number(0)),
    )
    given = ibis.greatest(relation["_least"] - relation["_least"] % AMOUNT_STEP_FEN, number(0))
    most = relation["_is_over"].ifelse(given, ibis.greatest(given, relation["amount"]))
    reasons = bits_of((words.reasons[code], relation[f"_over_{code}"]) for code in ("R15", "R09"))
    found = relation.mutate(_amount_max=_only(relation["_is_told"], most))
    return _restated(found, LIMITS, words, found["_is_told"], wanting, found["_is_over"], reasons)


def _by_value(relation: Any) -> Any:
    """The relation with what the car's value carries."""
    asked, now = relation["amount"], relation["_ltv"]
    is_beside = relation["_is_over"] & ~relation["_over_R15"]
    relation = relation.mutate(_scales=relation["_is_weighed"] & (now > 0) & ~is_beside)
    near = proposed(asked.cast("float64") * relation["_ltv_max"].cast("float64"), now.nullif(0))
    relation = relation.mutate(_near_value=_only(relation["_scales"], near))
    rest = product(asked, relation["_ltv_max"]) - product(relation["_near_value"], now)
    relation = relation.mutate(_rest_value=_only(relation["_scales"], rest))
    found = corrected(relation["_near_value"], relation["_rest_value"], now)
    return relation.mutate(_value_limit=ibis.cases((now <= 0, asked), (is_beside, number(int(FAR))), else_=found))


def _by_income(relation: Any) -> Any:
    """The relation with what the income carries."""
    asked, free, due = relation["amount"], relation["_free"], relation["_due"]
    near = proposed(asked.cast("float64") * free.cast("float64"), due)
    relation = relation.mutate(_near_income=_only(relation["_divides"], near))
    rest = product(asked, free) - product(relation["_near_income"], due)
    relation = relation.mutate(_rest_income=_only(relation["_divides"], rest))
    return relation.mutate(_income_limit=ibis.cases(
        (relation["counted_income_monthly"] <= 0, number(0)), (~relation["_is_burdened"], asked), (relation["instalment"] <= 0, number(0)),
        else_=corrected(relation["_near_income"], relation["_rest_income"], due),
    ))


# ---- both -------------------------------------------------------------------------------------------------------


def _is_clear(relation: Any, stage: str) -> Expr:
    return part(relation, stage, "verdict") == CLEAR


def _known(relation: Any, codes: tuple[str, ...]) -> Expr:
    tests = [relation[code].notnull() for code in codes]
    found = tests[0]
    for test in tests[1:]:
        found = found & test
    return found


def _restated(
    relation: Any, stage: str, words: Words, is_told: Expr, wanting: list[Expr], is_exception: Expr, reasons: Expr | None = None,
) -> Any:
    """The stage as it stands when its figure could not be said, or less was asked for than it gives: both are for a person."""
    before = unknown_words(relation, stage, words)
    verdict = part(relation, stage, "verdict")
    told = {
        "verdict": ((verdict == CLEAR) & (~is_told | is_exception)).ifelse(number(REFER), verdict),
        "doubt": either([part(relation, stage, "doubt"), is_any(wanting), (verdict == CLEAR) & ~is_told]),
        "exceptions": is_exception.cast("int64"),
    }
    told |= {f"unknown_{word}": united(both) for word, both in enumerate(zip(before, wanting, strict=True))}
    if reasons is not None:
        told["reasons"] = united([part(relation, stage, "reasons"), reasons])
    return relation.mutate(**{name_of(stage, what): column for what, column in told.items()})
