"""What somebody decided about a loan. Overdue, grace and M2 are computed for a date and are no status."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

LOAN = machine(
    _("贷款"),
    [
        ("active", "repay", "active"),
        ("active", "prepay", "active"),
        ("active", "complete", "settled"),
        ("active", "settle", "settled"),
        # A reversed receipt may show that a loan was not paid off after all.
        ("settled", "reopen", "active"),
    ],
    {
        "active": _("还款中"), "settled": _("已结清"), "repay": _("还款"), "prepay": _("部分提前还款"),
        "complete": _("到期结清"), "settle": _("提前结清"),
        "reopen": _("恢复还款"),
    },
)

END_OF_DAY = machine(
    _("日终"),
    [
        ("running", "pause", "paused"),
        ("paused", "resume", "running"),
        ("running", "finish", "closed"),
    ],
    {"running": _("进行中"), "paused": _("已暂停"), "closed": _("已完成"), "pause": _("暂停"), "resume": _("继续"), "finish": _("完成")},
)
