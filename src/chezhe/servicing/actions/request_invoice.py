"""The borrower would like an invoice."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.models import Invoice, Loan
from chezhe.servicing.tax.invoices import permissions, requests
from chezhe.servicing.tax.invoices.requests import Title
from chezhe.servicing.tax.invoices.rules import Key


@action(permissions.REQUEST_INVOICE, label=_("申请开具发票"))
def request_invoice(*, loan_number: str, title: Title, lines: Mapping[Key, int | None], by: Actor) -> Invoice:
    """Ask for an ordinary invoice over what was paid and stands on no invoice yet; the worker hands it to the platform."""
    return requests.request(Loan.objects.visible_to(by).lock(loan_number), title, lines, by=by)
