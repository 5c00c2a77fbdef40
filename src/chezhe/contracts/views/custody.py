"""The vault: a list, a field for the barcode reader, and one thing after another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions
from chezhe.contracts.actions.give_back_item import give_back_item
from chezhe.contracts.actions.hand_out_item import hand_out_item
from chezhe.contracts.actions.keep_item import keep_item
from chezhe.contracts.actions.lend_item import lend_item
from chezhe.contracts.collateral import custody, words
from chezhe.contracts.collateral.custody import Handed, Kept
from chezhe.contracts.collateral.custody_models import CUSTODY_KINDS, CustodyItem
from chezhe.contracts.collateral.forms import GiveBackForm, HandOutForm, KeepForm, LendForm, ScanForm
from chezhe.contracts.collateral.states import CUSTODY
from chezhe.contracts.views.counter import counter_form
from chezhe.contracts.views.things import Deed, Fact, Thing, carry_out
from chezhe.identifiers import code128
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.ui import formats, forms
from chezhe.ui.lists import ChoiceFilter, Column, CustomFilter, DateRangeFilter, ListPage, ScopeFilter
from chezhe.ui.parts import Happening

DUE = [("overdue", gettext_lazy("借出逾期未还"))]


def item_url(item: CustodyItem) -> str:
    return reverse("contracts:custody_item", args=[item.number])


@needs(permissions.VIEW_COLLATERAL)
def vault(request: HttpRequest) -> HttpResponse:
    """Everything that is or was kept."""
    today = business_date.current()

    def narrow(rows: QuerySet[Any], _value: str) -> QuerySet[Any]:
        return rows.filter(status="lent", due_back__lt=today)

    actions = [(_("扫码查找"), reverse("contracts:custody_scan"), "search"), (_("盘点"), reverse("contracts:stock_takes"), "list-check")]
    return ListPage(
        title=_("权证与钥匙"), queryset=custody.items(request.actor),
        columns=[
            Column("number", _("条码"), kind="link", url=item_url, sortable=True, sort="pk"),
            Column("kind", _("权证种类"), value=lambda row: row.get_kind_display()),
            Column("serial", _("登记证书编号或钥匙说明"), kind="identifier", phone=False),
            Column("status", _("状态"), kind="status", statuses=words.CUSTODY_STATUSES), Column("holder", _("现在何处")),
            Column("due_back", _("归还期限"), kind="date", sortable=True),
            Column("left", _("剩余"), kind="status", value=lambda row: words.time_left(row.due_back, today), phone=False),
            Column("contract.number", _("合同编号")), Column("vehicle.masked_plate", _("车牌"), phone=False),
            Column("place", _("库位"), phone=False), Column("branch.name", _("门店"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="contract__owner_id", branch="branch_id"),
            CustomFilter(name="due", label=_("归还"), choices=DUE, narrow=narrow),
            ChoiceFilter(name="status", label=_("状态"), choices=CUSTODY.choices()),
            ChoiceFilter(name="kind", label=_("权证种类"), choices=CUSTODY_KINDS),
            DateRangeFilter(name="due_back", label=_("归还期限")),
        ],
        search=("number__icontains", "serial__icontains", "contract__number__icontains"), search_hint=_("条码、证书编号或合同编号"),
        default_sort="-number", file_name="custody", actions=actions, empty_title=_("库内没有权证"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW_COLLATERAL)
def scan(request: HttpRequest) -> HttpResponse:
    """A barcode opens what carries it."""
    typed = request.GET.get("barcode", "")[:80]
    found = custody.found_by(typed, request.actor)
    if found is not None:
        return redirect(item_url(found))
    sentence = _("没有找到条码 %(code)s，或不在您的数据范围内。") % {"code": typed} if typed.strip() else ""
    return render(request, "contracts/custody_scan.html", {"form": ScanForm(), "refused": sentence})


@require_GET
@needs(permissions.VIEW_COLLATERAL)
def item(request: HttpRequest, number: str) -> HttpResponse:
    """One thing with every move of it."""
    return _shown(request, number)


def _shown(request: HttpRequest, number: str, key: str = "", refused: forms.Form | None = None) -> HttpResponse:
    found, today = custody.items(request.actor).fetch(number), business_date.current()
    left = words.time_left(found.due_back, today) if found.status == "lent" else None
    deeds = _deeds(found, {key: refused} if refused is not None else {}) if request.actor.can(permissions.KEEP_CUSTODY.code) else []
    facts = [
        Fact(label=_("权证种类"), value=found.get_kind_display()),
        Fact(label=_("登记证书编号或钥匙说明"), value=found.serial, is_code=True),
        Fact(label=_("合同编号"), value=found.contract.number, url=reverse("contracts:contract", args=[found.contract.number]),
             hint=found.contract.customer.masked_name),
        Fact(label=_("车辆"), value=found.vehicle.title, hint=found.vehicle.masked_plate or found.vehicle.masked_vin),
        Fact(label=_("保管门店"), value=found.branch.name, hint=found.place), Fact(label=_("入库日期"), value=formats.day(found.kept_on)),
        Fact(label=_("现在何处"), value=found.holder or found.place),
        Fact(label=_("归还期限"), value=formats.day(found.due_back), tag=left, hint=formats.day(found.due_back) if left else ""),
    ]
    return Thing(
        title=found.get_kind_display(), code=found.number, status=words.CUSTODY_STATUSES[found.status],
        subtitle=found.contract.customer.masked_name, trail=[(_("权证与钥匙"), reverse("contracts:vault"))], facts=facts, deeds=deeds,
        links=[(_("打印条码"), reverse("contracts:custody_label", args=[found.number]), "printer")], track=_track(found),
    ).shown(request, refused)


def _track(found: CustodyItem) -> list[Happening]:
    """Every move, newest first: to or from whom, why, until when."""
    rows = []
    for row in found.moves.order_by("-pk"):
        until = _("应于 %(on)s 前归还") % {"on": formats.day(row.due_back)} if row.due_back else ""
        detail = " · ".join(filter(None, (row.holder, row.reason, until, row.place)))
        rows.append(Happening(row.moved_at, row.get_verb_display(), who=row.moved_by_name, detail=detail, icon="arrow-right"))
    return rows


def _deeds(found: CustodyItem, given: dict[str, forms.Form]) -> list[Deed]:
    possible: dict[str, tuple[Any, str, Callable[[], forms.Form], str]] = {
        "lend": (_("借出"), "lend_item", LendForm, ""), "give_back": (_("归还入库"), "give_back_item", GiveBackForm, ""),
        "hand_out": (_("出库"), "hand_out_item", HandOutForm, "yes"),
    }
    return [
        Deed(key=verb, label=label, url=reverse(f"contracts:{name}", args=[found.number]), form=given.get(verb) or fresh(), danger=danger)
        for verb, (label, name, fresh, danger) in possible.items() if CUSTODY.allows(found.status, verb)
    ]


@require_GET
@needs(permissions.VIEW_COLLATERAL)
def label(request: HttpRequest, number: str) -> HttpResponse:
    """The barcode to print: its number, what it is, and the contract; no name."""
    found = custody.items(request.actor).fetch(number)
    drawn = code128.label(found.number, lines=(str(found.get_kind_display()), found.contract.number))
    return HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")


@needs(permissions.KEEP_CUSTODY)
def keep(request: HttpRequest, number: str) -> HttpResponse:
    """Put something of a contract's car into the vault."""
    vehicle, today = request.GET.get("vehicle", ""), business_date.current()
    return counter_form(
        request, number, KeepForm(request.POST or None),
        lambda said: keep_item(contract_number=number, kept=Kept(**said), vehicle_number=vehicle, business_date=today, by=request.actor),
        title=_("权证入库"), submit=pgettext("record", "登记"), done=_("已入库，请打印条码并贴好。"))


@require_POST
@needs(permissions.KEEP_CUSTODY)
def lend(request: HttpRequest, number: str) -> HttpResponse:
    form = LendForm(request.POST)
    return carry_out(
        request, form, lambda: lend_item(
            item_number=number, handed=Handed(**form.cleaned_data), business_date=business_date.current(), by=request.actor),
        done=_("已登记借出。"), to=("contracts:custody_item", number), show=lambda: _shown(request, number, "lend", form))


@require_POST
@needs(permissions.KEEP_CUSTODY)
def give_back(request: HttpRequest, number: str) -> HttpResponse:
    form = GiveBackForm(request.POST)
    return carry_out(
        request, form, lambda: give_back_item(item_number=number, business_date=business_date.current(), by=request.actor,
                                              **form.cleaned_data),
        done=_("已归还入库。"), to=("contracts:custody_item", number), show=lambda: _shown(request, number, "give_back", form))


@require_POST
@needs(permissions.KEEP_CUSTODY)
def hand_out(request: HttpRequest, number: str) -> HttpResponse:
    form = HandOutForm(request.POST)
    return carry_out(
        request, form, lambda: hand_out_item(
            item_number=number, handed=Handed(**form.cleaned_data), business_date=business_date.current(), by=request.actor),
        done=_("已登记出库。"), to=("contracts:custody_item", number), show=lambda: _shown(request, number, "hand_out", form))
