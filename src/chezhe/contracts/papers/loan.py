"""The loan contract and the repayment schedule."""

from __future__ import annotations

from typing import Any

from chezhe.contracts.papers import words
from chezhe.contracts.papers.facts import CO_BORROWER, GUARANTOR, Case
from chezhe.documents.papers.figures import both, day, figure, percent, sealed, yuan
from chezhe.finmath.money import Money
from chezhe.finmath.penalty import GraceMode
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.settlement import FlatCharges
from chezhe.finmath.terms import FeeWhen, Method


def loan_contract(case: Case) -> dict[str, Any]:
    """The data of the loan contract."""
    parties = [words.party_row(party) for party in case.parties]
    signatures = [words.signature(party) for party in case.parties]
    return sealed({
        "title": "机动车担保借款合同", "number": case.number, "made_on": case.made_on.isoformat(), "edition": words.EDITION,
        "lender": {"name": case.lender.name}, "parties": [words.lender_row(case, "贷款人"), *parties],
        "loan": _loan(case), "loan_clauses": LOAN_CLAUSES, "rates": _rates(case), "rate_clauses": _rate_clauses(case),
        "fees": _fees(case), "fee_clauses": _fee_clauses(case), "payout": _payout(case), "payout_clauses": _payout_clauses(case),
        "repayment": _repayment(case), "repayment_clauses": _repayment_clauses(case), "penalty_clauses": penalty_clauses(case),
        "prepayment_clauses": prepayment_clauses(case), "security_clauses": _security_clauses(case), "privacy_clauses": PRIVACY_CLAUSES,
        "delivery_clauses": DELIVERY_CLAUSES, "other_clauses": OTHER_CLAUSES, "schedule": words.schedule_rows(case),
        "schedule_note": SCHEDULE_NOTE, "signatures": [words.lender_signature(case, "贷款人"), *signatures],
    })


def schedule(case: Case) -> dict[str, Any]:
    """The data of the repayment schedule as a paper of its own."""
    totals = case.quote.totals
    return sealed({
        "title": "还款计划表", "number": case.number, "made_on": case.made_on.isoformat(), "edition": words.EDITION,
        "lender": {"name": case.lender.name}, "schedule": words.schedule_rows(case), "schedule_note": SCHEDULE_NOTE,
        "loan": [["借款人", case.borrower.name], ["借款本金", both(case.principal)], ["还款方式", words.METHODS[case.terms.plan.method]],
                 ["年化利率（单利）", percent(case.counted.rates.all_in_simple)]],
        "totals": [["利息合计", f"{yuan(totals.interest_fen)} 元"], ["费用合计", f"{yuan(totals.fee_fen + totals.upfront_fee_fen)} 元"],
                   ["还款总额", f"{yuan(totals.total_fen)} 元"]],
    })


def _loan(case: Case) -> list[list[str]]:
    plan = case.terms.plan
    return [
        ["产品", f"{case.product_name}（{case.product_number}）"], ["借款本金", both(case.principal)],
        ["借款期限", f"{plan.periods} 个月，自实际放款日起算"], ["借款用途", case.purpose], ["还款方式", words.METHODS[plan.method]],
    ]


LOAN_CLAUSES = [
    "借款人应按约定用途使用借款，不得用于购买住房、股票、期货及其他投资，不得转借他人。",
    "借款人未按约定用途使用借款的，贷款人可以停止发放借款、提前收回借款或者解除合同。",
    "借款本金以借款人实际收到的金额为准：利息和费用不得预先在本金中扣除。",
]


def _rates(case: Case) -> list[list[str]]:
    rates, all_in, plan = case.quote.rates, case.counted.rates, case.terms.plan
    named = ["合同年利率", percent(plan.annual_rate)] if plan.annual_rate is not None else [
        "费率", f"每年为借款本金的 {percent(plan.flat_annual_rate)}（按初始本金计收，不随还款减少）"]
    return [
        named, ["年化利率（单利，仅利息）", percent(rates.simple)],
        ["综合年化成本（单利）", f"{percent(all_in.all_in_simple)}，已计入本合同载明的各项应计费用"],
        ["综合年化成本（复利）", percent(all_in.all_in_compound)], ["计息方式", words.DAY_COUNTS[plan.day_count]],
    ]


def _rate_clauses(case: Case) -> list[str]:
    clauses = [
        "年化利率以对借款人收取的全部借款成本与其实际占用的借款本金之比计算并折算为年化形式；分期还本的，占用的本金为每期还款后的剩余本金。"
        "单利按月内部收益率乘以十二计算，复利按月内部收益率逐月复合计算。",
        _floats(case),
    ]
    if case.terms.plan.stub is not None:
        clauses.append(f"首期天数与一个整月不同的，首期利息{words.DAY_COUNTS[case.terms.plan.stub.basis]}计收。")
    return clauses


def _floats(case: Case) -> str:
    """Whether the rate stays, and if not how it follows the reference rate."""
    floating, rate = case.terms.floating, case.terms.plan.annual_rate
    if floating is None or rate is None:
        return "本合同利率为固定利率，合同期内不作调整。"
    points = (floating.spread_rate * 10_000).normalize()
    penalty = "罚息利率随合同利率按同一倍数调整。" if case.product.penalty.follows_rate else "罚息利率不随之调整。"
    return (
        f"本合同利率为浮动利率：签约时为{words.BASES_OF_RATES[floating.base]}（{percent(rate - floating.spread_rate)}）"
        f"{'加' if points >= 0 else '减'} {abs(points):f} 个基点，加减点在合同期内不变。{words.CADENCES[floating.cadence]}"
        f"按当日适用的该项报价重新确定，自其后的下一期起执行，贷款人另行通知。{penalty}"
    )


def _fees(case: Case) -> list[list[str]]:
    return [
        [rule.label, rule.payee_name or case.lender.name, words.FEE_WHEN[fee.when],
         yuan(fee.amount_fen) + ("／月" if fee.when is FeeWhen.MONTHLY else ""),
         ("是" if rule.is_counted else "否") + ("（可退还）" if rule.is_refundable else "")]
        for rule, fee in case.fees
    ]


def _fee_clauses(case: Case) -> list[str]:
    upfront = Money(case.quote.totals.upfront_fee_fen)
    first = "本合同项下不收取任何费用。" if not case.fees else "除上表所列以外，贷款人及合作机构不向借款人收取其他任何费用。"
    paid = [f"放款前一次支付的费用合计 {both(upfront)}，由借款人另行支付，不从借款本金中扣除。"] if upfront else []
    return [first, *paid]


def _payout(case: Case) -> list[list[str]]:
    account = case.account
    return [["放款金额", both(case.principal)], ["收款户名", account.holder], ["开户银行", account.bank], ["收款账号", account.number]]


PAYOUT_CLAUSES = [
    "下列条件全部满足后，贷款人一次足额放款：本合同及抵押合同已签署；抵押登记已办妥；收款账户为借款人本人账户；审批结论在有效期内。",
    "借款自款项到达收款账户之日起计息；放款日与签约时的预计日期不同的，到期日随之顺延，贷款人另行提供更新后的还款计划表。",
]
SCHEDULE_NOTE = "本表按预计放款日编制。实际放款日不同的，以放款后提供的还款计划表为准；各期金额之和等于借款本金与应付利息、费用之和。"


def _payout_clauses(case: Case) -> list[str]:
    """How the money leaves; what pays off an older loan of the borrower's is paid to it first (民法典 §670: nothing is kept back)."""
    if not case.refinances:
        return PAYOUT_CLAUSES
    return [
        *PAYOUT_CLAUSES,
        f"本借款首先用于清偿借款人在贷款人处合同 {case.refinances} 项下放款当日的全部应付款项，"
        "由贷款人直接转账结清并提供结清证明，其余款项付至收款账户；两部分之和即借款人收到的借款本金。该合同项下的车辆抵押变更登记为本合同的担保。",
    ]


def _repayment(case: Case) -> list[list[str]]:
    rows = case.quote.rows
    return [
        ["还款账户", f"{case.account.bank} {case.account.number}（{case.account.holder}）"], ["期数", f"{len(rows)} 期"],
        ["首期到期日", day(rows[0].due_date)], ["末期到期日", day(rows[-1].due_date)],
        ["首期应还", both(Money(rows[0].total_fen))], ["还款总额", both(Money(case.quote.totals.total_fen))],
    ]


def _repayment_clauses(case: Case) -> list[str]:
    rule = case.terms.allocation
    clauses = [
        "借款人应于每期到期日前将应还款项存入还款账户，并授权贷款人自该账户划扣当期应还款项。到期日为法定节假日的，到期日不变。",
        f"所还款项不足以清偿全部到期债务的，自最早到期的一期起，依次抵充{_order(rule.order)}。",
    ]
    if rule.late_order is not None:
        clauses.append(f"逾期超过 {rule.late_after_days} 日的，改按{_order(rule.late_order)}的顺序抵充。")
    for choice in case.product.orders:
        if choice.rule != rule:
            clauses.append(f"{words.TRANSACTIONS[choice.kind]}依次抵充{_order(choice.rule.order)}。")
    clauses.append("多还的款项为借款人的溢缴款，可用于抵充以后各期或要求退还，未经借款人要求不作为提前还款。")
    return clauses


def _order(items: tuple[Any, ...]) -> str:
    return "、".join(words.ITEMS[item] for item in items)


def penalty_clauses(case: Case) -> list[str]:
    """What lateness and misuse cost; the cost sheet says the same."""
    rule, penalty = case.terms.penalty, case.product.penalty
    clauses = [
        f"借款人未按期还款的，自到期日次日起，以{words.BASES[rule.base]}为基数，按年利率 {percent(rule.annual_rate)}"
        f"（合同利率的 {penalty.multiple} 倍）计收罚息，{words.DAY_COUNTS[rule.day_count]}计算。",
    ]
    if rule.compounds:
        clauses.append(f"对逾期未付的利息，按罚息利率 {percent(rule.annual_rate)} 计收复利。")
    if rule.grace_days and rule.grace_mode is not GraceMode.NONE:
        clauses.append(f"每期设 {rule.grace_days} 日宽限期，期内付清的不计收罚息；{words.GRACE[rule.grace_mode]}。")
    clauses += [
        f"借款人未按约定用途使用借款的，对被挪用部分按合同利率的 {penalty.misuse_multiple} 倍计收罚息，与逾期罚息不重复计收。",
        "利息、罚息、复利、违约金和其他费用合计按年计算超过法律、监管规定上限的部分，贷款人不主张。",
        "借款人连续三期或累计六期未足额还款，或者抵押车辆被擅自处分、损毁而未补足担保的，贷款人有权宣布借款提前到期。",
    ]
    return clauses


def prepayment_clauses(case: Case) -> list[str]:
    """Early settlement and partial prepayment; the cost sheet says the same of the charge."""
    settlement, prepayment = case.product.settlement, case.product.prepayment
    clauses = ["借款人可以申请提前结清；提前结清的，利息按实际占用天数计收。"]
    if settlement.fee_rate:
        free = settlement.free_after_periods
        until = f"；已按期归还 {free} 期以上的，免收" if free is not None else ""
        clauses.append(f"提前结清按未到期本金的 {percent(settlement.fee_rate)} 收取违约金{until}。")
    else:
        clauses.append("提前结清不收取违约金。")
    if case.terms.plan.method is Method.FLAT_EQUAL:
        kept = settlement.flat_charges is FlatCharges.KEEP
        clauses.append("提前结清时，未到期各期的费用仍须支付。" if kept else "提前结清时，未到期各期的费用不再收取。")
    modes = {PrepaymentMode.REDUCE_INSTALMENT: "期限不变、减少每期还款额", PrepaymentMode.SHORTEN_TERM: "每期还款额不变、缩短期限"}
    if prepayment.modes:
        ways = "或".join(modes[mode] for mode in prepayment.modes)
        clauses.append(f"部分提前还款每次不低于 {figure(prepayment.amount_min)} 元，可选择{ways}。")
    else:
        clauses.append("本产品不支持部分提前还款。")
    return clauses


def _security_clauses(case: Case) -> list[str]:
    car = case.car
    clauses = [f"{car.owner.name}以其所有的{car.title}（车辆识别代号 {car.vin}）提供抵押担保，另行签订抵押合同并办理抵押登记。"]
    guarantors = [party.name for party in case.parties if party.role == GUARANTOR]
    if guarantors:
        clauses.append(f"{'、'.join(guarantors)}为本合同项下全部债务提供连带责任保证，保证期间为主债务履行期限届满之日起三年。")
    if any(party.role == CO_BORROWER for party in case.parties):
        clauses.append("共同借款人对本合同项下全部债务承担连带清偿责任。")
    return clauses


PRIVACY_CLAUSES = [
    "贷款人仅为订立、履行本合同及法律规定的目的处理借款人的个人信息；涉及敏感个人信息、位置信息和向第三方提供的，另行取得单独同意。",
    "经借款人书面授权，贷款人可以向金融信用信息基础数据库查询和报送与本合同有关的信用信息。",
]
DELIVERY_CLAUSES = [
    "各方确认本合同载明的地址和电话为送达地址，适用于履约通知、催收函件以及仲裁、诉讼、执行各阶段的法律文书。",
    "送达地址变更的，应书面通知对方；未通知的，按原地址寄出即视为送达。",
]
OTHER_CLAUSES = [
    "履行本合同发生的争议，由各方协商解决；协商不成的，向贷款人住所地有管辖权的人民法院提起诉讼。",
    "本合同自各方签字或者盖章之日起成立并生效。本合同与抵押合同、综合融资成本明示表、还款计划表共同构成完整的约定。",
    "本合同一式若干份，各方各执一份，具有同等效力。借款人确认已取得一份，并确认贷款人已就加粗条款作出说明。",
]
