"""What somebody decided about a month's internal funding cost."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

FUNDING = machine(
    _("内部资金成本"), [("posted", "reverse", "reversed")],
    {"posted": _("已入账"), "reversed": _("已冲回"), "reverse": _("冲回")},
)
