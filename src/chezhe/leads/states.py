"""What a lead may become (DOMAIN.md §11). Protection and the public pool are computed, not statuses."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

LEAD = machine(
    _("线索"),
    [
        ("new", "assign", "assigned"),
        ("assigned", "assign", "assigned"),
        ("contacted", "assign", "contacted"),
        ("qualified", "assign", "qualified"),
        ("assigned", "touch", "contacted"),
        ("contacted", "touch", "contacted"),
        ("qualified", "touch", "qualified"),
        ("contacted", "qualify", "qualified"),
        ("qualified", "convert", "converted"),
        ("new", "lose", "lost"),
        ("assigned", "lose", "lost"),
        ("contacted", "lose", "lost"),
        ("qualified", "lose", "lost"),
        ("new", "mark_duplicate", "duplicate"),
        ("assigned", "mark_duplicate", "duplicate"),
        ("contacted", "mark_duplicate", "duplicate"),
        ("qualified", "mark_duplicate", "duplicate"),
    ],
    {
        "new": _("待分配"), "assigned": _("待联系"), "contacted": _("跟进中"), "qualified": _("有意向"), "converted": _("已转客户"),
        "lost": _("已流失"), "duplicate": _("重复"),
        "assign": _("分配"), "touch": _("记录联系"), "qualify": _("确认意向"), "convert": _("转为客户"), "lose": _("标记流失"),
        "mark_duplicate": _("标记重复"),
    },
)
OPEN = ("new", "assigned", "contacted", "qualified")
