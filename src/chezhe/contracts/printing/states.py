"""What a run of the press and the use of a seal may become."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

PRINT_RUN = machine(
    _("制作文本"),
    [("asked", "print", "printed"), ("asked", "fail", "failed")],
    {"asked": _("制作中"), "printed": _("已制成"), "failed": _("制作失败"), "print": _("制成"), "fail": _("登记失败")},
)
SEAL_USE = machine(
    _("用印"),
    [("asked", "stamp", "stamped"), ("asked", "refuse", "refused")],
    {"asked": _("待用印"), "stamped": _("已用印"), "refused": pgettext_lazy("seal", "未予用印"), "stamp": pgettext_lazy("verb", "用印"),
     "refuse": _("不予用印")},
)
