"""The words for what a product's terms hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chezhe.documents import catalogue
from chezhe.finmath.allocation import AllocationMode, Item, TransactionKind
from chezhe.finmath.penalty import GraceMode, PenaltyBase
from chezhe.finmath.prepayment import PrepaymentMode
from chezhe.finmath.repricing import Cadence
from chezhe.finmath.settlement import FlatCharges
from chezhe.finmath.terms import DayCount, FeeWhen, Method, StubLevel
from chezhe.products.rules import FeeRule, ProductTerms
from chezhe.products.states import DISCARDED, DRAFT, PUBLISHED, RETIRED, SUBMITTED, VERSION
from chezhe.ui.status import Status

METHODS = {
    Method.EQUAL_INSTALMENT: _("等额本息"), Method.EQUAL_PRINCIPAL: _("等额本金"), Method.INTEREST_ONLY_BULLET: _("先息后本"),
    Method.BULLET: _("一次性还本付息"), Method.FLAT_EQUAL: _("等本等息"), Method.BALLOON: _("气球贷"),
    Method.STEPPED: _("阶梯还款"), Method.RENT_IN_ADVANCE: _("先付租金"),
}
DAY_COUNTS = {
    DayCount.THIRTY_360: _("每月 30 天 / 360"), DayCount.ACT_360: _("实际天数 / 360"), DayCount.ACT_365: _("实际天数 / 365"),
    DayCount.ACT_ACT: _("实际天数 / 实际年长"),
}
STUB_LEVELS = {StubLevel.FULL_PERIODS: _("期供不变，首期利息按天"), StubLevel.ACTUAL: _("期供按实际天数求解")}
FEE_WHEN = {FeeWhen.UPFRONT: _("放款时一次"), FeeWhen.MONTHLY: _("每月随期供")}
PAYEES = {"lender": _("本机构"), "third_party": _("第三方")}
FIXED = "fixed"
REPRICING = {
    Cadence.YEAR_START: _("浮动，每年 1 月 1 日按 LPR 重定价"), Cadence.ANNIVERSARY: _("浮动，每年放款对应日按 LPR 重定价"),
    Cadence.MONTHLY: _("浮动，每月 1 日按 LPR 重定价"),
}
RATE_KINDS = {FIXED: _("固定")} | {cadence.value: text for cadence, text in REPRICING.items()}
PENALTY_BASES = {PenaltyBase.PRINCIPAL: _("逾期本金"), PenaltyBase.PRINCIPAL_AND_INTEREST: _("逾期本金与利息")}
GRACE_MODES = {
    GraceMode.NONE: _("无宽限"), GraceMode.RETROACTIVE: _("超过宽限期的，自到期日起算"),
    GraceMode.FROM_END_OF_GRACE: _("只算宽限期之后的天数"),
}
FLAT_CHARGES = {FlatCharges.WAIVE: _("未到期的不收"), FlatCharges.KEEP: _("仍须收取")}
PREPAYMENT_MODES = {PrepaymentMode.REDUCE_INSTALMENT: _("减额（期限不变）"), PrepaymentMode.SHORTEN_TERM: _("缩期（期供不变）")}
ALLOCATION_MODES = {AllocationMode.BY_INSTALMENT: _("逐期，最早一期优先"), AllocationMode.BY_ITEM: _("逐项，跨期合并")}
ITEMS = {
    Item.FEE: _("费用"), Item.PENALTY: _("罚息"), Item.COMPOUND: _("复利"), Item.INTEREST: _("利息"), Item.PRINCIPAL: _("本金"),
}
TRANSACTIONS = {
    TransactionKind.REPAYMENT: _("还款"), TransactionKind.DIRECT_DEBIT: _("代扣"), TransactionKind.INSURANCE: _("保险赔款"),
    TransactionKind.DEPOSIT: _("保证金抵扣"), TransactionKind.DISPOSAL: _("车辆处置款"), TransactionKind.RECOVERY: _("核销后收回"),
}
BORROWERS = {"person": _("个人"), "sole_trader": _("个体工商户"), "company": _("企业")}
PURPOSES = {"purchase": _("购车"), "consumption": _("个人消费"), "business": _("个体经营"), "working_capital": _("企业流动资金")}
CONDITIONS = {"new": _("新车"), "used": _("二手车")}
USAGES = {"private": _("自用"), "commercial": _("商用")}
ENERGIES = {"conventional": _("燃油"), "nev": _("新能源")}
GUARANTEES = {
    "vehicle_mortgage": _("车辆抵押登记"), "gps": _("GPS 安装"), "loss_payee_insurance": _("保险第一受益人"),
    "certificate_vault": _("登记证书入库"), "spouse_consent": _("配偶同意"), "controller_guarantee": _("实际控制人保证"),
    "guarantor": _("第三人保证"),
}
STATUSES = {
    DRAFT: Status(VERSION.labels[DRAFT], "neutral"), SUBMITTED: Status(VERSION.labels[SUBMITTED], "progress"),
    PUBLISHED: Status(VERSION.labels[PUBLISHED], "good"), RETIRED: Status(VERSION.labels[RETIRED], "neutral"),
    DISCARDED: Status(VERSION.labels[DISCARDED], "neutral"),
}


def documents() -> dict[str, Any]:
    """Categories of papers that a product can demand, by code."""
    groups = ("person", "company", "vehicle", "photo", "dealer", "review")
    return {category.code: category.label for category in catalogue.BY_CODE.values() if category.group in groups}


def joined(codes: Iterable[Any], names: Mapping[Any, Any]) -> str:
    """The words for several codes in one line, in the order of the vocabulary, so that two versions compare."""
    chosen = set(codes)
    known = [str(text) for code, text in names.items() if code in chosen]
    return gettext("、").join([*known, *sorted(str(code) for code in chosen - set(names))]) or "—"


def fee_name(fee: FeeRule) -> str:
    """The fee's name in the reader's language."""
    return fee.english if _is_english() else fee.label


def description(terms: ProductTerms) -> str:
    """What customers are told, in the reader's language."""
    return terms.description_english if _is_english() else terms.description


def _is_english() -> bool:
    return (get_language() or "").startswith("en")
