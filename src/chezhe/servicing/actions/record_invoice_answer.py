"""The platform has answered, or nobody knows."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.servicing.models import Invoice, Loan
from chezhe.servicing.tax.invoices import permissions, requests
from chezhe.servicing.tax.invoices.rules import Answer


@action(permissions.FOLLOW_INVOICE, label=_("登记平台答复"))
def record_invoice_answer(*, invoice_number: str, reference: str, answer: Answer | None, by: Actor) -> Invoice:
    """Write down what the platform answered when the paper was handed over; without news it is asked again later."""
    loan_number = Invoice.objects.visible_to(by).select_related("loan").fetch(invoice_number).loan.number
    Loan.objects.lock(loan_number)
    return requests.record_answer(Invoice.objects.select_related("loan").lock(invoice_number), reference, answer, by=by)
