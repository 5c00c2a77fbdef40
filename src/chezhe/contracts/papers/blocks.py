"""Tables that stand in an article before its clauses."""

from __future__ import annotations

from chezhe.contracts.papers import words
from chezhe.contracts.papers.facts import Case, Consent, Party, Surety
from chezhe.documents.papers.figures import both, day, percent, yuan
from chezhe.finmath.money import Money
from chezhe.finmath.terms import FeeWhen

Rows = list[list[str]]
KINDS_OF_INSURANCE = "机动车交通事故责任强制保险、机动车损失保险、第三者责任保险"


def rows_of(block: str, case: Case, signer: Party, surety: Surety | None = None, consent: Consent | None = None) -> Rows:
    """The rows of a block; empty for none."""
    if block == "guarantee":
        return _guarantee(case, signer, surety)
    if block == "consent":
        return _consent(case, consent)
    if block == "address":
        return [["签署人", signer.name], ["证件号码", signer.paper_number], ["送达地址", signer.address], ["联系电话", signer.phone]]
    made = {"loan": _loan, "rates": _rates, "fees": _fees, "payout": _payout, "repayment": _repayment, "claim": _claim,
            "vehicle": _vehicle, "devices": _devices, "insurance": _insurance}
    return made[block](case) if block else []


def _loan(case: Case) -> Rows:
    plan = case.terms.plan
    return [
        ["产品", f"{case.product_name}（{case.product_number}）"], ["借款本金", both(case.principal)],
        ["借款期限", f"{plan.periods} 个月，自实际放款日起算"], ["借款用途", case.purpose], ["还款方式", words.METHODS[plan.method]],
    ]


def _rates(case: Case) -> Rows:
    rates, all_in, plan = case.quote.rates, case.counted.rates, case.terms.plan
    named = ["合同年利率", percent(plan.annual_rate)] if plan.annual_rate is not None else [
        "费率", f"每年为借款本金的 {percent(plan.flat_annual_rate)}（按初始本金计收，不随还款减少）"]
    return [
        named, ["年化利率（单利，仅利息）", percent(rates.simple)],
        ["综合年化成本（单利）", f"{percent(all_in.all_in_simple)}，已计入本合同载明的各项应计费用"],
        ["综合年化成本（复利）", percent(all_in.all_in_compound)], ["计息方式", words.DAY_COUNTS[plan.day_count]],
    ]


def _fees(case: Case) -> Rows:
    return [
        [rule.label, rule.payee_name or case.lender.name, words.FEE_WHEN[fee.when],
         yuan(fee.amount_fen) + ("／月" if fee.when is FeeWhen.MONTHLY else ""),
         ("是" if rule.is_counted else "否") + ("（可退还）" if rule.is_refundable else "")]
        for rule, fee in case.fees
    ]


def _payout(case: Case) -> Rows:
    account = case.account
    return [["放款金额", both(case.principal)], ["收款户名", account.holder], ["开户银行", account.bank], ["收款账号", account.number]]


def _repayment(case: Case) -> Rows:
    rows = case.quote.rows
    return [
        ["还款账户", f"{case.account.bank} {case.account.number}（{case.account.holder}）"], ["期数", f"{len(rows)} 期"],
        ["首期到期日", day(rows[0].due_date)], ["末期到期日", day(rows[-1].due_date)],
        ["首期应还", both(Money(rows[0].total_fen))], ["还款总额", both(Money(case.quote.totals.total_fen))],
    ]


def _claim(case: Case) -> Rows:
    return [["借款合同编号", case.number], ["债务人", case.borrower.title], ["主债权本金", both(case.principal)],
            ["债务履行期限", f"{case.terms.plan.periods} 个月，以还款计划表为准"]]


def _vehicle(case: Case) -> Rows:
    car = case.car
    return [
        ["车辆", car.title], ["车辆识别代号", car.vin], ["号牌号码", car.plate or "尚未上牌"], ["发动机号", car.engine_no or "—"],
        ["注册登记日期", day(car.registered_on)], ["所有人", car.owner.name],
    ]


def _guarantee(case: Case, signer: Party, surety: Surety | None) -> Rows:
    agreed = surety or Surety(name=signer.name)
    return [
        *_claim(case), ["保证人", signer.name], ["保证方式", "连带责任保证" if agreed.is_joint else "一般保证"],
        ["保证金额", both(agreed.amount) if agreed.amount else "主合同项下全部债务"],
        ["保证期间届满日", day(agreed.until or case.guaranteed_until)],
    ]


def _consent(case: Case, consent: Consent | None) -> Rows:
    said = consent or Consent(kind="", label="—", version=0, text="—")
    rows = [["同意事项", said.label], ["文本版次", f"第 {said.version} 版"], ["处理者", case.lender.name]]
    return [*rows, ["接收方", "、".join(case.recipients)]] if said.kind == "sharing" else rows


def _devices(case: Case) -> Rows:
    car = case.car
    return [["车辆", car.title], ["车辆识别代号", car.vin], ["号牌号码", car.plate or "尚未上牌"],
            ["有线装置", f"{case.gps_wired} 台"], ["无线装置", f"{case.gps_wireless} 台"]]


def _insurance(case: Case) -> Rows:
    car = case.car
    return [["车辆", car.title], ["车辆识别代号", car.vin], ["应投保险种", KINDS_OF_INSURANCE], ["第一受益人", case.lender.name],
            ["保险期间", f"自放款之日起至贷款结清之日止，贷款期限 {case.terms.plan.periods} 个月"]]
