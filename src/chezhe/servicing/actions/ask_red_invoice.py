"""An issued invoice is taken back by a red letter."""

from __future__ import annotations

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.models import Invoice
from chezhe.servicing.tax.invoices import permissions, requests


@action(permissions.ASK_RED)
def ask_red_invoice(*, invoice_number: str, reason: str, by: Actor) -> Invoice:
    """Ask the platform for the red letter of an invoice: its money was taken back, or it was made out wrongly."""
    return requests.ask_red(Invoice.objects.visible_to(by).lock(invoice_number), reason, by=by)
