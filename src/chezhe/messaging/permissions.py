"""What may be done with messages."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

_SENDERS = (roles.SALES, roles.COLLATERAL_OPS, roles.SERVICING, roles.COLLECTOR, roles.COLLECTION_SUPERVISOR, roles.BRANCH_MGR)

VIEW = permission("messaging.view", _("查看消息"), roles.BUSINESS, accountable=roles.COMPLIANCE, reads_only=True)
SEND = permission("messaging.send", _("发送消息"), _SENDERS, accountable=roles.BRANCH_MGR, informed=[roles.COMPLIANCE])
WITHDRAW = permission("messaging.withdraw", _("撤回未发出的消息"), [*_SENDERS, roles.COMPLIANCE], accountable=roles.BRANCH_MGR)
DELIVER = permission("messaging.deliver", _("投递消息并接收回执（系统）"), [], accountable=roles.ADMIN)
