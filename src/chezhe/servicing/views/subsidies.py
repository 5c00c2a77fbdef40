"""The treasury's part of a month: what qualifies, the grant of all of it, the list for the treasury, and its payment."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.scope import require_whole_house
from chezhe.ledger.models import Account
from chezhe.servicing import pages, permissions, subsidy_claims
from chezhe.servicing.actions.claim_subsidies import claim_subsidies
from chezhe.servicing.actions.record_subsidy_payment import record_subsidy_payment
from chezhe.servicing.forms import SubsidyPaymentForm
from chezhe.servicing.receipts import CounterReceipt
from chezhe.servicing.subsidy_claims import ClaimLine
from chezhe.ui import exports, formats
from chezhe.ui.columns import Column
from chezhe.ui.list_files import hand_out

SHOWN = 200


def _url(month: Any) -> str:
    return f"{reverse('servicing:subsidies')}?month={month:%Y-%m}"


@require_http_methods(["GET", "POST"])
@needs(permissions.GRANT_SUBSIDY)
def subsidies(request: HttpRequest) -> HttpResponse:
    """A month's lines with their sums; sent, the worker grants those that are not granted."""
    require_whole_house(request.actor)
    today = business_date.current()
    month = subsidy_claims.month_of(request.POST.get("month") or request.GET.get("month") or f"{today:%Y-%m}")
    if request.method == "POST":
        claim_subsidies(month=month, by=request.actor)
        messages.success(request, _("已交后台登记；已登记的期次不会重复。"))
        return redirect(_url(month))
    lines = list(subsidy_claims.lines_of(month, today, request.actor))
    if request.GET.get("export") == "xlsx":
        return hand_out(_sheet(lines, month, request), "xlsx", file_name="subsidies", rows_count=len(lines), actor=request.actor)
    return _shown(request, month, lines, SubsidyPaymentForm(initial={"paid_on": today}))


@require_POST
@needs(permissions.GRANT_SUBSIDY)
def subsidy_payment(request: HttpRequest) -> HttpResponse:
    """What the treasury has paid of a month."""
    require_whole_house(request.actor)
    month, form = subsidy_claims.month_of(request.POST.get("month", "")), SubsidyPaymentForm(request.POST)
    if form.is_valid():
        names = ("amount", "channel", "reference", "payer", "memo", "paid_on")
        try:
            record_subsidy_payment(
                month=month, receipt=CounterReceipt(**{name: form.cleaned_data[name] for name in names}), by=request.actor)
        except BusinessError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, _("已冲减应收财政贴息。"))
            return redirect(_url(month))
    lines = list(subsidy_claims.lines_of(month, business_date.current(), request.actor))
    return _shown(request, month, lines, form)


def _shown(request: HttpRequest, month: Any, lines: list[ClaimLine], form: SubsidyPaymentForm) -> HttpResponse:
    waiting = [line for line in lines if not line.is_granted]
    accounts = {account.code: str(account) for account in Account.objects.all()}
    bookings = [(accounts[debit], accounts[credit], fen) for debit, credit, fen in subsidy_claims.bookings_of(waiting)]
    return render(request, "servicing/subsidies.html", {
        "month": f"{month:%Y-%m}", "lines": lines[:SHOWN], "count": len(lines), "shown": SHOWN, "waiting": len(waiting),
        "waiting_sum": _sum(waiting), "sum": _sum(lines), "claimed": subsidy_claims.claimed(month), "bookings": bookings, "form": form,
        "breadcrumbs": [*pages.TRAIL, (_("财政贴息"), "")],
    }, status=422 if form.errors else 200)


def _sum(lines: list[ClaimLine]) -> Money:
    return Money(sum(line.amount.fen for line in lines))


def _sheet(lines: list[ClaimLine], month: Any, request: HttpRequest) -> bytes:
    """The list that goes to the treasury: contract, borrower, line, base and sum; the total stands in the notes."""
    columns = [
        Column("number", _("贷款"), kind="identifier", value=lambda line: line.loan.number),
        Column("contract", _("合同"), kind="identifier", value=lambda line: line.loan.contract.number),
        Column("customer", _("客户"), value=lambda line: line.loan.customer.masked_name),
        Column("product", _("产品"), value=lambda line: line.loan.product_version.product.label),
        Column("branch", _("门店"), value=lambda line: line.loan.branch.name),
        Column("period", _("期次"), kind="number"), Column("due_on", _("到期日"), kind="date"),
        Column("rate", _("年利率"), kind="rate", value=lambda line: line.loan.annual_rate),
        Column("opening", _("计息本金"), kind="money"), Column("amount", _("贴息"), kind="money"),
        Column("is_granted", pgettext("subsidy", "已登记"), kind="yes_no"),
    ]
    notes = [(_("导出人"), request.actor.name), (_("导出时间"), formats.moment(clock.now())), (_("合计"), formats.yuan(_sum(lines)))]
    return exports.as_xlsx(columns, lines, title=f"{_('财政贴息')} {month:%Y-%m}", notes=notes)
