"""View-models of invoices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy, pgettext_lazy

from chezhe.finmath.money import Money
from chezhe.kernel import moves
from chezhe.servicing.models import Loan
from chezhe.servicing.tax import rules as tax_rules
from chezhe.servicing.tax.figures import figures_on
from chezhe.servicing.tax.invoices import received, requests
from chezhe.servicing.tax.invoices.forms import Offered, text_of
from chezhe.servicing.tax.invoices.models import Invoice
from chezhe.servicing.tax.invoices.rules import Key
from chezhe.servicing.tax.invoices.states import INVOICE
from chezhe.ui import parts
from chezhe.ui.parts import Happening
from chezhe.ui.status import Status

TONES = {
    "requested": "info", "sent": "progress", "issued": "good", "refused": "danger", "withdrawn": "neutral", "red_due": "warning",
    "red_sent": "progress", "red": "neutral",
}
STATUSES = {status: Status(INVOICE.labels[status], tone) for status, tone in TONES.items()}
FAILURES = {
    "title_unknown": gettext_lazy("平台查无此抬头，请核对名称和代码后重新申请。"),
    "taxpayer_cancelled": gettext_lazy("购买方已注销，请与客户核对抬头。"),
    "buyer_must_confirm": gettext_lazy("购买方须先在平台确认红字信息，确认后再申请。"),
    "paper_refused": gettext_lazy("平台未受理，请核对后重新申请。"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """An instalment's item: what was paid, what stands on invoices, what is left, and the tax within that."""

    text: str
    label: str
    paid: int
    invoiced: int
    tax: int

    @property
    def left(self) -> int:
        return max(0, self.paid - self.invoiced)


def rows_of(loan: Loan, on: Any) -> list[Row]:
    """Everything that was paid, with what can still be invoiced."""
    paid, invoiced, rate = received.paid(loan), received.invoiced(loan), figures_on(on).rate
    return [_row(key, fen, invoiced.get(key, 0), rate) for key, fen in paid.items()]


def _row(key: Key, paid: int, invoiced: int, rate: Any) -> Row:
    return Row(text_of(key), requests.said(key), paid, invoiced, tax_rules.tax_within(max(0, paid - invoiced), rate))


def offered(rows: list[Row]) -> list[Offered]:
    """What can be ticked."""
    return [Offered(row.text, row.label, Money(row.left)) for row in rows if row.left]


def lines_of(invoice: Invoice) -> list[tuple[str, Any, Any]]:
    """What it is made of: words, amount, tax."""
    return [(requests.said((line.period, line.item)), line.amount, line.tax) for line in invoice.lines.order_by("pk")]


def track_of(invoice: Invoice) -> list[Happening]:
    """Every move, newest first."""
    return parts.track_of(moves.history(invoice.subject), INVOICE, begun=pgettext_lazy("track", "申请"), icon="file-invoice")
