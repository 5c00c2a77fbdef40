"""Who may prepare, sign, secure and pay out."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER, GUEST, OUTSIDERS
from chezhe.kernel.permission import permission

VIEW = permission("contracts.view", _("查看合同"), roles.BUSINESS, reads_only=True, outsiders=OUTSIDERS)
PREPARE = permission(
    "contracts.prepare_contract", _("制作合同"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR,
    consulted=[roles.APPROVER], informed=[roles.SALES],
)
SIGN = permission("contracts.sign_contract", _("登记签署"), [roles.COLLATERAL_OPS], informed=[roles.SALES, roles.FUNDING])
CONFIRM_COSTS = permission(
    "contracts.confirm_cost_sheet", _("确认成本明示表"), [roles.COLLATERAL_OPS], informed=[roles.SALES, roles.FUNDING],
    outsiders=[BORROWER],
)
VIEW_TEMPLATES = permission(
    "contracts.view_templates", _("查看文本模板与条款库"), [roles.COMPLIANCE, roles.COLLATERAL_OPS, *roles.MANAGERS, roles.AUDITOR],
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
VIEW_SEALS = permission(
    "contracts.view_seals", _("查看印章与用印登记"), [roles.COLLATERAL_OPS, *roles.MANAGERS, roles.COMPLIANCE, roles.AUDITOR],
    reads_only=True,
)
REGISTER_SEAL = permission("contracts.register_seal", _("登记与停用印章"), [roles.COMPLIANCE], accountable=roles.COMPLIANCE)
ASK_SEAL = permission("contracts.ask_seal", _("申请用印"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR)
USE_SEAL = permission(
    "contracts.use_seal", _("批准用印与不予用印"), [roles.BRANCH_MGR], accountable=roles.BRANCH_MGR, informed=[roles.COMPLIANCE],
)
EXPORT_EVIDENCE = permission(
    "contracts.export_evidence", _("导出合同证据包"), [roles.COMPLIANCE, roles.BRANCH_MGR, roles.COLLATERAL_OPS],
    accountable=roles.COMPLIANCE,
)
KEEP_PAPERS = permission("contracts.keep_papers", _("保存合同文本"), [], accountable=roles.COLLATERAL_OPS)
READ_COST_SHEET = permission(
    "contracts.read_cost_sheet", _("打开成本明示表供借款人阅读"), [roles.COLLATERAL_OPS, roles.SALES], accountable=roles.BRANCH_MGR,
    outsiders=[BORROWER],
)
RECEIVE_FEE = permission(
    "contracts.receive_fee", _("收取放款前费用"), [roles.FINANCE], informed=[roles.COLLATERAL_OPS, roles.SALES],
)
RETURN_FEE = permission(
    "contracts.return_fee", _("退回放款前费用"), [roles.FINANCE], informed=[roles.COLLATERAL_OPS, roles.SALES], moves_money=True,
)
USE_LINK = permission(
    "contracts.use_link", _("使用签署链接（签署人）"), [], accountable=roles.COLLATERAL_OPS, informed=[roles.SALES], outsiders=[GUEST],
)
SIGN_PAPERS = permission(
    "contracts.sign_papers", _("电子签署（签署人）"), [], accountable=roles.COLLATERAL_OPS, informed=[roles.SALES],
    outsiders=[BORROWER, GUEST],
)
RECORD_SIGNATURES = permission(
    "contracts.record_signatures", _("登记电子签名（系统）"), [], accountable=roles.COLLATERAL_OPS, informed=[roles.FUNDING],
)
VOID = permission(
    "contracts.void_contract", _("作废合同"), [roles.COLLATERAL_OPS, roles.BRANCH_MGR], consulted=[roles.FUNDING], informed=[roles.SALES],
)
VIEW_COLLATERAL = permission(
    "contracts.view_collateral", _("查看抵押登记、权证与解押进度"),
    [roles.COLLATERAL_OPS, roles.FUNDING, roles.SERVICING, *roles.MANAGERS, *roles.OVERSIGHT], reads_only=True,
)
KEEP_CUSTODY = permission(
    "contracts.keep_custody", _("保管权证与钥匙"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR, informed=[roles.AUDITOR],
)
TAKE_STOCK = permission(
    "contracts.take_stock", _("盘点权证"), [roles.COLLATERAL_OPS, roles.BRANCH_MGR], accountable=roles.BRANCH_MGR,
    informed=[roles.AUDITOR],
)
MORTGAGE = permission(
    "contracts.register_mortgage", _("登记抵押与解押"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR, informed=[roles.FUNDING],
)
CONFIRM_GPS = permission(
    "contracts.confirm_gps", _("安装、定位与更换 GPS 设备"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR, informed=[roles.FUNDING],
)
RECORD_POLICY = permission(
    "contracts.record_policy", _("登记车辆保险"), [roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR, informed=[roles.FUNDING],
)
PREPARE_DISBURSEMENT = permission(
    "contracts.prepare_disbursement", _("经办放款"), [roles.FUNDING], accountable=roles.FINANCE,
    consulted=[roles.COLLATERAL_OPS], informed=[roles.SALES],
)
CHECK_DISBURSEMENT = permission(
    "contracts.check_disbursement", _("复核放款"), [roles.FUNDING], accountable=roles.FINANCE,
    consulted=[roles.COLLATERAL_OPS], informed=[roles.AUDITOR], moves_money=True,
)
ASK_CONDITION = permission(
    "contracts.ask_condition", _("提出放款条件"), [roles.COLLATERAL_OPS, roles.RISK_MANAGER, roles.BRANCH_MGR],
    accountable=roles.BRANCH_MGR, informed=[roles.FUNDING, roles.SALES],
)
SATISFY_CONDITION = permission(
    "contracts.satisfy_condition", _("办理放款条件"), roles.BUSINESS, accountable=roles.BRANCH_MGR, informed=[roles.FUNDING],
)
WAIVE_CONDITION = permission(
    "contracts.waive_condition", _("申请豁免或延后放款条件"), [roles.SALES, roles.COLLATERAL_OPS], accountable=roles.BRANCH_MGR,
    consulted=[roles.RISK_MANAGER], informed=[roles.FUNDING],
)
PROPOSE_PAYEE = permission(
    "contracts.propose_payee", _("提出收款账户"), [roles.FUNDING, roles.CHANNEL_MGR], accountable=roles.FINANCE, informed=[roles.AUDITOR],
)
DECIDE_PAYEE = permission(
    "contracts.decide_payee", _("核定与停用收款账户"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.CHANNEL_MGR],
    informed=[roles.AUDITOR], moves_money=True,
)
PROPOSE_LIMIT = permission(
    "contracts.propose_payout_limit", _("提出放款限额"), [roles.FINANCE, roles.REGIONAL_MGR], accountable=roles.FINANCE,
    informed=[roles.FUNDING, roles.AUDITOR],
)
DECIDE_LIMIT = permission(
    "contracts.decide_payout_limit", _("核定放款限额"), [roles.FINANCE, roles.REGIONAL_MGR], accountable=roles.FINANCE,
    consulted=[roles.RISK_MANAGER], informed=[roles.FUNDING, roles.AUDITOR], moves_money=True,
)
SETTLE_DISBURSEMENT = permission(
    "contracts.settle_disbursement", _("登记放款结果"), [], accountable=roles.FINANCE, informed=[roles.FUNDING, roles.SALES],
)
PAUSE_LANE = permission(
    "contracts.pause_lane", _("因客户原因暂停时限"), [roles.SALES, roles.COLLATERAL_OPS, roles.BRANCH_MGR], accountable=roles.BRANCH_MGR,
)
FOLLOW_LANE = permission("contracts.follow_lane", _("记录办理时限"), [], accountable=roles.BRANCH_MGR)
FOLLOW_TERMS = permission("contracts.follow_terms", _("提醒登记到期（系统）"), [], accountable=roles.COLLATERAL_OPS)
GO_STRAIGHT = permission(
    "contracts.go_straight", _("直通办理合同（系统）"), [], accountable=roles.COLLATERAL_OPS, informed=[roles.SALES, roles.BRANCH_MGR],
)
