"""The five classes of loans: by arrears, by hand, by observation, and by the borrower's other loans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.approvals.actions.cast_vote import cast_vote
from chezhe.documents.tests.people import hire
from chezhe.finmath import ageing
from chezhe.finmath.ageing import ClassThresholds, FiveClass
from chezhe.finmath.money import Money
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted, ReasonRequired, SamePerson, WrongState
from chezhe.kernel.models import Parameter
from chezhe.kernel.testing import WU
from chezhe.servicing import queries
from chezhe.servicing.actions.downgrade_loan import downgrade_loan
from chezhe.servicing.actions.request_class_lift import request_class_lift
from chezhe.servicing.models import ClassDowngrade, Loan
from chezhe.servicing.position import Spell
from chezhe.servicing.quality import grading, reading, rules
from chezhe.servicing.quality.downgrades import LoanNotRunning, NotWorse
from chezhe.servicing.quality.rules import CLASSES, Book, History, Standards
from chezhe.servicing.quality.standards import standards_on
from chezhe.servicing.tests.deciding import risk
from chezhe.servicing.tests.lending import Bank, days_pass, lend, pay, settle
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_replanning import restructure

STANDARDS = Standards(
    thresholds=ClassThresholds(special_mention=0, substandard=90, doubtful=270, loss=360), is_contagious=True,
    contagion_share=Decimal("0.2"), upgrade_periods=2, upgrade_months=6, stage2_dpd=30, stage3_dpd=90,
    impaired_doubtful=Decimal("0.5"), impaired_loss=Decimal("0.9"),
)


def book(*loans: tuple[int, ...]) -> Book:
    """Loans as (customer, dpd, exposure, is_company, by_hand, observation, upgrade), zeros left out at the end."""
    columns = np.array([(*loan, *[0] * (7 - len(loan))) for loan in loans], dtype=np.int64).T
    names = ("customer", "dpd", "exposure_fen", "is_company", "by_hand", "observation", "upgrade")
    return Book(**dict(zip(names, columns, strict=True)))


def classes(*loans: tuple[int, ...], standards: Standards = STANDARDS) -> list[int]:
    return rules.grade(book(*loans), standards).asset_class.tolist()


@given(st.integers(0, 800))
def test_alone_a_loan_is_in_the_class_of_its_arrears(dpd: int) -> None:
    assert CLASSES[classes((1, dpd, 100))[0]] is ageing.five_class(dpd, STANDARDS.thresholds)


def test_the_worst_of_what_speaks_against_a_loan_counts_and_each_is_named() -> None:
    grades = rules.grade(book((1, 5, 100, 0, 3, 1, 2), (2, 300, 100)), STANDARDS)
    quality = grading.quality_at(grades, 0)
    assert quality.asset_class is FiveClass.DOUBTFUL and quality.stage == 3
    assert dict(quality.reasons) == {
        "dpd": FiveClass.SPECIAL_MENTION, "by_hand": FiveClass.DOUBTFUL, "observation": FiveClass.SPECIAL_MENTION,
        "upgrade": FiveClass.SUBSTANDARD,
    }
    assert grading.quality_at(grades, 1).asset_class is FiveClass.DOUBTFUL


def test_a_persons_loans_all_stand_in_the_worst_class_where_the_lender_says_so() -> None:
    loans = ((1, 0, 100), (1, 100, 1), (2, 0, 100))
    assert classes(*loans) == [2, 2, 0]
    assert classes(*loans, standards=replace(STANDARDS, is_contagious=False)) == [0, 2, 0]


def test_a_companys_loans_are_substandard_once_more_than_a_fifth_of_its_debt_is_overdue() -> None:
    assert classes((1, 91, 20, 1), (1, 0, 80, 1)) == [2, 0], "exactly a fifth is not more"
    assert classes((1, 91, 21, 1), (1, 0, 79, 1)) == [2, 2]
    assert classes((1, 400, 21, 1), (1, 0, 79, 1)) == [4, 2], "at least substandard, not the worst"


def test_stages_follow_arrears_people_and_classes() -> None:
    loans = ((1, 30, 9), (2, 31, 9), (3, 91, 9), (4, 0, 9, 0, 1), (5, 0, 9, 0, 2), (6, 0, 9, 0, 0, 1))
    assert rules.grade(book(*loans), STANDARDS).stage.tolist() == [1, 2, 3, 2, 3, 2]


def test_a_persons_loans_share_the_worst_stage_with_the_worst_class() -> None:
    """The risk that rose is the borrower's; a few days late is no such rise, for the late loan and its sister alike."""
    late, watched, bad = ((1, 31, 9), (1, 0, 9)), ((1, 0, 9, 0, 0, 1), (1, 0, 9)), ((1, 91, 9), (1, 0, 9))
    stages = [rules.grade(book(*loans), STANDARDS).stage.tolist() for loans in (late, watched, bad, ((1, 5, 9), (1, 0, 9)))]
    assert stages == [[2, 2], [2, 2], [3, 3], [1, 1]]
    assert rules.grade(book(*late), replace(STANDARDS, is_contagious=False)).stage.tolist() == [2, 1]
    assert rules.grade(book((1, 31, 9, 1), (1, 0, 9, 1)), STANDARDS).stage.tolist() == [2, 1], "companies by their share alone"


def test_impaired_loans_that_are_mostly_lost_are_doubtful_or_a_loss() -> None:
    grades = rules.grade(book((1, 91, 100), (2, 91, 100), (3, 91, 100), (4, 5, 100)), STANDARDS)
    found = rules.impair(grades, np.array([100] * 4), np.array([49, 50, 90, 95]), STANDARDS)
    assert found.asset_class.tolist() == [2, 3, 4, 1]


def test_a_bad_loan_is_better_again_only_after_two_periods_or_six_months() -> None:
    since = date(2026, 6, 10)
    monthly = (date(2026, 6, 15), date(2026, 7, 15))
    assert rules.upgrade_day(since, monthly, STANDARDS) == date(2026, 12, 10)
    assert rules.upgrade_day(since, (date(2026, 9, 30), date(2027, 3, 31)), STANDARDS) == date(2027, 3, 31), "the longer"
    history = History(spells=(Spell(due_on=date(2026, 2, 15), ended_on=since, days=115),), due_dates=monthly)
    assert [rules.held(history, 0, on, STANDARDS)[1] for on in (date(2026, 12, 9), date(2026, 12, 10))] == [2, 0]
    assert rules.held(history, 3, date(2026, 12, 12), STANDARDS)[1] == 2, "with arrears it has not performed"


def test_a_restructured_loan_is_watched_until_its_observation_is_over_and_its_arrears_are_cleared() -> None:
    history = History(observed_until=date(2027, 6, 1))
    days = (date(2027, 5, 31), date(2027, 6, 1))
    assert [rules.held(history, 0, on, STANDARDS)[0] for on in days] == [1, 0]
    assert rules.held(history, 4, days[1], STANDARDS)[0] == 1
    eased = History(eased_on=date(2026, 6, 1))
    assert [rules.held(eased, 0, on, STANDARDS)[0] for on in (date(2026, 11, 30), date(2026, 12, 1))] == [1, 0]


# ---- loans of the house -----------------------------------------------------------------------------------------


@pytest.fixture
def qin(bank: Bank) -> Actor:
    return hire("秦", bank.cast.east, roles.RISK_MANAGER, reach=Reach.BRANCH)


@pytest.fixture
def rong(bank: Bank) -> Actor:
    return hire("荣", bank.cast.east, roles.RISK_OFFICER, reach=Reach.BRANCH)


OTHER_CAR = {"vin": "LFV2A21K8A3000001", "plate": "沪B23456"}


def quality(loan: Loan, on: date) -> grading.Quality:
    loan.refresh_from_db()
    found = grading.quality_of(loan, on)
    assert found is not None
    return found


def put_down(loan: Loan, by: Actor, asset_class: str = "doubtful", reason: str = "车辆灭失") -> ClassDowngrade:
    return downgrade_loan(loan_number=loan.number, asset_class=asset_class, reason=reason, by=by)


@pytest.mark.django_db
def test_figures_of_the_licence_come_first(bank: Bank) -> None:
    assert standards_on(date(2026, 5, 1)) == STANDARDS
    Parameter.objects.create(code="CLASS_DPD_SPECIAL_MENTION", value="7", unit="days", effective_from=date(2026, 1, 1), licence_type="mcc",
                             source="地方监管")
    assert standards_on(date(2026, 5, 1), "mcc").thresholds.special_mention == 7


@pytest.mark.django_db
def test_one_bad_loan_pulls_the_borrowers_other_one_down(bank: Bank, loan: Loan) -> None:
    other = lend(bank, **OTHER_CAR)
    for due in other.schedules.get().due_dates[:4]:
        days_pass(bank, due)
        pay(bank, other, "3321.43", due, f"O{due:%m%d}")
    on = date(2026, 5, 20)
    days_pass(bank, on)
    assert dict(quality(loan, on).reasons)["dpd"] is FiveClass.SUBSTANDARD
    pulled = quality(other, on)
    assert pulled.asset_class is FiveClass.SUBSTANDARD and pulled.reasons == (("customer", FiveClass.SUBSTANDARD),) and pulled.stage == 3


@pytest.mark.django_db
def test_a_loan_that_was_bad_and_cleared_its_arrears_stays_substandard_for_six_months(bank: Bank, loan: Loan) -> None:
    cleared = date(2026, 5, 20)
    days_pass(bank, cleared)
    pay(bank, loan, str(Money(queries.current_position(loan, cleared).due_total_fen)).replace(",", ""), cleared)
    assert quality(loan, cleared).reasons == (("upgrade", FiveClass.SUBSTANDARD),)
    for due in loan.schedules.get(version=1).due_dates[4:11]:
        days_pass(bank, due)
        pay(bank, loan, "3321.43", due, f"K{due:%m%d}")
    assert quality(loan, date(2026, 11, 19)).asset_class is FiveClass.SUBSTANDARD
    assert quality(loan, date(2026, 11, 20)).asset_class is FiveClass.NORMAL


@pytest.mark.django_db
def test_a_receipt_found_late_shows_that_the_loan_was_never_bad(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 5, 20))
    pay(bank, loan, "3321.43", date(2026, 2, 15), "S0")
    pay(bank, loan, "11500.00", date(2026, 5, 20), "S1")
    assert quality(loan, date(2026, 5, 20)).asset_class is FiveClass.NORMAL


@pytest.mark.django_db
def test_risk_holds_a_loan_in_a_worse_class_until_another_agrees_to_lift_it(bank: Bank, loan: Loan, qin: Actor, rong: Actor) -> None:
    today = date(2026, 1, 15)
    downgrade = put_down(loan, rong)
    assert quality(loan, today).reasons == (("by_hand", FiveClass.DOUBTFUL),) and quality(loan, today).stage == 3
    for asset_class, refusal in (("doubtful", NotWorse), ("normal", NotWorse), ("worst", Invalid)):
        with pytest.raises(refusal):
            put_down(loan, rong, asset_class)
    asked = request_class_lift(downgrade_number=downgrade.number, reason="车辆已找回", by=rong)
    assert quality(loan, today).asset_class is FiveClass.DOUBTFUL, "until others agree"
    with pytest.raises(WrongState):
        request_class_lift(downgrade_number=downgrade.number, reason="车辆已找回", by=rong)
    with pytest.raises((SamePerson, NotPermitted)):
        cast_vote(request_number=asked.approval_number, verdict="agree", opinion="", by=rong)
    cast_vote(request_number=asked.approval_number, verdict="agree", opinion="已核实", by=qin)
    downgrade.refresh_from_db()
    assert downgrade.status == "lifted" and downgrade.lifted_on == today
    assert quality(loan, today).asset_class is FiveClass.NORMAL


@pytest.mark.django_db
def test_a_lift_that_is_rejected_leaves_the_loan_where_it_is(bank: Bank, loan: Loan, qin: Actor, rong: Actor) -> None:
    downgrade = put_down(loan, rong, "special_mention")
    asked = request_class_lift(downgrade_number=downgrade.number, reason="经营已恢复", by=rong)
    cast_vote(request_number=asked.approval_number, verdict="reject", opinion="再观察", by=qin)
    downgrade.refresh_from_db()
    assert downgrade.status == "standing" and quality(loan, date(2026, 1, 15)).stage == 2
    assert request_class_lift(downgrade_number=downgrade.number, reason="材料补齐", by=rong).status == "lift_asked"


@pytest.mark.django_db
def test_who_may_not_and_what_is_over(bank: Bank, loan: Loan, rong: Actor) -> None:
    for by, refusal in ((WU, NotPermitted), (bank.cast.lin, NotPermitted), (hire("西", bank.cast.west, roles.RISK_OFFICER, reach=Reach.BRANCH), NotFound)):
        with pytest.raises(refusal):
            put_down(loan, by)
    with pytest.raises(ReasonRequired):
        put_down(loan, rong, reason=" ")
    settle(bank, loan, "103000.00")
    with pytest.raises(LoanNotRunning):
        put_down(loan, rong)


@pytest.mark.django_db
def test_the_evening_of_a_day_that_is_past_is_seen_as_it_was(bank: Bank, loan: Loan) -> None:
    lend(bank, **OTHER_CAR)
    days_pass(bank, date(2026, 3, 2))
    pay(bank, loan, "3400.00", date(2026, 3, 2))
    columns = reading.whole_book(date(2026, 2, 28))
    assert columns.dpd.tolist() == [13, 13] and columns.exposure_fen.tolist() == [10_000_000, 10_000_000]
    loan.refresh_from_db()
    assert loan.days_past_due(date(2026, 3, 2)) == 0


@pytest.mark.django_db
def test_a_restructured_loan_of_the_house_is_watched_for_a_year_and_is_of_stage_two(bank: Bank, loan: Loan) -> None:
    days_pass(bank, date(2026, 3, 1))
    restructure(bank, loan, risk(bank))
    found = quality(loan, date(2026, 3, 1))
    assert ("observation", FiveClass.SPECIAL_MENTION) in found.reasons and found.stage == 2
    assert loan.observed_until is not None and loan.observed_until >= date(2027, 3, 1)


@pytest.mark.django_db
def test_the_pages_say_why_and_by_whom(browser: Any, bank: Bank, loan: Loan, qin: Actor, rong: Actor) -> None:
    browser.acts_as(rong)
    assert "没有逾期" in text_of(browser.get(f"/servicing/panels/quality/?subject={loan.subject}"))
    form = {"asset_class": "substandard", "reason": "涉诉"}
    assert browser.post(at("downgrade", loan.number), {**form, "asset_class": "x"}).status_code == 422
    assert browser.post(at("downgrade", loan.number), {**form, "_once": "q1"}).status_code == 302
    assert browser.post(at("downgrade", loan.number), {**form, "_once": "q2"}).status_code == 422, "it is there already"
    downgrade = ClassDowngrade.objects.get()
    page = text_of(browser.get(at("loan", loan.number)))
    assert "次级" in page and "第三阶段" in page
    assert "涉诉" in text_of(browser.get(at("downgrades"))) and "人工下调" in text_of(browser.get(f"/servicing/panels/quality/?subject={loan.subject}"))
    assert browser.post(at("downgraded", downgrade.number), {"reason": ""}).status_code == 422
    assert browser.post(at("downgraded", downgrade.number), {"reason": "撤诉", "_once": "q3"}).status_code == 302
    assert "解除待审批" in text_of(browser.get(at("downgraded", downgrade.number)))
    browser.acts_as(bank.cast.lin)
    assert browser.post(at("downgraded", downgrade.number), {"reason": "撤诉"}).status_code == 403
    assert browser.acts_as(WU).get(at("downgraded", downgrade.number)).status_code in (403, 404)
