"""An invoice leaves for the platform."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.models import Invoice
from chezhe.servicing.tax.invoices import permissions, requests
from chezhe.servicing.tax.invoices.rules import Paper, RedLetter


@action(permissions.FOLLOW_INVOICE, label=_("提交开票平台"))
def hand_over_invoice(*, invoice_number: str, by: Actor) -> Paper | RedLetter | None:
    """From now on it counts as sent, so that nobody withdraws what the platform may have; nothing when there is nothing to say."""
    return requests.hand_over(Invoice.objects.visible_to(by).lock(invoice_number), by=by)
