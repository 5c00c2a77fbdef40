"""What somebody decides about the books: a month is closed, once and for good."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

OPEN, CLOSED = "open", "closed"

PERIOD = machine(
    _("会计期间"),
    [(OPEN, "close_period", CLOSED)],
    {OPEN: _("未关账"), CLOSED: _("已关账"), "close_period": _("关账")},
)

PROPOSED, POSTED, DECLINED = "proposed", "posted", "declined"

MANUAL_ENTRY = machine(
    _("手工分录"),
    [(PROPOSED, "post_manual_entry", POSTED), (PROPOSED, "decline_manual_entry", DECLINED)],
    {
        PROPOSED: _("待复核"), POSTED: _("已入账"), DECLINED: _("未通过"),
        "post_manual_entry": _("入账"), "decline_manual_entry": _("退回"),
    },
)
