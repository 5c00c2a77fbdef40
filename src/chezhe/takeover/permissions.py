"""Who takes over a book: finance makes it ready, another member of finance lets it go, the worker carries it out."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW = permission(
    "takeover.view", _("查看存量迁入"), [roles.FINANCE, roles.RISK_MANAGER, *roles.OVERSIGHT], reads_only=True,
)
PREPARE = permission(
    "takeover.prepare", _("准备存量迁入"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING],
    informed=[roles.AUDITOR],
)
APPROVE = permission(
    "takeover.approve", _("放行或退回存量迁入"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.RISK_MANAGER],
    informed=[roles.COMPLIANCE, roles.AUDITOR], moves_money=True,
)
FUND = permission(
    "takeover.fund", _("登记存量迁入的资金来源"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.FUNDING, roles.AUDITOR],
    moves_money=True,
)
CARRY_OUT = permission("takeover.carry_out", _("执行存量迁入"), [], accountable=roles.FINANCE)
