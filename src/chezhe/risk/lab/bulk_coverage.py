"""The coverage over a whole relation: `deciding.coverage` in whole numbers.

Whether it is asked, and the least of it, stand in columns of each loan; a relation without them is judged by the strategy of before.
"""

from __future__ import annotations

from typing import Any, Final

import ibis  # type: ignore[import-untyped]

from chezhe.risk.deciding.coverage import FACTS, REASON
from chezhe.risk.deciding.values import COVERAGE, Cover
from chezhe.risk.lab.bulk_caps import column
from chezhe.risk.lab.bulk_stages import CLEAR, REFER, Words, is_any, lacking, number, stands
from chezhe.risk.lab.bulk_terms import UNITS, product, units

KINDS: Final = {"coverage_asked": "boolean", "coverage_min": "rate"}
COLUMNS: Final = tuple(column(name) for name in KINDS)


def bounds_of(cover: Cover | None) -> dict[str, Any]:
    """The least coverage of one loan as the columns of a relation."""
    asked, least = column("coverage_asked"), column("coverage_min")
    return {asked: cover is not None, least: None if cover is None else cover.least_rate}


def judge(relation: Any, words: Words) -> Any:
    """The relation with the stage of the coverage."""
    if any(name not in relation.columns for name in COLUMNS):
        return stands(relation, COVERAGE, words, verdict=number(CLEAR), doubt=ibis.literal(False))
    is_asked, least = relation[COLUMNS[0]].fill_null(False), relation[COLUMNS[1]]
    value, owed = (relation[code] for code in FACTS)
    is_told = is_asked & least.notnull()
    unknown = [is_told.ifelse(one, number(0)) for one in lacking(relation, words, FACTS)]
    is_doubt = is_asked & (least.isnull() | is_any(unknown))
    is_short = is_told & (product(value, number(UNITS)) < product(owed, units(least))).fill_null(False)
    return stands(
        relation, COVERAGE, words, verdict=(is_doubt | is_short).ifelse(number(REFER), number(CLEAR)), doubt=is_doubt, unknown=unknown,
        reasons=is_short.ifelse(number(words.reasons_of([REASON])), number(0)), exceptions=is_short.cast("int64"),
    )
