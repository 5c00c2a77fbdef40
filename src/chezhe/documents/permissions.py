"""What people may do with documents."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER, DEALER
from chezhe.kernel.permission import permission

_FILERS = (
    roles.SALES, roles.CHANNEL_MGR, roles.RISK_OFFICER, roles.APPRAISER, roles.REVIEWER, roles.COLLATERAL_OPS,
    roles.FUNDING, roles.FINANCE, roles.SERVICING, roles.COLLECTION_SUPERVISOR, roles.COLLECTOR, roles.RECOVERY,
    *roles.MANAGERS,
)

VIEW = permission("documents.view", _("查看资料"), roles.BUSINESS, accountable=roles.COMPLIANCE, reads_only=True)
UPLOAD = permission("documents.upload", _("上传资料"), _FILERS, outsiders=[BORROWER, DEALER])
REMOVE = permission(
    "documents.remove", _("删除资料"), (roles.SALES, roles.COLLATERAL_OPS, *roles.MANAGERS), consulted=(roles.REVIEWER,),
    informed=(roles.COMPLIANCE,),
)
OPEN_READING = permission(
    "documents.open_reading", _("查看识别全文"), roles.BUSINESS, accountable=roles.COMPLIANCE, reads_only=True)
READ_AGAIN = permission("documents.read_again", _("重新识别资料"), _FILERS)
RECORD_READING = permission(
    "documents.record_reading", _("登记识别结果"), [], accountable=roles.COLLATERAL_OPS, informed=(roles.SALES,),
)
