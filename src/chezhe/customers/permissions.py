"""What people may do with customers."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

_SELLERS = (roles.SALES, roles.CHANNEL_MGR, *roles.MANAGERS)

VIEW = permission("customers.view", _("查看客户"), roles.BUSINESS, accountable=roles.COMPLIANCE, reads_only=True)
CREATE = permission("customers.create", _("客户建档"), _SELLERS)
EDIT = permission("customers.edit", _("修改客户资料"), (*_SELLERS, roles.REVIEWER, roles.SERVICING), informed=(roles.COMPLIANCE,))
PASS_ON = permission("customers.pass_on", _("转交客户"), (roles.CHANNEL_MGR, *roles.MANAGERS), informed=(roles.SALES,))
REVEAL = permission(
    "customers.reveal", _("查看客户完整信息"),
    (
        roles.SALES, roles.RISK_OFFICER, roles.REVIEWER, roles.APPROVER, roles.COLLATERAL_OPS, roles.FUNDING, roles.FINANCE,
        roles.SERVICING, roles.COLLECTION_SUPERVISOR, roles.COLLECTOR, roles.RECOVERY, *roles.MANAGERS, *roles.OVERSIGHT,
    ),
    accountable=roles.COMPLIANCE,
)
ADD_ACCOUNT = permission(
    "customers.add_account", _("登记客户银行账户"), (*_SELLERS, roles.COLLATERAL_OPS, roles.SERVICING), informed=(roles.FUNDING,)
)
RELATE = permission("customers.relate", _("登记客户关系"), (*_SELLERS, roles.RISK_OFFICER, roles.REVIEWER, roles.COLLATERAL_OPS))
