"""Amounts as no amount is: below nothing, finer than a fen, no number at all, larger than a house can lend."""

from __future__ import annotations

from typing import Any

import pytest
from django import forms

from chezhe.finmath.money import Money
from chezhe.ledger import chart
from chezhe.servicing.models import Loan
from chezhe.ui.fields import MoneyField
from tests.bad_input.doors import page_refuses, posting_refused
from tests.journeys.house import TODAY, Team
from tests.journeys.walk import said

pytestmark = pytest.mark.django_db
# typed on a page: the sentence beside the field, in Chinese and in English
ON_A_PAGE = {
    "-1": ("金额不能", "amount cannot"), "−5": ("请填写金额", "Enter an amount"), "0.001": ("最多两位小数", "at most two decimals"),
    "1e3": ("请填写金额", "Enter an amount"), "NaN": ("请填写金额", "Enter an amount"), "Infinity": ("请填写金额", "Enter an amount"),
    "壹万元": ("请填写金额", "Enter an amount"), "1.2.3": ("请填写金额", "Enter an amount"), "12,34": ("请填写金额", "Enter an amount"),
    "1,2,3": ("请填写金额", "Enter an amount"), "10000000000.01": ("金额不能超过", "cannot be above"), "9" * 14: ("金额不能超过", "cannot be above"),
    "9" * 39: ("请填写金额", "Enter an amount"), "٣٤": ("请填写金额", "Enter an amount"), "0x10": ("请填写金额", "Enter an amount"),
}
OVER_THE_API: tuple[tuple[Any, str], ...] = (
    ("-0.01", "money_low"), ("0.001", "money_precision"), ("1.005", "money_precision"), ("NaN", "money_form"), ("Infinity", "money_form"),
    ("1e3", "money_form"), ("1,000.00", "money_form"), ("１００．００", "money_form"), ("", "money_form"), (" 1.00", "money_form"),
    ("10000000000.01", "money_high"), ("9" * 40, "money_form"), (100, "money_form"), (100.5, "money_form"), (True, "money_form"),
    ([], "money_form"), ({"fen": 1}, "money_form"),
)


def test_an_amount_that_cannot_be_is_refused_beside_its_field(team: Team, loan: Loan) -> None:
    cai, program = team.browser("cai"), team.program("cai")
    said(program.step_up())
    receipt = {"paid_on": TODAY.isoformat(), "channel": "bank", "reference": "N1"}
    for amount, (chinese, english) in ON_A_PAGE.items():
        page_refuses(cai, f"/servicing/loans/{loan.number}/repay/", {**receipt, "amount": amount}, "amount", chinese, english)
    for wrong, code in OVER_THE_API:
        posting_refused(program, f"servicing/loans/{loan.number}/repayments", {**receipt, "amount": wrong}, "amount", code)
    posting_refused(program, f"servicing/loans/{loan.number}/repayments", {**receipt, "amount": "0.00"}, "amount", "amount_not_positive")
    page_refuses(cai, f"/servicing/loans/{loan.number}/repay/", {**receipt, "amount": "0"}, "amount", "金额不能低于", "cannot be below")


def test_money_in_a_list_names_its_line(team: Team) -> None:
    """A proposed entry: the third transfer's amount is wrong, and the problem says which."""
    program, page = team.program("cai"), team.browser("cai")
    said(program.step_up())
    good = {"debit": chart.SUSPENSE, "credit": chart.BANK, "amount": "1.00"}
    for wrong, code in (("-1.00", "money_low"), ("0.005", "money_precision"), (1, "money_form")):
        entry = {"posted_on": TODAY.isoformat(), "memo": "更正", "transfers": [good, good, {**good, "amount": wrong}]}
        posting_refused(program, "ledger/manual-entries", entry, "transfers.2.amount", code)
    form = {"posted_on": TODAY.isoformat(), "memo": "更正"} | {
        f"{name}_{place}": value for place in (1, 2, 3) for name, value in good.items()
    }
    page_refuses(page, "/ledger/manual-entries/new/", {**form, "amount_3": "-1"}, "amount_3", "金额不能低于", "cannot be below")
    page_refuses(page, "/ledger/manual-entries/new/", {**form, "amount_3": "0.005"}, "amount_3", "最多两位小数", "at most two decimals")


@pytest.mark.parametrize(
    ("typed", "fen"),
    [("1,409.5", 140950), ("￥１４０９．５", 140950), ("12 000", 1200000), ("12,000.00", 1200000), ("1,0000", 1000000), ("120,0000元", 120000000),
     ("1,234,567.89", 123456789), ("0.10", 10), ("7", 700), ("5.0", 500)],
)
def test_separators_where_they_belong_are_read(typed: str, fen: int) -> None:
    """By thousands and by 万; anywhere else a comma may be a slip of the finger for a point."""
    assert MoneyField().clean(typed) == Money(fen)


@pytest.mark.parametrize("typed", ["1,5", "12,00", "1,000,00", ",100", "1,,000", "100,", "1,0000,000", "1.000,00"])
def test_separators_anywhere_else_are_asked_about(typed: str) -> None:
    with pytest.raises(forms.ValidationError, match="请填写金额"):
        MoneyField().clean(typed)
