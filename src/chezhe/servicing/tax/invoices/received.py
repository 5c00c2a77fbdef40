"""What a loan's borrower has paid, what of it stands on an invoice, and what is left."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Sum

from chezhe.servicing import lives
from chezhe.servicing.models import Loan
from chezhe.servicing.tax.invoices import rules
from chezhe.servicing.tax.invoices.models import InvoiceLine
from chezhe.servicing.tax.invoices.rules import Key
from chezhe.servicing.tax.invoices.states import STANDING


def paid(loan: Loan) -> dict[Key, int]:
    """By instalment and item, as the loan's life says now."""
    return rules.received(lives.life_of(loan)[1])


def invoiced(loan: Loan, statuses: Sequence[str] = STANDING) -> dict[Key, int]:
    """By instalment and item, in invoices of these statuses."""
    rows = InvoiceLine.objects.filter(invoice__loan=loan, invoice__status__in=statuses).order_by().values("period", "item")
    return {(row["period"], row["item"]): row["fen"].fen for row in rows.annotate(fen=Sum("amount"))}


def invoiceable(loan: Loan) -> dict[Key, int]:
    """What was paid and stands on no invoice."""
    return rules.remaining(paid(loan), invoiced(loan))
