"""Invoices in the rail and on a loan's page, and what waits for finance."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy

from chezhe.kernel import worklist
from chezhe.kernel.actor import Actor
from chezhe.kernel.worklist import Waiting
from chezhe.servicing.models import Invoice
from chezhe.servicing.permissions import VIEW
from chezhe.servicing.tax.invoices import permissions
from chezhe.ui import navigation, panels
from chezhe.ui.navigation import NavItem


def register() -> None:
    """Called once at start-up."""
    navigation.register(NavItem(
        "servicing.invoices", "servicing", gettext_lazy("开票申请"), "servicing:invoices", VIEW.code, icon="file-invoice", order=13))
    panels.register("loan", "invoices", gettext_lazy("发票"), "servicing:invoices_of", VIEW.code, order=30)
    worklist.register(worklist.Pile(
        "servicing.invoices", gettext_lazy("发票待红冲"), "servicing:invoices", permissions.ASK_RED.code,
        worklist.Counted(_red_due), _waiting, icon="file-invoice", order=40, verb=gettext_lazy("红冲"), query="status=red_due",
    ))


def _red_due(actor: Actor) -> QuerySet[Invoice]:
    return Invoice.objects.visible_to(actor).filter(status="red_due")


def _waiting(actor: Actor, most: int) -> list[Waiting]:
    return [
        Waiting(f"{row.number} {row.loan.number}", reverse("servicing:invoice", args=[row.number]), row.requested_at, row.invoice_number,
                row.amount)
        for row in _red_due(actor).select_related("loan").order_by("pk")[:most]
    ]
