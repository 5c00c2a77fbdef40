"""What customers do that only their portal knows."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.actor import BORROWER
from chezhe.kernel.permission import permission

RATE = permission("portal.rate", _("评价服务"), [], accountable=roles.COMPLIANCE, outsiders=[BORROWER])
