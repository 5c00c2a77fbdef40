"""What registration orders, kept papers and stock-takes may become."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

OPEN = ("made", "submitted", "refused")
REGISTRATION = machine(
    _("登记单"),
    [
        ("made", "submit", "submitted"),
        ("submitted", "accept", "accepted"),
        ("submitted", "refuse", "refused"),
        ("refused", "redo", "made"),
        # The receipt was recorded at the counter, whatever had become of the order.
        ("made", "record", "accepted"),
        ("submitted", "record", "accepted"),
        ("refused", "record", "accepted"),
        # A record in the unified registry stands for a term: extended within it, made anew after it.
        ("accepted", "extend", "accepted"),
        ("accepted", "renew", "accepted"),
        # The contract was given up, or the loan paid off first.
        ("made", "drop", "dropped"),
        ("submitted", "drop", "dropped"),
        ("refused", "drop", "dropped"),
        # The loan is paid off: the record is taken out of the registry.
        ("accepted", "cancel", "cancelled"),
    ],
    {
        "made": _("待报送"), "submitted": pgettext_lazy("registration", "已报送"), "accepted": pgettext_lazy("registration", "已受理登记"),
        "refused": pgettext_lazy("registration", "不予登记"), "dropped": _("无须登记"),
        "cancelled": _("已注销登记"), "cancel": _("注销登记"), "submit": pgettext_lazy("registration", "报送"),
        "accept": _("登记回执"), "refuse": _("登记不予办理"), "redo": _("重新办理"), "record": _("直接登记回执"), "drop": _("撤销登记单"),
        "extend": _("登记展期"), "renew": _("到期后重新登记"),
    },
)
CUSTODY = machine(
    _("权证"),
    [
        ("kept", "lend", "lent"),
        ("lent", "give_back", "kept"),
        ("kept", "hand_out", "out"),
        # What had left for good comes back.
        ("out", "give_back", "kept"),
    ],
    {
        "kept": _("在库"), "lent": pgettext_lazy("custody", "已借出"), "out": pgettext_lazy("custody", "已出库"), "lend": _("借出"),
        "give_back": _("归还入库"), "hand_out": _("出库"),
    },
)
STOCK_TAKE = machine(
    _("盘点"), [("open", "close", "closed")],
    {"open": pgettext_lazy("stock", "盘点中"), "closed": pgettext_lazy("stock", "已盘毕"), "close": _("结束盘点")},
)
RELEASE = machine(
    _("解押交证"),
    [
        ("ordered", "send", "sent"),
        ("ordered", "hand_over", "done"),
        ("sent", "confirm", "done"),
        # Nothing of the car is kept: with the registries it is over.
        ("ordered", "finish", "done"),
        # The loan was not paid off after all.
        ("ordered", "withdraw", "withdrawn"),
    ],
    {
        "ordered": _("办理中"), "sent": pgettext_lazy("release", "已寄出"), "done": pgettext_lazy("release", "已办结"),
        "withdrawn": pgettext_lazy("release", "已撤回"), "send": _("寄送权证"), "hand_over": _("柜面交付"), "confirm": _("确认收到"),
        "finish": _("办结"), "withdraw": _("撤回解押"),
    },
)
GPS_ORDER = machine(
    _("GPS 安装单"),
    [
        ("ordered", "install", "installed"),
        ("installed", "locate", "located"),
        ("ordered", "cancel", "cancelled"),
        # A device that stays silent is replaced.
        ("installed", "replace", "installed"),
    ],
    {
        "ordered": _("待安装"), "installed": _("已安装待定位"), "located": _("已定位"), "cancelled": pgettext_lazy("gps", "已取消"),
        "install": _("登记安装"), "locate": _("首次定位"), "cancel": pgettext_lazy("gps", "取消"), "replace": _("更换设备"),
    },
)
