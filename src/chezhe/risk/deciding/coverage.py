"""Whether the car and all other security stand for principal and interest to maturity: `COVERAGE_MIN` laid against one application.

What counts for how much is worked out when the coverage is measured (`guarantees.rules`); here the sums of that are judged.
"""

from __future__ import annotations

from typing import Final

from chezhe.finmath.money import Money
from chezhe.risk.deciding.tables import CLEAR
from chezhe.risk.deciding.values import COVERAGE, REFERRED, Case, Cover, Stage
from chezhe.risk.guarantees.rules import Coverage

FACTS: Final = ("coverage_value", "owed_to_maturity")
REASON: Final = "R25"
SHORT, LEAST_MISSING = "coverage_short", "coverage_min_missing"


def judge(case: Case, cover: Cover) -> Stage:
    """Exactly enough passes. What is short refers with the missing fen: a person has security added, or less lent. What was not measured
    refers with the facts that are wanting."""
    if cover.least_rate is None:
        return Stage(name=COVERAGE, verdict=REFERRED, trouble=LEAST_MISSING)
    value, owed = (case.value(code) for code in FACTS)
    if not isinstance(value, int) or not isinstance(owed, int):
        return Stage(name=COVERAGE, verdict=REFERRED, unknown=tuple(code for code in FACTS if case.value(code) is None))
    found = Coverage(Money(value), (), Money(owed), cover.least_rate)
    outputs = (
        ("least_rate", format(cover.least_rate, "f")), ("missing_fen", str(found.missing.fen)), ("needed_fen", str(found.needed.fen)),
    )
    if found.is_enough:
        return Stage(name=COVERAGE, verdict=CLEAR, outputs=outputs)
    return Stage(name=COVERAGE, verdict=REFERRED, outputs=outputs, reasons=(REASON,), trouble=SHORT)
