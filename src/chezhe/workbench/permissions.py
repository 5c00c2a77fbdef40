"""What people may do with their own workbench."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

_SHARERS = (
    roles.CHANNEL_MGR, roles.FINANCE, roles.RISK_MANAGER, roles.COLLECTION_SUPERVISOR, *roles.MANAGERS, *roles.OVERSIGHT, roles.ADMIN,
)

COUNT_VIEW = permission("workbench.count_view", _("统计订阅的视图行数"), [], accountable=roles.ADMIN)
KEEP_VIEWS = permission("workbench.keep_views", _("保存列表视图"), roles.ALL, accountable=roles.ADMIN)
READ_AUDIT = permission("workbench.read_audit", _("查看审计记录"), roles.OVERSIGHT, accountable=roles.AUDITOR, reads_only=True)
SHARE_VIEWS = permission("workbench.share_views", _("共享列表视图"), _SHARERS, accountable=roles.ADMIN)
