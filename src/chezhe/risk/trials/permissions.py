"""Who sees live trials, writes them, and stops one."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW_TRIALS = permission(
    "risk.view_live_trials", _("查看分流试验"), [roles.RISK_OFFICER, roles.RISK_MANAGER, roles.APPROVER, *roles.OVERSIGHT],
    accountable=roles.RISK_MANAGER, reads_only=True,
)
WRITE_TRIALS = permission(
    "risk.write_live_trials", _("起草、提交分流试验"), [roles.RISK_OFFICER, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
    consulted=[roles.COMPLIANCE],
)
STOP_TRIAL = permission(
    "risk.stop_live_trial", _("停止分流试验"), [roles.RISK_MANAGER, roles.COMPLIANCE], accountable=roles.RISK_MANAGER,
    informed=[roles.APPROVER, roles.AUDITOR],
)
# The system's own: nobody holds it, the worker needs none.
CARRY_OUT_TRIAL = permission("risk.carry_out_live_trial", _("执行分流试验"), [], accountable=roles.RISK_MANAGER)
