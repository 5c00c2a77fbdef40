"""Who may see, prepare and post VAT."""

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import roles
from chezhe.kernel.permission import permission

VIEW_VAT = permission("servicing.view_vat", _("查看增值税"), [roles.FINANCE, *roles.OVERSIGHT], reads_only=True)
RUN_VAT = permission(
    "servicing.run_vat", _("增值税计提"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.COMPLIANCE, roles.AUDITOR],
)
POST_VAT = permission(
    "servicing.post_vat", _("增值税入账"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.AUDITOR], moves_money=True,
)
REVERSE_VAT = permission(
    "servicing.reverse_vat", _("冲回增值税"), [roles.FINANCE], accountable=roles.FINANCE, informed=[roles.COMPLIANCE, roles.AUDITOR],
    moves_money=True,
)
COMPUTE_VAT = permission("servicing.compute_vat", _("计算增值税"), [], accountable=roles.FINANCE)
