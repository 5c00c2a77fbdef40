"""What a statement says for and against its holder, as codes with figures; the page has the sentences."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chezhe.risk.facts.flows.analysis import MONTHS_MIN, WINDOW, Analysis, Finding


def findings(found: Analysis) -> list[Finding]:
    """The gravest first. Sums are whole fen."""
    order = {"bad": 0, "note": 1, "good": 2}
    told = [*_forged(found), *_whose(found), *_income(found), *_risks(found)]
    return sorted(told, key=lambda one: order[one.gravity])


def _forged(found: Analysis) -> Iterator[Finding]:
    if found.flow.duplicates:
        rows = [line.row for line in found.flow.duplicates[:5]]
        yield _say("duplicated", "bad", count=len(found.flow.duplicates), rows=rows)
    if not found.has_balances:
        yield _say("no_balances", "bad")
    elif found.broken:
        broken = found.broken
        yield _say("broken", "bad", row=broken.row, on=broken.on.isoformat(), expected=broken.expected, printed=broken.printed)
    else:
        yield _say("continuous", "good", lines=len(found.flow.lines))
    for quarter in found.quarters if found.has_balances else ():
        figures = {"on": quarter.on.isoformat(), "low": quarter.low, "high": quarter.high}
        if quarter.credited is None and not quarter.is_plausible:
            yield _say("interest_missing", "bad", **figures)
        elif not quarter.is_plausible:
            yield _say("interest_strange", "bad", credited=quarter.credited, **figures)
    if found.interest_ok and found.has_balances:
        yield _say("interest_fine", "good", count=len(found.quarters))


def _whose(found: Analysis) -> Iterator[Finding]:
    if not found.is_holder:
        yield _say("another_holder" if found.flow.holder else "no_holder", "bad")
    if len(found.months) < MONTHS_MIN:
        yield _say("too_short", "bad", months=len(found.months), least=MONTHS_MIN)
    elif len(found.months) < WINDOW:
        yield _say("short", "note", months=len(found.months), wanted=WINDOW)


def _income(found: Analysis) -> Iterator[Finding]:
    for salary in found.salaries:
        yield _say("salary", "good", payer=salary.payer, months=len(salary.months), amount=salary.middle)
    for friend in found.friends:
        yield _say("friend_pays", "note", payer=friend)
    if found.income_kind == "takings":
        yield _say("takings", "note", amount=found.income)
    elif found.income is None:
        yield _say("no_income", "note")


def _risks(found: Analysis) -> Iterator[Finding]:
    if found.gambling:
        yield _say("gambling", "bad", amount=found.gambling)
    if found.lender_debits:
        yield _say("lenders", "note", amount=found.lender_debits)
    if found.passed_through:
        yield _say("passed_through", "note", amount=found.passed_through, count=len(found.parts.passing))
    if found.parts.loans:
        yield _say("loans_received", "note", amount=sum(line.amount for line in found.parts.loans), count=len(found.parts.loans))


def _say(code: str, gravity: str, **figures: Any) -> Finding:
    return Finding(code, gravity, figures)
