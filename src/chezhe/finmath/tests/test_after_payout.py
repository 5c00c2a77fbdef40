"""Accrual, penalty, allocation, ageing, settlement, prepayment, restructuring, transfers: their laws."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chezhe.finmath import accrual, ageing, allocation, ecl, penalty, restructure, schedule, settlement
from chezhe.finmath.accrual import AccruingLine, RunningAccrual, accrued_fen, advance, weighted_balance
from chezhe.finmath.allocation import COST_FIRST, PRINCIPAL_FIRST, AllocationMode, AllocationRule, Due, Item
from chezhe.finmath.prepayment import PrepaymentMode, prepaid_schedule, rest_of
from chezhe.finmath.settlement import FlatCharges, SettlementRule
from chezhe.finmath.terms import DayCount, Method, QuoteTerms, Step, TermsError
from chezhe.finmath.tests import strategies
from chezhe.finmath.transfers import Transfer, moving

START = date(2026, 1, 31)


@settings(max_examples=100)
@given(data=st.data(), method=st.sampled_from([Method.EQUAL_INSTALMENT, Method.BULLET, Method.INTEREST_ONLY_BULLET]))
def test_daily_accruals_add_up_to_the_line_and_never_fall(data: st.DataObject, method: Method) -> None:
    terms = replace(data.draw(strategies.terms(method, 24)), stub=None, due_day=None)
    row = schedule.build(terms)[0]
    line = AccruingLine(
        from_date=terms.start_date,
        due_date=row.due_date,
        balance_fen=terms.principal_fen,
        interest_fen=row.interest_fen,
        annual_rate=terms.annual_rate,
        day_count=terms.day_count,
    )
    days = [terms.start_date + timedelta(days=n) for n in range((row.due_date - terms.start_date).days + 3)]
    posted = [accrual.earned_between_fen(line, a, b) for a, b in zip(days, days[1:], strict=False)]
    assert sum(posted) == row.interest_fen
    assert min(posted) >= 0


def test_a_flat_charge_is_earned_evenly_over_its_days() -> None:
    line = AccruingLine(from_date=date(2026, 1, 15), due_date=date(2026, 2, 15), balance_fen=1, interest_fen=65_000, annual_rate=None)
    assert accrued_fen(line, date(2026, 1, 25)) == 20_968  # 650.00 × 10/31
    assert accrued_fen(line, date(2026, 1, 15)) == 0
    assert accrued_fen(line, date(2026, 3, 1)) == 65_000


@settings(max_examples=100)
@given(
    loans=st.lists(st.tuples(st.integers(0, 10**11), strategies.rates), min_size=1, max_size=5),
    stops=st.sets(st.integers(1, 400), min_size=1, max_size=12),
    basis=st.sampled_from(DayCount),
)
def test_many_small_accrual_steps_post_what_one_long_step_does(loans: list[tuple[int, Decimal]], stops: set[int], basis: DayCount) -> None:
    weighted = weighted_balance(loans)
    running, before = RunningAccrual(day_count=basis), START
    for stop in sorted(stops):
        _, running = advance(running, weighted, before, START + timedelta(days=stop))
        before = START + timedelta(days=stop)
    posted, once = advance(RunningAccrual(day_count=basis), weighted, START, before)
    assert (running.recognised_fen, running.carry) == (posted, once.carry)
    assert -running.denominator <= 2 * running.carry < running.denominator


dues_lists = st.lists(
    st.builds(
        Due,
        period=st.integers(1, 9),
        due_date=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        fee_fen=st.integers(0, 10_000),
        penalty_fen=st.integers(0, 10_000),
        compound_fen=st.integers(0, 10_000),
        interest_fen=st.integers(0, 100_000),
        principal_fen=st.integers(0, 300_000),
    ),
    max_size=6,
)


@settings(max_examples=150)
@given(
    dues=dues_lists,
    amount=st.integers(0, 2_000_000),
    mode=st.sampled_from(AllocationMode),
    order=st.permutations(list(Item)),
)
def test_allocation_loses_nothing_and_follows_its_order(dues: list[Due], amount: int, mode: AllocationMode, order: list[Item]) -> None:
    rule = AllocationRule(order=tuple(order), mode=mode)
    made = allocation.allocate(rule, dues, amount, dpd=0)
    assert sum(due.total_fen for due in made.paid) + made.unapplied_fen == amount
    for before, paid, left in zip(sorted(dues, key=lambda d: (d.due_date, d.period)), made.paid, made.left, strict=True):
        for item in Item:
            assert before.item_fen(item) == paid.item_fen(item) + left.item_fen(item)
            assert paid.item_fen(item) >= 0 and left.item_fen(item) >= 0
    flat_left = [due.item_fen(item) for due in made.left for item in Item]
    flat_paid = [due.item_fen(item) for due in made.paid for item in Item]
    places = allocation.positions(rule, len(dues), rule.order)
    first_open = next((k for k, at in enumerate(places) if flat_left[at]), len(places))
    assert not any(flat_paid[at] for at in places[first_open + 1 :]), "nothing behind an open due is paid"
    assert made.unapplied_fen == 0 or not any(flat_left)


def test_a_late_order_begins_the_day_after_its_threshold() -> None:
    rule = AllocationRule(late_order=PRINCIPAL_FIRST, late_after_days=90)
    assert rule.order_at(90) == COST_FIRST
    assert rule.order_at(91) == PRINCIPAL_FIRST
    for wrong in ({"order": COST_FIRST[1:]}, {"late_order": PRINCIPAL_FIRST}, {"late_after_days": 90}):
        with pytest.raises(ValueError):
            AllocationRule(**wrong)
    with pytest.raises(ValueError):
        allocation.allocate(rule, [], -1, dpd=0)


def test_paying_the_oldest_instalment_moves_the_days_past_due() -> None:
    first, second = date(2026, 2, 15), date(2026, 3, 15)
    as_of = date(2026, 4, 1)
    assert ageing.days_past_due([(first, 1), (second, 1)], as_of) == 45
    assert ageing.days_past_due([(first, 0), (second, 1)], as_of) == 17
    assert ageing.days_past_due([(first, 0), (second, 0)], as_of) == 0
    assert ageing.days_past_due([(as_of, 5)], as_of) == 0
    assert ageing.days_past_due([(date(2026, 5, 1), 5)], as_of) == 0


def test_buckets_and_classes_change_where_they_should() -> None:
    edges = {0: "C", 1: "M1", 30: "M1", 31: "M2", 60: "M2", 61: "M3", 90: "M3", 91: "M4", 121: "M5", 151: "M6", 180: "M6", 181: "M7"}
    assert {dpd: ageing.bucket(dpd).value for dpd in edges} == edges
    thresholds = ageing.ClassThresholds(special_mention=0, substandard=90, doubtful=270, loss=360)
    assert [ageing.five_class(dpd, thresholds).value for dpd in (0, 1, 90, 91, 270, 271, 360, 361)] == [
        "normal",
        "special_mention",
        "special_mention",
        "substandard",
        "substandard",
        "doubtful",
        "doubtful",
        "loss",
    ]
    with pytest.raises(ValueError):
        ageing.ClassThresholds(special_mention=0, substandard=90, doubtful=80, loss=360)


def test_penalty_follows_part_payments_and_rounds_once() -> None:
    rule = penalty.PenaltyRule(annual_rate=Decimal("0.18"))
    due, paid, end = date(2026, 2, 15), date(2026, 3, 2), date(2026, 4, 1)
    stretches = [
        penalty.OverdueStretch(from_date=due, to_date=paid, principal_fen=232_143, interest_fen=100_000),
        penalty.OverdueStretch(from_date=paid, to_date=end, principal_fen=32_143, interest_fen=0),
    ]
    made = penalty.charge_over(rule, due, end, stretches)
    assert made.penalty_fen == 2_223  # (2 321.43 × 15 + 321.43 × 30) × 0.18 / 360 = 22.232
    assert made.compound_fen == 750
    assert made.days == 45


def test_a_penalty_rate_is_the_contract_rate_times_its_multiple() -> None:
    assert penalty.penalty_rate(Decimal("0.12"), Decimal("1.5")) == Decimal("0.18")
    assert penalty.penalty_rate(Decimal("0.0333333333"), Decimal("1.5")) == Decimal("0.0500000000")


PLAN = QuoteTerms(
    principal_fen=10_000_000,
    method=Method.EQUAL_INSTALMENT,
    start_date=date(2026, 1, 15),
    annual_rate=Decimal("0.12"),
    periods=36,
)


@settings(max_examples=60)
@given(after=st.integers(0, 34), method=st.sampled_from([Method.EQUAL_INSTALMENT, Method.INTEREST_ONLY_BULLET, Method.STEPPED]))
def test_the_rest_of_a_loan_has_the_due_dates_and_balance_of_the_whole(after: int, method: Method) -> None:
    steps = (Step(from_period=1, factor=Decimal(1)), Step(from_period=13, factor=Decimal("1.2")))
    terms = replace(PLAN, method=method, start_date=START, steps=steps if method is Method.STEPPED else ())
    rows = schedule.build(terms)
    rest = schedule.build(rest_of(terms, rows, after))
    assert [row.due_date for row in rest] == [row.due_date for row in rows[after:]]
    assert sum(row.principal_fen for row in rest) == sum(row.principal_fen for row in rows[after:])
    worst = max(abs(a.total_fen - b.total_fen) for a, b in zip(rest[:-1], rows[after:-1], strict=True))
    assert worst <= 1 + 18 // len(rest), "the same instalment but for what rounding left over"


@settings(max_examples=60)
@given(amount=st.integers(1, 9_000_000), after=st.integers(1, 30), used=st.integers(0, 29), mode=st.sampled_from(PrepaymentMode))
def test_a_prepayment_leaves_a_plan_that_repays_the_rest(amount: int, after: int, used: int, mode: PrepaymentMode) -> None:
    rows = schedule.build(PLAN)
    rest = rest_of(PLAN, rows, after)
    if amount >= rest.principal_fen or rest.start_date + timedelta(days=used) >= rows[after].due_date:
        return
    on = rest.start_date + timedelta(days=used)
    made = prepaid_schedule(rest, amount_fen=amount, paid_on=on, mode=mode, instalment_fen=332_143)
    assert sum(row.principal_fen for row in made) == rest.principal_fen - amount
    old = sum(row.interest_fen for row in rows[after:])
    assert sum(row.interest_fen for row in made) <= old
    if mode is PrepaymentMode.SHORTEN_TERM:
        assert len(made) <= len(rows) - after
    else:
        assert len(made) == len(rows) - after and made[-2].total_fen <= 332_143


def test_interest_earned_on_the_prepaid_amount_falls_due_with_the_next_line() -> None:
    rows = schedule.build(PLAN)
    rest = rest_of(PLAN, rows, 12)
    on_due = prepaid_schedule(rest, amount_fen=2_000_000, paid_on=date(2027, 1, 15), mode=PrepaymentMode.REDUCE_INSTALMENT)
    later = prepaid_schedule(rest, amount_fen=2_000_000, paid_on=date(2027, 1, 25), mode=PrepaymentMode.REDUCE_INSTALMENT)
    assert later[0].interest_fen - on_due[0].interest_fen in (6_666, 6_667)  # 20 000.00 × 12 % × 10/360
    assert later[1:] == on_due[1:]


def test_an_equal_principal_loan_can_be_shortened_too() -> None:
    terms = replace(PLAN, method=Method.EQUAL_PRINCIPAL)
    rest = rest_of(terms, schedule.build(terms), 12)
    made = prepaid_schedule(rest, amount_fen=2_000_000, paid_on=date(2027, 1, 15), mode=PrepaymentMode.SHORTEN_TERM)
    assert len(made) == 17 and made[0].principal_fen <= 277_778


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"amount_fen": 0}, "prepayment_not_below_balance"),
        ({"amount_fen": 7_055_846}, "prepayment_not_below_balance"),
        ({"paid_on": date(2027, 2, 15)}, "prepayment_not_in_line"),
        ({"paid_on": date(2027, 1, 14)}, "prepayment_not_in_line"),
    ],
)
def test_it_refuses_a_prepayment_outside_its_line_or_balance(change: dict[str, Any], code: str) -> None:
    rest = rest_of(PLAN, schedule.build(PLAN), 12)
    asked: dict[str, Any] = {"amount_fen": 100, "paid_on": date(2027, 1, 20), "mode": PrepaymentMode.REDUCE_INSTALMENT} | change
    with pytest.raises(TermsError) as refusal:
        prepaid_schedule(rest, **asked)
    assert refusal.value.code == code


def test_it_refuses_to_replan_a_flat_loan() -> None:
    flat = replace(PLAN, method=Method.FLAT_EQUAL, annual_rate=None, flat_monthly_rate=Decimal("0.0065"))
    with pytest.raises(TermsError, match="cannot be changed"):
        prepaid_schedule(flat, amount_fen=100, paid_on=flat.start_date, mode=PrepaymentMode.REDUCE_INSTALMENT)


def test_a_flat_loan_settles_with_or_without_its_later_charges() -> None:
    line = AccruingLine(
        from_date=date(2027, 1, 15), due_date=date(2027, 2, 15), balance_fen=6_666_664, interest_fen=65_000, annual_rate=None
    )
    on = date(2027, 1, 25)
    waived = settlement.settle(SettlementRule(), on, overdue=[], line=line, later_flat_fen=23 * 65_000)
    kept = settlement.settle(SettlementRule(flat_charges=FlatCharges.KEEP), on, overdue=[], line=line, later_flat_fen=23 * 65_000)
    assert waived.total_fen == 6_666_664 + 20_968
    assert kept.total_fen == 6_666_664 + 24 * 65_000


def test_settling_takes_the_overdue_with_it_and_charges_the_fee_on_principal_not_yet_due() -> None:
    line = AccruingLine(
        from_date=date(2026, 2, 15),
        due_date=date(2026, 3, 15),
        balance_fen=9_767_857,
        interest_fen=97_679,
        annual_rate=Decimal("0.12"),
    )
    overdue = Due(period=1, due_date=date(2026, 2, 15), penalty_fen=100, compound_fen=50, interest_fen=100_000, principal_fen=232_143)
    made = settlement.settle(SettlementRule(fee_rate=Decimal("0.03")), date(2026, 2, 25), overdue=[overdue], line=line)
    assert made.principal_fen == 10_000_000
    assert made.interest_fen == 100_000 + 32_560
    assert made.early_settlement_fee_fen == 293_036
    assert made.total_fen == 10_000_000 + 132_560 + 150 + 293_036
    last = settlement.settle(SettlementRule(fee_rate=Decimal("0.03")), date(2029, 3, 1), overdue=[overdue], line=None)
    assert last.total_fen == overdue.total_fen


def test_extensions_have_their_longest() -> None:
    limits = restructure.ExtensionLimits(short_months=12, medium_months=60, long_extension_months=36)
    assert [restructure.longest_extension(limits, months) for months in (6, 12, 13, 36, 60, 61)] == [6, 12, 6, 18, 30, 36]


@given(st.integers(0, 10**9), st.integers(1, 120))
def test_arrears_are_spread_whole(amount: int, lines: int) -> None:
    parts = restructure.evenly(amount, lines)
    assert sum(parts) == amount and len(parts) == lines and min(parts) >= 0


def test_refinancing_must_cover_the_payoff() -> None:
    made = restructure.refinance(PLAN, 7_291_040)
    assert made.to_borrower_fen == 10_000_000 - 7_291_040
    with pytest.raises(TermsError):
        restructure.refinance(PLAN, 10_000_001)


def test_a_transfer_moves_something_between_two_accounts() -> None:
    assert moving("1002", "1301", 0) == ()
    assert moving("1002", "1301", 5) == (Transfer("1002", "1301", 5),)
    assert moving("1002", "1301", -5) == (Transfer("1301", "1002", 5),)
    for wrong in (("a", "b", 0), ("a", "b", -1), ("a", "a", 1), ("", "b", 1), ("a", "b", 1.0)):
        with pytest.raises(ValueError):
            Transfer(*wrong)


def test_an_expected_loss_needs_shares_of_one() -> None:
    with pytest.raises(ValueError):
        ecl.expected_loss_fen(100, Decimal("1.1"), Decimal("0.4"))
