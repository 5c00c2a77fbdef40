"""An invoice is not wanted after all."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.models import Invoice
from chezhe.servicing.tax.invoices import permissions, requests


@action(permissions.REQUEST_INVOICE, label=_("撤回开票申请"))
def withdraw_invoice(*, invoice_number: str, reason: str, by: Actor) -> Invoice:
    """Take a request back that has not reached the platform; its amounts can be invoiced again."""
    return requests.withdraw(Invoice.objects.visible_to(by).lock(invoice_number), reason, by=by)
