"""The words for what the machine says."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.risk.deciding import coverage, rules
from chezhe.risk.deciding.values import CAPS, CARS, COVERAGE, FRAUD, KNOCKOUT, LIMITS, PRESCREEN, PRICING, ROUTE, SCORE, TIER
from chezhe.ui.status import Status

OUTCOMES: Final = {
    "approved": Status(gettext_lazy("自动批准"), "good", "circle-check"),
    "referred": Status(gettext_lazy("转人工"), "warning", "user-search"),
    "declined": Status(gettext_lazy("自动拒绝"), "danger", "circle-x"),
}
# What became of a loan, as servicing told it.
BECAME: Final = {"bad": Status(gettext_lazy("不良"), "danger"), "good": Status(pgettext_lazy("outcome", "正常"), "good")}
VERDICTS: Final = {
    "clear": Status(pgettext_lazy("stage", "通过"), "good"), "referred": Status(gettext_lazy("转人工"), "warning"),
    "declined": Status(pgettext_lazy("stage", "拒绝"), "danger"),
}
STAGES: Final = {
    PRESCREEN: gettext_lazy("预筛"), KNOCKOUT: gettext_lazy("硬性规则"), FRAUD: gettext_lazy("反欺诈"), SCORE: gettext_lazy("评分"),
    TIER: gettext_lazy("客户分层"), PRICING: gettext_lazy("风险定价"), LIMITS: gettext_lazy("额度与条件"), CAPS: gettext_lazy("法定上限"),
    COVERAGE: gettext_lazy("担保覆盖"), CARS: gettext_lazy("其他车辆"), ROUTE: gettext_lazy("去向"),
}
# What stages say under their headings.
SAID: Final = {
    "tier": gettext_lazy("层级"), "route": gettext_lazy("去向"), "outcome": gettext_lazy("结论"), "reason": gettext_lazy("原因"),
    "rate_step": gettext_lazy("利率加减"), "ltv_step": gettext_lazy("成数加减"), "ltv_max": gettext_lazy("最高成数"),
    "amount_max": gettext_lazy("金额上限"), "dti_max": gettext_lazy("收入负债比上限"), "sla_hours": gettext_lazy("办结时限（小时）"),
    "guarantor_needed": gettext_lazy("须有担保人"), "gps_wired": gettext_lazy("有线 GPS（台）"),
    "gps_wireless": gettext_lazy("无线 GPS（台）"),
    "least_rate": gettext_lazy("最低担保覆盖率"), "needed_fen": gettext_lazy("至少需要"), "missing_fen": gettext_lazy("还差"),
    "car": pgettext_lazy("one", "车辆"), "counted_fen": gettext_lazy("计入放款价值"),
}
FAULTS: Final = {
    "stale": gettext_lazy("已过有效期"), "contradicted": gettext_lazy("来源互相矛盾"), "absent": gettext_lazy("来源没有给出"),
    "wrong_type": gettext_lazy("类型不符"), "out_of_range": gettext_lazy("超出可能的范围"), "not_listed": gettext_lazy("不在可选值之内"),
    "from_the_future": gettext_lazy("时间晚于现在"), "unreadable": gettext_lazy("无法识别"), "not_proved": gettext_lazy("材料不足以证明"),
}
_TROUBLES: Final = {
    "policy_missing": gettext_lazy("没有生效的决策表"), "table_error": gettext_lazy("决策表自相矛盾"),
    "no_row": gettext_lazy("决策表没有适用的行"), "table_broken": gettext_lazy("决策表无法执行"),
    "model_missing": gettext_lazy("没有启用的评分模型"), "model_broken": gettext_lazy("评分模型无法执行"),
    "score_out_of_range": gettext_lazy("评分超出可能的范围"), "tier_unknown": gettext_lazy("层级无法识别"),
    "limits_missing": gettext_lazy("法定上限的参数不全"), "pricing_words_unknown": gettext_lazy("贷款要素无法识别"),
    "outputs_missing": gettext_lazy("决策表没有给出所需的结果"), rules.PRICE_BELOW: gettext_lazy("申请利率低于风险定价"),
    rules.AMOUNT_OVER: gettext_lazy("申请金额超过可批额度"), "price_cut": gettext_lazy("价格须降至法定上限以内"),
    coverage.SHORT: gettext_lazy("担保不足以覆盖到期本息"), coverage.LEAST_MISSING: gettext_lazy("没有生效的最低担保覆盖率"),
}


def trouble(code: str) -> str:
    """What is broken in a stage, for people; empty when nothing is."""
    known = _TROUBLES.get(code.partition(":")[0])
    return str(known) if known is not None else code


def fault(code: str) -> str:
    """Why a fact counts as unknown."""
    return str(FAULTS.get(code, code))


def yes_no(value: bool) -> Any:
    return _("是") if value else _("否")
