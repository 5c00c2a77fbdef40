"""Who may prepare, sign, secure and pay out."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW = permission("contracts.view", _("查看合同"), roles.BUSINESS, reads_only=True)
PREPARE = permission(
    "contracts.prepare_contract", _("制作合同"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR,
    consulted=[roles.APPROVER], informed=[roles.SALES],
)
SIGN = permission("contracts.sign_contract", _("登记签署"), [roles.COLLATERAL_OPS], informed=[roles.SALES, roles.FUNDING])
VOID = permission(
    "contracts.void_contract", _("作废合同"), [roles.COLLATERAL_OPS, roles.BRANCH_MGR], consulted=[roles.FUNDING], informed=[roles.SALES],
)
MORTGAGE = permission(
    "contracts.register_mortgage", _("登记抵押与解押"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR, informed=[roles.FUNDING],
)
CONFIRM_GPS = permission(
    "contracts.confirm_gps", _("确认 GPS 安装"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR, informed=[roles.FUNDING],
)
PREPARE_DISBURSEMENT = permission(
    "contracts.prepare_disbursement", _("经办放款"), [roles.FUNDING], accountable=roles.FINANCE,
    consulted=[roles.COLLATERAL_OPS], informed=[roles.SALES],
)
CHECK_DISBURSEMENT = permission(
    "contracts.check_disbursement", _("复核放款"), [roles.FUNDING], accountable=roles.FINANCE,
    consulted=[roles.COLLATERAL_OPS], informed=[roles.AUDITOR], moves_money=True,
)
SETTLE_DISBURSEMENT = permission(
    "contracts.settle_disbursement", _("登记放款结果"), [], accountable=roles.FINANCE, informed=[roles.FUNDING, roles.SALES],
)
