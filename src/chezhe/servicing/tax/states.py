"""What somebody decided about a month's VAT."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

OPEN = ("computing", "computed", "posted")

VAT = machine(
    _("增值税计提"),
    [
        ("computing", "compute", "computed"),
        ("computing", "discard", "discarded"),
        ("computed", "discard", "discarded"),
        ("computed", "post", "posted"),
        ("posted", "reverse", "reversed"),
    ],
    {
        "computing": _("计算中"), "computed": _("待入账"), "posted": _("已入账"), "discarded": _("已作废"), "reversed": _("已冲回"),
        "compute": _("算出结果"), "discard": _("作废"), "post": _("入账"), "reverse": _("冲回"),
    },
)
