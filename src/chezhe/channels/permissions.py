"""What people may do with dealers."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

_READERS = (
    roles.SALES, roles.CHANNEL_MGR, roles.RISK_OFFICER, roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER, roles.FINANCE,
    *roles.MANAGERS, *roles.OVERSIGHT,
)

VIEW = permission("channels.view", _("查看车商"), _READERS, accountable=roles.REGIONAL_MGR, reads_only=True)
CREATE = permission(
    "channels.create", _("登记车商"), (roles.CHANNEL_MGR, *roles.MANAGERS), accountable=roles.REGIONAL_MGR,
    consulted=(roles.RISK_MANAGER, roles.COMPLIANCE),
)
EDIT = permission(
    "channels.edit", _("修改车商资料"), (roles.CHANNEL_MGR, *roles.MANAGERS), accountable=roles.REGIONAL_MGR,
    consulted=(roles.RISK_MANAGER,),
)
MANAGE_PEOPLE = permission(
    "channels.manage_dealer_people", _("管理车商人员"), (roles.CHANNEL_MGR, *roles.MANAGERS), accountable=roles.REGIONAL_MGR,
    informed=(roles.RISK_MANAGER,),
)
SUSPEND = permission(
    "channels.suspend", _("暂停、恢复与终止车商"), (roles.RISK_MANAGER, *roles.MANAGERS), accountable=roles.REGIONAL_MGR,
    consulted=(roles.CHANNEL_MGR, roles.COMPLIANCE), informed=(roles.SALES,),
)
PROPOSE_COMMISSION = permission(
    "channels.propose_commission_plan", _("提出与终止返佣方案"), (roles.CHANNEL_MGR,), accountable=roles.REGIONAL_MGR,
    consulted=(roles.COMPLIANCE,), informed=(roles.FINANCE,),
)
DECIDE_COMMISSION = permission(
    "channels.decide_commission_plan", _("核定返佣方案"), roles.MANAGERS, accountable=roles.REGIONAL_MGR,
    consulted=(roles.COMPLIANCE,), informed=(roles.FINANCE, roles.AUDITOR),
)
