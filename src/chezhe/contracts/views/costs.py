"""What a contract costs: the sheet item by item, reading it on a screen, and the fees paid up front."""

from __future__ import annotations

import hashlib
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.confirm_cost_sheet import ON_SCREEN, confirm_cost_sheet
from chezhe.contracts.actions.open_cost_sheet import open_cost_sheet
from chezhe.contracts.actions.receive_upfront_fee import receive_upfront_fee
from chezhe.contracts.actions.renew_cost_sheet import renew_cost_sheet
from chezhe.contracts.actions.return_upfront_fee import return_upfront_fee
from chezhe.contracts.costs import queries as cost_queries
from chezhe.contracts.costs import receiving, rules
from chezhe.contracts.costs.models import CostReading
from chezhe.contracts.costs.receiving import Payment
from chezhe.contracts.costs.steps import require_read
from chezhe.contracts.forms import ReasonForm
from chezhe.contracts.forms_costs import UpfrontForm
from chezhe.contracts.models import Contract
from chezhe.contracts.states import CONTRACT
from chezhe.contracts.views.counter import counter_form
from chezhe.kernel import business_date, clock
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import BusinessError
from chezhe.ledger import pages as ledger_pages
from chezhe.ledger.bookings import Booking
from chezhe.ledger.vocabulary import event_label
from chezhe.ui.parts import Journal


@require_GET
@needs(permissions.VIEW)
def costs(request: HttpRequest, number: str) -> HttpResponse:
    """Every item of the sheet that counts, who confirmed it how, and what was paid up front."""
    return render(request, "contracts/costs.html", _context(request, queries.contract(number, request.actor)))


def _context(request: HttpRequest, found: Contract) -> dict[str, Any]:
    sheet, can = cost_queries.sheet_of(found), request.actor.can
    is_open = CONTRACT.allows(found.status, "confirm_cost_sheet")
    return {
        "contract": found, "sheet": sheet, "confirmation": getattr(sheet, "confirmation", None),
        "items": [item for item in sheet.listed if not item.is_contingent] if sheet else [],
        "contingent": [item for item in sheet.listed if item.is_contingent] if sheet else [],
        "uncounted": rules.uncounted(sheet.listed) if sheet else None, "upfront": cost_queries.upfront_of(found),
        "can_read": is_open and found.cost_sheet_on is None and can(permissions.READ_COST_SHEET.code),
        "can_renew": is_open and can(permissions.PREPARE.code),
        "can_receive": found.status != "void" and can(permissions.RECEIVE_FEE.code), "can_return": can(permissions.RETURN_FEE.code),
    }


@require_POST
@needs(permissions.READ_COST_SHEET)
def open_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """The borrower begins to read on the screen before them."""
    device = hashlib.sha256(request.headers.get("User-Agent", "").encode()).hexdigest()
    try:
        reading = open_cost_sheet(contract_number=number, device_mark=device, by=request.actor)
    except BusinessError as refusal:
        context = {**_context(request, queries.contract(number, request.actor)), "refused": str(refusal)}
        return render(request, "contracts/costs.html", context, status=refusal.http_status)
    return redirect("contracts:read_costs", number, reading.key)


@needs(permissions.READ_COST_SHEET)
def reading(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """The sheet to be read; it is confirmed when the time asked for is over."""
    found = queries.contract(number, request.actor)
    opened, today, refused, status = cost_queries.reading(found, key), business_date.current(), "", 200
    if request.method == "POST":
        try:
            confirm_cost_sheet(
                contract_number=number, confirmed_on=today, channel=ON_SCREEN, reading=key, code=request.POST.get("code", ""),
                business_date=today, by=request.actor)
        except BusinessError as refusal:
            refused, status = str(refusal), refusal.http_status
        else:
            messages.success(request, _("借款人已阅读并确认成本明示表，可以签署合同。"))
            return redirect("contracts:contract", number)
    context = {**_context(request, found), **_reading(request, opened), "refused": refused}
    return render(request, "contracts/read_costs.html", context, status=status)


@require_GET
@needs(permissions.READ_COST_SHEET)
def reading_left(request: HttpRequest, number: str, key: str) -> HttpResponse:
    """What of the page changes while somebody reads: the seconds left, then the button."""
    opened = cost_queries.reading(queries.contract(number, request.actor), key)
    return render(request, "contracts/reading_left.html", {"contract": opened.sheet.contract, **_reading(request, opened)})


def _reading(request: HttpRequest, opened: CostReading) -> dict[str, Any]:
    left = rules.seconds_left(opened.opened_at, clock.now(), cost_queries.seconds_asked(business_date.current()))
    return {"reading": opened, "left": left, "stale": _stale(opened) if not left else "",
            "can_confirm": request.actor.can(permissions.CONFIRM_COSTS.code)}


def _stale(opened: CostReading) -> str:
    try:
        require_read(opened, business_date.current())
    except BusinessError as refusal:
        return str(refusal)
    return ""


@needs(permissions.PREPARE)
def renew(request: HttpRequest, number: str) -> HttpResponse:
    return counter_form(
        request, number, ReasonForm(request.POST or None),
        lambda said: renew_cost_sheet(contract_number=number, by=request.actor, **said),
        title=_("重新出具成本明示表"), submit=_("重新出具"), done=_("已重新出具，请借款人按新表确认。"),
    )


@needs(permissions.RECEIVE_FEE)
def upfront(request: HttpRequest, number: str) -> HttpResponse:
    """First what it would book; the same form sent again with the preview's mark is carried out."""
    found, today = queries.contract(number, request.actor), business_date.current()
    payable = cost_queries.upfront_of(found)
    form = UpfrontForm(request.POST or None, payable=payable, on=today)
    journals: list[Journal] = []
    mark = ""
    if request.method == "POST" and form.is_valid():
        payment = Payment(**{**form.cleaned_data, "codes": tuple(form.cleaned_data["codes"])})
        mark = hashlib.sha256(repr(payment).encode()).hexdigest()[:16]
        try:
            if request.POST.get("seen") == mark:
                made = receive_upfront_fee(contract_number=number, payment=payment, business_date=today, by=request.actor)
                messages.success(request, _("已收取，凭证 %(entry)s。") % {"entry": made.entry.number})
                return redirect("contracts:costs", number)
            journals = _journals(receiving.judge(found, payment, today).bookings(today))
        except BusinessError as refusal:
            form.refuse(refusal)
    context = {"contract": found, "form": form, "journals": journals, "mark": mark, "title": _("收取放款前费用"), "submit": _("确认收取")}
    return render(request, "contracts/upfront.html", context, status=422 if form.errors else 200)


@needs(permissions.RETURN_FEE)
def return_fee(request: HttpRequest, number: str, entry: str) -> HttpResponse:
    """What giving the fees back books, then carried out with a reason."""
    found, today = queries.contract(number, request.actor), business_date.current()
    receipt = cost_queries.receipt(found, entry)
    form, booked, refused = ReasonForm(request.POST or None), (), ""
    try:
        booked = receiving.judge_return(receipt, today)
    except BusinessError as refusal:
        refused = str(refusal)
    if request.method == "POST" and form.carries_out(lambda: return_upfront_fee(
        contract_number=number, entry_number=entry, reason=form.cleaned_data["reason"], business_date=today, by=request.actor,
    )):
        messages.success(request, _("已退回并冲正。"))
        return redirect("contracts:costs", number)
    context = {"contract": found, "form": form, "journals": _journals(booked), "mark": "return", "title": _("退回放款前费用"),
               "submit": _("确认退回"), "refused": refused}
    return render(request, "contracts/upfront.html", context, status=422 if form.errors else 200)


def _journals(said: tuple[Booking, ...]) -> list[Journal]:
    return [ledger_pages.preview(one.on, event_label(one.event), one.transfers) for one in said]
