"""Who sees how customers pay, and who is warned."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW = permission(
    "risk.view_profile", _("查看客户画像"),
    [
        roles.RISK_OFFICER, roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER, roles.SERVICING, roles.COLLECTION_SUPERVISOR,
        *roles.MANAGERS, *roles.OVERSIGHT,
    ],
    accountable=roles.RISK_MANAGER, reads_only=True,
)
VIEW_WARNINGS = permission(
    "risk.view_warnings", _("查看客户预警"), [roles.RISK_MANAGER, *roles.MANAGERS, *roles.OVERSIGHT], accountable=roles.RISK_MANAGER,
    reads_only=True,
)
REVIEW_WARNING = permission(
    "risk.review_warning", _("处理客户预警"), [roles.RISK_MANAGER, *roles.MANAGERS], accountable=roles.RISK_MANAGER,
    informed=[roles.COLLECTION_SUPERVISOR],
)
SCORE = permission("risk.score_customers", _("计算客户行为评分"), [], accountable=roles.RISK_MANAGER)
