"""The stage of the coverage, and records of before it was one."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from chezhe.risk.deciding import changing, coverage, record
from chezhe.risk.deciding.rules import decide
from chezhe.risk.deciding.values import APPROVED, COVERAGE, REFERRED, Cover, Stage
from chezhe.risk.tests.deciding.cases import COVER, case

HEADING = record.Heading(
    number="DC26-000001-1", subject="application:A26-000001-8", kind="live", decided_at="2026-03-16T10:00:00+08:00", on=date(2026, 3, 16))
# Of records that were written before coverage was a stage.
BEFORE = [
    ({}, "5be8fdcba9112207e6365dfacb5952d96b55565040a715d5004908d34331162f"),
    ({"has_enforcement": True}, "286e4ff5090a00715678d5489b3c604bee646bdc3db6da77ab62cf760fc897ef"),
    ({"amount": 25_000_000}, "631718e86ab366d0b122b8886fae7a5d592d6b2d1e1425013c5f8fba209266eb"),
    ({"ltv": "0.9"}, "2587a3c0f95ae33bf671d04e3ada72c258bd34c3638d864357b4ca9002117c29"),
]


def stage(**changes: Any) -> Stage:
    found = decide(case(**changes)).stage(COVERAGE)
    assert found is not None
    return found


@pytest.mark.parametrize(("changes", "digest"), BEFORE)
def test_a_record_of_before_comes_to_the_same_bytes(changes: dict[str, Any], digest: str) -> None:
    old = case(cover=None, without=(*coverage.FACTS, "upfront_fees"), asks_fees=False, **changes)
    made = record.write(HEADING, old, (), decide(old))
    assert made.digest == digest
    told = record.read(made.body)
    assert told["format"] == 1 and record.cover_of(told) is None and "cover" not in told
    assert COVERAGE not in [one["name"] for one in told["verdict"]["stages"]]


def test_a_record_of_now_says_what_was_the_least() -> None:
    made = case()
    told = record.read(record.write(HEADING, made, (), decide(made)).body)
    assert (told["format"], told["cover"], record.cover_of(told)) == (3, {"least_rate": "1.00"}, COVER)
    blind = case(cover=Cover(least_rate=None))
    assert record.cover_of(record.read(record.write(HEADING, blind, (), decide(blind)).body)) == Cover(least_rate=None)


def test_a_record_of_before_fees_were_asked_for_is_decided_as_it_was() -> None:
    old = case(without=("upfront_fees",), asks_fees=False)
    made = record.write(HEADING, old, (), decide(old))
    told = record.read(made.body)
    assert told["format"] == 2 and not record.asks_fees(told) and decide(old).outcome == APPROVED
    now = case(without=("upfront_fees",))
    told = record.read(record.write(HEADING, now, (), decide(now)).body)
    assert record.asks_fees(told) and decide(now).outcome == REFERRED and decide(now).unknown == ("upfront_fees",)


def test_exactly_enough_is_approved_and_a_fen_less_is_not() -> None:
    enough = decide(case(coverage_value=8_000_000, owed_to_maturity=8_000_000))
    assert enough.outcome == APPROVED and enough.stage(COVERAGE) is not None
    short = decide(case(coverage_value=7_999_999, owed_to_maturity=8_000_000))
    found = short.stage(COVERAGE)
    assert found is not None and (short.outcome, short.reasons, found.trouble) == (REFERRED, ("R25",), coverage.SHORT)
    assert found.output("missing_fen") == "1" and found.output("needed_fen") == "8000000" and short.unknown == ()


def test_the_least_is_rounded_up_to_the_fen() -> None:
    least = Cover(least_rate=Decimal("1.1"))
    assert stage(coverage_value=11, owed_to_maturity=10, cover=least).verdict == "clear"
    assert stage(coverage_value=12, owed_to_maturity=11, cover=least).output("missing_fen") == "1"


@pytest.mark.parametrize(("changes", "unknown"), [
    ({"without": ("coverage_value",)}, ("coverage_value",)), ({"without": coverage.FACTS}, coverage.FACTS),
])
def test_what_was_not_measured_refers_by_name(changes: dict[str, Any], unknown: tuple[str, ...]) -> None:
    verdict = decide(case(**changes))
    assert (verdict.outcome, stage(**changes).unknown) == (REFERRED, unknown) and set(unknown) <= set(verdict.unknown)


def test_a_value_below_nothing_or_a_debt_of_nothing_is_no_value() -> None:
    odd = case()
    for code, value in (("coverage_value", -1), ("owed_to_maturity", 0)):
        bad = changing.with_values(odd, **{code: value})
        assert decide(bad).outcome == REFERRED and code in decide(bad).unknown


def test_without_a_least_in_force_nothing_is_approved() -> None:
    verdict = decide(case(cover=Cover(least_rate=None)))
    assert verdict.outcome == REFERRED and (COVERAGE, coverage.LEAST_MISSING) in verdict.troubles


def test_what_would_do_is_the_missing_security_or_a_smaller_loan() -> None:
    short = case(coverage_value=7_500_000, owed_to_maturity=8_000_000)
    found = {one.what: one for one in changing.proposals(short, decide(short))}
    assert found["security"].value == 500_000 and found["security"].is_approval
    assert found["amount"].is_approval and isinstance(found["amount"].value, int) and found["amount"].value <= 6_000_000 * 75 // 80
    assert "income" not in found, "more income covers nothing"


def test_a_short_coverage_is_an_exception_and_no_doubt() -> None:
    """A case that the route declines is declined with it all the same."""
    verdict = decide(case(coverage_value=1, bureau_score=0, employer_months=0, bureau_hard_inquiries_3m=10))
    assert (verdict.tier, verdict.outcome) == ("D", "declined") and "R25" in verdict.reasons
