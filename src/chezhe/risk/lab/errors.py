"""Why a backtest is refused or fails."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class VersionBroken(BusinessError):
    code = "backtest_version_broken"
    http_status = 422
    sentence = _("决策表版本 %(number)s 有错误，不能回测；请先改正。")


class VersionElsewhere(BusinessError):
    code = "backtest_version_elsewhere"
    http_status = 422
    sentence = _("%(number)s 不是决策表 %(table)s 的版本。")


class ModelGone(BusinessError):
    code = "backtest_model_unknown"
    http_status = 422
    field = "model_hash"
    sentence = _("没有哈希为 %(hash)s 的模型。")


class NothingTried(BusinessError):
    code = "backtest_nothing_tried"
    http_status = 422
    sentence = _("没有与现行策略不同的版本或模型，无可比较；请至少选一个。")


class PeriodEmpty(BusinessError):
    code = "backtest_period_empty"
    http_status = 422
    field = "to_on"
    sentence = _("截止日须晚于起始日。")


class EngineMissing(BusinessError):
    code = "backtest_engine_missing"
    http_status = 422
    field = "engine"
    sentence = _("没有安装 Spark；请选 DuckDB，或安装可选组件 spark。")


TROUBLES = {
    "nothing_to_judge": _("期间内没有可回测的个人申请。"), "draft_changed": _("排队期间草稿被改动，请重新发起。"),
    "version_gone": _("决策表版本或模型已不存在。"), "not_in_engine": _("策略中有引擎无法表达的决策表。"),
    "engine_missing": _("没有安装 Spark。"), "worker_lost": _("计算几次都中断了，没有结果；缩短期间后再发起，仍不行请联系系统管理员。"),
}
