"""Who sees models, brings them in, lets them score, and answers when one has drifted."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW_MODELS = permission(
    "risk.view_models", _("查看评分模型"), [roles.RISK_OFFICER, roles.RISK_MANAGER, roles.APPROVER, *roles.OVERSIGHT],
    accountable=roles.RISK_MANAGER, reads_only=True,
)
MAINTAIN_MODELS = permission(
    "risk.maintain_models", _("登记、校准、提交评分模型"), [roles.RISK_OFFICER, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
    consulted=[roles.COMPLIANCE],
)
ROLL_BACK_MODEL = permission(
    "risk.roll_back_model", _("回退评分模型"), [roles.RISK_MANAGER, roles.COMPLIANCE], accountable=roles.RISK_MANAGER,
    informed=[roles.APPROVER, roles.AUDITOR],
)
WATCH_MODELS = permission(
    "risk.watch_models", _("监测评分模型漂移"), [roles.RISK_OFFICER, roles.RISK_MANAGER], accountable=roles.RISK_MANAGER,
)
ANSWER_DRIFT = permission(
    "risk.answer_drift", _("处理模型漂移预警"), [roles.RISK_MANAGER], accountable=roles.RISK_MANAGER, informed=[roles.COMPLIANCE],
)
# The system's own: nobody holds it, the worker needs none.
SCORE_IN_SHADOW = permission("risk.score_in_shadow", _("影子模型评分"), [], accountable=roles.RISK_MANAGER)
