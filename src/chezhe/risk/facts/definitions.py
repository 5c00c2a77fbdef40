"""What a fact is: its type, its unit, who answers for it, how long it holds, and what it can never be."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

MONEY, RATE, INTEGER, BOOLEAN, TEXT, DATE = "money", "rate", "integer", "boolean", "text", "date"
TYPES: Final = {
    MONEY: _("金额"), RATE: _("比率"), INTEGER: _("整数"), BOOLEAN: _("是否"), TEXT: _("文本"), DATE: pgettext_lazy("fact type", "日期"),
}
# Which rows of ours a fact may be told of; an application may carry a fact of whatever stands in it.
KINDS: Final = {
    "person": ("customer", "application"), "company": ("customer", "application"), "vehicle": ("vehicle", "application"),
    "application": ("application",), "dealer": ("dealer", "application"),
}
OF: Final = {
    "person": _("个人"), "company": _("企业"), "vehicle": pgettext_lazy("one", "车辆"), "application": pgettext_lazy("one", "申请"),
    "dealer": pgettext_lazy("one", "车商"),
}
SOURCES: Final = {
    "bureau": _("个人征信"), "enterprise_bureau": _("企业征信"), "identity": _("身份核验"), "face": _("人脸比对"),
    "bank_card": _("银行卡四要素"), "telecom": _("手机号核验"), "court": _("司法与执行信息"), "multi_lender": _("多头借贷"),
    "watch_list": _("反洗钱名单"), "screening": _("名单筛查与合规核实"), "diligence": _("尽职调查"), "registry": _("工商登记"),
    "social_insurance": _("社保与公积金"), "tax": _("税务"), "flow": _("银行流水"), "accounts": _("财务报表"),
    "declared": _("客户申报"), "ledger": _("本公司贷款历史"), "blacklist": _("内部黑名单"), "relations": _("关联关系"),
    "appraisal": _("评估师报告"), "valuation": _("估值"), "vehicle_registry": _("车管所登记"), "vehicle_history": _("车辆历史"),
    "insurance": pgettext_lazy("fact source", "保险"), "dealer": _("渠道记录"), "application": pgettext_lazy("fact source", "申请"),
    "decision": _("决策计算"), "confirmed": _("人工确认"),
}
# Why what a source told is no value. Each is a reason to call the fact unknown.
REASONS: Final = {
    "absent": _("来源没有给出"), "wrong_type": _("类型不符"), "out_of_range": _("超出可能的范围"), "not_listed": _("不在可选值之内"),
    "from_the_future": _("时间晚于现在"), "unreadable": _("无法识别"), "not_proved": _("材料不足以证明"),
}
_DECIMAL = re.compile(r"-?\d{1,12}(\.\d{1,10})?")
TEXT_MAX = 400

Value = int | Decimal | bool | str | date


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """One feature, as training and serving both read it.

    `of` is whom it is told of; `source` where it usually comes from; `owner` the role that answers for it. It holds for
    `valid_days` (None: for ever) and is unknown afterwards. `low` and `high` bound what it can be (inclusive); `values` lists what
    a text can be. `consent` is what a person must have agreed to before it is asked for. Two sources contradict each other when
    they differ by more than the fraction `tolerance` of the larger value.
    """

    code: str
    title: Any
    type: str
    unit: str
    source: str
    owner: str
    of: str
    valid_days: int | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    values: tuple[str, ...] = ()
    consent: str = ""
    tolerance: Decimal = Decimal(0)

    def read(self, given: object) -> Value:
        """The value as Python has it: whole fen and counts as int, rates as Decimal. Raises NotAFact with the reason."""
        if given is None:
            raise NotAFact("absent")
        value = _READERS[self.type](given)
        if isinstance(value, int | Decimal) and not isinstance(value, bool) and self._is_outside(value):
            raise NotAFact("out_of_range")
        if self.values and value not in self.values:
            raise NotAFact("not_listed")
        return value

    def agrees(self, one: Value, other: Value) -> bool:
        """Whether two sources tell the same."""
        if one == other:
            return True
        if self.type not in (MONEY, RATE, INTEGER) or not self.tolerance:
            return False
        first, second = Decimal(one), Decimal(other)  # type: ignore[arg-type]
        return abs(first - second) <= self.tolerance * max(abs(first), abs(second))

    def _is_outside(self, value: int | Decimal) -> bool:
        return (self.low is not None and value < self.low) or (self.high is not None and value > self.high)


class NotAFact(ValueError):
    """What was told cannot be a value of this fact; `reason` is one of `REASONS`."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def stored(value: Value) -> int | bool | str:
    """The value as JSON keeps it: rates and dates as text, so that nothing is rounded."""
    if isinstance(value, Decimal):
        return format(value.normalize() + Decimal(0), "f")
    return value.isoformat() if isinstance(value, date) else value


def _whole(given: object) -> int:
    if isinstance(given, bool) or not isinstance(given, int):
        raise NotAFact("wrong_type")
    return given


def _fraction(given: object) -> Decimal:
    """A float has lost digits before it came here: it is no rate."""
    if isinstance(given, bool) or not isinstance(given, int | Decimal | str):
        raise NotAFact("wrong_type")
    if isinstance(given, str) and not _DECIMAL.fullmatch(given):
        raise NotAFact("wrong_type")
    value = Decimal(given)
    if not value.is_finite():
        raise NotAFact("wrong_type")
    return value


def _truth(given: object) -> bool:
    if not isinstance(given, bool):
        raise NotAFact("wrong_type")
    return given


def _text(given: object) -> str:
    if not isinstance(given, str) or "\x00" in given:
        raise NotAFact("wrong_type")
    if not given.strip() or len(given) > TEXT_MAX:
        raise NotAFact("absent" if not given.strip() else "out_of_range")
    return given.strip()


def _day(given: object) -> date:
    if isinstance(given, date):
        return given
    if not isinstance(given, str) or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        raise NotAFact("wrong_type")
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise NotAFact("wrong_type") from None


_READERS: Final = {MONEY: _whole, RATE: _fraction, INTEGER: _whole, BOOLEAN: _truth, TEXT: _text, DATE: _day}
