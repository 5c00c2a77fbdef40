"""Who may see what dealers earn, and move it."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import DEALER
from chezhe.kernel.permission import permission

VIEW = permission(
    "servicing.view_commission", _("查看返佣"),
    [roles.CHANNEL_MGR, roles.FINANCE, roles.FUNDING, roles.RISK_MANAGER, *roles.MANAGERS, *roles.OVERSIGHT],
    accountable=roles.FINANCE, reads_only=True, outsiders=[DEALER],
)
FOLLOW = permission("servicing.follow_commission", _("随贷款变动登记退佣"), [], accountable=roles.FINANCE, informed=[roles.CHANNEL_MGR])
RECORD_RETURN = permission(
    "servicing.record_car_return", _("登记退车退佣"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.CHANNEL_MGR],
    informed=[roles.AUDITOR], moves_money=True,
)
DRAW_UP = permission(
    "servicing.draw_up_commission", _("编制与作废返佣结算单"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.CHANNEL_MGR],
)
APPROVE = permission(
    "servicing.approve_commission", _("核准返佣结算单"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.CHANNEL_MGR],
    informed=[roles.AUDITOR], moves_money=True,
)
REVERSE = permission(
    "servicing.reverse_commission", _("冲回返佣结算单"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.CHANNEL_MGR],
    informed=[roles.AUDITOR], moves_money=True,
)
PAY = permission(
    "servicing.pay_commission", _("支付返佣"), [roles.FUNDING], accountable=roles.FUNDING, consulted=[roles.FINANCE],
    informed=[roles.CHANNEL_MGR, roles.AUDITOR], moves_money=True,
)
SETTLE = permission("servicing.settle_commission", _("登记返佣付款结果"), [], accountable=roles.FUNDING)
