"""AC-13 and AC-14 as decisions about a running loan, and hand-computed cases of the other changes: position, books, to the fen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chezhe.finmath import schedule
from chezhe.finmath.allocation import AllocationRule
from chezhe.finmath.penalty import PenaltyRule
from chezhe.finmath.settlement import SettlementRule
from chezhe.finmath.terms import DayCount, Method, QuoteTerms
from chezhe.ledger import chart
from chezhe.servicing import postings
from chezhe.servicing.position import (
    Acceleration,
    Change,
    DueDayChange,
    Effect,
    Extension,
    Holiday,
    Incoming,
    Position,
    RateChange,
    Restructuring,
    Terms,
    WriteOff,
    advance,
    fold,
    opened,
    payoff,
)

LEVEL = QuoteTerms(
    principal_fen=10_000_000, method=Method.EQUAL_INSTALMENT, start_date=date(2026, 1, 15), annual_rate=Decimal("0.12"), periods=36,
)
BULLET = replace(LEVEL, method=Method.BULLET, periods=12)


def loan(plan: QuoteTerms = LEVEL) -> Position:
    terms = Terms(
        annual_rate=plan.annual_rate, day_count=plan.day_count, first_day_count=plan.day_count, plan=plan,
        penalty=PenaltyRule(annual_rate=Decimal("0.18")), allocation=AllocationRule(), settlement=SettlementRule(fee_rate=Decimal("0.03")),
    )
    return opened(terms, schedule.build(plan), paid_out_on=plan.start_date, principal_fen=plan.principal_fen)


def month(number: int, day: int = 15) -> date:
    """The due date of instalment `number`."""
    return date(2026 + number // 12, number % 12 + 1, day)


def paid(count: int) -> list[Incoming]:
    return [Incoming(on=month(k), source=chart.BANK, amount_fen=332_143) for k in range(1, count + 1)]


def decided(change: Change, on: date) -> Incoming:
    return Incoming(on=on, source="", amount_fen=0, change=change)


def live(start: Position, incoming: list[Incoming], to: date) -> tuple[Position, dict[str, int]]:
    """The life and what it left in the books, checked against each other."""
    position, effects = fold(start, incoming, to)
    books = booked(effects)
    due = position.interest_due_fen
    assert books.get(chart.LOAN_PRINCIPAL, 0) + 10_000_000 == position.principal_fen
    if position.is_off_book:
        assert books.get(chart.OFF_BOOK_INTEREST, 0) == due + position.arrears_to_come_fen
    else:
        assert books.get(chart.INTEREST_RECEIVABLE, 0) == due - position.arrears_due_fen
        assert books.get(chart.OFF_BOOK_INTEREST, 0) == position.arrears_due_fen + position.arrears_to_come_fen
    return position, books


def booked(effects: list[Effect]) -> dict[str, int]:
    return postings.balances(row for effect in effects for row in postings.for_effect(effect, "loan:1"))


def amounts(position: Position, since: int) -> list[int]:
    return [held.line.principal_fen + held.line.interest_fen for held in position.lines[since:]]


def test_ac13_a_bullet_is_extended_by_six_months_at_its_own_rate() -> None:
    on = date(2027, 1, 10)
    position, _books = live(loan(BULLET), [decided(Extension(months=6, annual_rate=Decimal("0.13")), on)], on)
    first, *later = (held.line for held in position.lines)
    assert (first.due_date, first.principal_fen, first.interest_fen) == (date(2027, 1, 15), 0, 1_200_000)
    assert [line.interest_fen for line in later] == [108_333] * 6
    assert (later[-1].due_date, later[-1].principal_fen) == (date(2027, 7, 15), 10_000_000)
    assert payoff(position, date(2027, 1, 12)).interest_fen == 1_190_000, "the running line keeps its twelve per cent"
    after, _books = live(loan(BULLET), [decided(Extension(months=6, annual_rate=Decimal("0.13")), on)], date(2027, 1, 25))
    assert payoff(after, date(2027, 1, 25)).interest_fen == 1_200_000 + 36_111


def test_ac14_after_twelve_paid_and_three_unpaid_the_balance_gets_a_new_plan() -> None:
    on = date(2027, 4, 15)
    change = Restructuring(method=Method.EQUAL_INSTALMENT, annual_rate=Decimal("0.10"), periods=36, observed_months=12)
    before, _ = live(loan(), paid(12), on)
    assert (before.principal_due_fen, before.interest_due_fen, before.principal_fen) == (792_627, 203_802, 7_055_846)
    position, books = live(loan(), [*paid(12), decided(change, on)], on)
    new = position.lines[position.plan_from :]
    assert amounts(position, position.plan_from) == [227_672] * 35 + [227_686]
    assert sum(held.line.interest_fen for held in new) == 1_140_360
    assert [held.line.arrears_fen for held in new] == [5_661] * 35 + [5_667]
    assert (new[0].line.due_date, new[-1].line.due_date) == (date(2027, 5, 15), date(2030, 4, 15))
    assert (position.dpd, position.principal_fen, position.observed_until) == (0, 7_055_846, date(2028, 4, 15))
    assert books[chart.OFF_BOOK_INTEREST] == 203_802, "what is put off is income when it comes"


def test_restructured_interest_is_never_charged_interest_and_is_paid_after_the_lines_own() -> None:
    on = date(2027, 4, 15)
    change = Restructuring(method=Method.EQUAL_INSTALMENT, annual_rate=Decimal("0.10"), periods=36, observed_months=12)
    life = [*paid(12), decided(change, on)]
    late, _ = live(loan(), life, date(2027, 6, 14))
    due = next(due for due in late.dues if due.due_date == date(2027, 5, 15))
    assert due.compound_fen == 882, "588.00 × 18 % × 30 / 360 on the line's own interest alone"
    penalties = sum(due.total_fen for due in late.dues if due.due_date < on)
    settled, books = live(loan(), [*life, Incoming(on=date(2027, 5, 15), source=chart.BANK, amount_fen=227_672 + 5_661 + penalties)],
                          date(2027, 5, 15))
    assert not settled.dues and books[chart.OFF_BOOK_INTEREST] == 203_802 - 5_661


def test_a_restructuring_inside_a_line_takes_along_what_was_earned() -> None:
    on = date(2027, 4, 25)
    change = Restructuring(method=Method.EQUAL_INSTALMENT, annual_rate=Decimal("0.10"), periods=36, observed_months=12)
    position, _books = live(loan(), [*paid(12), decided(change, on)], on)
    ten_days = 20_877  # 62 632.19 × 12 % × 10 / 360
    assert sum(held.line.arrears_fen for held in position.lines[position.plan_from :]) == 203_802 + ten_days
    assert position.lines[position.plan_from].line.due_date == date(2027, 5, 15) and position.principal_fen == 7_055_846


def test_another_due_day_makes_one_line_longer_and_leaves_the_instalment() -> None:
    position, _books = live(loan(), [*paid(1), decided(DueDayChange(due_day=25), date(2026, 2, 20))], date(2026, 2, 20))
    second, third = position.lines[1].line, position.lines[2].line
    assert (second.due_date, third.due_date) == (date(2026, 3, 25), date(2026, 4, 25))
    assert (second.principal_fen, second.interest_fen) == (234_464, 130_238), "97 678.57 × 12 % × 40 / 360"
    assert third.principal_fen + third.interest_fen == 332_143
    sooner, _books = live(loan(), [*paid(1), decided(DueDayChange(due_day=5), date(2026, 2, 20))], date(2026, 2, 20))
    assert sooner.lines[1].line.due_date == date(2026, 3, 5) and sooner.lines[1].line.interest_fen == 65_119


@pytest.mark.parametrize(("old", "due_day", "on", "new", "interest_fen"), [
    # 31 March: 15 days back, 16 days on.
    ((2026, 3, 31), 16, (2026, 3, 2), (2026, 3, 16), 58_607),
    # The 16th is over (or it is that day): the next one to come.
    ((2026, 3, 31), 16, (2026, 3, 20), (2026, 4, 16), 156_286),
    ((2026, 3, 31), 16, (2026, 3, 16), (2026, 4, 16), 156_286),
    # As near on both sides, 15 days and 14 days: the later.
    ((2026, 4, 30), 15, (2026, 4, 2), (2026, 5, 15), None),
    ((2026, 2, 28), 14, (2026, 2, 2), (2026, 3, 14), None),
    # 15 days back, 13 on.
    ((2026, 2, 28), 13, (2026, 2, 2), (2026, 3, 13), None),
    # Across a month's end.
    ((2026, 3, 31), 1, (2026, 3, 2), (2026, 4, 1), None),
    ((2026, 3, 31), 30, (2026, 3, 2), (2026, 3, 30), None),
])
def test_another_due_day_is_the_nearest_to_come_and_of_two_as_near_the_later(
    old: tuple[int, int, int], due_day: int, on: tuple[int, int, int], new: tuple[int, int, int], interest_fen: int | None
) -> None:
    """Due on the month's last day; the line before 31 March began on 28 February, with 97,678.57 left."""
    ends = replace(LEVEL, start_date=date(2026, 1, 31), due_day=31)
    start = loan(ends)
    number = date(*old).month - 1
    money = [Incoming(on=line.line.due_date, source=chart.BANK, amount_fen=332_143) for line in start.lines[: number - 1]]
    position, _books = live(start, [*money, decided(DueDayChange(due_day=due_day), date(*on))], date(*on))
    assert start.lines[number - 1].line.due_date == date(*old)
    running = position.lines[number - 1].line
    assert running.due_date == date(*new)
    assert interest_fen in (None, running.interest_fen), "97 678.57 × 12 % × 18 (48) / 360: thirty days a month"


def test_a_holiday_of_two_months_is_paid_for_with_the_instalment_after_it() -> None:
    position, _books = live(loan(), [*paid(1), decided(Holiday(months=2), date(2026, 2, 20))], date(2026, 5, 1))
    second, third = position.lines[1].line, position.lines[2].line
    assert (second.due_date, second.interest_fen, second.principal_fen) == (date(2026, 5, 15), 3 * 97_679 - 1, 234_464)
    assert (third.due_date, position.lines[-1].line.due_date, len(position.lines)) == (date(2026, 6, 15), date(2029, 3, 15), 36)
    assert position.dpd == 0 and advance(position, date(2026, 5, 15))[0].interest_due_fen == 293_036


def test_a_level_loan_is_extended_by_twelve_months_at_its_rate() -> None:
    position, _books = live(loan(), [*paid(12), decided(Extension(months=12), date(2027, 1, 20))], date(2027, 1, 20))
    rest = QuoteTerms(principal_fen=7_055_846, method=Method.EQUAL_INSTALMENT, start_date=date(2027, 1, 15), annual_rate=Decimal("0.12"),
                      periods=36, day_count=DayCount.THIRTY_360)
    assert amounts(position, 12) == [row.total_fen for row in schedule.build(rest)]
    assert position.lines[-1].line.due_date == date(2030, 1, 15)


def test_a_receipt_found_late_gives_the_new_plan_another_balance() -> None:
    change = decided(Extension(months=12), date(2027, 1, 20))
    missing = [*paid(11), change]
    skipped, _books = live(loan(), missing, date(2027, 1, 20))
    assert skipped.dpd == 5, "the plan of what is to come does not ask what is overdue"
    found, _books = live(loan(), [*missing, paid(12)[-1]], date(2027, 1, 20))
    whole, _books = live(loan(), [*paid(12), change], date(2027, 1, 20))
    assert found == whole


def test_another_rate_begins_with_the_next_line() -> None:
    position, _books = live(loan(), [*paid(12), decided(RateChange(annual_rate=Decimal("0.09")), date(2027, 1, 20))], date(2027, 1, 25))
    assert payoff(position, date(2027, 1, 25)).interest_fen == 23_519, "ten days of AC-11 at twelve per cent"
    rest = replace(LEVEL, principal_fen=6_794_261, start_date=date(2027, 2, 15), annual_rate=Decimal("0.09"), periods=23)
    assert position.lines[12].line.interest_fen == 70_558
    assert amounts(position, 13) == [row.total_fen for row in schedule.build(rest)] and amounts(position, 13)[0] == 322_717


def test_an_accelerated_loan_owes_all_of_it_at_the_penalty_rate() -> None:
    on = date(2027, 4, 25)
    position, books = live(loan(), [*paid(12), decided(Acceleration(), on)], date(2027, 5, 25))
    assert (position.principal_due_fen, position.dpd, position.accelerated_on) == (7_055_846, 99, on)
    last = position.dues[-1]
    assert (last.due_date, last.principal_fen, last.interest_fen) == (on, 6_263_219, 20_877)
    assert last.penalty_fen == 93_948, "62 632.19 × 18 % × 30 / 360"
    assert position.is_off_book and books[chart.OFF_BOOK_INTEREST] == 203_802 + 20_877


def test_a_written_off_loan_keeps_its_claim_and_what_comes_goes_back_into_the_provision() -> None:
    on = date(2027, 5, 25)
    life = [*paid(12), decided(WriteOff(), on)]
    effects = fold(loan(), life, on)[1]
    books, position = booked(effects), fold(loan(), life, on)[0]
    earned = 19_979  # the running line from 15 May: 59 937.08 × 12 % × 10 / 360
    due = 203_802 + 62_632  # and the fourth instalment that was missed
    assert (position.principal_fen, position.interest_due_fen) == (7_055_846, due + earned)
    assert books[chart.PROVISION] == books[chart.WRITTEN_OFF_CLAIMS] == 7_055_846 and books[chart.LOAN_PRINCIPAL] == -10_000_000
    assert books[chart.OFF_BOOK_INTEREST] == due + earned and chart.INTEREST_RECEIVABLE not in books
    later, more = fold(loan(), [*life, Incoming(on=date(2027, 8, 1), source=chart.BANK, amount_fen=2_000_000)], date(2027, 8, 1))
    after = booked(more)
    assert later.is_off_book and books[chart.PROVISION] - after[chart.PROVISION] == 7_055_846 - later.principal_fen > 0
    assert after[chart.WRITTEN_OFF_CLAIMS] == later.principal_fen and after.get(chart.OFF_BOOK_INTEREST, 0) == later.interest_due_fen
