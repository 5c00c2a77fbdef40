"""The sheets that people fill in: their columns, in both languages, and what may stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.contracts.models import ROLES
from chezhe.finmath.terms import Method
from chezhe.products.labels import METHODS
from chezhe.takeover.rules import TAKEABLE
from chezhe.vehicles import choices as vehicle_choices

LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Column:
    """`kind` is text, identifier, day, money, rate, whole or choice."""

    name: str
    label: Any
    kind: str = "text"
    is_required: bool = True
    choices: tuple[tuple[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of the book."""

    name: str
    title: Any
    about: Any
    columns: tuple[Column, ...]

    @property
    def required(self) -> list[str]:
        return [column.name for column in self.columns if column.is_required]

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)


_KINDS = (("person", _("个人")), ("company", _("企业")))
_BRINGS = (("history", _("历史")), ("balance", _("余额")))
_METHODS = tuple((method.value, METHODS[method]) for method in Method if method in TAKEABLE)
_ROLES = tuple((code, label) for code, label in ROLES if code != "borrower")
_LOAN = Column("loan", _("原贷款号"), "identifier")

SHEETS = {sheet.name: sheet for sheet in (
    Sheet("customers", pgettext_lazy("list", "客户"),
          _("一行一个客户，共借人和担保人也在内；证件号和卡号的列须为文本。借款人须有还款账号。"), (
        Column("customer", _("原客户号"), "identifier"),
        Column("kind", _("客户类型"), "choice", choices=_KINDS),
        Column("name", _("姓名或名称")),
        Column("paper", _("证件号码"), "identifier"),
        Column("mobile", _("手机号"), "identifier"),
        Column("bank_name", _("开户行"), is_required=False),
        Column("card", _("还款账号"), "identifier", is_required=False),
        Column("address", _("地址"), is_required=False),
        Column("legal_representative", _("法定代表人"), is_required=False),
    )),
    Sheet("vehicles", pgettext_lazy("list", "车辆"), _("一行一辆车，车主是原客户号所指的客户。"), (
        Column("vin", _("车架号"), "identifier"),
        Column("customer", _("原客户号"), "identifier"),
        Column("brand", _("品牌")),
        Column("model", _("型号")),
        Column("condition", _("新旧"), "choice", choices=tuple(vehicle_choices.CONDITIONS)),
        Column("energy_type", _("能源类型"), "choice", choices=tuple(vehicle_choices.ENERGY_TYPES)),
        Column("plate", _("车牌号"), "identifier", is_required=False),
        Column("usage_nature", _("使用性质"), "choice", is_required=False, choices=tuple(vehicle_choices.USAGE_NATURES)),
        Column("first_registered_on", _("初次登记日期"), "day", is_required=False),
        Column("mileage_km", _("里程"), "whole", is_required=False),
        Column("engine_no", _("发动机号"), "identifier", is_required=False),
    )),
    Sheet("loans", _("贷款"), _("一行一笔贷款，余额是截至日营业终了的余额。迁入方式：有全部还款记录的填“历史”，只有余额的填“余额”。"), (
        _LOAN,
        Column("contract", _("原合同号"), "identifier"),
        Column("signed_on", _("签订日期"), "day"),
        Column("customer", _("原客户号"), "identifier"),
        Column("vin", _("车架号"), "identifier"),
        Column("branch", _("门店代码"), "identifier"),
        Column("product", _("产品代码"), "identifier"),
        Column("principal", _("贷款本金"), "money"),
        Column("annual_rate", _("年利率"), "rate"),
        Column("method", _("还款方式"), "choice", choices=_METHODS),
        Column("periods", _("期数"), "whole"),
        Column("paid_out_on", _("放款日期"), "day"),
        Column("brings", _("迁入方式"), "choice", choices=_BRINGS),
        Column("principal_left", _("剩余本金"), "money"),
        Column("interest_due", _("到期未还利息"), "money"),
        Column("fee_due", _("到期未还费用"), "money"),
        Column("penalty_due", _("未还罚息"), "money"),
        Column("compound_due", _("未还复利"), "money"),
        Column("unapplied", _("暂收款余额"), "money"),
        Column("deposit", _("保证金余额"), "money", is_required=False),
        Column("balloon", _("尾款"), "money", is_required=False),
        Column("first_due_on", _("首次还款日"), "day", is_required=False),
        Column("dpd_worst", _("历史最长逾期天数"), "whole", is_required=False),
        Column("owner", _("客户经理登录名"), "identifier", is_required=False),
        Column("mortgage_office", _("抵押登记机关"), is_required=False),
        Column("mortgage_receipt", _("抵押登记编号"), "identifier", is_required=False),
        Column("mortgage_on", _("抵押登记日期"), "day", is_required=False),
    )),
    Sheet("parties", _("共借人与担保人"), _("可不填：借款人以外在合同上签字的人，一行一人；原客户号须在客户表中。"), (
        _LOAN,
        Column("customer", _("原客户号"), "identifier"),
        Column("role", _("角色"), "choice", choices=_ROLES),
    )),
    Sheet("plans", _("还款计划"), _("可不填：没有计划的贷款按条款生成；阶梯还款须填。填时可为全部期次，或从某一期起的全部剩余期次。"), (
        _LOAN,
        Column("period", _("期次"), "whole"),
        Column("due_on", _("到期日"), "day"),
        Column("principal", _("应还本金"), "money"),
        Column("interest", _("应还利息"), "money"),
        Column("fee", _("应还费用"), "money", is_required=False),
    )),
    Sheet("receipts", _("还款记录"), _("迁入方式为“历史”的贷款：放款以来的每一笔还款。"), (
        _LOAN,
        Column("paid_on", _("到账日期"), "day"),
        Column("amount", _("还款金额"), "money"),
        Column("reference", _("凭证号"), "identifier", is_required=False),
    )),
    Sheet("arrears", _("期初欠款"), _("迁入方式为“余额”的贷款：截至日每一期到期未还的金额，连同其罚息和复利。"), (
        _LOAN,
        Column("due_on", _("到期日"), "day"),
        Column("principal", _("欠本金"), "money"),
        Column("interest", _("欠利息"), "money"),
        Column("fee", _("欠费用"), "money", is_required=False),
        Column("penalty", _("欠罚息"), "money", is_required=False),
        Column("compound", _("欠复利"), "money", is_required=False),
    )),
)}


@cache
def headings(sheet: str) -> Mapping[str, str]:
    """What stands in the first row, in either language, to our column names."""
    return {said: column.name for column in SHEETS[sheet].columns for said in _said(column.label)}


@cache
def meanings(sheet: str, column: str) -> Mapping[str, str]:
    """What may stand in a column of choices, in either language or as our own code."""
    choices = SHEETS[sheet].column(column).choices
    return {said: code for code, label in choices for said in (code, *_said(label))}


def _said(label: Any) -> list[str]:
    found = []
    for language in LANGUAGES:
        with translation.override(language):
            found.append(str(label).replace(" ", "").lower())
    return found
