"""One invoice: asked for, handed to the platform, answered, taken back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.identifiers import uscc
from chezhe.kernel import business_date, clock, events, jobs, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, require_reason
from chezhe.servicing.models import Loan
from chezhe.servicing.tax import rules as tax_rules
from chezhe.servicing.tax.figures import figures_on
from chezhe.servicing.tax.invoices import following, received
from chezhe.servicing.tax.invoices.models import INVOICE_PREFIX, ITEM_LABELS, TITLE_KINDS, Invoice, InvoiceLine, InvoiceNotice
from chezhe.servicing.tax.invoices.rules import Answer, Key, Notice, Paper, RedLetter
from chezhe.servicing.tax.invoices.states import INVOICE

SEND_JOB = "servicing.send_invoice"
TITLE_MAX = 100
# After so long without a notice the platform is asked what became of it, later and later.
ASK_AGAIN_SECONDS = (60, 600, 3_600, 21_600)


class TitleRefused(BusinessError):
    code = "invoice_title"
    http_status = 422
    field = "title"
    sentence = gettext_lazy("请填写完整的发票抬头，2 至 100 个字，不能带 *。")


class TaxNumberRefused(BusinessError):
    code = "invoice_tax_number"
    http_status = 422
    field = "tax_number"
    sentence = gettext_lazy("单位抬头须填写正确的统一社会信用代码；个人抬头不填。")


class NothingChosen(BusinessError):
    code = "invoice_empty"
    http_status = 422
    field = "lines"
    sentence = gettext_lazy("请至少选择一项已付的利息或费用。")


class NotInvoiceable(BusinessError):
    code = "not_invoiceable"
    field = "lines"
    sentence = gettext_lazy("%(what)s可开票 %(left)s 元，不能开 %(asked)s 元：只能开已收到且尚未开票的金额。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """Whom the invoice is made out to; a company by its unified social credit code. Without a name the borrower's own."""

    kind: str
    name: str = ""
    tax_number: str = ""

    def of(self, borrower: Customer) -> Title:
        """With the borrower's name and code where none was given for the same kind."""
        if self.name.strip() or self.kind != borrower.kind:
            return self
        return Title(kind=self.kind, name=borrower.name, tax_number=self.tax_number or borrower.uscc)

    def checked(self) -> Title:
        """Tidied. Raises Invalid, TitleRefused or TaxNumberRefused (422)."""
        if self.kind not in dict(TITLE_KINDS):
            raise Invalid(field="title_kind", code="title_kind", sentence=_("抬头类型只能是个人或单位。"))
        name, code = " ".join(self.name.split()), uscc.normalise(self.tax_number)
        if not 2 <= len(name) <= TITLE_MAX or "*" in name:
            raise TitleRefused()
        if (self.kind == "company") != bool(code) or (code and not uscc.judge(code).valid):
            raise TaxNumberRefused()
        return Title(kind=self.kind, name=name, tax_number=code)


def request(loan: Loan, title: Title, asked: Mapping[Key, int | None], *, by: Actor) -> Invoice:
    """Ask for an invoice over paid items of a locked loan; None asks for all that is left of an item.

    Raises TitleRefused, TaxNumberRefused or NothingChosen (422), NotInvoiceable (409).
    """
    title, lines = title.of(loan.customer).checked(), _lines(loan, asked)
    today, rate = business_date.current(), figures_on(business_date.current()).rate
    taxes = [tax_rules.tax_within(fen, rate) for _key, fen in lines]
    invoice = Invoice.objects.create(
        number=numbers.next_number(INVOICE_PREFIX, today), loan=loan, title_kind=title.kind, title=title.name, tax_number=title.tax_number,
        rate=rate, amount=Money(sum(fen for _key, fen in lines)), tax=Money(sum(taxes)), requested_by_id=by.user_id,
        requested_by_name=by.name, requested_at=clock.now(),
    )
    InvoiceLine.objects.bulk_create([
        InvoiceLine(invoice=invoice, period=period, item=item, amount=Money(fen), tax=Money(tax))
        for ((period, item), fen), tax in zip(lines, taxes, strict=True)
    ])
    moves.record(invoice.subject, "request", "", invoice.status, by=by)
    events.publish("invoice.requested", loan.subject, {"invoice": invoice.number, "amount_fen": invoice.amount.fen})
    jobs.enqueue(SEND_JOB, number=invoice.number)
    return invoice


def _lines(loan: Loan, asked: Mapping[Key, int | None]) -> Sequence[tuple[Key, int]]:
    if not asked:
        raise NothingChosen()
    left = received.invoiceable(loan)
    lines = [(key, left.get(key, 0) if fen is None else fen) for key, fen in asked.items()]
    for key, fen in lines:
        if not 0 < fen <= left.get(key, 0):
            raise NotInvoiceable(what=said(key), left=Money(left.get(key, 0)), asked=Money(fen))
    return lines


def said(key: Key) -> str:
    """An instalment's item for people."""
    period, item = key
    label = ITEM_LABELS.get(item, item)
    if period > 0:
        return _("第 %(period)s 期%(item)s") % {"period": period, "item": label}
    return _("结清时%(item)s") % {"item": label} if not period else _("第 %(nth)s 笔另收%(item)s") % {"nth": -period, "item": label}


def withdraw(invoice: Invoice, reason: str, *, by: Actor) -> Invoice:
    """A locked request that has not left is taken back. Raises ReasonRequired (422) or WrongState (409)."""
    INVOICE.require(invoice.status, "withdraw")
    moves.move(invoice, INVOICE, "withdraw", by=by, reason=require_reason(reason))
    return invoice


def ask_red(invoice: Invoice, reason: str, *, by: Actor) -> Invoice:
    """Ask for the red letter of a locked, issued invoice. Raises ReasonRequired (422) or WrongState (409)."""
    INVOICE.require(invoice.status, "ask_red")
    invoice.red_reason, invoice.red_turn, invoice.failure_code, invoice.attempts = require_reason(reason), invoice.red_turn + 1, "", 0
    invoice.save(update_fields=["red_reason", "red_turn", "failure_code", "attempts"])
    moves.move(invoice, INVOICE, "ask_red", by=by, reason=invoice.red_reason)
    jobs.enqueue(SEND_JOB, number=invoice.number)
    return invoice


def hand_over(invoice: Invoice, *, by: Actor) -> Paper | RedLetter | None:
    """What the platform shall hear of a locked invoice; from now on it counts as sent. None when there is nothing to say."""
    if invoice.status == "requested":
        moves.move(invoice, INVOICE, "send", by=by)
    return _open_paper(invoice)


def _open_paper(invoice: Invoice) -> Paper | RedLetter | None:
    """The paper that the platform has not decided on."""
    if invoice.status == "red_sent":
        return invoice.red_letter
    return invoice.paper if invoice.status == "sent" else None


def record_answer(invoice: Invoice, reference: str, answer: Answer | None, *, by: Actor) -> Invoice:
    """What the platform answered to one paper of a locked invoice; None when nothing is certain. Without news it is asked again."""
    waits = _open_paper(invoice)
    if waits is None or waits.reference != reference:
        return invoice
    invoice.attempts += 1
    invoice.save(update_fields=["attempts"])
    if answer is not None and answer.outcome != "taken":
        return settle(invoice, answer, by=by)
    wait = ASK_AGAIN_SECONDS[min(invoice.attempts, len(ASK_AGAIN_SECONDS)) - 1]
    jobs.enqueue(SEND_JOB, after_seconds=wait, number=invoice.number)
    return invoice


def settle(invoice: Invoice, answer: Answer, *, by: Actor) -> Invoice:
    """The platform's word on the open paper of a locked invoice: the invoice itself, or its red letter."""
    today, is_red = business_date.current(), invoice.status == "red_sent"
    verb = {("issued", False): "issue", ("refused", False): "refuse", ("issued", True): "redden", ("refused", True): "refuse_red"}[
        answer.outcome, is_red]
    invoice.failure_code = answer.failure_code
    if verb == "issue":
        invoice.invoice_number, invoice.issued_on = answer.invoice_number, today
    elif verb == "redden":
        invoice.red_number, invoice.red_on = answer.invoice_number, today
    invoice.save(update_fields=["failure_code", "invoice_number", "issued_on", "red_number", "red_on"])
    moves.move(invoice, INVOICE, verb, by=by, reason=answer.failure_code)
    events.publish(f"invoice.{invoice.status}", invoice.loan.subject, {"invoice": invoice.number})
    if verb == "issue":
        # The money may have been taken back while the paper was on its way.
        following.follow(invoice.loan, by=by, reason=_("开票期间款项已冲正"))
        invoice.refresh_from_db()
    return invoice


def take_notice(notice: Notice, *, by: Actor) -> bool:
    """Keep the platform's callback once and do what it says; whether it was new. A paper that nobody asked for is none of ours."""
    number = notice.reference.partition("/")[0]
    found = Invoice.objects.filter(number=number).first()
    if found is None or InvoiceNotice.objects.filter(receipt_id=notice.receipt_id).exists():
        return False
    Loan.objects.lock(found.loan.number)
    invoice = Invoice.objects.lock(number)
    _notice, is_new = InvoiceNotice.objects.get_or_create(
        receipt_id=notice.receipt_id,
        defaults={"invoice": invoice, "outcome": notice.answer.outcome, "received_at": clock.now()},
    )
    waits = _open_paper(invoice)
    if is_new and waits is not None and waits.reference == notice.reference:
        settle(invoice, notice.answer, by=by)
    return is_new
