"""综合融资成本明示表: every cost, who takes it, what it comes to a year, before anything is signed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chezhe.contracts.costs.rules import INTEREST, Item, uncounted
from chezhe.contracts.papers import words
from chezhe.contracts.papers.cost_items import items_of
from chezhe.contracts.papers.facts import Case
from chezhe.documents.papers.figures import both, percent, sealed, yuan
from chezhe.finmath.money import Money
from chezhe.finmath.terms import FeeWhen


def cost_sheet(case: Case, *, version: int = 1) -> dict[str, Any]:
    """The data of the sheet that the borrower confirms before signing; companies have a list of their own."""
    listed, words_of = items_of(case), PERSON if case.borrower.is_person else COMPANY
    number = f"{case.number}-C" if version == 1 else f"{case.number}-C{version}"
    return sealed({
        "title": words_of.title, "number": number, "made_on": case.made_on.isoformat(), "edition": words.EDITION,
        "lender": {"name": case.lender.name}, "parties": [words.party_row(case.borrower)], "before": words_of.before,
        "loan": [["借款合同编号", case.number], ["贷款本金", both(case.principal)], ["期限", f"{case.terms.plan.periods} 个月"],
                 ["还款方式", words.METHODS[case.terms.plan.method]]],
        "costs": [_cost_row(item) for item in listed if not item.is_contingent], "total": _total(case, listed),
        "contingent": [[item.label, item.payee, item.standard] for item in listed if item.is_contingent],
        "statements": words_of.statements,
        "signatures": [words.signature(case.borrower), words.lender_signature(case, "贷款人")],
    })


def _cost_row(item: Item) -> list[str]:
    when = PAID_WITH_INSTALMENTS if item.code == INTEREST else words.FEE_WHEN[FeeWhen(item.when)]
    label = item.label + ("（可退还）" if item.is_refundable else "")
    return [label, item.payee, when, item.standard, yuan(item.amount.fen if item.amount else 0), item.added]


def _total(case: Case, listed: tuple[Item, ...]) -> list[list[str]]:
    """The all-in cost and its rate are of the same items: interest and what counts. What does not count stands beside it."""
    totals, rates, beside = case.counted.totals, case.counted.rates, uncounted(listed)
    cost = totals.interest_fen + totals.fee_fen + totals.upfront_fee_fen
    rows = [["综合融资成本合计", f"{yuan(cost)} 元"]]
    if beside:
        rows.append(["另行支付、不计入的款项", f"{yuan(beside.fen)} 元（上表注明“不计入”的项目）"])
    upfront = Money(case.counted.totals.upfront_fee_fen)
    basis = f"（本金减去放款前支付的费用 {yuan(upfront.fen)} 元后的净额）" if upfront else ""
    return [
        *rows, ["综合年化成本（单利）", percent(rates.all_in_simple)], ["综合年化成本（复利）", percent(rates.all_in_compound)],
        ["计算方法", f"以借款人实际占用的资金{basis}与各期现金流计算月内部收益率；单利乘以十二，复利逐月复合。"
                     "各项折合年化为该项单独计入时增加的部分。"],
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What a sheet is called, what stands before the figures, and what is declared."""

    title: str
    before: str
    statements: list[str]


PAID_WITH_INSTALMENTS = "分期随还款支付"
PERSON = Words(
    title="综合融资成本明示表", before="依据个人贷款业务明示综合融资成本的规定，贷款人在签订借款合同前向借款人明示本笔贷款的全部成本。",
    statements=[
        "除本表列明的项目外，贷款人及其合作机构不向借款人收取任何与本笔贷款有关的息费。",
        "贷款人不从贷款本金中预先扣除利息和费用。",
        "借款人确认在签署借款合同之前已阅读本表，对各项成本已充分了解。",
    ],
)
COMPANY = Words(
    title="企业融资成本清单", before="依据明示企业贷款综合融资成本的要求，贷款人与借款企业逐项核对并填列本笔贷款的利息与非利息成本。",
    statements=[
        "除本清单列明的项目外，贷款人及其合作机构不向借款企业收取任何与本笔贷款有关的息费；担保、评估、登记等费用由列明的收取方收取。",
        "贷款人不从贷款本金中预先扣除利息和费用，不以贷转存，不搭售产品，不转嫁应由贷款人承担的费用。",
        "借款企业确认在签署借款合同之前已逐项核对本清单。",
    ],
)
