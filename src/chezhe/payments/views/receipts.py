"""A receipt booked twice: looked at beside the entry, merged, and restored."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from chezhe.finmath.transfers import Transfer
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import pages as ledger_pages
from chezhe.payments import permissions, postings
from chezhe.payments.actions.merge_receipt import merge_receipt
from chezhe.payments.actions.restore_receipt import restore_receipt
from chezhe.payments.forms import MergeForm, RestoreForm
from chezhe.payments.models import BankLine, Tally
from chezhe.payments.reconciliation import pages
from chezhe.payments.views.tallies import TRAIL
from chezhe.ui.parts import Journal


@require_http_methods(["GET", "POST"])
@needs(permissions.MERGE_RECEIPT)
def merge(request: HttpRequest, number: str, serial: str) -> HttpResponse:
    """Both sides and the entry that takes one of them away, then the button."""
    tally = Tally.objects.visible_to(request.actor).fetch(number)
    receipt = BankLine.objects.visible_to(request.actor).fetch(serial)
    form = MergeForm(request.POST or None, initial={"tally_number": number, "bank_serial": serial})
    if request.method == "POST" and form.is_valid():
        try:
            merged = merge_receipt(tally_number=number, bank_serial=serial, by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("流水 %(serial)s 已与柜面登记合并。") % {"serial": serial})
            return redirect("payments:tally", merged.number)
    return render(request, "payments/receipt.html", {
        "title": _("合并重复登记的收款"), "receipt": receipt, "tally": tally, "form": form, "sides": pages.sides_of(tally),
        "journal": _journal(_("流水与柜面登记合并"), postings.taken_back(receipt.amount, receipt.subject)), "submit": _("确认合并"),
        "breadcrumbs": [*TRAIL, (number, reverse("payments:tally", args=[number])), (_("合并"), "")],
    }, status=422 if form.errors else 200)


@require_http_methods(["GET", "POST"])
@needs(permissions.MERGE_RECEIPT)
def restore(request: HttpRequest, serial: str) -> HttpResponse:
    """Back into suspense, for a reason."""
    receipt = BankLine.objects.visible_to(request.actor).fetch(serial)
    form = RestoreForm(request.POST or None, initial={"bank_serial": serial})
    if request.method == "POST" and form.is_valid():
        try:
            restore_receipt(bank_serial=serial, reason=form.cleaned_data["reason"], by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("流水 %(serial)s 已恢复待清分。") % {"serial": serial})
            return redirect("payments:lines")
    return render(request, "payments/receipt.html", {
        "title": _("恢复待清分"), "receipt": receipt, "form": form,
        "journal": _journal(_("恢复待清分"), postings.receipt(receipt.amount, receipt.subject)), "submit": _("确认恢复"),
        "breadcrumbs": [*TRAIL, (serial, ""), (_("恢复待清分"), "")],
    }, status=422 if form.errors else 200)


def _journal(title: str, transfers: tuple[Transfer, ...]) -> Journal:
    return ledger_pages.preview(business_date.current(), title, transfers)
