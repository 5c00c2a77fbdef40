"""Every item of a case's cost sheet: interest, each fee of the product, and what may be charged when something goes wrong."""

from __future__ import annotations

from decimal import Decimal

from chezhe.contracts.costs.rules import INTEREST, Item
from chezhe.contracts.papers import words
from chezhe.contracts.papers.facts import Case
from chezhe.documents.papers.figures import percent, yuan
from chezhe.finmath.money import Money
from chezhe.finmath.terms import FeeWhen

LENDER, OTHERS = "lender", "third_party"
ACTUAL_PAYEE, ACTUAL_COST = "实际收取的机构", "按实际发生的合理金额，凭票据"
# Fees beside the plan, by the codes under which servicing charges them.
BESIDE = (
    ("legal", "诉讼与公证费", "实现债权时"), ("towing", "拖车与停放费", "实现债权时"), ("collection", "委托催收费", "逾期后委托催收时"),
    ("valuation", "评估费", "重新评估抵押车辆时"), ("insurance", "代垫保险费", "借款人未续保、贷款人代垫时"),
)


def items_of(case: Case) -> tuple[Item, ...]:
    """The items in the order in which the sheet prints them."""
    return (_interest(case), *_fees(case), *_contingent(case))


def _interest(case: Case) -> Item:
    plan = case.terms.plan
    flat = f"每年按初始本金的 {percent(plan.flat_annual_rate)}"
    return Item(
        code=INTEREST, label="利息", payee=case.lender.name, payee_kind=LENDER, when="monthly",
        standard=flat if plan.annual_rate is None else f"年利率 {percent(plan.annual_rate)}",
        amount=Money(case.quote.totals.interest_fen), added=percent(case.quote.rates.simple),
    )


def _fees(case: Case) -> list[Item]:
    """Each fee alone: what it adds to the annual rate of interest."""
    found, lines = [], len(case.quote.rows)
    for rule, fee in case.fees:
        with_it, without = case.quoted_with([rule]).rates.all_in_simple, case.quote.rates.simple
        added: Decimal | None = with_it - without if with_it is not None and without is not None else None
        is_monthly = fee.when is FeeWhen.MONTHLY
        standard = f"每月 {yuan(fee.amount_fen)} 元" if is_monthly else (f"本金的 {percent(rule.rate)}" if rule.rate else "定额")
        found.append(Item(
            code=rule.code, label=rule.label, payee=rule.payee_name or case.lender.name, payee_kind=rule.payee, when=fee.when.value,
            standard=standard, amount=Money(fee.amount_fen * (lines if is_monthly else 1)),
            added=percent(added) if rule.is_counted else "不计入", is_counted=rule.is_counted, is_refundable=rule.is_refundable,
        ))
    return found


def _contingent(case: Case) -> list[Item]:
    """What lateness, misuse, early settlement and enforcement cost, with the fees that may then be charged."""
    rule, product, lender = case.terms.penalty, case.product, case.lender.name

    def beside(code: str, label: str, when: str, standard: str, payee: str = lender, most: Money | None = None) -> Item:
        kind = LENDER if payee == lender else OTHERS
        return Item(code=code, label=label, payee=payee, payee_kind=kind, when=when, standard=standard, is_contingent=True, amount_max=most)

    overdue = f"以{words.BASES[rule.base]}为基数，年利率 {percent(rule.annual_rate)}（合同利率的 {product.penalty.multiple} 倍）"
    found = [beside("penalty", "逾期罚息", "逾期", overdue)]
    if rule.compounds:
        found.append(beside("compound", "复利", "逾期", f"对逾期未付利息，年利率 {percent(rule.annual_rate)}"))
    misuse = f"对挪用部分按合同利率的 {product.penalty.misuse_multiple} 倍，与逾期罚息不重复"
    found.append(beside("misuse", "挪用罚息", "挪用", misuse))
    if product.settlement.fee_rate:
        free = product.settlement.free_after_periods
        until = f"；已还 {free} 期以上免收" if free is not None else ""
        found.append(beside("early_settlement", "提前结清违约金", "提前结清",
                            f"未到期本金的 {percent(product.settlement.fee_rate)}{until}"))
    found += [beside(code, label, when, f"{when}，{ACTUAL_COST}", ACTUAL_PAYEE) for code, label, when in BESIDE]
    if case.papers_fee_max is not None:
        most = case.papers_fee_max
        found.append(beside("papers", "补办材料费", "应借款人要求补办", f"应借款人要求补办，每次不超过 {yuan(most.fen)} 元", most=most))
    return found
