"""综合融资成本明示表: every cost, who takes it, what it comes to a year, before anything is signed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from chezhe.contracts.papers import words
from chezhe.contracts.papers.facts import Case
from chezhe.documents.papers.figures import both, percent, sealed, yuan
from chezhe.finmath.terms import FeeWhen


def cost_sheet(case: Case) -> dict[str, Any]:
    """The data of the sheet that the borrower confirms before signing."""
    return sealed({
        "title": "综合融资成本明示表", "number": f"{case.number}-C", "made_on": case.made_on.isoformat(), "edition": words.EDITION,
        "lender": {"name": case.lender.name}, "parties": [words.party_row(case.borrower)],
        "loan": [["借款合同编号", case.number], ["贷款本金", both(case.principal)], ["期限", f"{case.terms.plan.periods} 个月"],
                 ["还款方式", words.METHODS[case.terms.plan.method]]],
        "costs": [_interest(case), *_fees(case)], "total": _total(case), "contingent": _contingent(case), "statements": STATEMENTS,
        "signatures": [words.signature(case.borrower), words.lender_signature(case, "贷款人")],
    })


def _interest(case: Case) -> list[str]:
    plan = case.terms.plan
    flat = f"每年按初始本金的 {percent(plan.flat_annual_rate)}"
    standard = flat if plan.annual_rate is None else f"年利率 {percent(plan.annual_rate)}"
    return ["利息", case.lender.name, "分期随还款支付", standard, yuan(case.quote.totals.interest_fen), percent(case.quote.rates.simple)]


def _fees(case: Case) -> list[list[str]]:
    """Each fee alone: what it adds to the annual rate of interest."""
    rows = []
    lines = len(case.quote.rows)
    for rule, fee in case.fees:
        with_it, without = case.quoted_with([rule]).rates.all_in_simple, case.quote.rates.simple
        added: Decimal | None = with_it - without if with_it is not None and without is not None else None
        is_monthly = fee.when is FeeWhen.MONTHLY
        standard = f"每月 {yuan(fee.amount_fen)} 元" if is_monthly else (f"本金的 {percent(rule.rate)}" if rule.rate else "定额")
        rows.append([
            rule.label + ("（可退还）" if rule.is_refundable else ""), rule.payee_name or case.lender.name,
            words.FEE_WHEN[fee.when], standard, yuan(fee.amount_fen * (lines if is_monthly else 1)),
            percent(added) if rule.is_counted else "不计入",
        ])
    return rows


def _total(case: Case) -> list[list[str]]:
    totals, rates = case.quote.totals, case.counted.rates
    cost = totals.interest_fen + totals.fee_fen + totals.upfront_fee_fen
    return [
        ["融资成本合计", f"{yuan(cost)} 元"], ["综合年化成本（单利）", percent(rates.all_in_simple)],
        ["综合年化成本（复利）", percent(rates.all_in_compound)],
        ["计算方法", "以各期现金流的月内部收益率折算；单利乘以十二，复利逐月复合。各项折合年化为该项单独计入时增加的部分。"],
    ]


def _contingent(case: Case) -> list[list[str]]:
    rule, product, lender = case.terms.penalty, case.product, case.lender.name
    overdue = f"以{words.BASES[rule.base]}为基数，年利率 {percent(rule.annual_rate)}（合同利率的 {product.penalty.multiple} 倍）"
    rows = [["逾期罚息", lender, overdue]]
    if rule.compounds:
        rows.append(["复利", lender, f"对逾期未付利息，年利率 {percent(rule.annual_rate)}"])
    rows.append(["挪用罚息", lender, f"对挪用部分按合同利率的 {product.penalty.misuse_multiple} 倍，与逾期罚息不重复"])
    if product.settlement.fee_rate:
        free = product.settlement.free_after_periods
        until = f"；已还 {free} 期以上免收" if free is not None else ""
        rows.append(["提前结清违约金", lender, f"未到期本金的 {percent(product.settlement.fee_rate)}{until}"])
    rows.append(["实现债权的费用", "实际收取的机构", "诉讼费、评估拍卖费等，按实际发生的合理金额"])
    return rows


STATEMENTS = [
    "除本表列明的项目外，贷款人及其合作机构不向借款人收取任何与本笔贷款有关的息费。",
    "贷款人不从贷款本金中预先扣除利息和费用。",
    "借款人确认在签署借款合同之前已阅读本表，对各项成本已充分了解。",
]
