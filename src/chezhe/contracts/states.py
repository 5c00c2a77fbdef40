"""What contracts, mortgages and disbursements may become (DOMAIN.md §11)."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel.machine import machine

CONTRACT = machine(
    _("合同"),
    [
        ("prepared", "confirm_cost_sheet", "prepared"),
        ("prepared", "renew_cost_sheet", "prepared"),
        ("prepared", "sign", "signed"),
        ("signed", "take_effect", "effective"),
        ("effective", "settle", "settled"),
        # A reversed receipt may show that the loan was not paid off after all.
        ("settled", "reopen", "effective"),
        # The money came back, and stays with us.
        ("effective", "undo_payout", "void"),
        ("prepared", "confirm_gps", "prepared"),
        ("signed", "confirm_gps", "signed"),
        ("prepared", "secure", "prepared"),
        ("signed", "secure", "signed"),
        ("effective", "secure", "effective"),
        ("prepared", "cancel", "void"),
        ("signed", "cancel", "void"),
    ],
    {
        "prepared": _("待签署"), "signed": _("已签署"), "effective": _("已生效"), "settled": _("已结清"),
        "void": pgettext_lazy("contract", "已作废"),
        "confirm_cost_sheet": _("确认成本明示表"), "renew_cost_sheet": _("重新出具成本明示表"),
        "sign": _("签署"), "take_effect": _("放款生效"), "settle": _("结清"),
        "reopen": pgettext_lazy("contract", "恢复"), "secure": _("追加抵押车辆"),
        "confirm_gps": _("确认 GPS 安装"), "cancel": pgettext_lazy("contract", "作废"), "undo_payout": _("撤销放款"),
    },
)
MORTGAGE = machine(
    _("抵押"),
    [
        ("proposed", "register", "registered"),
        ("proposed", "cancel", "cancelled"),
        ("registered", "request_release", "release_requested"),
        ("release_requested", "withdraw_release", "registered"),
        ("release_requested", "release", "released"),
        # The car goes on to secure the loan that paid this one off.
        ("registered", "hand_on", "handed_on"),
        # The day on which the buyer got the car; it changes nothing else.
        *((status, "deliver", status) for status in ("proposed", "registered")),
    ],
    {
        "proposed": _("待登记"), "registered": _("已登记"), "release_requested": _("待解押"), "released": _("已解押"),
        "handed_on": _("已转押"), "hand_on": _("转为新贷款的抵押"),
        "cancelled": _("已取消"), "register": _("登记抵押"), "cancel": _("取消"), "request_release": _("申请解押"),
        "withdraw_release": _("撤回解押"), "release": _("登记解押"), "deliver": _("登记交车日期"),
    },
)
# A mortgage that does not stand on its car any more.
GONE = ("cancelled", "released", "handed_on")
DISBURSEMENT = machine(
    _("放款"),
    [
        ("prepared", "check", "checked"),
        ("prepared", "cancel", "cancelled"),
        # News of the bank may overtake the news that the order has left.
        ("checked", "send", "sent"),
        ("checked", "settle", "paid"),
        ("checked", "fail", "failed"),
        ("sent", "settle", "paid"),
        ("sent", "fail", "failed"),
        ("paid", "return", "returned"),
        # One part of several came back, or failed, before the last was paid.
        ("sent", "return", "returned"),
        ("failed", "return", "returned"),
        # Another part is still to go to another account.
        ("prepared", "resend", "prepared"),
        # The same order again after a failure, or a new order to another account.
        ("failed", "send", "sent"),
        ("failed", "settle", "paid"),
        ("failed", "resend", "prepared"),
        ("returned", "resend", "prepared"),
        ("failed", "cancel", "cancelled"),
        ("returned", "cancel", "cancelled"),
    ],
    {
        "prepared": _("待复核"), "checked": _("已复核"), "sent": _("银行处理中"), "paid": _("已放款"), "failed": _("放款失败"),
        "returned": _("已退回"), "cancelled": _("已取消"), "check": _("复核放款"), "cancel": _("取消"), "send": _("发送银行"),
        "settle": _("登记到账"), "fail": _("登记失败"), "return": _("登记退回"), "resend": _("更换账户重放"),
    },
)
SIGNING = machine(
    _("签署任务"),
    [
        ("asked", "finish", "done"),
        ("asked", "fail", "failed"),
        ("failed", "retry", "asked"),
        # The contract was given up, or the party signed by hand instead.
        ("asked", "drop", "dropped"),
        ("failed", "drop", "dropped"),
    ],
    {
        "asked": _("签名处理中"), "done": _("已完成签名"), "failed": _("签名失败"), "dropped": _("已放弃"), "finish": _("完成签名"),
        "fail": _("登记签名失败"), "retry": _("重试签名"), "drop": _("放弃"),
    },
)
