"""A person's report as the paper of the second generation reads: summaries, then every account with its sixty months."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from chezhe.finmath.money import Money
from chezhe.risk.facts.pages import EDUCATION
from chezhe.risk.facts.report_words import (
    BUSINESS,
    CLASSES,
    CURRENCIES,
    GUARANTEES,
    KINDS,
    MARITAL,
    NOTES,
    SEXES,
    STATUSES,
    Month,
    legend,
    strip,
)
from chezhe.risk.vendors.bureau.answers import CreditAccount, PersonalReport
from chezhe.ui import formats

MONTHS_A_YEAR: Final = 12
LOANS, CARDS = ("D1", "R1", "R4"), ("R2", "R3")
OTHER_LOANS: Final = ("consumption", "business", "other")


@dataclass(frozen=True, slots=True)
class Cell:
    """One month of a record: its letter, and what was overdue then where the report tells it."""

    month: Month | None
    overdue: Money | None


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months of a record; those outside the record have no letter."""

    year: int
    cells: tuple[Cell, ...]

    @property
    def has_overdue(self) -> bool:
        """Whether any month says how much was overdue."""
        return any(cell.overdue is not None for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Record:
    """还款记录 of an account, the newest year first, with the months it covers."""

    first: str
    last: str
    years: tuple[Year, ...]


def page_of(report: PersonalReport) -> dict[str, Any]:
    """Everything that the page of a person's report needs beside what all reports share."""
    base, summary, told_on = report.base, report.summary, report.header.reported_at.date()
    return {
        "is_person": True, "sex": SEXES[base.sex], "marital": MARITAL[base.marital_status],
        "education": EDUCATION.get(base.education, base.education),
        "credit": [
            (_("贷款"), _("个人住房贷款"), summary.house_loans, _first(report.accounts, ("house",))),
            (_("贷款"), _("个人汽车贷款"), summary.car_loans, _first(report.accounts, ("car",))),
            (_("贷款"), _("其他类贷款"), summary.other_loans, _first(report.accounts, OTHER_LOANS)),
            (_("信用卡"), _("贷记卡、准贷记卡"), summary.cards, summary.first_card_month),
        ],
        "bad_debts": (summary.bad_debts, Money(summary.bad_debts_fen)), "late": _late(report.accounts),
        "late_total": (summary.overdue_accounts, summary.overdue_months, Money(summary.overdue_highest_fen)),
        "open_credit": [
            (KINDS[one.kind], one.institutions, one.accounts, *map(Money, (one.granted_fen, one.balance_fen, one.average_payment_fen)))
            for one in summary.open_credit
        ],
        "answers_for": (summary.guarantees, Money(summary.guarantees_fen)),
        "asked": (summary.queries_month_loan, summary.queries_month_card, summary.queries_two_years),
        "groups": _groups(report.accounts, told_on), "notes": [(NOTES[one.kind], one.on, one.text) for one in report.notes],
        "legend": legend(), "months_of_year": range(1, MONTHS_A_YEAR + 1),
    }


def _first(accounts: Sequence[CreditAccount], businesses: Sequence[str]) -> str:
    """The month of the first loan of such business."""
    return min((f"{one.opened_on:%Y-%m}" for one in accounts if one.kind in LOANS and one.business in businesses), default="")


def _late(accounts: Sequence[CreditAccount]) -> list[tuple[Any, int, int, Money, int]]:
    """By kind of account that was ever late: accounts, months, the highest overdue in a month, the longest time late in months."""
    found = []
    for kind, label in KINDS.items():
        late = [one for one in accounts if one.kind == kind and _late_months(one)]
        if late:
            found.append((
                label, len(late), sum(_late_months(one) for one in late),
                Money(max(max((one.overdue_fen, *one.months60_overdue_fen)) for one in late)), max(_longest(one) for one in late)))
    return found


def _codes(one: CreditAccount) -> str:
    return one.months60 or one.months24


def _late_months(one: CreditAccount) -> int:
    return sum(1 for code in _codes(one) if code.isdigit())


def _longest(one: CreditAccount) -> int:
    return max((int(code) for code in _codes(one) if code.isdigit()), default=0)


def _groups(accounts: Sequence[CreditAccount], told_on: date) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The accounts by kind, in the paper's order: what is recovered first."""
    order = ("C1", *(kind for kind in KINDS if kind != "C1"))
    by_kind = [(KINDS[kind], [_account(one, told_on) for one in accounts if one.kind == kind]) for kind in order]
    return [(label, found) for label, found in by_kind if found]


def masked(number: str) -> str:
    """An account's mark with its last four characters only."""
    return f"****{number[-4:]}" if len(number) > 4 else "****"


def _account(one: CreditAccount, told_on: date) -> dict[str, Any]:
    is_card = one.kind in CARDS
    granted = _("授信额度") if is_card else _("借款金额")
    return {
        "account": one, "is_bad": one.status in ("overdue", "bad_debt"), "status": STATUSES[one.status],
        "rows": [
            [(_("管理机构"), one.institution), (_("账户标识"), masked(one.number)), (_("开立日期"), formats.day(one.opened_on)),
             (_("到期日期"), formats.day(one.due_on)), (granted, Money(one.amount_fen)),
             (_("账户币种"), CURRENCIES.get(one.currency, one.currency))],
            [(_("业务种类"), BUSINESS[one.business]), (_("担保方式"), GUARANTEES[one.guarantee_mode]),
             (_("还款期数"), formats.MISSING if is_card else one.terms), (_("共同借款标志"), _("有") if one.is_joint else _("无")),
             (_("五级分类"), CLASSES[one.five_class]), (_("关闭日期"), formats.day(one.closed_on))],
        ],
        "now": [
            (_("余额"), Money(one.balance_fen)), (_("剩余还款期数"), formats.MISSING if is_card else one.remaining_terms),
            (_("本月应还款"), Money(one.due_fen)), (_("本月实还款"), Money(one.paid_fen)),
            (_("最近一次还款日期"), formats.day(one.paid_on)),
            (_("大额专项分期余额"), Money(one.large_instalment_fen)),
            (_("当前逾期期数"), one.overdue_terms), (_("当前逾期总额"), Money(one.overdue_fen)),
            (_("逾期 31–60 天未还本金"), Money(one.overdue_31_60_fen)), (_("逾期 61–90 天未还本金"), Money(one.overdue_61_90_fen)),
            (_("逾期 91–180 天未还本金"), Money(one.overdue_91_180_fen)), (_("逾期 180 天以上未还本金"), Money(one.overdue_over_180_fen)),
        ],
        "record": record(one, told_on),
    }


def record(one: CreditAccount, told_on: date) -> Record | None:
    """The months of an account up to the report's own, sixty where the report has them, else twenty-four; None without any history."""
    codes = _codes(one)
    blank = len(codes) - len(codes.lstrip("*"))
    is_told = len(one.months60_overdue_fen) == len(codes)
    months, amounts = strip(codes)[blank:], one.months60_overdue_fen if is_told else (0,) * len(codes)
    if not months:
        return None
    last = told_on.year * MONTHS_A_YEAR + told_on.month - 1
    first = last - len(months) + 1
    by_index = {first + place: cell for place, cell in enumerate(_cells(months, amounts[blank:]))}
    years = tuple(
        Year(year, tuple(by_index.get(year * MONTHS_A_YEAR + month, Cell(None, None)) for month in range(MONTHS_A_YEAR)))
        for year in range(last // MONTHS_A_YEAR, first // MONTHS_A_YEAR - 1, -1)
    )
    return Record(_month(first), _month(last), years)


def _cells(months: Iterable[Month], amounts: Iterable[int]) -> list[Cell]:
    return [Cell(month, Money(fen) if fen else None) for month, fen in zip(months, amounts, strict=True)]


def _month(index: int) -> str:
    return f"{index // MONTHS_A_YEAR}-{index % MONTHS_A_YEAR + 1:02d}"
