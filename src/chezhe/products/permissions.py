"""What may be done with products."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW = permission("products.view", _("查看产品与版本"), roles.BUSINESS, accountable=roles.RISK_MANAGER, reads_only=True)
CALCULATE = permission("products.calculate", _("使用试算器"), roles.BUSINESS, accountable=roles.RISK_MANAGER, reads_only=True)
CREATE_PRODUCT = permission(
    "products.create_product", _("新建产品"), [roles.RISK_MANAGER, roles.FINANCE], accountable=roles.RISK_MANAGER,
    consulted=[roles.COMPLIANCE, roles.CHANNEL_MGR], informed=[*roles.MANAGERS],
)
EDIT_VERSION = permission(
    "products.edit_version", _("起草、修改、提交产品版本"), [roles.RISK_MANAGER, roles.FINANCE], accountable=roles.RISK_MANAGER,
    consulted=[roles.COMPLIANCE, roles.CHANNEL_MGR],
)
PUBLISH_VERSION = permission(
    "products.publish_version", _("发布或退回产品版本"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE,
    consulted=[roles.RISK_MANAGER], informed=[*roles.MANAGERS, roles.FINANCE],
)
RETIRE_VERSION = permission(
    "products.retire_version", _("停用产品版本"), [roles.RISK_MANAGER, roles.COMPLIANCE], accountable=roles.RISK_MANAGER,
    consulted=[roles.FINANCE, roles.CHANNEL_MGR], informed=[*roles.MANAGERS],
)
