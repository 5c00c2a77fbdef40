"""Who may ask for invoices and take them back."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

REQUEST_INVOICE = permission(
    "servicing.request_invoice", _("申请开票"), [roles.SERVICING, roles.FINANCE], accountable=roles.FINANCE, informed=[roles.SALES],
)
ASK_RED = permission(
    "servicing.ask_red_invoice", _("申请红冲发票"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.SERVICING, roles.AUDITOR],
)
FOLLOW_INVOICE = permission("servicing.follow_invoice", _("登记开票结果"), [], accountable=roles.FINANCE)
