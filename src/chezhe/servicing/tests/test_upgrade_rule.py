"""A bad loan stays bad until it has performed, whatever cleared its arrears."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from chezhe.finmath.ageing import FiveClass
from chezhe.finmath.allocation import Item, TransactionKind
from chezhe.finmath.days import month_step
from chezhe.finmath.terms import Method
from chezhe.servicing import position as positions
from chezhe.servicing import queries, rules
from chezhe.servicing.actions.fix_refinancing import fix_refinancing
from chezhe.servicing.models import Loan
from chezhe.servicing.position import Brought, Incoming, Position, Spell
from chezhe.servicing.quality import evenings, grading, reading
from chezhe.servicing.quality.rules import DOUBTFUL, NORMAL, SPECIAL_MENTION, SUBSTANDARD, History, held, observed_until
from chezhe.servicing.quality.standards import standards_on
from chezhe.servicing.tests.deciding import risk
from chezhe.servicing.tests.lending import START, TERMS, Bank, days_pass, pay
from chezhe.servicing.tests.test_corrections import take_back
from chezhe.servicing.tests.test_life import agrees
from chezhe.servicing.tests.test_quality import STANDARDS, quality
from chezhe.servicing.tests.test_refinancing import paid, renewal
from chezhe.servicing.tests.test_replanning import restructure

DUE = date(2026, 2, 15)
LATE = DUE + timedelta(days=120)
ALL = 4 * 332_143 + 200_000
ROWS = rules.plan(TERMS)
RESTRUCTURING = positions.Restructuring(method=Method.EQUAL_INSTALMENT, annual_rate=Decimal("0.10"), periods=36, observed_months=12)


def money(fen: int, on: date = LATE, **more: Any) -> Incoming:
    return Incoming(on=on, source="1002.01", amount_fen=fen, **more)


def lived(*came: Incoming, to: date = LATE) -> Position:
    """The worked case, of which nothing is paid but what came."""
    begun = rules.opening(TERMS, rules.arrays(ROWS), START, rules.Promised())
    return positions.fold(begun, came, to)[0]


CLEARED = {
    "money": [money(ALL)],
    "insurance": [money(ALL, kind=TransactionKind.INSURANCE)],
    "the car's proceeds": [money(ALL, kind=TransactionKind.DISPOSAL)],
    "a deposit": [money(ALL, START, change=positions.Deposit()), money(ALL, change=positions.DepositUse())],
    "unapplied cash": [money(ALL, LATE - timedelta(days=1), kind=TransactionKind.INSURANCE), money(0, change=positions.Charge(code="x"))],
    "a waiver of the rest": [
        money(4 * 332_143 - 100, kind=TransactionKind.REPAYMENT), *(money(500_000, change=positions.Waiver(item=item)) for item in (
            Item.PENALTY, Item.COMPOUND, Item.INTEREST)), money(500_000),
    ],
    "a subsidy of the rest": [money(ALL - 200_000), money(400_000, change=positions.Subsidy(period=1)), money(400_000)],
    "a settlement of all": [money(12_000_000, settles=True)],
}


@pytest.mark.parametrize("what", CLEARED)
def test_whatever_clears_the_arrears_they_are_remembered(what: str) -> None:
    spells = positions.arrears_of(lived(*CLEARED[what], to=LATE + timedelta(days=1)))
    assert len(spells) == 1 and spells[0].due_on == DUE and spells[0].days in (119, 120)
    assert spells[0].ended_on in (LATE, LATE - timedelta(days=1)) and not spells[0].has_moved


def test_of_an_instalment_whose_fee_was_paid_last_the_fee_counts() -> None:
    held_line = lived().lines[0]
    line = rules.replace(held_line.line, fee_fen=100)
    owed = rules.replace(held_line, line=line)
    part = owed.paid.with_figures([0, 0, 0, line.interest_fen, line.principal_fen])
    cleared = owed.after(part, date(2026, 3, 1))
    assert cleared.cleared_on == date(2026, 3, 1) and cleared.in_order_from is None
    assert cleared.after(owed.paid.with_figures([100, 0, 0, 0, 0]), date(2026, 6, 1)).in_order_from == date(2026, 6, 1)


def history(position: Position) -> History:
    return History(spells=positions.arrears_of(position), performing_since=positions.performing_since(position),
                   due_dates=tuple(line.line.due_date for line in position.lines), observed_until=position.observed_until)


def classes(position: Position, on: date) -> tuple[int, int]:
    return held(history(position), position.dpd, on, STANDARDS)


def test_a_loan_restructured_when_it_was_bad_keeps_its_class_until_it_has_performed() -> None:
    changed = lived(money(0, change=RESTRUCTURING))
    assert positions.arrears_of(changed) == (Spell(due_on=DUE, ended_on=LATE, days=120, has_moved=True),)
    assert changed.dpd == 0 and classes(changed, LATE) == (SPECIAL_MENTION, SUBSTANDARD)
    assert classes(changed, date(2026, 12, 14))[1] == SUBSTANDARD and classes(changed, date(2026, 12, 15)) == (SPECIAL_MENTION, NORMAL)
    worse = DUE + timedelta(days=300)
    assert classes(lived(money(0, worse, change=RESTRUCTURING), to=worse), worse)[1] == DOUBTFUL, "no money came"
    assert classes(lived(money(11 * 400_000, worse), to=worse), worse)[1] == SUBSTANDARD, "what was paid may rise inside the bad ones"
    early = DUE + timedelta(days=20)
    assert classes(lived(money(0, early, change=RESTRUCTURING), to=early), early) == (SPECIAL_MENTION, NORMAL)


def test_old_arrears_that_are_cleared_hold_the_loan_while_younger_ones_are_left() -> None:
    part = lived(money(332_143 + 20_000))
    assert 80 <= part.dpd <= 92 and positions.arrears_of(part) == (Spell(due_on=DUE, ended_on=None, days=120),)
    assert positions.performing_since(part) is None and classes(part, LATE)[1] == SUBSTANDARD


@pytest.mark.parametrize("sum_fen", [332_143 + 20_000, 5 * 400_000])
def test_the_calendar_alone_moves_neither_spells_nor_the_day_since_which_it_performs(sum_fen: int) -> None:
    paid = lived(money(sum_fen))
    for days in range(0, 400, 5):
        later, _effects = positions.advance(paid, LATE + timedelta(days=days + 1))
        assert positions.arrears_of(later) == positions.arrears_of(paid)
        assert positions.performing_since(later) == positions.performing_since(paid)


def test_new_arrears_begin_the_time_anew_and_after_it_count_by_themselves() -> None:
    bad = Spell(due_on=DUE, ended_on=date(2026, 6, 10), days=115)
    soon = Spell(due_on=date(2026, 9, 15), ended_on=date(2026, 9, 20), days=5)
    later = Spell(due_on=date(2027, 9, 15), ended_on=date(2027, 9, 20), days=5)
    dues = tuple(row.due_date for row in ROWS)
    def of(on: date, *spells: Spell, dpd: int = 0) -> int:
        return held(History(spells=spells, due_dates=dues), dpd, on, STANDARDS)[1]

    assert [of(on, bad) for on in (date(2026, 12, 9), date(2026, 12, 10))] == [SUBSTANDARD, NORMAL]
    assert [of(on, bad, soon) for on in (date(2027, 3, 19), date(2027, 3, 20))] == [SUBSTANDARD, NORMAL]
    assert of(date(2027, 9, 20), bad, later) == NORMAL
    assert [of(on, bad, dpd=3) for on in (date(2026, 12, 12), date(2026, 12, 13))] == [SUBSTANDARD, NORMAL]


def test_what_the_old_books_tell_of_a_loan_taken_over_counts() -> None:
    untouched = rules.opening(TERMS, rules.arrays(ROWS), START, rules.Promised())
    on = date(2026, 12, 1)
    came = positions.bring_in(untouched, Brought(as_of=on, dpd_worst=130))
    assert came.dpd == 0 and classes(came, on)[1] == SUBSTANDARD and classes(came, date(2027, 6, 1))[1] == NORMAL
    assert classes(positions.bring_in(untouched, Brought(as_of=on, dpd_worst=20)), on)[1] == NORMAL


# ---- observation ------------------------------------------------------------------------------------------------

BAD = Spell(due_on=DUE, ended_on=LATE, days=120, has_moved=True)
"""Restructured on 15 June 2026, bad; observed for twelve months."""


def observed(*missed: tuple[date, date], months: int = 12, since: date = LATE) -> History:
    """The bad loan with what it missed under its new plan, from the due date to the day on which nothing was overdue any more."""
    spells = [Spell(due_on=due_on, ended_on=ended_on, days=(ended_on - due_on).days) for due_on, ended_on in missed]
    dues = tuple(date(2026 + at // 12, at % 12 + 1, 15) for at in range(1, 60))
    return History(spells=(BAD, *spells), due_dates=dues, observed_from=since, observed_until=month_step(since, months, since.day))


@pytest.mark.parametrize(
    ("missed", "until"),
    [
        ([], date(2027, 6, 15)),
        ([(date(2026, 10, 15), date(2026, 10, 20))], date(2027, 10, 15)),
        ([(date(2026, 10, 15), date(2027, 2, 20))], date(2028, 2, 15)),
        ([(date(2026, 10, 15), date(2027, 2, 15))], date(2028, 1, 15)),
        ([(date(2027, 5, 15), date(2027, 5, 16)), (date(2028, 4, 15), date(2028, 4, 16))], date(2029, 4, 15)),
        ([(date(2027, 6, 15), date(2027, 6, 20))], date(2027, 6, 15)),
        ([(date(2027, 5, 15), date(2027, 5, 16)), (date(2028, 5, 15), date(2028, 5, 16))], date(2028, 5, 15)),
    ],
    ids=["in time", "a few days", "five one after the other", "the last of them in time", "again while it lasts anew", "when it was over", "and after that"],
)
def test_observation_begins_anew_with_an_instalment_missed_while_it_lasts(missed: list[tuple[date, date]], until: date) -> None:
    history = observed(*missed)
    assert observed_until(history) == until
    before = until - timedelta(days=1)
    assert [held(history, 0, on, STANDARDS)[0] for on in (before, until)] == [SPECIAL_MENTION, NORMAL]


def test_observation_takes_as_long_as_was_agreed_and_counts_nothing_from_before() -> None:
    missed = (date(2026, 10, 15), date(2026, 10, 20))
    assert observed_until(observed(missed, months=24)) == date(2028, 10, 15)
    assert observed_until(observed(missed, since=date(2026, 11, 30), months=3)) == date(2027, 2, 28), "missed before it was restructured again"
    assert observed_until(History(spells=(BAD,), observed_until=date(2027, 6, 15))) == date(2027, 6, 15)
    assert observed_until(History()) is None


# ---- loans of the house -----------------------------------------------------------------------------------------


@pytest.mark.django_db
def test_restructured_at_120_days_it_stays_substandard_on_its_page_and_in_the_run(bank: Bank, loan: Loan) -> None:
    days_pass(bank, LATE)
    assert quality(loan, LATE).asset_class is FiveClass.SUBSTANDARD
    restructure(bank, loan, risk(bank))
    found = quality(loan, LATE)
    assert dict(found.reasons) == {"observation": FiveClass.SPECIAL_MENTION, "upgrade": FiveClass.SUBSTANDARD} and found.stage == 3
    assert agrees(loan) and loan.arrears == [[DUE.isoformat(), LATE.isoformat(), 120, True]]
    graded = grading.grade_book(LATE, standards_on(LATE))
    assert grading.qualities(graded)[loan.pk] == found, "the run says the same"
    take_back(bank, loan.events.get(kind="restructured"))
    assert agrees(loan) and loan.arrears is None and quality(loan, LATE).reasons == (("dpd", FiveClass.SUBSTANDARD),)
    restructure(bank, loan, risk(bank))
    for at, due in enumerate(row.due_date for row in ROWS[:4]):
        pay(bank, loan, "3321.43", due, f"late{at}")
    assert agrees(loan) and loan.arrears is None, "receipts found late show that it never was so late"
    assert quality(loan, LATE).reasons == (("observation", FiveClass.SPECIAL_MENTION),)
    days_pass(bank, LATE + timedelta(days=1))
    assert reading.whole_book(LATE).spells == [()]


@pytest.mark.django_db
def test_a_bad_loan_paid_off_by_a_new_one_leaves_its_class_to_it(bank: Bank, loan: Loan) -> None:
    days_pass(bank, LATE)
    contract = renewal(bank, loan, on=LATE)
    fix_refinancing(contract_number=contract.number, by=bank.fang)
    new = paid(contract, LATE)
    found = quality(new, LATE)
    assert dict(found.reasons)["upgrade"] is FiveClass.SUBSTANDARD and found.stage == 3
    assert grading.qualities(grading.grade_book(LATE, standards_on(LATE)))[new.pk] == found


@pytest.mark.django_db
def test_a_bad_loan_that_gets_worse_while_it_is_observed_is_observed_anew_whoever_asks(bank: Bank, loan: Loan) -> None:
    """Restructured on 15 June 2026 at 120 days; of the new plan the instalments of 15 July 2026 to 15 April 2027 are missed and paid on
    1 May: 290 days late it is doubtful, paid it performs from there on, and its year begins on 15 April instead of ending in June."""
    days_pass(bank, LATE)
    restructure(bank, loan, risk(bank))
    loan.refresh_from_db()
    assert loan.observed_until == date(2027, 6, 15)
    days_pass(bank, date(2027, 4, 30))
    assert asked_everywhere(loan, date(2027, 4, 30))[0] is FiveClass.DOUBTFUL
    days_pass(bank, date(2027, 5, 1))
    loan.refresh_from_db()
    owed = queries.current_position(loan, date(2027, 5, 1)).due_total_fen
    pay(bank, loan, str(owed / 100), date(2027, 5, 1), "N1")
    assert agrees(loan) and loan.days_past_due(date(2027, 5, 1)) == 0
    assert asked_everywhere(loan, date(2027, 5, 1))[0] is FiveClass.SUBSTANDARD
    plan = [due for due in loan.schedules.latest("version").due_dates if date(2027, 5, 1) < due <= date(2028, 4, 15)]
    for due in plan:
        days_pass(bank, due)
        loan.refresh_from_db()
        pay(bank, loan, str(queries.current_position(loan, due).due_total_fen / 100), due, f"N{due}")
        assert loan.days_past_due(due) == 0
    days_pass(bank, date(2028, 4, 15))
    assert loan.observed_until == date(2027, 6, 15), "the row keeps what the restructuring said"
    assert asked_everywhere(loan, date(2028, 4, 14)) == (FiveClass.SPECIAL_MENTION, 2, ("observation",))
    assert asked_everywhere(loan, date(2028, 4, 15)) == (FiveClass.NORMAL, 1, ())


def asked_everywhere(loan: Loan, on: date) -> tuple[FiveClass, int, tuple[str, ...]]:
    """Class, stage and reasons: the same on the loan's page, in the evening's snapshot and in the month's run."""
    found = quality(loan, on)
    run = grading.qualities(grading.grade_book(on, standards_on(on)))[loan.pk]
    evening = evenings.of_book(on)
    assert evening is not None and run == found and evening.of(loan.pk, "active") == (found.asset_class.value, found.stage)
    return found.asset_class, found.stage, tuple(name for name, _class in found.reasons)
