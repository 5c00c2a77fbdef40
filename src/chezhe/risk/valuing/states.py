"""What a valuation and an appraiser's report may become."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

VALUING = machine(
    _("综合评估"),
    [
        ("gathering", "agree", "agreed"),
        ("gathering", "recheck", "rechecking"),
        ("gathering", "refer", "referred"),
        # A second person looked at the car and stands by the value.
        ("rechecking", "confirm", "agreed"),
        ("rechecking", "overtake", "overtaken"),
        ("referred", "overtake", "overtaken"),
        ("agreed", "overtake", "overtaken"),
        ("gathering", "overtake", "overtaken"),
    ],
    {
        "gathering": _("询价中"), "agreed": _("一致"), "rechecking": _("待复评"), "referred": _("无法确定"), "overtaken": _("已被更新"),
        "agree": _("得出综合价"), "recheck": _("要求复评"), "refer": _("转人工"),
        "confirm": _("确认综合价"), "overtake": _("被新的评估取代"),
    },
)
REPORT = machine(
    pgettext_lazy("appraiser", "评估报告"),
    [
        ("draft", "submit", "submitted"),
        ("draft", "discard", "discarded"),
        ("submitted", "set_aside", "set_aside"),
    ],
    {
        "draft": _("填写中"), "submitted": pgettext_lazy("appraiser", "已提交"), "discarded": pgettext_lazy("appraiser", "已作废"),
        "set_aside": _("不予采信"), "submit": pgettext_lazy("appraiser", "提交报告"), "discard": pgettext_lazy("appraiser", "作废报告"),
    },
)
COUNTING = ("agreed",)
OPEN = ("gathering", "rechecking", "referred", "agreed")
