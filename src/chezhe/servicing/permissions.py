"""Who may see loans and move their money."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.permission import permission

VIEW = permission("servicing.view", _("查看贷款"), roles.BUSINESS, reads_only=True, outsiders=[BORROWER])
ACTIVATE = permission("servicing.activate_loan", _("放款后建立贷款"), [], accountable=roles.FINANCE, informed=[roles.SALES])
FOLLOW_RETURNED = permission(
    "servicing.follow_returned_payout", _("随放款退回暂停与恢复贷款"), [], accountable=roles.FINANCE, informed=[roles.FUNDING, roles.SALES],
)
UNDO_PAYOUT = permission(
    "servicing.undo_payout", _("撤销已退回的放款"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.FUNDING],
    informed=[roles.SALES, roles.COLLATERAL_OPS, roles.AUDITOR], moves_money=True,
)
RECORD_REPAYMENT = permission(
    "servicing.record_repayment", _("登记还款"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.SERVICING],
    moves_money=True,
)
POST_BANK_FILE = permission(
    "servicing.post_bank_file", _("银行流水入账"), [roles.FINANCE], accountable=roles.FINANCE, moves_money=True,
)
MATCH_RECEIPT = permission(
    "servicing.match_receipt", _("认领挂账款"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING],
    moves_money=True,
)
SETTLE = permission(
    "servicing.settle_loan", _("提前结清"), [roles.FINANCE], accountable=roles.FINANCE,
    consulted=[roles.SERVICING], informed=[roles.COLLATERAL_OPS, roles.SALES], moves_money=True,
)
PREPAY = permission(
    "servicing.prepay_loan", _("部分提前还款"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING],
    informed=[roles.SALES], moves_money=True,
)
REVERSE = permission(
    "servicing.reverse_repayment", _("冲正还款"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING],
    informed=[roles.AUDITOR], moves_money=True,
)
CHARGE_FEE = permission(
    "servicing.charge_fee", _("收取费用"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING],
    informed=[roles.SALES], moves_money=True,
)
REQUEST_WAIVER = permission(
    "servicing.request_waiver", _("申请息费减免"), [roles.SERVICING, roles.COLLECTION_SUPERVISOR, roles.FINANCE],
    accountable=roles.BRANCH_MGR, consulted=[roles.RISK_MANAGER], informed=[roles.SALES, roles.AUDITOR],
)
REQUEST_PLAN_CHANGE = permission(
    "servicing.request_plan_change", _("申请变更还款计划"), [roles.SERVICING, roles.FINANCE], accountable=roles.BRANCH_MGR,
    consulted=[roles.RISK_MANAGER], informed=[roles.SALES],
)
REQUEST_RESTRUCTURING = permission(
    "servicing.request_restructuring", _("申请重组"), [roles.SERVICING, roles.COLLECTION_SUPERVISOR, roles.FINANCE],
    accountable=roles.RISK_MANAGER, consulted=[roles.COMPLIANCE], informed=[roles.SALES, roles.AUDITOR],
)
REQUEST_RATE_CHANGE = permission(
    "servicing.request_rate_change", _("申请利率调整"), [roles.FINANCE, roles.SERVICING], accountable=roles.FINANCE,
    consulted=[roles.COMPLIANCE], informed=[roles.SALES],
)
NAME_REFINANCING = permission(
    "servicing.name_refinancing", _("指明借新还旧"), [roles.SALES, roles.SERVICING, roles.COLLECTION_SUPERVISOR],
    accountable=roles.BRANCH_MGR, consulted=[roles.RISK_MANAGER], informed=[roles.REVIEWER],
)
FIX_REFINANCING = permission(
    "servicing.fix_refinancing", _("确认借新还旧结清金额"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING],
    informed=[roles.FUNDING, roles.COLLATERAL_OPS], moves_money=True,
)
REQUEST_VEHICLE_RELEASE = permission(
    "servicing.request_vehicle_release", _("申请解押一辆车"), [roles.SERVICING, roles.COLLATERAL_OPS, roles.FINANCE],
    accountable=roles.RISK_MANAGER, consulted=[roles.APPRAISER], informed=[roles.SALES],
)
REVERSE_REPRICING = permission(
    "servicing.reverse_repricing", _("冲正或重试整批重定价"), [roles.FINANCE], accountable=roles.FINANCE,
    consulted=[roles.RISK_MANAGER], informed=[roles.COMPLIANCE, roles.AUDITOR], moves_money=True,
)
WORK_REPRICING = permission("servicing.work_repricing", _("按重定价日调整利率"), [], accountable=roles.FINANCE)
REQUEST_ACCELERATION = permission(
    "servicing.request_acceleration", _("申请宣布提前到期"), [roles.SERVICING, roles.COLLECTION_SUPERVISOR, roles.FINANCE],
    accountable=roles.RISK_MANAGER, consulted=[roles.COMPLIANCE], informed=[roles.SALES, roles.RECOVERY],
)
REQUEST_WRITE_OFF = permission(
    "servicing.request_write_off", _("申请核销"), [roles.RECOVERY, roles.COLLECTION_SUPERVISOR, roles.FINANCE],
    accountable=roles.RISK_MANAGER, consulted=[roles.COMPLIANCE], informed=[roles.AUDITOR],
)
TAKE_DEPOSIT = permission(
    "servicing.take_deposit", pgettext_lazy("verb", "存入保证金"), [roles.FINANCE],
    accountable=roles.FINANCE, informed=[roles.SERVICING, roles.SALES],
    moves_money=True,
)
RECORD_INSURANCE = permission(
    "servicing.record_insurance", _("登记保险赔款"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING],
    informed=[roles.COLLATERAL_OPS], moves_money=True,
)
REQUEST_DEPOSIT_USE = permission(
    "servicing.request_deposit_use", _("申请保证金抵扣"), [roles.SERVICING, roles.COLLECTION_SUPERVISOR, roles.FINANCE],
    accountable=roles.FINANCE, informed=[roles.SALES],
)
GRANT_SUBSIDY = permission(
    "servicing.grant_subsidy", _("登记财政贴息"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.COMPLIANCE],
    informed=[roles.AUDITOR], moves_money=True,
)
REQUEST_REFUND = permission(
    "servicing.request_refund", _("申请退还客户款项"), [roles.SERVICING, roles.FINANCE], accountable=roles.FINANCE,
    informed=[roles.SALES],
)
PAY_REFUND = permission(
    "servicing.pay_refund", _("付出退款"), [roles.FUNDING], accountable=roles.FUNDING, consulted=[roles.FINANCE],
    informed=[roles.SERVICING, roles.AUDITOR], moves_money=True,
)
CANCEL_REFUND = permission(
    "servicing.cancel_refund", _("取消退款"), [roles.FUNDING, roles.FINANCE], accountable=roles.FINANCE, informed=[roles.SERVICING],
    moves_money=True,
)
SETTLE_REFUND = permission("servicing.settle_refund", _("登记退款结果"), [], accountable=roles.FUNDING)
PRINT_PAPER = permission(
    "servicing.print_loan_paper", _("出具贷款文件"), [roles.SERVICING, roles.FINANCE, roles.SALES, roles.BRANCH_MGR],
    accountable=roles.SERVICING, informed=[roles.AUDITOR], outsiders=[BORROWER],
)
ASK_SETTLEMENT = permission(
    "servicing.ask_settlement", _("登记提前结清申请"), [roles.SALES, roles.SERVICING, roles.FINANCE], accountable=roles.SERVICING,
    outsiders=[BORROWER],
)
OPEN_DAY = permission(
    "servicing.open_business_day", _("开启新业务日"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.FUNDING],
    informed=[roles.AUDITOR],
)
END_OF_DAY = permission(
    "servicing.end_of_day", _("日终处理"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.FUNDING],
    informed=[roles.AUDITOR],
)
FOLLOW_SECURITIES = permission(
    "servicing.follow_securities", _("随贷款变动更新担保"), [], accountable=roles.RISK_MANAGER, informed=[roles.COLLATERAL_OPS])
TELL_BORROWERS = permission("servicing.tell_borrowers", _("发送到期提醒与入账通知"), [], accountable=roles.SERVICING)
CLOSE_SHARD = permission("servicing.close_shard", _("结算一批贷款的日终"), [], accountable=roles.FINANCE)
PROVE = permission(
    "servicing.prove", _("核对贷款与总账"), [roles.FINANCE, roles.RISK_MANAGER, *roles.OVERSIGHT], accountable=roles.FINANCE,
    reads_only=True,
)
DOWNGRADE = permission(
    "servicing.downgrade_loan", _("下调资产分类"), [roles.RISK_OFFICER, roles.RISK_MANAGER, roles.COLLECTION_SUPERVISOR],
    accountable=roles.RISK_MANAGER, consulted=[roles.SERVICING], informed=[roles.FINANCE, roles.SALES],
)
REQUEST_CLASS_LIFT = permission(
    "servicing.request_class_lift", _("申请解除分类下调"), [roles.RISK_OFFICER, roles.RISK_MANAGER, roles.SERVICING],
    accountable=roles.RISK_MANAGER, consulted=[roles.COLLECTION_SUPERVISOR], informed=[roles.FINANCE, roles.AUDITOR],
)
VIEW_PROVISIONS = permission(
    "servicing.view_provisions", _("查看拨备"), [roles.FINANCE, roles.RISK_MANAGER, *roles.OVERSIGHT], reads_only=True,
)
RUN_PROVISION = permission(
    "servicing.run_provision", _("拨备计提"), [roles.FINANCE, roles.RISK_MANAGER], accountable=roles.FINANCE,
    informed=[roles.COMPLIANCE, roles.AUDITOR],
)
POST_PROVISION = permission(
    "servicing.post_provision", _("拨备入账"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.RISK_MANAGER],
    informed=[roles.AUDITOR], moves_money=True,
)
REVERSE_PROVISION = permission(
    "servicing.reverse_provision", _("冲回拨备"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.RISK_MANAGER],
    informed=[roles.AUDITOR], moves_money=True,
)
COMPUTE_PROVISION = permission("servicing.compute_provision", _("计算拨备"), [], accountable=roles.FINANCE)
VIEW_DEBITS = permission(
    "servicing.view_debits", _("查看代扣"),
    [roles.SALES, roles.SERVICING, roles.FINANCE, roles.COLLECTION_SUPERVISOR, roles.COLLECTOR, *roles.MANAGERS, *roles.OVERSIGHT],
    reads_only=True,
)
DEBIT_NOW = permission(
    "servicing.debit_now", _("立即扣款"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING], informed=[roles.AUDITOR],
    moves_money=True, outsiders=[BORROWER],
)
BOOK_DEBIT_AGAIN = permission(
    "servicing.book_debit_again", _("重新入账代扣款"), [roles.FINANCE], accountable=roles.FINANCE, consulted=[roles.SERVICING],
    informed=[roles.AUDITOR], moves_money=True,
)
CANCEL_DEBIT = permission(
    "servicing.cancel_debit", _("取消待扣款"), [roles.SERVICING, roles.FINANCE, roles.COLLECTION_SUPERVISOR], accountable=roles.FINANCE,
    informed=[roles.SALES],
)
RUN_DEBITS = permission("servicing.run_debits", _("按日历扣款"), [], accountable=roles.FINANCE, informed=[roles.SERVICING])
# The system's own: nobody holds it, the worker needs none.
REPORT_OUTCOMES = permission(
    "servicing.report_outcomes", _("登记贷款表现"), [], accountable=roles.RISK_MANAGER, informed=[roles.COMPLIANCE],
)
TELL_BEHAVIOUR = permission("servicing.tell_behaviour", _("维护客户还款行为"), [], accountable=roles.RISK_MANAGER)
