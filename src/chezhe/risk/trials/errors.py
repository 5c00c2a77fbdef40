"""Why a live trial is refused."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.errors import BusinessError


class TrialRefused(BusinessError):
    http_status = 422


class TitleMissing(TrialRefused):
    code = "live_trial_title_missing"
    field = "title"
    sentence = _("请写明试验的名称。")


class HypothesisMissing(TrialRefused):
    code = "live_trial_hypothesis_missing"
    field = "hypothesis"
    sentence = _("请写明预期：相信挑战策略会好在哪里，拿什么衡量。")


class PurposeUnknown(TrialRefused):
    code = "live_trial_purpose"
    field = "purpose"
    sentence = _("请选择对哪类借款人试验。")


class ShareWrong(TrialRefused):
    code = "live_trial_share"
    field = "share"
    sentence = _("挑战组的比例须大于 0、不超过 50%，最多两位小数。")


class PeriodWrong(TrialRefused):
    code = "live_trial_period"
    field = "ends_on"
    sentence = _("截止日须晚于开始日。")


class BeginsInThePast(TrialRefused):
    code = "live_trial_begins_in_the_past"
    field = "begins_on"
    sentence = _("开始日 %(begins_on)s 已经过去，请改为今天或以后。")


class FigureWrong(TrialRefused):
    code = "live_trial_figure"
    sentence = _("警戒线须在 0 到 100% 之间，起算笔数和申请数上限须为 1 以上的整数。")

    def __init__(self, field: str) -> None:
        self.field = field
        super().__init__()


class TableFaulty(TrialRefused):
    code = "live_trial_table_faults"
    sentence = _("决策表版本 %(number)s 有错误，不能用于真实申请：%(first)s")


class TableElsewhere(TrialRefused):
    code = "live_trial_table_elsewhere"
    sentence = _("%(number)s 不是决策表“%(table)s”可用的版本。")


class ModelUnusable(TrialRefused):
    code = "live_trial_model_unusable"
    field = "model_number"
    sentence = _("模型 %(number)s 不予启用或无法读取，不能用于试验。")


class ModelOfOthers(TrialRefused):
    code = "live_trial_model_of_others"
    field = "model_number"
    sentence = _("模型 %(number)s 是给%(theirs)s评分的，本试验的对象是%(ours)s。")


class NothingDiffers(TrialRefused):
    code = "live_trial_nothing_differs"
    sentence = _("没有与现行策略不同的决策表或模型，无可试验；请至少选一个。")


class AnotherRuns(BusinessError):
    code = "live_trial_another_runs"
    sentence = _("试验 %(number)s 还在进行；同一时间只能有一个试验，请先停止它或等它结束。")


class TooLate(BusinessError):
    code = "live_trial_too_late"
    sentence = _("试验 %(number)s 的截止日 %(ends_on)s 已到，不能再开始；请退回后改期。")


class VersionCancelled(BusinessError):
    code = "live_trial_version_cancelled"
    sentence = _("试验 %(number)s 要试的决策表版本 %(version)s 已被撤销，不能开始；请退回后改选。")


class ModelTakenBack(BusinessError):
    code = "live_trial_model_taken_back"
    sentence = _("试验 %(number)s 要试的模型 %(model)s 提交后已被撤回、退回、停用或回退，不能开始；请退回后改选或重新提交。")


class CopyAltered(BusinessError):
    code = "live_trial_copy_altered"
    sentence = _("试验 %(number)s 留存的决策表 %(table)s 与提交时的指纹不符，已停止操作。请报告管理员。")
