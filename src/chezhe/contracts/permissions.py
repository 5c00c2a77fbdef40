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
VIEW_TEMPLATES = permission(
    "contracts.view_templates", _("查看文本模板与条款库"), [roles.COMPLIANCE, roles.COLLATERAL_OPS, roles.BRANCH_MGR, roles.AUDITOR],
    reads_only=True,
)
EDIT_TEMPLATE = permission(
    "contracts.edit_template", _("起草、修改、提交文本模板"), [roles.COMPLIANCE, roles.COLLATERAL_OPS], accountable=roles.COMPLIANCE,
)
PUBLISH_TEMPLATE = permission(
    "contracts.publish_template", _("发布、退回文本模板"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE,
    informed=[roles.COLLATERAL_OPS, roles.BRANCH_MGR],
)
REPRINT = permission(
    "contracts.reprint", _("补打合同文本"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR, informed=[roles.COMPLIANCE],
)
EXPORT_EVIDENCE = permission(
    "contracts.export_evidence", _("导出合同证据包"), [roles.COMPLIANCE, roles.BRANCH_MGR, roles.COLLATERAL_OPS],
    accountable=roles.COMPLIANCE,
)
KEEP_PAPERS = permission("contracts.keep_papers", _("保存合同文本"), [], accountable=roles.COLLATERAL_OPS)
READ_COST_SHEET = permission(
    "contracts.read_cost_sheet", _("打开成本明示表供借款人阅读"), [roles.COLLATERAL_OPS, roles.SALES], accountable=roles.BRANCH_MGR,
)
RECEIVE_FEE = permission(
    "contracts.receive_fee", _("收取放款前费用"), [roles.FINANCE], informed=[roles.COLLATERAL_OPS, roles.SALES],
)
RETURN_FEE = permission(
    "contracts.return_fee", _("退回放款前费用"), [roles.FINANCE], informed=[roles.COLLATERAL_OPS, roles.SALES], moves_money=True,
)
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
