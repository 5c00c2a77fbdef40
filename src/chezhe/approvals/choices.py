"""What people may choose, and what they are told it is called."""

from __future__ import annotations

from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# Why a time limit stands still: something is waited for that none of us can do.
PAUSES: Final[dict[str, Any]] = {
    "customer": _("等客户补充资料"), "outside": _("等外部机构答复"), "visit": _("等现场核实"), "system": _("等系统恢复"),
}
HANDLINGS: Final[dict[str, Any]] = {
    "claim": pgettext_lazy("handling", "领取"), "release": _("放回待领取"), "transfer": _("转审"), "sign_before": _("前加签"),
    "sign_after": _("后加签"), "copy": _("抄送"), "urge": _("催办"), "recuse": _("回避"), "pause": _("暂停计时"),
    "resume": _("恢复计时"), "reroute": _("改派审批人"), "stuck": _("无人可审，已上报"), "unstuck": _("又有人可审"), "undo": _("撤销意见"),
    "lengthen": _("超出权限，增加一级"),
}
HELD: Final[dict[str, Any]] = {
    "held": _("待生效"), "applied": pgettext_lazy("verdict", "已生效"), "undone": pgettext_lazy("verdict", "已撤销"),
    "refused": _("未能生效"),
}
PLACES: Final[dict[str, Any]] = {"before": _("在当前环节之前"), "after": _("在当前环节之后")}
INTERESTS: Final[dict[str, Any]] = {
    "self": _("本人或本人的企业"), "relative": _("近亲属"), "dealer": _("在该车商任职或持股"), "other": _("其他利害关系"),
}
