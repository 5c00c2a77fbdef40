"""The roles of a lender's team (DOMAIN.md §7). What a role may do is data; its name is stable."""

from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

SALES: Final = "sales"
CHANNEL_MGR: Final = "channel_mgr"
RISK_OFFICER: Final = "risk_officer"
APPRAISER: Final = "appraiser"
REVIEWER: Final = "reviewer"
APPROVER: Final = "approver"
COLLATERAL_OPS: Final = "collateral_ops"
FUNDING: Final = "funding"
FINANCE: Final = "finance"
RISK_MANAGER: Final = "risk_manager"
SERVICING: Final = "servicing"
COLLECTION_SUPERVISOR: Final = "collection_supervisor"
COLLECTOR: Final = "collector"
RECOVERY: Final = "recovery"
BRANCH_MGR: Final = "branch_mgr"
REGIONAL_MGR: Final = "regional_mgr"
COMPLIANCE: Final = "compliance"
AUDITOR: Final = "auditor"
ADMIN: Final = "admin"

LABELS: Final = {
    SALES: pgettext_lazy("role", "客户经理"),
    CHANNEL_MGR: _("渠道经理"),
    RISK_OFFICER: _("风控专员"),
    APPRAISER: _("评估师"),
    REVIEWER: pgettext_lazy("role", "初审"),
    APPROVER: pgettext_lazy("role", "终审"),
    COLLATERAL_OPS: _("合同权证岗"),
    FUNDING: _("放款专员"),
    FINANCE: _("财务"),
    RISK_MANAGER: _("风险经理"),
    SERVICING: _("贷后专员"),
    COLLECTION_SUPERVISOR: _("催收主管"),
    COLLECTOR: _("催收员"),
    RECOVERY: _("资产处置"),
    BRANCH_MGR: _("门店经理"),
    REGIONAL_MGR: _("区域经理"),
    COMPLIANCE: _("合规"),
    AUDITOR: pgettext_lazy("role", "审计"),
    ADMIN: _("管理员"),
}

ALL: Final = tuple(LABELS)
MANAGERS: Final = (BRANCH_MGR, REGIONAL_MGR)
OVERSIGHT: Final = (COMPLIANCE, AUDITOR)
# Everyone who works on a customer's file; the auditors read along.
BUSINESS: Final = tuple(role for role in ALL if role != ADMIN)
# 等保 and TRUST.md T19: a second factor is mandatory for whoever can move money or grant rights.
MONEY: Final = (FUNDING, FINANCE, APPROVER, COLLATERAL_OPS, RISK_MANAGER, BRANCH_MGR, REGIONAL_MGR, ADMIN)
