"""What people may do with leads."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.permission import permission

_SELLERS = (roles.SALES, roles.CHANNEL_MGR, *roles.MANAGERS)

VIEW = permission("leads.view", _("查看线索"), (*_SELLERS, *roles.OVERSIGHT), accountable=roles.BRANCH_MGR, reads_only=True)
CREATE = permission("leads.create", _("录入线索"), _SELLERS)
ASSIGN = permission("leads.assign", _("分配线索"), (roles.CHANNEL_MGR, *roles.MANAGERS), informed=(roles.SALES,))
FOLLOW = permission("leads.follow", _("跟进线索"), _SELLERS)
CONVERT = permission("leads.convert", _("线索转客户"), (roles.SALES, *roles.MANAGERS))
ENQUIRE = permission(
    "leads.enquire", _("线上咨询贷款"), [], accountable=roles.BRANCH_MGR, informed=(roles.CHANNEL_MGR,), outsiders=[BORROWER],
)
REVEAL = permission("leads.reveal", _("查看线索联系方式"), (*_SELLERS, *roles.OVERSIGHT), accountable=roles.COMPLIANCE)
