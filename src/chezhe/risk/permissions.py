"""Who may see and change what the lender judges by."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

_JUDGING = (roles.RISK_OFFICER, roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER)
# Who sells may have to explain an answer; who pays out, collects or keeps the car has no use for why somebody was judged so.
VIEW_DECISION = permission(
    "risk.view_decision", _("查看决策"), [*_JUDGING, roles.SALES, roles.CHANNEL_MGR, *roles.MANAGERS, *roles.OVERSIGHT],
    accountable=roles.RISK_MANAGER, reads_only=True,
)
ISSUE_NOTICE = permission(
    "risk.issue_notice", _("出具不予批准告知书"), [roles.SALES, roles.CHANNEL_MGR, roles.REVIEWER, roles.COMPLIANCE],
    accountable=roles.COMPLIANCE, informed=[roles.BRANCH_MGR],
)
DECIDE_BY_MACHINE = permission(
    "risk.decide_by_machine", _("自动决策"), [], accountable=roles.RISK_MANAGER, informed=[roles.SALES, roles.REVIEWER],
)
VIEW_FACTS = permission(
    "risk.view_facts", _("查看特征与特征目录"), [*_JUDGING, roles.SALES, roles.APPRAISER, *roles.MANAGERS, *roles.OVERSIGHT],
    reads_only=True,
)
REQUEST_FACTS = permission(
    "risk.request_facts", _("向外部来源查询"), [roles.RISK_OFFICER, roles.REVIEWER, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
    informed=[roles.COMPLIANCE],
)
CONFIRM_FACT = permission(
    "risk.confirm_fact", _("确认有矛盾的特征"), [roles.REVIEWER, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
    consulted=[roles.RISK_OFFICER],
)
HAND_IN_PROOFS = permission(
    "risk.hand_in_proofs", _("提交流水与财务报表"), [roles.SALES, roles.RISK_OFFICER, roles.REVIEWER], accountable=roles.RISK_MANAGER,
)
VIEW_PROOFS = permission("risk.view_proofs", _("查看流水分析与财务分析"), [*_JUDGING, *roles.MANAGERS, *roles.OVERSIGHT], reads_only=True)
REVEAL_REPORT = permission(
    "risk.reveal_report", _("打开完整征信报告"), [*_JUDGING, roles.COMPLIANCE], accountable=roles.RISK_MANAGER, informed=[roles.AUDITOR],
)
# The system's own: nobody holds them, the worker needs none.
TAKE_ANSWERS = permission("risk.take_answers", _("登记外部来源的回复"), [], accountable=roles.RISK_MANAGER)

# ---- valuing ---------------------------------------------------------------------------------------------------

VIEW_VALUES = permission(
    "risk.view_values", _("查看车辆估值"), roles.BUSINESS, accountable=roles.RISK_MANAGER, reads_only=True,
)
VALUE = permission(
    "risk.value", _("发起综合评估"), [roles.APPRAISER, roles.RISK_OFFICER, roles.RISK_MANAGER, roles.REVIEWER],
    accountable=roles.RISK_MANAGER,
)
APPRAISE = permission(
    "risk.appraise", _("填写评估报告"), [roles.APPRAISER, roles.RISK_OFFICER], accountable=roles.RISK_MANAGER, informed=[roles.REVIEWER],
)
CONFIRM_VALUE = permission(
    "risk.confirm_value", _("确认综合价"), [roles.APPRAISER, roles.RISK_OFFICER, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
)
SET_ASIDE = permission(
    "risk.set_report_aside", _("不采信评估报告"), [roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
    informed=[roles.COMPLIANCE, roles.AUDITOR],
)
RECORD_DEAL = permission(
    "risk.record_deal", _("登记市场成交"), [roles.APPRAISER, roles.RISK_OFFICER, roles.RECOVERY], accountable=roles.RISK_MANAGER,
)
VIEW_APPRAISERS = permission(
    "risk.view_appraisers", _("查看评估师偏差"), [roles.RISK_MANAGER, *roles.MANAGERS, *roles.OVERSIGHT], accountable=roles.RISK_MANAGER,
    reads_only=True,
)

# ---- guarantees ------------------------------------------------------------------------------------------------

VIEW_SECURITIES = permission(
    "risk.view_securities", _("查看担保与覆盖率"), roles.BUSINESS, accountable=roles.RISK_MANAGER, reads_only=True,
)
OFFER_SECURITY = permission(
    "risk.offer_security", _("登记担保措施"), [roles.SALES, roles.RISK_OFFICER, roles.COLLATERAL_OPS], accountable=roles.RISK_MANAGER,
)
DECIDE_SECURITY = permission(
    "risk.decide_security", _("认定担保措施"), [roles.RISK_OFFICER, roles.REVIEWER, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
)
CLAIM_GUARANTEE = permission(
    "risk.claim_guarantee", _("登记向保证人主张权利"), [roles.COLLECTION_SUPERVISOR, roles.RECOVERY, roles.SERVICING],
    accountable=roles.RISK_MANAGER, informed=[roles.COMPLIANCE],
)
RELEASE_SECURITY = permission(
    "risk.release_security", _("解除担保措施"), [roles.COLLATERAL_OPS, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
)
MEASURE = permission(
    "risk.measure_coverage", _("测算担保覆盖率"), [roles.SALES, roles.RISK_OFFICER, roles.REVIEWER, roles.RISK_MANAGER],
    accountable=roles.RISK_MANAGER,
)
CARRY_OUT_VALUING = permission("risk.carry_out_valuing", _("汇总估值答复"), [], accountable=roles.RISK_MANAGER)
SCREEN_AGAIN = permission("risk.screen_again", _("定期复核反洗钱名单"), [], accountable=roles.COMPLIANCE)

# ---- the strategy lab --------------------------------------------------------------------------------------------

VIEW_BACKTEST = permission(
    "risk.view_backtest", _("查看回测"), [roles.RISK_OFFICER, roles.RISK_MANAGER, *roles.MANAGERS, *roles.OVERSIGHT],
    accountable=roles.RISK_MANAGER, reads_only=True,
)
START_BACKTEST = permission(
    "risk.start_backtest", _("做策略回测"), [roles.RISK_OFFICER, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
)
CARRY_OUT_BACKTEST = permission("risk.carry_out_backtest", _("计算回测"), [], accountable=roles.RISK_MANAGER)
