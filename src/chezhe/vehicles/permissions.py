"""What people may do with vehicles."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

_FILERS = (roles.SALES, roles.CHANNEL_MGR, roles.RISK_OFFICER, roles.APPRAISER, roles.COLLATERAL_OPS, *roles.MANAGERS)

VIEW = permission("vehicles.view", _("查看车辆"), roles.BUSINESS, accountable=roles.RISK_MANAGER, reads_only=True)
REGISTER = permission("vehicles.register", _("登记车辆"), _FILERS)
READ_PAPER = permission("vehicles.read_paper", _("按资料填写车辆登记"), _FILERS)
EDIT = permission("vehicles.edit", _("修改车辆资料"), (*_FILERS, roles.REVIEWER, roles.SERVICING))
VALUE = permission(
    "vehicles.value", _("录入车辆评估价"), (roles.APPRAISER, roles.RISK_OFFICER, roles.RISK_MANAGER), accountable=roles.RISK_MANAGER
)
REVEAL = permission(
    "vehicles.reveal", _("查看车辆完整信息"),
    (
        *_FILERS, roles.REVIEWER, roles.APPROVER, roles.FUNDING, roles.SERVICING, roles.COLLECTION_SUPERVISOR, roles.COLLECTOR,
        roles.RECOVERY, *roles.OVERSIGHT,
    ),
    accountable=roles.COMPLIANCE,
)
