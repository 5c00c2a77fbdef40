"""LPR repricing, computed by hand: on which days, at what rate, the plan after it, and the penalty rate that follows."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chezhe.finmath import schedule
from chezhe.finmath.allocation import AllocationRule
from chezhe.finmath.penalty import PenaltyRule
from chezhe.finmath.repricing import Cadence, Floating
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import Method, QuoteTerms
from chezhe.ledger import chart
from chezhe.servicing.position import Acceleration, Incoming, Position, RateChange, Restructuring, Terms, fold, opened

LEVEL = QuoteTerms(
    principal_fen=10_000_000, method=Method.EQUAL_INSTALMENT, start_date=date(2026, 1, 15), annual_rate=Decimal("0.12"), periods=36,
)
NEW_YEAR = date(2027, 1, 1)
LOWER = Floating(base="LPR1Y", spread_rate=Decimal("0.09"), cadence=Cadence.YEAR_START)


@pytest.mark.parametrize(("cadence", "begun", "after", "expected"), [
    (Cadence.YEAR_START, date(2026, 1, 15), date(2026, 1, 15), date(2027, 1, 1)),
    (Cadence.YEAR_START, date(2026, 1, 1), date(2026, 1, 1), date(2027, 1, 1)),
    (Cadence.ANNIVERSARY, date(2026, 1, 15), date(2026, 1, 15), date(2027, 1, 15)),
    (Cadence.ANNIVERSARY, date(2026, 1, 15), date(2027, 1, 15), date(2028, 1, 15)),
    (Cadence.ANNIVERSARY, date(2026, 11, 30), date(2027, 2, 1), date(2027, 11, 30)),
    (Cadence.ANNIVERSARY, date(2024, 2, 29), date(2024, 2, 29), date(2025, 2, 28)),
    (Cadence.ANNIVERSARY, date(2024, 2, 29), date(2027, 2, 28), date(2028, 2, 29)),
    (Cadence.MONTHLY, date(2026, 1, 15), date(2026, 1, 15), date(2026, 2, 1)),
    (Cadence.MONTHLY, date(2026, 12, 1), date(2026, 12, 1), date(2027, 1, 1)),
])
def test_the_next_repricing_day(cadence: Cadence, begun: date, after: date, expected: date) -> None:
    assert replace(LOWER, cadence=cadence).next_day(begun, after) == expected


def test_the_rate_is_the_reference_rate_and_the_points_and_never_less_than_nothing() -> None:
    assert LOWER.rate_at(Decimal("0.0290")) == Decimal("0.1190")
    assert replace(LOWER, spread_rate=Decimal("-0.0050")).rate_at(Decimal("0.0030")) == 0


def loan(multiple: str | None = "1.5") -> Position:
    terms = Terms(
        annual_rate=LEVEL.annual_rate, day_count=LEVEL.day_count, first_day_count=LEVEL.day_count, plan=LEVEL,
        penalty=PenaltyRule(annual_rate=Decimal("0.18")), allocation=AllocationRule(), settlement=SettlementRule(fee_rate=Decimal("0.03")),
        penalty_multiple=Decimal(multiple) if multiple else None,
    )
    return opened(terms, schedule.build(LEVEL), paid_out_on=LEVEL.start_date, principal_fen=LEVEL.principal_fen)


def month(number: int) -> date:
    return date(2026 + number // 12, number % 12 + 1, 15)


def paid(count: int) -> list[Incoming]:
    return [Incoming(on=month(k), source=chart.BANK, amount_fen=332_143) for k in range(1, count + 1)]


def repriced(rate: str, on: date = NEW_YEAR) -> Incoming:
    return Incoming(on=on, source="", amount_fen=0, change=RateChange(annual_rate=Decimal(rate)))


def test_on_new_year_the_running_line_keeps_its_rate_and_the_next_one_is_planned_at_the_new() -> None:
    """After eleven instalments; the line to 15 January bears 12 %, 70 558.46 bear 11.9 % from then on."""
    position, _effects = fold(loan(), [*paid(11), repriced("0.119")], NEW_YEAR)
    running, first = position.lines[11].line, position.lines[12].line
    assert (running.interest_fen, running.principal_fen) == (73_148, 258_995)
    assert (first.interest_fen, first.principal_fen + first.interest_fen) == (69_970, 331_814), "70 558.46 × 11.9 % / 12; AC-12's way"
    rest = replace(LEVEL, principal_fen=7_055_846, start_date=date(2027, 1, 15), annual_rate=Decimal("0.119"), periods=24)
    assert [(held.line.principal_fen, held.line.interest_fen) for held in position.lines[12:]] == [
        (row.principal_fen, row.interest_fen) for row in schedule.build(rest)]


def test_agreed_to_weeks_later_it_counts_from_its_day() -> None:
    """The batch of 1 January is agreed to on 20 February: what fell due on 15 February at the old rate is put right."""
    late, _effects = fold(loan(), [*paid(13), repriced("0.119")], date(2027, 2, 20))
    assert late.unapplied_fen == 332_143 - 331_814 and late.lines[13].line.opening_fen == 7_055_846 - (331_814 - 69_970)


def test_the_penalty_of_an_instalment_follows_the_rate_that_it_bore() -> None:
    """Instalments 12 (12 %) and 13 (9 %) both unpaid for thirty days: 18 % and 13.5 %."""
    position, _effects = fold(loan(), [*paid(11), repriced("0.09")], date(2027, 3, 17))
    old, new, _third = position.dues
    assert (old.principal_fen, old.penalty_fen) == (258_995, 7_899), "2 589.95 × 18 % × 61 / 360"
    assert new.penalty_fen == round(new.principal_fen * Decimal("0.135") * 30 / 360)
    assert (position.terms.penalty.annual_rate, new.interest_fen) == (Decimal("0.135"), 52_919)


def test_a_penalty_rate_that_does_not_follow_stays() -> None:
    position, _effects = fold(loan(None), [*paid(11), repriced("0.09")], date(2027, 3, 17))
    assert position.terms.penalty.annual_rate == Decimal("0.18") and position.lines[12].line.penalty_rate is None
    assert position.dues[1].penalty_fen == round(position.dues[1].principal_fen * Decimal("0.18") * 30 / 360)


def test_a_restructuring_and_an_acceleration_keep_what_each_line_bears() -> None:
    plan = Restructuring(method=Method.EQUAL_INSTALMENT, annual_rate=Decimal("0.06"), periods=12, observed_months=12)
    decided = Incoming(on=date(2027, 3, 17), source="", amount_fen=0, change=plan)
    before, _effects = fold(loan(), [*paid(11), repriced("0.09")], date(2027, 3, 17))
    after, _effects = fold(loan(), [*paid(11), repriced("0.09"), decided], date(2027, 3, 17))
    assert sum(due.penalty_fen for due in after.dues) == sum(due.penalty_fen for due in before.dues)
    assert after.terms.penalty.annual_rate == Decimal("0.09")
    called = Incoming(on=date(2027, 1, 10), source="", amount_fen=0, change=Acceleration())
    due = fold(loan(), [*paid(11), repriced("0.09"), called], date(2027, 2, 9))[0].dues[-1]
    assert due.penalty_fen == round(due.principal_fen * Decimal("0.18") * 30 / 360), "the line that was running bore 12 %"
