"""Counting a vault: open, scan, see what is missing or too much, close."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions
from chezhe.contracts.actions.close_stock_take import close_stock_take
from chezhe.contracts.actions.open_stock_take import open_stock_take
from chezhe.contracts.actions.scan_stock import scan_stock
from chezhe.contracts.collateral import stocktaking, words
from chezhe.contracts.collateral.forms import ScanForm, StockTakeForm
from chezhe.contracts.collateral.states import STOCK_TAKE
from chezhe.contracts.views.things import Deed, Fact, Thing, carry_out
from chezhe.kernel import moves
from chezhe.kernel.doors import needs
from chezhe.ui import formats, forms
from chezhe.ui.lists import ChoiceFilter, Column, ListPage
from chezhe.ui.parts import track_of

PILE = 200


@needs(permissions.VIEW_COLLATERAL)
def stock_takes(request: HttpRequest) -> HttpResponse:
    """Every stock-take, newest first."""
    may = request.actor.can(permissions.TAKE_STOCK.code)
    return ListPage(
        title=_("盘点"), subtitle=_("每次盘点一家门店：逐件扫码，结束时记下盘亏与盘盈。"), queryset=stocktaking.stock_takes(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=lambda row: reverse("contracts:stock_take", args=[row.number]), sortable=True,
                   sort="pk"),
            Column("branch.name", _("门店")), Column("status", _("状态"), kind="status", statuses=words.STOCK_STATUSES),
            Column("opened_at", _("开始于"), kind="moment"), Column("opened_by_name", _("盘点人"), phone=False),
            Column("expected_count", _("应有"), kind="number", total=False), Column("found_count", _("已扫"), kind="number", total=False),
            Column("missing_count", _("盘亏"), kind="number", total=False), Column("surplus_count", _("盘盈"), kind="number", total=False),
        ],
        filters=[ChoiceFilter(name="status", label=_("状态"), choices=STOCK_TAKE.choices())], search=("number__icontains",),
        search_hint=_("盘点编号"), default_sort="-number", file_name="stock-takes",
        breadcrumbs=[(_("权证与钥匙"), reverse("contracts:vault"))], empty_title=_("还没有盘点"),
        actions=[(_("开始盘点"), reverse("contracts:open_stock_take"), "plus")] if may else [],
    ).respond(request)


@needs(permissions.TAKE_STOCK)
def begin(request: HttpRequest) -> HttpResponse:
    """Choose the branch whose vault is counted."""
    choices = [(branch.code, branch.name) for branch in stocktaking.branches(request.actor)]
    form = StockTakeForm(request.POST or None, branches=choices)
    made: list[str] = []
    if request.method == "POST" and form.carries_out(
        lambda: made.append(open_stock_take(branch_code=form.cleaned_data["branch_code"], by=request.actor).number)
    ):
        messages.success(request, _("盘点已开始，请逐件扫码。"))
        return redirect("contracts:stock_take", made[0])
    return render(request, "contracts/stock_take_new.html", {"form": form}, status=422 if form.errors else 200)


@require_GET
@needs(permissions.VIEW_COLLATERAL)
def stock_take(request: HttpRequest, number: str) -> HttpResponse:
    """What was read so far, and what is missing or too much."""
    return _shown(request, number)


def _shown(request: HttpRequest, number: str, key: str = "", refused: forms.Form | None = None) -> HttpResponse:
    take = stocktaking.stock_takes(request.actor).fetch(number)
    found, is_open = stocktaking.differences(take), take.status == "open"
    given = {key: refused} if refused is not None else {}
    deeds = []
    if is_open and request.actor.can(permissions.TAKE_STOCK.code):
        deeds = [
            Deed(key="scan", label=_("扫码"), url=reverse("contracts:scan_stock", args=[number]), form=given.get("scan") or ScanForm()),
            Deed(key="close", label=_("结束盘点"), url=reverse("contracts:close_stock_take", args=[number]),
                 form=given.get("close") or forms.Form(), danger="yes"),
        ]
    should_be = stocktaking.expected(take).count() if is_open else take.expected_count
    facts = [
        Fact(label=_("门店"), value=take.branch.name), Fact(label=_("应有"), value=str(should_be)),
        Fact(label=_("已扫"), value=str(take.scans.count() if is_open else take.found_count)),
        Fact(label=_("开始于"), value=formats.moment(take.opened_at), hint=take.opened_by_name),
        Fact(label=_("结束于"), value=formats.moment(take.closed_at), hint=take.closed_by_name),
    ]
    kinds = [
        (label, [one for one in found if one.kind == kind]) for kind, label in (
            ("missing", _("盘亏：应在库而没有扫到")), ("surplus", _("盘盈：扫到而不应在本库")))
    ]
    rows = [(label, len(ones), [(one, words.CUSTODY_STATUSES[one.item.status] if one.item else None) for one in ones[:PILE]])
            for label, ones in kinds]
    return Thing(
        title=_("%(branch)s盘点") % {"branch": take.branch.name}, code=take.number, status=words.STOCK_STATUSES[take.status],
        trail=[(_("权证与钥匙"), reverse("contracts:vault")), (_("盘点"), reverse("contracts:stock_takes"))], facts=facts, deeds=deeds,
        track=track_of(moves.history(take.subject), STOCK_TAKE, begun=_("开始盘点")), template="contracts/stock_take.html",
        extra={"kinds": rows},
    ).shown(request, refused)


@require_POST
@needs(permissions.TAKE_STOCK)
def scan(request: HttpRequest, number: str) -> HttpResponse:
    form = ScanForm(request.POST)
    return carry_out(
        request, form, lambda: scan_stock(stock_take_number=number, barcode=form.cleaned_data["barcode"], by=request.actor),
        done=_("已扫 %(code)s。") % {"code": request.POST.get("barcode", "")[:40]}, to=("contracts:stock_take", number),
        show=lambda: _shown(request, number, "scan", form))


@require_POST
@needs(permissions.TAKE_STOCK)
def close(request: HttpRequest, number: str) -> HttpResponse:
    form = forms.Form(request.POST)
    return carry_out(
        request, form, lambda: close_stock_take(stock_take_number=number, by=request.actor), done=_("盘点已结束，结果已记录。"),
        to=("contracts:stock_take", number), show=lambda: _shown(request, number, "close", form))
