"""AC-09 … AC-14 and AC-18 of the domain's acceptance cases: what happens to a loan after payout, to the fen."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from chezhe.finmath import ageing, allocation, ecl, penalty, prepayment, restructure, schedule, settlement
from chezhe.finmath.accrual import AccruingLine
from chezhe.finmath.allocation import PRINCIPAL_FIRST, AllocationMode, AllocationRule, Due
from chezhe.finmath.penalty import GraceMode, PenaltyBase, PenaltyRule
from chezhe.finmath.terms import Method, QuoteTerms

LOAN = QuoteTerms(
    principal_fen=10_000_000,
    method=Method.EQUAL_INSTALMENT,
    start_date=date(2026, 1, 15),
    annual_rate=Decimal("0.12"),
    periods=36,
)
ROWS = schedule.build(LOAN)
AS_OF = date(2026, 4, 1)
PENALTY = PenaltyRule(annual_rate=penalty.penalty_rate(Decimal("0.12"), Decimal("1.5")))


def fen(yuan: str) -> int:
    """`3 321.43` → 332143."""
    return int((Decimal(yuan.replace(" ", "")) * 100).to_integral_exact())


def charge_of(rule: PenaltyRule, period: int, as_of: date) -> penalty.PenaltyCharge:
    """Penalty of an instalment unpaid since it fell due."""
    row = ROWS[period - 1]
    return penalty.charge(rule, row.due_date, as_of, principal_fen=row.principal_fen, interest_fen=row.interest_fen)


def test_ac09_penalty_and_compound_interest_after_45_days() -> None:
    made = charge_of(PENALTY, 1, AS_OF)
    assert (made.days, made.penalty_fen, made.compound_fen) == (45, fen("52.23"), fen("22.50"))
    assert charge_of(PENALTY, 1, date(2026, 2, 16)).penalty_fen == fen("1.16")
    assert charge_of(PENALTY, 1, date(2026, 2, 15)).penalty_fen == 0


def test_ac09_penalty_on_principal_and_interest_together() -> None:
    made = charge_of(replace(PENALTY, base=PenaltyBase.PRINCIPAL_AND_INTEREST), 1, AS_OF)
    assert (made.penalty_fen, made.compound_fen) == (fen("74.73"), 0)


@pytest.mark.parametrize(
    ("mode", "paid_on", "expected"),
    [
        (GraceMode.RETROACTIVE, date(2026, 2, 18), "0.00"),
        (GraceMode.RETROACTIVE, date(2026, 2, 19), "4.64"),
        (GraceMode.FROM_END_OF_GRACE, date(2026, 2, 18), "0.00"),
        (GraceMode.FROM_END_OF_GRACE, date(2026, 2, 19), "1.16"),
        (GraceMode.NONE, date(2026, 2, 18), "3.48"),
    ],
)
def test_ac09_three_days_of_grace(mode: GraceMode, paid_on: date, expected: str) -> None:
    rule = replace(PENALTY, grace_days=3, grace_mode=mode)
    assert charge_of(rule, 1, paid_on).penalty_fen == fen(expected)
    assert ageing.days_past_due([(ROWS[0].due_date, 1)], paid_on) == (paid_on - ROWS[0].due_date).days


def test_ac09_an_accelerated_loan_bears_penalty_on_its_whole_balance() -> None:
    due = ROWS[0].due_date
    made = penalty.charge(PENALTY, due, AS_OF, principal_fen=10_000_000, interest_fen=0)
    assert made.penalty_fen == fen("2 250.00")


FIRST = Due(
    period=1,
    due_date=date(2026, 2, 15),
    fee_fen=fen("50.00"),
    penalty_fen=fen("52.23"),
    compound_fen=fen("22.50"),
    interest_fen=fen("1 000.00"),
    principal_fen=fen("2 321.43"),
)


def test_ac10_cost_then_penalty_then_interest_then_principal() -> None:
    assert FIRST.total_fen == fen("3 446.16")
    made = allocation.allocate(AllocationRule(), [FIRST], fen("3 000.00"), dpd=45)
    assert made.paid[0].principal_fen == fen("1 875.27")
    assert made.left[0] == Due(period=1, due_date=FIRST.due_date, principal_fen=fen("446.16"))


def test_ac10_principal_first_after_ninety_days() -> None:
    rule = AllocationRule(late_order=PRINCIPAL_FIRST, late_after_days=90)
    made = allocation.allocate(rule, [FIRST], fen("3 000.00"), dpd=91)
    assert (made.paid[0].principal_fen, made.paid[0].interest_fen) == (fen("2 321.43"), fen("678.57"))
    left = made.left[0]
    assert (left.interest_fen, left.compound_fen, left.penalty_fen, left.fee_fen) == (
        fen("321.43"),
        fen("22.50"),
        fen("52.23"),
        fen("50.00"),
    )


def two_overdue() -> list[Due]:
    """Instalments 1 and 2 on 2026-04-01, penalties computed, no fee."""
    found = []
    for period in (1, 2):
        row, charged = ROWS[period - 1], charge_of(PENALTY, period, AS_OF)
        found.append(
            Due(
                period=period,
                due_date=row.due_date,
                penalty_fen=charged.penalty_fen,
                compound_fen=charged.compound_fen,
                interest_fen=row.interest_fen,
                principal_fen=row.principal_fen,
            )
        )
    return found


def dpd_after(made: allocation.Allocation) -> int:
    """Days past due once the payment is in."""
    return ageing.days_past_due([(due.due_date, due.principal_fen + due.interest_fen) for due in made.left], AS_OF)


def test_ac10_two_overdue_instalments() -> None:
    first, second = two_overdue()
    assert first.total_fen == fen("3 396.16")
    assert (second.principal_fen, second.interest_fen) == (fen("2 344.64"), fen("976.79"))
    assert (second.penalty_fen, second.compound_fen) == (fen("19.93"), fen("8.30"))
    assert charge_of(PENALTY, 2, AS_OF).days == 17


def test_ac10_by_instalment_clears_the_oldest_first() -> None:
    made = allocation.allocate(AllocationRule(), two_overdue(), fen("4 000.00"), dpd=45)
    assert made.left[0].total_fen == 0
    second = made.paid[1]
    assert (second.penalty_fen, second.compound_fen, second.interest_fen, second.principal_fen) == (
        fen("19.93"),
        fen("8.30"),
        fen("575.61"),
        0,
    )
    assert dpd_after(made) == 17


def test_ac10_by_item_leaves_the_days_past_due() -> None:
    made = allocation.allocate(AllocationRule(mode=AllocationMode.BY_ITEM), two_overdue(), fen("4 000.00"), dpd=45)
    assert sum(due.penalty_fen for due in made.paid) == fen("72.16")
    assert sum(due.compound_fen for due in made.paid) == fen("30.80")
    assert sum(due.interest_fen for due in made.paid) == fen("1 976.79")
    assert [due.principal_fen for due in made.paid] == [fen("1 920.25"), 0]
    assert dpd_after(made) == 45


def test_ac10_too_much_stays_unapplied() -> None:
    made = allocation.allocate(AllocationRule(), two_overdue(), fen("10 000.00"), dpd=45)
    assert made.unapplied_fen == fen("10 000.00") - sum(due.total_fen for due in two_overdue())


def test_ac11_early_settlement() -> None:
    line = AccruingLine(
        from_date=ROWS[11].due_date,
        due_date=ROWS[12].due_date,
        balance_fen=ROWS[11].balance_fen,
        interest_fen=ROWS[12].interest_fen,
        annual_rate=LOAN.annual_rate,
    )
    rule = settlement.SettlementRule(fee_rate=Decimal("0.03"))
    made = settlement.settle(rule, date(2027, 1, 25), overdue=[], line=line)
    assert (made.principal_fen, made.interest_fen, made.early_settlement_fee_fen, made.total_fen) == (
        fen("70 558.46"),
        fen("235.19"),
        fen("2 116.75"),
        fen("72 910.40"),
    )


def prepaid(mode: prepayment.PrepaymentMode) -> tuple[int, int, int, int]:
    """Lines, first pay, last pay and interest after 20 000 on 2027-01-15."""
    rest = prepayment.rest_of(LOAN, ROWS, 12)
    made = prepayment.prepaid_schedule(
        rest, amount_fen=fen("20 000.00"), paid_on=date(2027, 1, 15), mode=mode, instalment_fen=fen("3 321.43")
    )
    assert sum(row.principal_fen for row in made) == fen("50 558.46")
    assert made[0].due_date == date(2027, 2, 15)
    return len(made), made[0].total_fen, made[-1].total_fen, sum(row.interest_fen for row in made)


def test_ac12_partial_prepayment() -> None:
    assert sum(row.interest_fen for row in ROWS[12:]) == fen("9 155.89")
    reduced = prepaid(prepayment.PrepaymentMode.REDUCE_INSTALMENT)
    assert reduced == (24, fen("2 379.96"), fen("2 380.02"), fen("6 560.64"))
    shortened = prepaid(prepayment.PrepaymentMode.SHORTEN_TERM)
    assert shortened == (17, fen("3 321.43"), fen("1 982.60"), fen("4 567.02"))


def test_ac13_extension() -> None:
    bullet = replace(LOAN, method=Method.BULLET, periods=12)
    made = restructure.extension(
        bullet,
        principal_fen=10_000_000,
        matures_on=schedule.build(bullet)[-1].due_date,
        months=6,
        annual_rate=Decimal("0.13"),
    )
    assert [row.interest_fen for row in made] == [fen("1 083.33")] * 6
    assert (made[-1].due_date, made[-1].principal_fen) == (date(2027, 7, 15), 10_000_000)
    limits = restructure.ExtensionLimits(short_months=12, medium_months=60, long_extension_months=36)
    assert restructure.longest_extension(limits, 12) == 12
    assert restructure.longest_extension(limits, 36) == 18
    assert restructure.longest_extension(limits, 84) == 36


def test_ac14_restructure() -> None:
    unpaid = ROWS[12:15]
    assert sum(row.principal_fen for row in unpaid) == fen("7 926.27")
    arrears = sum(row.interest_fen for row in unpaid)
    assert arrears == fen("2 038.02")
    terms = replace(LOAN, principal_fen=ROWS[11].balance_fen, annual_rate=Decimal("0.10"), start_date=date(2027, 4, 15), periods=36)
    made = restructure.restructure(terms, arrears)
    assert [row.total_fen for row in made.rows] == [fen("2 276.72")] * 35 + [fen("2 276.86")]
    assert sum(row.interest_fen for row in made.rows) == fen("11 403.60")
    assert made.arrears_fen == (fen("56.61"),) * 35 + (fen("56.67"),)


@pytest.mark.parametrize(
    ("default", "loss", "expected"),
    [("0.03", "0.40", "846.70"), ("0.15", "0.40", "4 233.51"), ("1", "0.45", "31 751.31")],
)
def test_ac18_expected_credit_loss(default: str, loss: str, expected: str) -> None:
    assert ecl.expected_loss_fen(fen("70 558.46"), Decimal(default), Decimal(loss)) == fen(expected)
