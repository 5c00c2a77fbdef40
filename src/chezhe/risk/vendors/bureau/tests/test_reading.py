"""From a report to facts, by reports small enough to count by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from chezhe.invented import fates, person
from chezhe.kernel.testing import moment
from chezhe.risk.vendors.asking import WrongAnswer
from chezhe.risk.vendors.bureau import checking, telling
from chezhe.risk.vendors.bureau.answers import CreditAccount, PersonalReport, Query
from chezhe.risk.vendors.bureau.reading import facts, longest_run

AT = moment("2026-03-16 10:00")
NUMBER = "440305197808080026"
REPORT = telling.report_of(person(NUMBER), AT)
ACCOUNT = CreditAccount(
    number="A1", kind="D1", institution="澄江银行", business="consumption", opened_on=date(2025, 1, 10), due_on=date(2027, 1, 10),
    closed_on=None, amount_fen=2_400_000, currency="CNY", guarantee_mode="credit", terms=24, is_joint=False, status="normal",
    five_class="normal", balance_fen=1_000_000, remaining_terms=10, due_fen=110_000, paid_fen=110_000, paid_on=date(2026, 3, 10),
    overdue_terms=0, overdue_fen=0, overdue_31_60_fen=0, overdue_61_90_fen=0, overdue_91_180_fen=0, overdue_over_180_fen=0,
    large_instalment_fen=0, months24="*" * 10 + "N" * 14, months60="", months60_overdue_fen=())
CARD = replace(
    ACCOUNT, number="A2", kind="R2", business="card", due_on=None, amount_fen=5_000_000, balance_fen=2_000_000, terms=0, remaining_terms=0,
    due_fen=200_000, months24="N" * 24)


def _report(*accounts: CreditAccount, queries: tuple[Query, ...] = (), **changes: object) -> PersonalReport:
    summary = replace(REPORT.summary, bad_debts=0, score=None)
    return replace(REPORT, accounts=accounts, queries=queries, guarantees=(), summary=summary, **changes)


def test_monthly_debt_is_instalments_and_a_tenth_of_what_cards_used() -> None:
    found = facts(_report(ACCOUNT, CARD))
    assert found["bureau_monthly_due"] == 110_000 + 200_000
    assert (found["bureau_card_limit"], found["bureau_card_balance"], found["bureau_card_use"]) == (5_000_000, 2_000_000, "0.4000")
    assert (found["bureau_balance_unsecured"], found["bureau_balance_secured"]) == (1_000_000, 0)


def test_what_a_report_cannot_say_is_left_out() -> None:
    found = facts(_report(ACCOUNT))
    assert "bureau_score" not in found and "bureau_card_use" not in found


@pytest.mark.parametrize(("codes", "longest"), [("N" * 24, 0), ("*" * 21 + "123", 3), ("1N2N12NN" * 3, 2), ("N" * 23 + "B", 1), ("123N1234" * 3, 7)])
def test_months_in_a_row_are_counted_across_codes(codes: str, longest: int) -> None:
    assert longest_run(codes) == longest


def test_three_in_a_row_and_six_in_all_are_counted_over_all_accounts() -> None:
    """连三累六."""
    late = replace(ACCOUNT, months24="*" * 10 + "N1N1NN1NNNNNNN")
    found = facts(_report(late, replace(CARD, months24="N" * 20 + "123N")))
    assert (found["bureau_missed_in_row_24m"], found["bureau_missed_total_24m"], found["bureau_missed_12m"]) == (3, 6, 5)


def test_closed_accounts_count_for_the_past_and_not_for_today() -> None:
    gone = replace(ACCOUNT, number="A3", status="settled", balance_fen=0, due_fen=0, months24="N" * 20 + "12NC", closed_on=date(2026, 3, 1))
    found = facts(_report(gone))
    assert found["bureau_accounts_open"] == 0 and found["bureau_monthly_due"] == 0 and found["bureau_missed_total_24m"] == 2


def test_only_a_lenders_own_decision_is_a_hard_question_and_one_lender_a_day_is_one() -> None:
    day = AT.date() - timedelta(days=10)
    asked = tuple(Query(on=day, institution=who, reason=why) for who, why in (  # type: ignore[arg-type]
        ("甲", "loan_approval"), ("甲", "loan_approval"), ("乙", "card_approval"), ("乙", "post_loan"), ("本人", "self"),
        ("丙", "guarantee_review"), ("丁", "financing_approval")))
    old = Query(on=AT.date() - timedelta(days=60), institution="戊", reason="loan_approval")
    found = facts(_report(queries=(*asked, old, replace(old, on=AT.date() - timedelta(days=91)))))
    assert (found["bureau_hard_inquiries_1m"], found["bureau_hard_inquiries_3m"]) == (4, 5)


def test_somebody_without_credit_is_thin() -> None:
    found = facts(_report())
    assert found["bureau_is_thin"] is True and found["bureau_months_since_first"] == 0
    assert facts(_report(ACCOUNT))["bureau_is_thin"] is False and facts(_report(ACCOUNT))["bureau_months_since_first"] == 14


def test_a_debt_given_up_is_bad_whatever_the_summary_says() -> None:
    assert facts(_report(replace(ACCOUNT, months24="N" * 23 + "D")))["bureau_bad_debt"] is True
    assert facts(_report(ACCOUNT))["bureau_bad_debt"] is False
    assert facts(telling.report_of(person(fates.id_number(fates.BAD)), AT))["bureau_bad_debt"] is True


@pytest.mark.parametrize("change", [
    {"overdue_fen": 1}, {"overdue_fen": 2_000_000, "status": "overdue"}, {"overdue_31_60_fen": 5}, {"balance_fen": 3_000_000},
    {"opened_on": date(2026, 4, 1)}, {"months60": "NN", "months60_overdue_fen": (1,)},
], ids=str)
def test_an_account_that_cannot_be_is_refused(change: dict[str, object]) -> None:
    sound = _sound(ACCOUNT)
    checking.require_sound(sound, id_number=NUMBER)
    with pytest.raises(WrongAnswer):
        checking.require_sound(_sound(replace(ACCOUNT, **change)), id_number=NUMBER)


def test_a_report_of_somebody_else_or_with_an_account_twice_is_refused() -> None:
    with pytest.raises(WrongAnswer, match="somebody else"):
        checking.require_sound(REPORT, id_number=fates.id_number(fates.GOOD))
    with pytest.raises(WrongAnswer, match="twice"):
        checking.require_sound(replace(REPORT, accounts=REPORT.accounts * 2), id_number=NUMBER)


def _sound(account: CreditAccount) -> PersonalReport:
    """A report whose summary fits this one account."""
    credit = replace(REPORT.summary.open_credit[0], balance_fen=account.balance_fen)
    summary = replace(REPORT.summary, bad_debts=0, house_loans=0, car_loans=0, other_loans=1, open_credit=(credit,))
    return replace(REPORT, accounts=(account,), summary=summary)
