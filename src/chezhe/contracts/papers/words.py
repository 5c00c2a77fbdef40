"""Fixed words of the papers, and the boxes they share."""

from __future__ import annotations

from chezhe.contracts.papers.facts import BORROWER, CO_BORROWER, GUARANTOR, MORTGAGOR, SPOUSE, Case, Party
from chezhe.documents.papers.figures import yuan
from chezhe.finmath.allocation import Item, TransactionKind
from chezhe.finmath.penalty import GraceMode, PenaltyBase
from chezhe.finmath.repricing import Cadence
from chezhe.finmath.terms import DayCount, FeeWhen, Method

EDITION = "2026-3"  # of the texts: raise it when a sentence of a paper changes
ROLES = {BORROWER: "借款人", CO_BORROWER: "共同借款人", GUARANTOR: "保证人", SPOUSE: "借款人配偶", MORTGAGOR: "抵押人"}
METHODS = {
    Method.EQUAL_INSTALMENT: "等额本息", Method.EQUAL_PRINCIPAL: "等额本金", Method.INTEREST_ONLY_BULLET: "先息后本",
    Method.BULLET: "一次性还本付息", Method.FLAT_EQUAL: "等本等息", Method.BALLOON: "气球贷（末期一次归还尾款）",
    Method.STEPPED: "阶梯还款", Method.RENT_IN_ADVANCE: "期初还款",
}
DAY_COUNTS = {
    DayCount.THIRTY_360: "每月按 30 天、每年按 360 天", DayCount.ACT_360: "按实际天数、每年按 360 天",
    DayCount.ACT_365: "按实际天数、每年按 365 天", DayCount.ACT_ACT: "按实际天数、当年实际天数",
}
BASES_OF_RATES = {"LPR1Y": "一年期贷款市场报价利率（LPR）", "LPR5Y": "五年期以上贷款市场报价利率（LPR）"}
CADENCES = {Cadence.YEAR_START: "每年 1 月 1 日", Cadence.ANNIVERSARY: "每年与放款日对应之日", Cadence.MONTHLY: "每月 1 日"}
ITEMS = {Item.FEE: "费用", Item.PENALTY: "罚息", Item.COMPOUND: "复利", Item.INTEREST: "利息", Item.PRINCIPAL: "本金"}
TRANSACTIONS = {
    TransactionKind.DIRECT_DEBIT: "贷款人划扣的款项", TransactionKind.INSURANCE: "保险赔款", TransactionKind.DEPOSIT: "用于抵扣的保证金",
    TransactionKind.DISPOSAL: "处置抵押车辆所得价款", TransactionKind.RECOVERY: "贷款核销后收回的款项",
}
FEE_WHEN = {FeeWhen.UPFRONT: "放款前一次支付", FeeWhen.MONTHLY: "每月随期供支付"}
GRACE = {GraceMode.RETROACTIVE: "超过宽限期仍未付清的，自到期日次日起计收", GraceMode.FROM_END_OF_GRACE: "只对宽限期届满后的天数计收"}
BASES = {PenaltyBase.PRINCIPAL: "逾期本金", PenaltyBase.PRINCIPAL_AND_INTEREST: "逾期本金与利息之和"}


def running(name: str, uscc: str) -> str:
    """That somebody runs a trade, as it stands behind his name: its own name if it has one, and its code."""
    return f"经营者，{f'字号{name}' if name else '无字号'}，统一社会信用代码{uscc}"


def party_row(party: Party) -> dict[str, str]:
    """A party's box."""
    return {
        "role": ROLES[party.role], "name": party.title, "paper": "身份证号" if party.is_person else "统一社会信用代码",
        "paper_number": party.paper_number, "phone": party.phone or "—", "address": party.address or "—",
    }


def lender_row(case: Case, role: str) -> dict[str, str]:
    """The lender's box under its name in this paper."""
    return {"role": role, "name": case.lender.name, "paper": "统一社会信用代码", "paper_number": case.lender.uscc,
            "phone": "见营业场所公示", "address": "见营业执照住所"}


def signature(party: Party) -> dict[str, str]:
    """A place to sign."""
    return {"role": ROLES[party.role], "name": party.name, "hint": "签字、捺印" if party.is_person else "盖章及法定代表人签字"}


def lender_signature(case: Case, role: str) -> dict[str, str]:
    """The lender's place."""
    return {"role": role, "name": case.lender.name, "hint": "盖章及授权代表签字"}


def schedule_rows(case: Case) -> list[list[str]]:
    """The plan's lines and their sums."""
    rows = [
        [str(row.period), row.due_date.isoformat(), yuan(row.principal_fen), yuan(row.interest_fen), yuan(row.fee_fen),
         yuan(row.total_fen), yuan(row.balance_fen)]
        for row in case.quote.rows
    ]
    totals = case.quote.totals
    sums = ["合计", "", yuan(totals.principal_fen), yuan(totals.interest_fen), yuan(totals.fee_fen), yuan(totals.total_fen), ""]
    return [*rows, sums]
