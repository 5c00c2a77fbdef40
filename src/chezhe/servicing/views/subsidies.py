"""The treasury's part of a month: what qualifies, the grant of all of it, the list for the treasury, and its payment."""

from __future__ import annotations

from collections.abc import Iterable
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
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger.bookings import Booking
from chezhe.ledger.models import Account
from chezhe.ledger.vocabulary import event_label
from chezhe.servicing import pages, permissions, subsidy_claims, subsidy_payments
from chezhe.servicing.actions.claim_subsidies import claim_subsidies
from chezhe.servicing.actions.record_subsidy_payment import record_subsidy_payment
from chezhe.servicing.actions.reverse_subsidy_payment import reverse_subsidy_payment
from chezhe.servicing.forms import ReasonForm, SubsidyPaymentForm
from chezhe.servicing.subsidy_claims import ClaimLine
from chezhe.servicing.subsidy_payments import Judged
from chezhe.servicing.views.previewing import is_confirmed, mark_of_all
from chezhe.ui import exports, formats
from chezhe.ui.columns import Column
from chezhe.ui.list_files import hand_out
from chezhe.ui.parts import Change, Journal

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
    """What the treasury has paid of a month: what it books is shown first."""
    require_whole_house(request.actor)
    month, today = subsidy_claims.month_of(request.POST.get("month", "")), business_date.current()
    form, judged, mark = SubsidyPaymentForm(request.POST), None, ""
    if form.is_valid():
        receipt = form.receipt(paid_on=form.cleaned_data["paid_on"])
        try:
            judged = subsidy_payments.judge(month, receipt, today)
            mark = mark_of_all(month, receipt, judged.stands, judged.reference, today)
            if is_confirmed(request, mark):
                record_subsidy_payment(month=month, receipt=receipt, by=request.actor)
                messages.success(request, _("已冲减应收财政贴息。"))
                return redirect(_url(month))
        except BusinessError as refusal:
            form.refuse(refusal)
            judged = None
    lines = list(subsidy_claims.lines_of(month, today, request.actor))
    return _shown(request, month, lines, form, judged, mark)


@require_http_methods(["GET", "POST"])
@needs(permissions.REVERSE)
def reverse_payment(request: HttpRequest, number: str) -> HttpResponse:
    """Take a transfer of the treasury back, by the number of its entry: the mirror is shown beside the reason."""
    require_whole_house(request.actor)
    entry, today, refused = subsidy_payments.called(number, request.actor), business_date.current(), ""
    month, form = subsidy_payments.month_of(entry), ReasonForm(request.POST or None)
    said: tuple[Booking, ...] = ()
    try:
        said = subsidy_payments.bookings_back(entry, today)
    except BusinessError as refusal:
        refused = str(refusal)
    if form.carries_out(lambda: reverse_subsidy_payment(entry_number=number, reason=form.cleaned_data["reason"], by=request.actor)):
        messages.success(request, _("贴息到账已冲正，原分录与冲正分录都保留。"))
        return redirect(_url(month))
    stands, amount = subsidy_claims.claimed(month), subsidy_payments.amount_of(entry)
    return render(request, "servicing/subsidy_reverse.html", {
        "entry": entry, "month": f"{month:%Y-%m}", "amount": amount, "form": form, "refused": refused, "journals": _journals(said),
        "changes": [_owed(stands.left, stands.left + amount)], "back": _url(month),
        "breadcrumbs": [*pages.TRAIL, (_("财政贴息"), _url(month)), (number, "")],
    }, status=422 if form.errors else 200)


def _owed(before: Money, after: Money) -> Change:
    return Change(_("应收财政贴息"), formats.money(before), formats.money(after))


def _journals(said: Iterable[Booking]) -> list[Journal]:
    return [ledger_pages.preview(b.on, event_label(b.event), b.transfers) for b in said]


def _shown(
    request: HttpRequest, month: Any, lines: list[ClaimLine], form: SubsidyPaymentForm, judged: Judged | None = None, mark: str = "",
) -> HttpResponse:
    """The month; `judged` is a payment that is shown before it is confirmed."""
    waiting = [line for line in lines if not line.is_granted]
    accounts = {account.code: str(account) for account in Account.objects.all()}
    bookings = [(accounts[debit], accounts[credit], fen) for debit, credit, fen in subsidy_claims.bookings_of(waiting)]
    return render(request, "servicing/subsidies.html", {
        "month": f"{month:%Y-%m}", "lines": lines[:SHOWN], "count": len(lines), "shown": SHOWN, "waiting": len(waiting),
        "waiting_sum": _sum(waiting), "sum": _sum(lines), "claimed": subsidy_claims.claimed(month), "bookings": bookings, "form": form,
        "payments": subsidy_payments.payments_of(month), "can_reverse": request.actor.can(permissions.REVERSE.code), "mark": mark,
        "judged": judged, "changes": [_owed(judged.stands.left, judged.left_after)] if judged else [],
        "journals": _journals(judged.bookings(business_date.current())) if judged else [],
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
