"""What a customer hands in to prove income: kept, judged, and told as facts."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.documents import vault
from chezhe.documents.models import StoredFile
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.risk.facts import deriving, enterprise, steps
from chezhe.risk.facts.flows import analysis, files, findings, reading
from chezhe.risk.facts.flows.analysis import Analysis
from chezhe.risk.facts.flows.lines import Flow
from chezhe.risk.facts.flows.reading import NotAFlow
from chezhe.risk.facts.models import CompanyAccounts, Statement

_PROVED = ("income_statement_monthly", "salary_months_6m")
WHY_NOT = {
    "unknown_layout": _("无法识别这份流水的版式。目前支持中国工商银行、中国农业银行、中国银行、中国建设银行导出的明细。"),
    "no_lines": _("这份流水里没有交易明细，请重新导出后再上传。"), "too_long": _("这份流水太长，请按半年分段导出。"),
    "unreadable": _("文件无法打开，请从网上银行重新导出，不要另存或编辑。"),
}


class FlowUnreadable(BusinessError):
    code = "flow_unreadable"
    http_status = 422
    field = "file"
    sentence = _("这份流水无法分析。")

    def __init__(self, why: str) -> None:
        self.sentence = WHY_NOT[why]
        super().__init__()


class FlowLineUnreadable(BusinessError):
    code = "flow_line_unreadable"
    http_status = 422
    field = "file"
    sentence = _("第 %(row)s 行的“%(column)s”无法识别，整份流水没有采用。请重新导出后再上传。")
    columns = {"date": _("交易日期"), "amount": _("交易金额"), "balance": _("账户余额")}


class NotACompany(BusinessError):
    code = "accounts_of_a_person"
    http_status = 422
    sentence = _("财务报表只能登记给企业客户。")


class AccountsContradict(BusinessError):
    code = "accounts_contradict"
    http_status = 422
    sentence = _("报表内部有矛盾：%(what)s 大于它所属的合计。请核对后再填。")


def keep_statement(file: StoredFile, customer: Customer, *, at: datetime, by: Actor) -> Statement:
    """Read and judge a statement that the documents room has kept, and tell its facts. Raises FlowUnreadable or FlowLineUnreadable."""
    flow = _read(file)
    cards = set(_cards(customer))
    found = analysis.analyse(flow, name=customer.name, accounts=cards)
    row = Statement(
        subject=customer.subject, file_key=file.key, layout=flow.layout, account_tail=flow.account[-4:], period_from=flow.from_on,
        period_to=flow.to_on, lines=len(flow.lines), figures=json.dumps(_figures(found), ensure_ascii=False),
        findings=[_told(one) for one in findings.findings(found)], analysed_at=at, uploaded_by_name=by.name,
    )
    row.save(force_insert=True)
    _tell(customer, found, at, by)
    return row


def keep_accounts(
    customer: Customer, year: int, accounts: enterprise.Accounts, plan: dict[str, Any], *, at: datetime, by: Actor
) -> CompanyAccounts:
    """Take down a company's year and tell the ratios that follow. `plan`: growth_rate (text), own, loans, other (fen).

    Raises NotACompany or AccountsContradict (422).
    """
    if customer.is_person:
        raise NotACompany()
    if wrong := enterprise.contradictions(accounts):
        raise AccountsContradict(what="、".join(str(ACCOUNT_LABELS[name]) for name in wrong))
    row = CompanyAccounts(
        subject=customer.subject, year=year, figures=json.dumps(asdict(accounts)), plan=plan, recorded_at=at, recorded_by_name=by.name)
    row.save(force_insert=True)
    told = {**enterprise.ratios(accounts), "revenue_year": accounts.revenue}
    steps.record_facts(customer.subject, told, source="declared", known_at=at, by=by)
    if need := need_of(accounts, plan):
        line = {"working_capital_need": need.need, "working_capital_line": need.line}
        steps.record_facts(customer.subject, line, source="decision", known_at=at, by=by)
    deriving.derive(customer.subject, at=at)
    return row


def need_of(accounts: enterprise.Accounts, plan: dict[str, Any]) -> enterprise.Need | None:
    """The working capital of a plan; None where nothing was sold or no growth was planned."""
    cycle = enterprise.cycle_of(accounts)
    margin = enterprise.ratios(accounts).get("profit_margin")
    if cycle is None or margin is None or not plan:
        return None
    return enterprise.working_capital(
        revenue=accounts.revenue, margin_rate=margin, growth_rate=Decimal(plan["growth_rate"]), cycle=cycle, own=plan["own"],
        loans=plan["loans"], other=plan["other"])


def accounts_of(row: CompanyAccounts) -> enterprise.Accounts:
    """The figures of a year that was taken down."""
    return enterprise.Accounts(**json.loads(row.figures))


ACCOUNT_LABELS = {
    "revenue": _("营业收入"), "cost_of_sales": _("营业成本"), "profit_before_tax": _("利润总额"), "interest_expense": _("利息支出"),
    "current_assets": _("流动资产"), "inventory": _("存货"), "receivable": _("应收账款"), "prepaid": _("预付账款"),
    "total_assets": _("资产总计"),
    "current_liabilities": _("流动负债"), "total_liabilities": _("负债合计"), "payable": _("应付账款"), "advances": _("预收账款"),
}


def _read(file: StoredFile) -> Flow:
    try:
        return reading.read(files.grid_of(vault.read(file.key), file.kind))
    except NotAFlow as refusal:
        if refusal.code == "line":
            raise FlowLineUnreadable(row=refusal.row, column=FlowLineUnreadable.columns[refusal.column]) from None
        raise FlowUnreadable(refusal.code) from None


def _tell(customer: Customer, found: Analysis, at: datetime, by: Actor) -> None:
    told = analysis.facts(found)
    steps.record_facts(customer.subject, told, source="flow", known_at=at, by=by)
    if unproved := [code for code in _PROVED if code not in told]:
        steps.refuse_facts(customer.subject, dict.fromkeys(unproved, "not_proved"), source="flow", known_at=at, by=by)
    deriving.derive(customer.subject, at=at)


def _cards(customer: Customer) -> list[str]:
    return [account.card_number for account in customer.accounts.all()]


def _figures(found: Analysis) -> dict[str, Any]:
    """What the page draws: days and months as text, sums in fen."""
    return {
        "holder": found.flow.holder, "is_holder": found.is_holder, "is_proof": found.is_proof, "income": found.income,
        "income_kind": found.income_kind, "average_balance": found.average_balance,
        "months": [[f"{one.month[0]}-{one.month[1]:02}", one.inflow, one.outflow] for one in found.sums],
        "balances": [[on.isoformat(), left] for on, left in found.balances],
        "parties": [[one.name, one.inflow, one.outflow, one.count] for one in found.parties],
        "quarters": [[one.on.isoformat(), one.credited, one.low, one.high, one.is_plausible] for one in found.quarters],
    }


def _told(one: analysis.Finding) -> dict[str, Any]:
    return {"code": one.code, "gravity": one.gravity, "figures": dict(one.figures)}
