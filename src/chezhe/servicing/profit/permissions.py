"""Who may see what loans earn, and book what their money costs."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW_PROFIT = permission(
    "servicing.view_profit", _("查看盈利"), [roles.FINANCE, roles.RISK_MANAGER, *roles.MANAGERS, *roles.OVERSIGHT], reads_only=True,
)
POST_FUNDING = permission(
    "servicing.post_funding", _("内部资金成本入账"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.AUDITOR], moves_money=True,
)
REVERSE_FUNDING = permission(
    "servicing.reverse_funding", _("冲回内部资金成本"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.AUDITOR],
    moves_money=True,
)
