"""Who asks who a customer is, and who judges whether a list means them."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW = permission(
    "risk.view_diligence", _("查看尽职调查"),
    [roles.RISK_OFFICER, roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER, *roles.OVERSIGHT], accountable=roles.COMPLIANCE,
    reads_only=True,
)
REVIEW = permission(
    "risk.review_diligence", _("开展尽职调查"), [roles.RISK_OFFICER, roles.REVIEWER, roles.COMPLIANCE], accountable=roles.COMPLIANCE,
    informed=[roles.AUDITOR],
)
RECORD_HOLDING = permission(
    "risk.record_holding", _("登记股东与持股"), [roles.RISK_OFFICER, roles.REVIEWER, roles.COMPLIANCE], accountable=roles.COMPLIANCE,
)
VIEW_SCREENING = permission(
    "risk.view_screening", _("查看名单筛查"), [roles.RISK_MANAGER, *roles.OVERSIGHT], accountable=roles.COMPLIANCE, reads_only=True,
)
IMPORT_LIST = permission(
    "risk.import_watch_list", _("导入监控名单"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE, informed=[roles.AUDITOR],
)
JUDGE = permission(
    "risk.judge_hit", _("判断名单命中"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE, informed=[roles.AUDITOR],
)
SCREEN = permission(
    "risk.screen_customer", _("对客户做名单筛查"), [roles.RISK_OFFICER, roles.COMPLIANCE], accountable=roles.COMPLIANCE,
)
CARRY_OUT = permission("risk.carry_out_screening", _("执行全量名单筛查"), [], accountable=roles.COMPLIANCE)
