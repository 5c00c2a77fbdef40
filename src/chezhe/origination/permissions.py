"""Who may write, submit and decide applications."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER, DEALER, OUTSIDERS
from chezhe.kernel.permission import permission

VIEW = permission(
    "origination.view", _("查看进件"), roles.BUSINESS, accountable=roles.RISK_MANAGER, reads_only=True,
    outsiders=OUTSIDERS,
)
WRITE = permission(
    "origination.write_application", _("录入进件"), [roles.SALES, roles.CHANNEL_MGR],
    consulted=[roles.RISK_OFFICER], informed=[roles.REVIEWER], outsiders=[BORROWER, DEALER],
)
WITHDRAW = permission("origination.withdraw_application", _("撤回进件"), [roles.SALES, roles.CHANNEL_MGR, roles.BRANCH_MGR])
DECIDE = permission(
    "origination.decide_application", _("审批进件"), [roles.REVIEWER, roles.APPROVER, roles.RISK_MANAGER],
    accountable=roles.RISK_MANAGER, consulted=[roles.RISK_OFFICER, roles.APPRAISER], informed=[roles.SALES, roles.BRANCH_MGR],
)
APPLY_DECISION = permission(
    "origination.apply_decision", _("执行自动决策"), [], accountable=roles.RISK_MANAGER, informed=[roles.SALES, roles.REVIEWER],
)
CONTEST = permission(
    "origination.contest_decision", _("登记复核或申诉"), [roles.SALES, roles.CHANNEL_MGR, roles.BRANCH_MGR, roles.COMPLIANCE],
    accountable=roles.COMPLIANCE, informed=[roles.REVIEWER, roles.RISK_MANAGER], outsiders=[BORROWER],
)
ACCEPT_OFFER = permission(
    "origination.accept_offer", _("登记客户对批复的答复"), [roles.SALES, roles.CHANNEL_MGR], informed=[roles.COLLATERAL_OPS],
    outsiders=[BORROWER],
)
PASS_STRAIGHT = permission(
    "origination.pass_straight_through", _("直通办理（系统）"), [], accountable=roles.RISK_MANAGER,
    informed=[roles.SALES, roles.COLLATERAL_OPS],
)
MEET_CONDITION = permission(
    "origination.meet_condition", _("办理批复条件"), [roles.SALES, roles.COLLATERAL_OPS, roles.RISK_OFFICER],
    accountable=roles.RISK_MANAGER, informed=[roles.REVIEWER],
)
EXPIRE = permission(
    "origination.expire_application", _("到期作废批复"), [roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
    informed=[roles.SALES],
)
COMPARE = permission(
    "origination.compare_paper", _("核对识别内容"),
    [roles.SALES, roles.CHANNEL_MGR, roles.RISK_OFFICER, roles.REVIEWER, roles.APPROVER, *roles.MANAGERS],
    accountable=roles.RISK_MANAGER,
)
INTERVIEW = permission(
    "origination.interview", _("办理面签"), [roles.SALES, roles.CHANNEL_MGR, roles.RISK_OFFICER, roles.BRANCH_MGR],
    accountable=roles.RISK_MANAGER, informed=[roles.REVIEWER, roles.COLLATERAL_OPS],
)
