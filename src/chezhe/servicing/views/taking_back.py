"""A receipt that the bank took back: which repayment it paid, and one button that reverses it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import pages as ledger_pages
from chezhe.payments import postings as payment_postings
from chezhe.payments.models import BankLine, Tally
from chezhe.payments.reconciliation import taking_back
from chezhe.servicing import bank_lines, pages, permissions, previews
from chezhe.servicing.actions.take_back_receipt import take_back_receipt
from chezhe.servicing.forms import TakeBackForm
from chezhe.servicing.models import Loan


@require_http_methods(["GET", "POST"])
@needs(permissions.REVERSE)
def taken_back(request: HttpRequest, number: str) -> HttpResponse:
    """The bank's line, the receipt it is likely about, and what reversing it books."""
    tally = Tally.objects.visible_to(request.actor).fetch(number)
    line = taking_back.line_of(tally)
    found = taking_back.candidates(line)
    form = TakeBackForm(request.POST or None, receipts=[(row.bank_serial, _choice(row)) for row in found])
    if request.method == "POST" and form.is_valid() and request.POST.get("shown") != form.cleaned_data["bank_serial"]:
        form.add_error("bank_serial", _("所选收款与下方预览的不同，预览已更新，请核对后再确认。"))
    elif request.method == "POST" and form.is_valid():
        try:
            done = take_back_receipt(tally_number=number, by=request.actor, **form.cleaned_data)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已冲正流水 %(serial)s 的还款，款项不再挂账。") % {"serial": done.bank_serial})
            return redirect("payments:tally", number) if _is_there(number) else redirect("payments:exceptions")
    chosen = next((row for row in found if row.bank_serial == form["bank_serial"].value()), None)
    return render(request, "servicing/taken_back.html", {
        "tally": tally, "line": line, "form": form, "found": found, **_preview(request, chosen),
        "breadcrumbs": [*pages.TRAIL, (_("对账差异"), reverse("payments:exceptions")), (number, reverse("payments:tally", args=[number])),
                        (_("银行冲回"), "")],
    }, status=422 if form.errors else 200)


def _choice(row: BankLine) -> str:
    facts = {"on": row.value_on, "serial": row.bank_serial, "payer": row.masked_payer, "where": row.outcome or row.get_status_display()}
    return _("%(on)s %(serial)s %(payer)s，%(where)s") % facts


def _preview(request: HttpRequest, chosen: BankLine | None) -> dict[str, Any]:
    """What would happen to the loan, and the entry that takes the money out of suspense."""
    if chosen is None:
        return {"preview": None}
    today, paid = business_date.current(), bank_lines.event_of(chosen.bank_serial)
    leaves = ledger_pages.preview(today, _("银行冲回收款"), payment_postings.taken_back(chosen.amount, chosen.subject))
    if paid is None:
        return {"preview": None, "leaves": leaves}
    loan = Loan.objects.visible_to(request.actor).fetch(paid.loan.number)
    preview = previews.preview_reversal(loan, paid, today)
    return {
        "loan": loan, "preview": preview, "leaves": leaves, "changes": pages.changes_of(preview), "journals": pages.journals_of(preview),
    }


def _is_there(number: str) -> bool:
    """The tally of the bank's line may have joined the receipt's."""
    return Tally.objects.filter(pk=taking_back.key_of(number)).exists()
