"""Releases: what is on its way to borrowers, and one release step by step."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from chezhe.contracts import permissions
from chezhe.contracts.actions.confirm_papers_received import confirm_papers_received
from chezhe.contracts.actions.hand_over_papers import hand_over_papers
from chezhe.contracts.actions.send_papers import send_papers
from chezhe.contracts.actions.take_out_papers import take_out_papers
from chezhe.contracts.collateral import releasing, words
from chezhe.contracts.collateral.forms import HandOverForm, ReceivedForm, SendForm
from chezhe.contracts.collateral.release_models import OFFICE_OFF, OPEN_RELEASES, PAPERS_OUT, UNIFIED_OFF, Release
from chezhe.contracts.collateral.releasing import Handover, Progress
from chezhe.contracts.collateral.states import RELEASE
from chezhe.contracts.views.due import due_filter
from chezhe.contracts.views.things import Deed, Fact, Thing, carry_out
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.ui import formats, forms
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ScopeFilter
from chezhe.ui.parts import Happening, Step


def release_url(release: Release) -> str:
    return reverse("contracts:release_of", args=[release.number])


@needs(permissions.VIEW_COLLATERAL)
def releases(request: HttpRequest) -> HttpResponse:
    """Every release, the one that is due first at the top."""
    today = business_date.current()

    return ListPage(
        title=_("解押交证"), subtitle=_("从结清到权证交到借款人手中，每一步都有日期、经办人和期限。"),
        queryset=releasing.releases(request.actor),
        columns=[
            Column("number", _("编号"), kind="link", url=release_url, sortable=True, sort="pk"), Column("contract.number", _("合同编号")),
            Column("contract.customer.masked_name", _("借款人"), phone=False),
            Column("mortgage.vehicle.masked_plate", _("车牌"), phone=False),
            Column("status", _("状态"), kind="status", statuses=words.RELEASE_STATUSES),
            Column("due_on", _("最后期限"), kind="date", sortable=True),
            Column("left", _("剩余"), kind="status", value=lambda row: words.time_left(row.due_on, today) if row.is_open else None),
            Column("tracking_number", _("快递单号"), kind="identifier", phone=False),
            Column("ordered_on", _("开始解押"), kind="date", sortable=True, phone=False), Column("done_on", _("办结日期"), kind="date"),
            Column("contract.branch.name", _("门店"), phone=False),
        ],
        filters=[
            ScopeFilter(owner="contract__owner_id", branch="contract__branch_id"),
            due_filter(OPEN_RELEASES, today, _("未办结"), _("超过期限")),
            ChoiceFilter(name="status", label=_("状态"), choices=RELEASE.choices()),
            DateRangeFilter(name="due_on", label=_("最后期限")),
        ],
        search=("number__icontains", "contract__number__icontains", "tracking_number__icontains"),
        search_hint=_("解押、合同编号或快递单号"),
        default_sort="due_on", file_name="releases", empty_title=_("没有解押"),
    ).respond(request)


@require_GET
@needs(permissions.VIEW_COLLATERAL)
def release(request: HttpRequest, number: str) -> HttpResponse:
    """One release with its steps."""
    return _shown(request, number)


def _shown(request: HttpRequest, number: str, key: str = "", refused: forms.Form | None = None) -> HttpResponse:
    found, today = releasing.releases(request.actor).fetch(number), business_date.current()
    seen = releasing.progress(found)
    left = words.time_left(found.due_on, today) if found.is_open else None
    contract, vehicle = found.contract, found.mortgage.vehicle
    given = {key: refused} if refused is not None else {}
    facts = [
        Fact(label=_("合同编号"), value=contract.number, url=reverse("contracts:contract", args=[contract.number]),
             hint=contract.customer.masked_name),
        Fact(label=_("车辆"), value=vehicle.title, hint=vehicle.masked_plate or vehicle.masked_vin),
        Fact(label=_("最后期限"), value=formats.day(found.due_on), tag=left, hint=formats.day(found.due_on) if left else ""),
        Fact(label=_("快递公司"), value=found.carrier), Fact(label=_("快递单号"), value=found.tracking_number, is_code=True),
        Fact(label=_("领取人"), value=found.recipient), Fact(label=_("办结日期"), value=formats.day(found.done_on)),
    ]
    return Thing(
        title=_("解押交证"), code=found.number, status=words.RELEASE_STATUSES[found.status], subtitle=contract.customer.masked_name,
        trail=[(_("解押交证"), reverse("contracts:releases"))], facts=facts, links=_links(request, found, seen),
        deeds=_deeds(found, seen, given) if request.actor.can(permissions.MORTGAGE.code) else [],
        steps=[Step(one.label, one.state, hint=formats.day(one.done_on) if one.done_on else "") for one in seen.steps],
        track=[Happening(row.done_at, row.get_code_display(), who=row.done_by_name, detail=row.detail, icon="arrow-right")
               for row in found.steps.order_by("-pk")],
    ).shown(request, refused)


def _links(request: HttpRequest, found: Release, seen: Progress) -> list[tuple[Any, str, str]]:
    """Where the steps are done that have pages of their own."""
    waiting = {one.code for one in seen.steps if one.state != "done"}
    if not found.is_open or not request.actor.can(permissions.MORTGAGE.code):
        return []
    links: list[tuple[Any, str, str]] = []
    if OFFICE_OFF in waiting:
        of = "" if found.mortgage.contract_id else f"?vehicle={found.mortgage.vehicle.number}"
        links.append((_("登记解押"), reverse("contracts:release", args=[found.contract.number]) + of, "shield-off"))
    if UNIFIED_OFF in waiting:
        entry = releasing.unified_entry(found)
        links += [(_("注销登记"), reverse("contracts:registration", args=[entry.number]), "shield-x")] if entry else []
    return links


def _deeds(found: Release, seen: Progress, given: dict[str, forms.Form]) -> list[Deed]:
    today, current = business_date.current(), next((one.code for one in seen.steps if one.state == "current"), "")
    fresh: dict[str, tuple[Any, str, forms.Form]] = {}
    if found.status == "ordered" and current == PAPERS_OUT:
        fresh = {"take": (_("权证出库"), "take_out_papers", forms.Form())}
    elif found.status == "ordered" and current and current not in (OFFICE_OFF, UNIFIED_OFF):
        fresh = {
            "send": (_("寄送权证"), "send_papers", SendForm(initial={"sent_on": today})),
            "hand": (_("柜面交付"), "hand_over_papers", HandOverForm(initial={"handed_on": today})),
        }
    elif found.status == "sent":
        fresh = {"confirm": (_("确认收到"), "confirm_papers_received", ReceivedForm(initial={"received_on": today}))}
    return [
        Deed(key=key, label=label, url=reverse(f"contracts:{name}", args=[found.number]), form=given.get(key) or form)
        for key, (label, name, form) in fresh.items()
    ]


@require_POST
@needs(permissions.MORTGAGE)
def take(request: HttpRequest, number: str) -> HttpResponse:
    form = forms.Form(request.POST)
    return carry_out(
        request, form, lambda: take_out_papers(release_number=number, business_date=business_date.current(), by=request.actor),
        done=_("权证已出库。"), to=("contracts:release_of", number), show=lambda: _shown(request, number, "take", form))


@require_POST
@needs(permissions.MORTGAGE)
def send(request: HttpRequest, number: str) -> HttpResponse:
    form = SendForm(request.POST)
    return carry_out(
        request, form, lambda: send_papers(
            release_number=number, business_date=business_date.current(), by=request.actor, **form.cleaned_data),
        done=_("已登记寄出，借款人可以查到快递单号。"), to=("contracts:release_of", number),
        show=lambda: _shown(request, number, "send", form))


@require_POST
@needs(permissions.MORTGAGE)
def hand(request: HttpRequest, number: str) -> HttpResponse:
    form = HandOverForm(request.POST, request.FILES)

    def act() -> None:
        said = dict(form.cleaned_data)
        authority = said.pop("authority")
        hand_over_papers(release_number=number, handover=Handover(**said), authority=authority, business_date=business_date.current(),
                         by=request.actor)

    return carry_out(request, form, act, done=_("已交付，解押办结。"), to=("contracts:release_of", number),
                     show=lambda: _shown(request, number, "hand", form))


@require_POST
@needs(permissions.MORTGAGE)
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    form = ReceivedForm(request.POST)
    return carry_out(
        request, form, lambda: confirm_papers_received(
            release_number=number, business_date=business_date.current(), by=request.actor, **form.cleaned_data),
        done=_("借款人已收到，解押办结。"), to=("contracts:release_of", number), show=lambda: _shown(request, number, "confirm", form))
