"""What somebody decides about the books: a month is closed, once and for good."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

OPEN, CLOSED = "open", "closed"

PERIOD = machine(
    _("会计期间"),
    [(OPEN, "close_period", CLOSED)],
    {OPEN: _("未关账"), CLOSED: _("已关账"), "close_period": _("关账")},
)
