"""The platform tells what became of a paper."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.tax.invoices import permissions, requests
from chezhe.servicing.tax.invoices.rules import Notice


@action(permissions.FOLLOW_INVOICE, label=_("接收开票回执"))
def accept_invoice_notice(*, notice: Notice, by: Actor) -> bool:
    """Keep the callback once and do what it says; whether it was new."""
    return requests.take_notice(notice, by=by)
