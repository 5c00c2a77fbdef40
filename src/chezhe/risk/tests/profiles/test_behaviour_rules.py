"""Behaviour features: what they say of plain records, and that the future never changes a past day. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.profiles.behaviour import FEATURES, HISTORY, Instalment, LoanRecord, features, history

ON = date(2026, 6, 20)


def month(number: int, *, late: int | None = 0, part: int | None = None) -> Instalment:
    """Due on the tenth, paid so many days late (None: not at all)."""
    due = date(2025 + (number - 1) // 12, (number - 1) % 12 + 1, 10)
    return Instalment(due, None if late is None else due + timedelta(days=late), None if part is None else due + timedelta(days=part))


def loan(*instalments: Instalment, **more: object) -> LoanRecord:
    return LoanRecord(**{  # type: ignore[arg-type]
        "begun_on": date(2025, 12, 10), "principal_fen": 1_000_000, "principal_left_fen": 700_000, "instalments": instalments, "left": 6, **more})


def test_the_catalogue_defines_every_feature_with_an_owner_and_bounds() -> None:
    for code in (*FEATURES, *HISTORY):
        assert (found := CATALOGUE[code]).source == "ledger" and found.owner and found.low == 0 and found.high and found.valid_days == 45


def test_a_mixed_past_reads_as_it_was() -> None:
    told = features([loan(month(13), month(14, late=35), month(15, late=4, part=2), month(16, late=-3), month(17, late=None))], ON)
    assert told["behaviour_dpd_now"] == 41 and told["behaviour_worst_dpd_12m"] == 41
    assert told["behaviour_on_time_rate_12m"] == Decimal("0.4") and told["behaviour_late_30_count_12m"] == 2
    assert told["behaviour_partial_payments_6m"] == 1 and told["behaviour_days_late_6m"] == 35 + 4 + 41
    assert told["behaviour_utilisation"] == Decimal("0.7") and told["behaviour_months_clean"] == 0


def test_windows_forget_and_a_clean_stretch_is_counted() -> None:
    paid = [month(number, late=40 if number == 2 else 0) for number in range(1, 18)]
    told = features([loan(*paid, begun_on=date(2024, 12, 10))], ON)
    assert (told["behaviour_worst_dpd_3m"], told["behaviour_worst_dpd_12m"], told["behaviour_months_clean"]) == (0, 0, 14)
    assert history([loan(*paid)], ON) == {"history_loans": 1, "history_worst_dpd": 40, "history_months_paid": 16}


def test_two_loans_are_one_customer() -> None:
    one, other = loan(month(16)), loan(month(16, late=None), principal_fen=3_000_000, principal_left_fen=3_000_000, deposit_fen=50)
    told = features([one, other], ON)
    assert told["behaviour_loans_running"] == 2 and told["behaviour_utilisation"] == Decimal("0.925") and told["behaviour_deposit_left"] == 50
    assert told["behaviour_dpd_now"] == (ON - date(2026, 4, 10)).days and told["behaviour_on_time_rate_12m"] == Decimal("0.5")


def test_what_is_over_is_not_judged_and_before_an_instalment_nothing_is_said_of_time() -> None:
    assert features([loan(month(16), ended_on=date(2026, 5, 1))], ON) == {
        "behaviour_loans_running": 0, "behaviour_dpd_now": 0, "behaviour_principal_left": 0}
    assert "behaviour_on_time_rate_12m" not in features([loan()], ON)


@st.composite
def lives(draw: st.DrawFn) -> LoanRecord:
    due = [date(2025, 1, 5) + timedelta(days=30 * at) for at in range(draw(st.integers(0, 24)))]
    late = st.one_of(st.none(), st.integers(-20, 150))
    days = [(one, draw(late), draw(st.one_of(st.none(), st.integers(0, 60)))) for one in due]
    made = [
        Instalment(one, None if paid is None else one + timedelta(days=paid), None if part is None else one + timedelta(days=part))
        for one, paid, part in days
    ]
    return loan(*made, begun_on=date(2024, 12, 5), failed_debits=draw(st.lists(st.dates(date(2025, 1, 1), date(2027, 1, 1)), max_size=9)))


@settings(max_examples=200, deadline=None)
@given(record=lives(), days=st.integers(0, 700))
def test_what_happens_later_never_changes_what_a_day_knew(record: LoanRecord, days: int) -> None:
    """Cut everything after the day off: the figures are the same. And every figure is one that the catalogue allows."""
    on = date(2025, 1, 1) + timedelta(days=days)
    known = [
        Instalment(one.due_on, one.paid_on if one.paid_on and one.paid_on <= on else None, one.part_on if one.part_on and one.part_on <= on else None)
        for one in record.instalments if one.due_on <= on
    ]
    then = replace(record, instalments=known, failed_debits=[day for day in record.failed_debits if day <= on])
    told = {**features([record], on), **history([record], on)}
    assert told == {**features([then], on), **history([then], on)}
    assert all(CATALOGUE[code].read(value) == value for code, value in told.items())
