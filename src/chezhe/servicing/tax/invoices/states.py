"""What became of an invoice."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.machine import machine

# Whose amounts are not free to be invoiced again; whose papers the borrower holds.
STANDING = ("requested", "sent", "issued", "red_due", "red_sent")
HELD = ("requested", "sent", "issued")

INVOICE = machine(
    _("开票申请"),
    [
        ("requested", "withdraw", "withdrawn"),
        ("requested", "send", "sent"),
        ("sent", "issue", "issued"),
        ("sent", "refuse", "refused"),
        # The money was taken back: somebody must take the invoice back as well.
        ("issued", "lose_ground", "red_due"),
        ("issued", "ask_red", "red_sent"),
        ("red_due", "ask_red", "red_sent"),
        ("red_sent", "redden", "red"),
        ("red_sent", "refuse_red", "red_due"),
    ],
    {
        "requested": _("待开具"), "sent": _("开具中"), "issued": _("已开具"), "refused": _("平台拒绝"), "withdrawn": _("已撤回"),
        "red_due": _("待红冲"), "red_sent": _("红冲中"), "red": _("已红冲"),
        "withdraw": _("撤回"), "send": _("提交平台"), "issue": _("登记票号"), "refuse": _("登记拒绝"), "lose_ground": _("款项已冲正"),
        "ask_red": _("申请红冲"), "redden": _("登记红票"), "refuse_red": _("登记红冲拒绝"),
    },
)
