"""The words of live trials."""

from __future__ import annotations

from typing import Final

from django.utils.translation import pgettext_lazy

from chezhe.risk.deciding.models import ARMS
from chezhe.risk.trials.states import LIVE_TRIAL
from chezhe.ui.status import Status

PURPOSES: Final = [("person", pgettext_lazy("model", "个人借款人")), ("company", pgettext_lazy("model", "企业借款人"))]
PERSON, DATE, NUMBER, APPROVAL_GAP, BAD_RATE = "person", "date", "number", "approval_gap", "bad_rate"
WHYS: Final = [
    (PERSON, pgettext_lazy("trial", "由人停止")), (DATE, pgettext_lazy("trial", "到期结束")),
    (NUMBER, pgettext_lazy("trial", "申请数已满")),
    (APPROVAL_GAP, pgettext_lazy("trial", "批准率差超过警戒线，自动停止")),
    (BAD_RATE, pgettext_lazy("trial", "不良率超过警戒线，自动停止")),
]
TONES: Final = {
    "draft": "neutral", "proposed": "warning", "running": "progress", "stopped": "danger", "ended": "good", "refused": "danger",
    "discarded": "neutral",
}
STATUSES: Final = {code: Status(label, TONES[code]) for code, label in LIVE_TRIAL.choices()}
SCHEDULED: Final = Status(pgettext_lazy("trial", "待开始"), "info")
ARM_NAMES: Final = dict(ARMS)
