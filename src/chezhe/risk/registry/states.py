"""What people decide about a model, and what becomes of an alert that one has drifted."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

DRAFT, PROPOSED, SHADOW, PROMOTING, ACTIVE, RETIRED, REVIVING, REFUSED = (
    "draft", "proposed", "shadow", "promoting", "active", "retired", "reviving", "refused",
)
# What scores beside the model in force: a challenger goes on while its promotion is being decided.
CHALLENGING: Final = (SHADOW, PROMOTING)
WAITING: Final = (PROPOSED, PROMOTING, REVIVING)

MODEL = machine(
    _("评分模型"),
    [
        (DRAFT, "submit_model", PROPOSED),
        (PROPOSED, "activate_model", ACTIVE), (PROPOSED, "begin_shadow", SHADOW), (PROPOSED, "return_model", DRAFT),
        (PROPOSED, "refuse_model", REFUSED), (PROPOSED, "withdraw_model", DRAFT),
        (SHADOW, "submit_model", PROMOTING), (SHADOW, "retire_shadow", DRAFT),
        (PROMOTING, "activate_model", ACTIVE), (PROMOTING, "return_model", SHADOW), (PROMOTING, "refuse_model", REFUSED),
        (PROMOTING, "withdraw_model", SHADOW),
        (ACTIVE, "replace_model", RETIRED), (ACTIVE, "roll_back_model", RETIRED),
        (RETIRED, "submit_model", REVIVING), (REVIVING, "activate_model", ACTIVE), (REVIVING, "return_model", RETIRED),
        (REVIVING, "refuse_model", RETIRED), (REVIVING, "withdraw_model", RETIRED),
        (RETIRED, "restore_model", ACTIVE),
    ],
    {
        DRAFT: pgettext_lazy("model", "未启用"), PROPOSED: pgettext_lazy("model", "待审批"), SHADOW: pgettext_lazy("model", "影子运行"),
        PROMOTING: pgettext_lazy("model", "影子运行，待审批启用"), ACTIVE: pgettext_lazy("model", "使用中"),
        RETIRED: pgettext_lazy("model", "已停用"), REVIVING: pgettext_lazy("model", "已停用，待审批启用"),
        REFUSED: pgettext_lazy("model", "不予启用"),
        "submit_model": pgettext_lazy("model", "提交审批"), "activate_model": pgettext_lazy("model", "启用"),
        "begin_shadow": pgettext_lazy("model", "开始影子运行"), "return_model": pgettext_lazy("model", "退回"),
        "refuse_model": pgettext_lazy("model", "不予启用"), "withdraw_model": pgettext_lazy("model", "撤回"),
        "retire_shadow": pgettext_lazy("model", "停止影子运行"), "replace_model": pgettext_lazy("model", "被替换"),
        "roll_back_model": pgettext_lazy("model", "被回退"), "restore_model": pgettext_lazy("model", "回退启用"),
        "upload_model": pgettext_lazy("model", "登记"), "recalibrate_model": pgettext_lazy("model", "重新校准"),
    },
)
QUIET, OPEN, ANSWERED = "quiet", "open", "answered"
ALERT = machine(
    pgettext_lazy("model", "漂移预警"), [(OPEN, "answer_drift", ANSWERED)],
    {
        QUIET: pgettext_lazy("drift", "无预警"), OPEN: pgettext_lazy("drift", "待处理"), ANSWERED: pgettext_lazy("drift", "已处理"),
        "answer_drift": pgettext_lazy("drift", "处理预警"), "watch_model": pgettext_lazy("drift", "监测"),
    },
)
