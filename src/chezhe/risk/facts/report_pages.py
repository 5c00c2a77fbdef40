"""The bureau's reports as their papers read: the same sections in the same order (二代征信)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import msgspec
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.finmath.money import Money
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.facts.pages import EDUCATION
from chezhe.risk.vendors.bureau.answers import CompanyReport, CreditAccount, PersonalReport

_SHAPES: Final = {"bureau": PersonalReport, "enterprise_bureau": CompanyReport}
KINDS: Final = {
    "D1": _("非循环贷账户"), "R1": _("循环额度下分账户"), "R4": _("循环贷账户"), "R2": _("贷记卡账户"), "R3": _("准贷记卡账户"),
    "C1": _("被追偿账户"),
}
BUSINESS: Final = {
    "house": _("住房贷款"), "car": _("汽车贷款"), "consumption": _("消费贷款"), "business": _("经营贷款"), "card": _("信用卡"),
    "recovered": _("追偿"), "other": pgettext_lazy("credit", "其他"),
}
STATUSES: Final = {
    "normal": pgettext_lazy("account", "正常"), "overdue": pgettext_lazy("account", "逾期"), "bad_debt": _("呆账"),
    "settled": pgettext_lazy("account", "结清"), "closed": _("销户"), "transferred": _("转出"), "frozen": _("冻结"), "stopped": _("止付"),
}
CLASSES: Final = {
    "normal": pgettext_lazy("account", "正常"), "watch": _("关注"), "substandard": _("次级"), "doubtful": _("可疑"), "loss": _("损失"),
    "unknown": _("未分类"),
}
GUARANTEES: Final = {
    "credit": _("信用"), "mortgage": _("抵押"), "pledge": _("质押"), "guarantee": _("保证"), "mixed": _("组合"),
    "other": pgettext_lazy("credit", "其他"),
}
REASONS: Final = {
    "loan_approval": _("贷款审批"), "card_approval": _("信用卡审批"), "guarantee_review": _("担保资格审查"),
    "financing_approval": _("融资审批"), "post_loan": _("贷后管理"), "self": _("本人查询"), "dispute": _("异议查询"),
    "admission": _("客户准入资格审查"),
    "other": pgettext_lazy("credit", "其他"),
}
PUBLIC: Final = {
    "tax_arrears": _("欠税记录"), "judgment": _("民事判决记录"), "enforcement": _("强制执行记录"), "penalty": _("行政处罚记录"),
    "fund": _("住房公积金参缴记录"),
}
NOTES: Final = {"statement": _("本人声明"), "dispute": _("异议标注")}
MARITAL: Final = {"single": _("未婚"), "married": _("已婚"), "divorced": _("离异"), "widowed": _("丧偶"), "unknown": _("未说明")}
# What a month's letter means, and whether it is good, bad or says nothing.
LETTERS: Final = {
    "*": (_("当月无还款历史"), "neutral"), "#": (_("还款状况未知"), "neutral"), "N": (_("正常还款"), "good"),
    "1": (_("逾期 1–30 天"), "warning"),
    "2": (_("逾期 31–60 天"), "warning"), "3": (_("逾期 61–90 天"), "danger"), "4": (_("逾期 91–120 天"), "danger"),
    "5": (_("逾期 121–150 天"), "danger"), "6": (_("逾期 151–180 天"), "danger"), "7": (_("逾期 180 天以上"), "danger"),
    "B": (_("呆账"), "danger"),
    "M": (_("逾期后当月还清"), "warning"), "D": (_("担保人代还"), "danger"), "Z": (_("以资抵债"), "danger"),
    "C": (_("结清、销户"), "neutral"),
    "G": (_("结清以外的终止"), "warning"), "A": (_("账单日调整"), "neutral"),
}


@dataclass(frozen=True, slots=True)
class Month:
    """One cell of a strip: the letter says it without the colour."""

    letter: str
    tone: str
    meaning: Any


def report_of(row: Enquiry) -> PersonalReport | CompanyReport:
    """The stored report, read again as strictly as when it came."""
    return msgspec.json.decode(row.answer, type=_SHAPES[row.service], strict=True)


def page_of(row: Enquiry) -> dict[str, Any]:
    """Everything that the page of a report needs."""
    report = report_of(row)
    shared = {"row": row, "report": report, "reason": REASONS[report.header.reason], "public": _public(report.public)}
    shared["queries"] = [(query.on, query.institution, REASONS[query.reason]) for query in report.queries]
    shared["guarantees"] = [
        (one.institution, one.given_on, one.until, Money(one.amount_fen), Money(one.balance_fen), CLASSES[one.five_class])
        for one in report.guarantees
    ]
    return {**shared, **(_personal(report) if isinstance(report, PersonalReport) else _company(report))}


def strip(codes: str) -> list[Month]:
    """The months of an account, old to new."""
    return [Month(letter, LETTERS[letter][1], LETTERS[letter][0]) for letter in codes]


def legend() -> list[Month]:
    """What the letters mean."""
    return strip("".join(LETTERS))


def _personal(report: PersonalReport) -> dict[str, Any]:
    summary = report.summary
    return {
        "is_person": True, "marital": MARITAL[report.base.marital_status],
        "education": EDUCATION.get(report.base.education, report.base.education),
        "tips": [
            (_("住房贷款笔数"), summary.house_loans), (_("汽车贷款笔数"), summary.car_loans), (_("其他贷款笔数"), summary.other_loans),
            (_("贷记卡账户数"), summary.cards), (_("首笔贷款发放月份"), summary.first_loan_month or "—"),
            (_("首张贷记卡发卡月份"), summary.first_card_month or "—"),
        ],
        "defaults": [
            (_("呆账、追偿账户数"), summary.bad_debts), (_("呆账、追偿余额"), Money(summary.bad_debts_fen)),
            (_("逾期账户数"), summary.overdue_accounts), (_("逾期月份数"), summary.overdue_months),
            (_("单月最高逾期金额"), Money(summary.overdue_highest_fen)),
        ],
        "open_credit": [
            (KINDS[one.kind], one.institutions, one.accounts, *map(Money, (one.granted_fen, one.balance_fen, one.average_payment_fen)))
            for one in summary.open_credit
        ],
        "counts": [
            (_("相关还款责任笔数"), summary.guarantees), (_("相关还款责任余额"), Money(summary.guarantees_fen)),
            (_("最近 1 个月贷款审批查询"), summary.queries_month_loan), (_("最近 1 个月信用卡审批查询"), summary.queries_month_card),
            (_("最近 2 年查询"), summary.queries_two_years),
        ],
        "groups": _groups(report.accounts), "notes": [(NOTES[one.kind], one.on, one.text) for one in report.notes], "legend": legend(),
    }


def _groups(accounts: Sequence[CreditAccount]) -> list[tuple[Any, list[dict[str, Any]]]]:
    """The accounts by kind, in the paper's order."""
    by_kind = [(label, [_account(one) for one in accounts if one.kind == kind]) for kind, label in KINDS.items()]
    return [(label, found) for label, found in by_kind if found]


def _account(one: CreditAccount) -> dict[str, Any]:
    sums = [
        (_("逾期总额"), one.overdue_fen), (_("逾期 31–60 天未还本金"), one.overdue_31_60_fen),
        (_("逾期 61–90 天未还本金"), one.overdue_61_90_fen),
        (_("逾期 91–180 天未还本金"), one.overdue_91_180_fen), (_("逾期 180 天以上未还本金"), one.overdue_over_180_fen),
        (_("大额专项分期余额"), one.large_instalment_fen),
    ]
    return {
        "account": one, "business": BUSINESS[one.business], "status": STATUSES[one.status], "five_class": CLASSES[one.five_class],
        "guarantee": GUARANTEES[one.guarantee_mode], "amount": Money(one.amount_fen), "balance": Money(one.balance_fen),
        "due": Money(one.due_fen), "paid": Money(one.paid_fen), "overdue": [(label, Money(fen)) for label, fen in sums if fen],
        "months": strip(one.months24) if set(one.months24) != {"*"} else [], "is_bad": one.status in ("overdue", "bad_debt"),
    }


def _company(report: CompanyReport) -> dict[str, Any]:
    return {
        "is_person": False, "loans": [
            (one.institution, one.business, one.opened_on, one.due_on, Money(one.amount_fen), Money(one.balance_fen),
             CLASSES[one.five_class], Money(one.overdue_fen), GUARANTEES[one.guarantee_mode])
            for one in report.loans
        ],
    }


def _public(records: Iterable[Any]) -> list[tuple[Any, ...]]:
    return [(PUBLIC[one.kind], one.by, one.on, Money(one.amount_fen), one.closed_on) for one in records]
