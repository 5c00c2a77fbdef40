"""When money is taken back, the invoices over it lose their ground."""

from __future__ import annotations

from collections import defaultdict

from chezhe.kernel import events, moves
from chezhe.kernel.actor import Actor
from chezhe.servicing.models import Loan
from chezhe.servicing.tax.invoices import received, rules
from chezhe.servicing.tax.invoices.models import Invoice, InvoiceLine
from chezhe.servicing.tax.invoices.rules import Key
from chezhe.servicing.tax.invoices.states import HELD, INVOICE

# The invoice that has not left is withdrawn; one on its way is looked at again when the platform has answered.
VERBS = {"requested": "withdraw", "issued": "lose_ground"}


def follow(loan: Loan, *, by: Actor, reason: str = "") -> list[Invoice]:
    """Ask for a red letter of every invoice over money that a locked loan's life does not hold any more."""
    sums: dict[int, dict[Key, int]] = defaultdict(dict)
    for line in InvoiceLine.objects.filter(invoice__loan=loan, invoice__status__in=HELD).order_by("invoice_id", "pk"):
        sums[line.invoice_id][line.period, line.item] = line.amount.fen
    if not sums:
        return []
    gone = rules.without_ground(received.paid(loan), list(sums.items()))
    lost = [invoice for invoice in Invoice.objects.select_for_update().filter(pk__in=gone).order_by("-pk") if invoice.status in VERBS]
    for invoice in lost:
        moves.move(invoice, INVOICE, VERBS[invoice.status], by=by, reason=reason)
        events.publish("invoice.lost_ground", loan.subject, {"invoice": invoice.number, "status": invoice.status})
    return lost
