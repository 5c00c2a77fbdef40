"""Reading the inbox, deciding in it, handing requests about, and the limits, interests and exceptions behind them."""

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
HANDLE = permission("approvals.handle", _("领取、转审、加签、暂停和回避"), _DECIDERS, accountable=roles.REGIONAL_MGR)
COPY = permission("approvals.copy", _("抄送审批"), roles.ALL, accountable=roles.BRANCH_MGR)
URGE = permission("approvals.urge", _("催办审批"), roles.ALL, accountable=roles.BRANCH_MGR)
REROUTE = permission(
    "approvals.reroute", _("无人可审时改派"), [*roles.MANAGERS, roles.RISK_MANAGER, roles.COMPLIANCE, roles.ADMIN],
    accountable=roles.REGIONAL_MGR, informed=[roles.AUDITOR],
)
WATCH = permission("approvals.watch", _("查找无人可审的请求"), [], accountable=roles.REGIONAL_MGR)
APPLY = permission("approvals.apply_verdict", _("使意见生效"), [], accountable=roles.REGIONAL_MGR)
SEE_LIMITS = permission(
    "approvals.see_limits", _("查看审批权限"), [*_DECIDERS, roles.AUDITOR], accountable=roles.RISK_MANAGER, reads_only=True)
PROPOSE_LIMIT = permission(
    "approvals.propose_limit", _("调整审批权限"), [roles.RISK_MANAGER, roles.COMPLIANCE], accountable=roles.RISK_MANAGER,
    informed=[roles.AUDITOR],
)
DECLARE = permission("approvals.declare_interest", _("申报利益关系"), roles.ALL, accountable=roles.COMPLIANCE)
SEE_INTERESTS = permission(
    "approvals.see_interests", _("查看利益关系"), [roles.COMPLIANCE, roles.AUDITOR], accountable=roles.COMPLIANCE, reads_only=True)
END_INTEREST = permission(
    "approvals.end_interest", _("终止利益关系"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE, informed=[roles.AUDITOR])
SEE_EXCEPTIONS = permission(
    "approvals.see_exceptions", _("查看例外台账"),
    [roles.APPROVER, roles.RISK_MANAGER, *roles.MANAGERS, roles.COMPLIANCE, roles.AUDITOR], accountable=roles.RISK_MANAGER,
    reads_only=True,
)
