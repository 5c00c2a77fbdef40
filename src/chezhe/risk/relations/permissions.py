"""Who sees who belongs together, and who decides whom the lender does not deal with."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW = permission(
    "risk.view_relations", _("查看关联关系"),
    [roles.RISK_OFFICER, roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER, roles.BRANCH_MGR, roles.REGIONAL_MGR, *roles.OVERSIGHT],
    accountable=roles.RISK_MANAGER, reads_only=True,
)
DECIDE = permission(
    "risk.decide_relation", _("核实疑似关联"), [roles.RISK_OFFICER, roles.REVIEWER, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
    informed=[roles.COMPLIANCE],
)
VIEW_BLACKLIST = permission(
    "risk.view_blacklist", _("查看黑名单"), [roles.RISK_OFFICER, roles.RISK_MANAGER, *roles.OVERSIGHT], accountable=roles.RISK_MANAGER,
    reads_only=True,
)
PROPOSE_BLACKLIST = permission(
    "risk.propose_blacklist", _("提议列入或移出黑名单"), [roles.RISK_OFFICER, roles.RISK_MANAGER, roles.COMPLIANCE],
    accountable=roles.RISK_MANAGER, informed=[roles.AUDITOR],
)
REVIEW_BLACKLIST = permission(
    "risk.review_blacklist", _("复审黑名单条目"), [roles.RISK_MANAGER, roles.COMPLIANCE], accountable=roles.RISK_MANAGER,
    informed=[roles.AUDITOR],
)
TRACE = permission("risk.trace", _("登记关联线索"), [], accountable=roles.RISK_MANAGER)
