"""What pages show of statements, income and debts, and a company's accounts."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.identifiers import masks
from chezhe.kernel import shaped
from chezhe.risk.facts import burdens, enterprise, proofs, whom
from chezhe.risk.facts.burden import Burden
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.flows import words
from chezhe.risk.facts.flows.reading import layout_named
from chezhe.risk.facts.models import CompanyAccounts, Enquiry, Statement
from chezhe.risk.facts.proofs import ACCOUNT_LABELS
from chezhe.risk.facts.services import Registered
from chezhe.risk.vendors.enterprise.reading import BENEFICIAL_RATE, beneficiaries
from chezhe.ui import formats
from chezhe.ui.charts import Chart, Series
from chezhe.ui.status import Status

SHOWN: Final = 20
GRAVITY: Final = {
    "good": Status(gettext_lazy("符合"), "good"), "note": Status(gettext_lazy("留意"), "warning"),
    "bad": Status(gettext_lazy("异常"), "danger"),
}
# Each with the figures of its finding; sums are written as money before.
SENTENCES: Final = {
    "duplicated": gettext_lazy("有 %(count)s 行重复（第 %(rows)s 行等），真实账户不会出现余额也相同的重复行。"),
    "no_balances": gettext_lazy("没有逐笔余额，无法核对连续性，不能证明收入。"),
    "broken": gettext_lazy("余额从第 %(row)s 行（%(on)s）起不连续：应为 %(expected)s，显示 %(printed)s。"),
    "continuous": gettext_lazy("%(lines)s 笔交易的余额前后连续。"),
    "interest_missing": gettext_lazy("%(on)s 应有结息（%(low)s 至 %(high)s），流水中没有。"),
    "interest_strange": gettext_lazy("%(on)s 的结息 %(credited)s 与余额不符，合理范围为 %(low)s 至 %(high)s。"),
    "interest_fine": gettext_lazy("%(count)s 次季度结息齐全，金额与余额相符。"),
    "another_holder": gettext_lazy("户名与客户姓名不一致，不能证明该客户的收入。"),
    "no_holder": gettext_lazy("流水上没有户名，不能证明是该客户的账户。"),
    "too_short": gettext_lazy("只覆盖 %(months)s 个整月，至少需要 %(least)s 个。"),
    "short": gettext_lazy("覆盖 %(months)s 个整月，通常需要 %(wanted)s 个。"),
    "salary": gettext_lazy("“%(payer)s”在 %(months)s 个月按月支付约 %(amount)s，视为工资。"),
    "friend_pays": gettext_lazy("“%(payer)s”按月转账，但对方是个人，不视为工资。"),
    "takings": gettext_lazy("没有工资；按收款较少的一半月份、扣除货款后，计为月收入 %(amount)s。"),
    "no_income": gettext_lazy("没有找到可以核实的收入。"),
    "gambling": gettext_lazy("疑似博彩支出合计 %(amount)s。"),
    "lenders": gettext_lazy("近 6 个月平均每月向贷款机构支付 %(amount)s。"),
    "passed_through": gettext_lazy("%(count)s 笔大额进账在 24 小时内转出，合计 %(amount)s，不计入收入。"),
    "loans_received": gettext_lazy("收到 %(count)s 笔贷款，合计 %(amount)s，不计入收入。"),
}
_SUMS: Final = ("expected", "printed", "credited", "low", "high", "amount")


@dataclass(frozen=True, slots=True)
class Said:
    """One finding in words."""

    status: Status
    text: str


def statements_of(subject: str) -> list[Statement]:
    """The statements that were handed in for a customer, newest first."""
    return list(Statement.objects.filter(subject=subject).order_by("-id")[:SHOWN])


def analysis_of(row: Statement) -> dict[str, Any]:
    """A statement for its page: figures, findings in words, charts, counterparties."""
    figures = json.loads(row.figures)
    return {
        "row": row, "bank": layout_named(row.layout).bank, "figures": figures, "findings": [_said(one) for one in row.findings],
        "charts": _charts(row, figures), "parties": [[_party(name), *sums] for name, *sums in figures["parties"]],
        "proof": Status(_("可以采信"), "good") if figures["is_proof"] else Status(_("不能采信"), "danger"),
        "income": None if figures["income"] is None or not figures["is_proof"] else Money(figures["income"]),
        "url": reverse("risk:statement", args=[row.file_key]),
    }


def burden_of(customer: Customer, at: datetime) -> dict[str, Any]:
    """Income and debts before a new loan, with what is missing for the ratio."""
    found: Burden = burdens.measured([customer.subject], 0, at)
    return {"burden": found, "missing": _("、").join(str(CATALOGUE[code].title) for _who, code in found.missing)}


# Invoices are the larger ones alone: that they come to less says nothing.
_GAPS: Final[Mapping[str, Callable[[Decimal], bool]]] = {
    "revenue_tax_gap_rate": lambda rate: abs(rate) > enterprise.GAP_MAX,
    "revenue_flow_gap_rate": lambda rate: abs(rate) > enterprise.GAP_MAX,
    "revenue_invoice_gap_rate": lambda rate: rate > enterprise.GAP_MAX,
}


def accounts_of(subject: str, known: Mapping[str, Any]) -> dict[str, Any] | None:
    """The newest year of a company, its ratios with what is remarkable, its turnover checked, and its need of working capital."""
    row = CompanyAccounts.objects.filter(subject=subject).order_by("-year", "-id").first()
    if row is None:
        return None
    accounts = proofs.accounts_of(row)
    ratios = enterprise.ratios(accounts)
    cycle = enterprise.cycle_of(accounts)
    return {
        "row": row, "figures": [(label, Money(getattr(accounts, name))) for name, label in ACCOUNT_LABELS.items()],
        "ratios": [(CATALOGUE[code].title, _ratio(code, value), _tone(code, value)) for code, value in ratios.items()],
        "gaps": [
            (CATALOGUE[code].title, formats.rate(known[code].value), "danger" if is_odd(known[code].value) else "good")
            for code, is_odd in _GAPS.items() if code in known
        ],
        "cycle": cycle, "need": proofs.need_of(accounts, row.plan), "plan": row.plan,
    }


def owners_of(subject: str) -> dict[str, Any] | None:
    """Who stands behind a company as its register told last: every person traced, with the part that is theirs in the end (受益所有人:
    a quarter and more). Names stand masked."""
    row = Enquiry.objects.filter(subject=subject, service="registry", status="answered").exclude(answer="").order_by("-id").first()
    if row is None:
        return None
    told = shaped.decoded(row.answer, Registered)
    found = beneficiaries(whom.of(subject).told.uscc, told.owners)
    return {
        "row": row, "people": [(masks.mask_name(who.name), who.rate, who.rate >= BENEFICIAL_RATE) for who in found],
        "unknown": 1 - sum((who.rate for who in found), Decimal(0)),
    }


def _ratio(code: str, value: Any) -> str:
    return formats.rate(value) if code in ("profit_margin", "debt_ratio") else f"{value:.2f}"


def _tone(code: str, value: Any) -> str:
    return "danger" if code == "debt_ratio" and value > enterprise.DEBT_RATIO_MAX else ""


def _said(one: Mapping[str, Any]) -> Said:
    figures = {name: formats.money(value) if name in _SUMS else value for name, value in one["figures"].items()}
    if "payer" in figures:
        figures["payer"] = _party(figures["payer"])
    if "rows" in figures:
        figures["rows"] = "、".join(map(str, figures["rows"]))
    return Said(GRAVITY[one["gravity"]], str(SENTENCES[one["code"]]) % figures)


def _party(name: str) -> str:
    """Private people stand masked; companies are public."""
    return name if words.is_company(name) else masks.mask_name(name)


def _charts(row: Statement, figures: Mapping[str, Any]) -> list[Chart]:
    months = figures["months"]
    shared = {"measure": "money", "source": _("银行流水"), "refreshed_at": row.analysed_at}
    return [
        Chart(
            id=f"flow-months-{row.pk}", kind="bar", title=_("每月流入与流出"), categories=[month for month, *_sums in months],
            series=[Series(_("流入"), [inflow for _m, inflow, _o in months]), Series(_("流出"), [outflow for _m, _i, outflow in months])],
            category_label=_("月份"), **shared),
        Chart(
            id=f"flow-balance-{row.pk}", kind="line", title=_("每日余额"), categories=[on for on, _left in figures["balances"]],
            series=[Series(_("余额"), [left for _on, left in figures["balances"]])],
            category_label=_("日期"), **shared),
    ]
