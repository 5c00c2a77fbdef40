"""What people and the calendar's end make of a live trial. That it has not begun yet is asked of the calendar."""

from __future__ import annotations

from typing import Final

from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

DRAFT, PROPOSED, RUNNING, STOPPED, ENDED, REFUSED, DISCARDED = (
    "draft", "proposed", "running", "stopped", "ended", "refused", "discarded",
)
OVER: Final = (STOPPED, ENDED)

LIVE_TRIAL = machine(
    pgettext_lazy("trial", "分流试验"),
    [
        (DRAFT, "submit_live_trial", PROPOSED), (DRAFT, "discard_live_trial", DISCARDED),
        (PROPOSED, "activate_live_trial", RUNNING), (PROPOSED, "return_live_trial", DRAFT), (PROPOSED, "refuse_live_trial", REFUSED),
        (PROPOSED, "withdraw_live_trial", DRAFT),
        (RUNNING, "stop_live_trial", STOPPED), (RUNNING, "end_live_trial", ENDED),
    ],
    {
        DRAFT: pgettext_lazy("trial", "草稿"), PROPOSED: pgettext_lazy("trial", "待审批"), RUNNING: pgettext_lazy("trial", "进行中"),
        STOPPED: pgettext_lazy("trial", "已停止"), ENDED: pgettext_lazy("trial", "已结束"), REFUSED: pgettext_lazy("trial", "不予开始"),
        DISCARDED: pgettext_lazy("trial", "已作废"),
        "draft_live_trial": pgettext_lazy("trial", "起草"), "edit_live_trial": pgettext_lazy("trial", "修改"),
        "submit_live_trial": pgettext_lazy("trial", "提交审批"), "activate_live_trial": pgettext_lazy("trial", "批准开始"),
        "return_live_trial": pgettext_lazy("trial", "退回"), "refuse_live_trial": pgettext_lazy("trial", "不予开始"),
        "withdraw_live_trial": pgettext_lazy("trial", "撤回"), "stop_live_trial": pgettext_lazy("trial", "停止"),
        "end_live_trial": pgettext_lazy("trial", "结束"), "discard_live_trial": pgettext_lazy("trial", "作废"),
    },
)
