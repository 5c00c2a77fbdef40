"""What outsiders do that nobody of the staff does."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER, DEALER
from chezhe.kernel.permission import permission

RATE = permission("portal.rate", _("评价服务"), [], accountable=roles.COMPLIANCE, outsiders=[BORROWER])
FILE_CASE = permission(
    "portal.file_case", _("车商提单"), [], accountable=roles.CHANNEL_MGR, informed=[roles.SALES, roles.RISK_OFFICER], outsiders=[DEALER],
)
TELL_PROGRESS = permission("portal.tell_progress", _("发送办理进度通知"), [], accountable=roles.SALES)
