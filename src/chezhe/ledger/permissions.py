"""What may be done with the books."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW = permission(
    "ledger.view", _("查看总账、分录与试算平衡"),
    [roles.FINANCE, roles.FUNDING, roles.SERVICING, roles.RISK_MANAGER, *roles.MANAGERS, *roles.OVERSIGHT],
    accountable=roles.FINANCE, reads_only=True,
)
POST_MANUAL_ENTRY = permission(
    "ledger.post_manual_entry", _("提交手工分录"), [roles.FINANCE], accountable=roles.FINANCE,
    informed=[roles.AUDITOR], moves_money=True,
)
REVERSE_ENTRY = permission(
    "ledger.reverse_entry", _("冲正手工分录"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.AUDITOR], moves_money=True,
)
CLOSE_PERIOD = permission(
    "ledger.close_period", _("会计期间关账"), [roles.FINANCE], accountable=roles.FINANCE,
    consulted=[roles.FUNDING, roles.SERVICING], informed=[roles.RISK_MANAGER, roles.AUDITOR],
)
MANAGE_ACCOUNTS = permission(
    "ledger.manage_accounts", _("维护会计科目"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.AUDITOR],
)
