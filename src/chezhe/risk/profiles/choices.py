"""The words of levels and tags."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# From good to bad: `late` is no forecast any more, the customer is thirty days late.
LOW, WATCH, HIGH, LATE = "low", "watch", "high", "late"
LEVELS: Final = [
    (LOW, pgettext_lazy("warning level", "正常")), (WATCH, pgettext_lazy("warning level", "关注")),
    (HIGH, pgettext_lazy("warning level", "预警")), (LATE, _("已逾期 30 天以上")),
]
RANKS: Final[Mapping[str, int]] = {code: rank for rank, (code, _label) in enumerate(LEVELS)}
# What somebody did about a warning.
MEASURES: Final = [
    ("called", _("电话了解情况")), ("visited", _("上门走访")), ("agreed", _("已协商还款安排")), ("collection", _("转催收跟进")),
    ("observed", _("继续观察")), ("unfounded", _("核实无风险")),
]
# The names of the tags that `tags.json` gives.
TAGS: Final[Mapping[str, Any]] = {
    "pays_in_time": _("按期还款"), "prepays": _("有提前还款"), "long_standing": _("老客户"), "often_late": _("常有短期逾期"),
    "pays_in_parts": _("分次还款"), "debits_fail": _("扣款常失败"), "nearly_paid_off": _("即将还清"), "late_now": _("当前逾期"),
    "tight": _("收入负债紧"), "gambles": _("流水有疑似博彩"), "borrows_around": _("近期多处借款"), "steady_wage": _("工资稳定"),
    "new_here": _("新客户"),
}
