"""Reading the inbox, deciding in it, taking a request back."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

_DECIDERS = (
    roles.REVIEWER, roles.APPROVER, roles.COLLATERAL_OPS, roles.FUNDING, roles.FINANCE, roles.RISK_MANAGER,
    roles.COLLECTION_SUPERVISOR, roles.BRANCH_MGR, roles.REGIONAL_MGR, roles.COMPLIANCE, roles.ADMIN,
)
VIEW = permission("approvals.view", _("查看审批"), roles.ALL, accountable=roles.REGIONAL_MGR, reads_only=True)
VOTE = permission(
    "approvals.vote", _("在收件箱审批"), _DECIDERS, accountable=roles.REGIONAL_MGR, consulted=[roles.RISK_OFFICER],
    informed=[roles.AUDITOR],
)
WITHDRAW = permission("approvals.withdraw", _("撤回自己的审批请求"), roles.ALL, accountable=roles.BRANCH_MGR)
