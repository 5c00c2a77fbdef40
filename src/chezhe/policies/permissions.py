"""Who may see, write, publish and roll back the tables the lender decides by."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

_READERS = [
    roles.RISK_OFFICER, roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER, roles.BRANCH_MGR, roles.REGIONAL_MGR, roles.COMPLIANCE,
    roles.AUDITOR,
]
# Sellers do not read them: whoever knows every threshold can dress a file to fit.
VIEW = permission("policies.view", _("查看、试算决策表"), _READERS, accountable=roles.RISK_MANAGER, reads_only=True)
EDIT_VERSION = permission(
    "policies.edit_version", _("起草、修改、提交决策表"), [roles.RISK_MANAGER, roles.RISK_OFFICER], accountable=roles.RISK_MANAGER,
    consulted=[roles.COMPLIANCE, roles.APPROVER],
)
PUBLISH_VERSION = permission(
    "policies.publish_version", _("发布、退回、撤销、回退决策表"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE,
    consulted=[roles.RISK_MANAGER], informed=[*roles.MANAGERS, roles.APPROVER, roles.REVIEWER],
)
