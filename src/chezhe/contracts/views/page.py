"""One contract: where it stands, its papers, its conditions, its security and its money."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from chezhe.contracts import permissions, queries, vocabulary
from chezhe.contracts.collateral import insuring, registering, words
from chezhe.contracts.conditions import queries as condition_queries
from chezhe.contracts.conditions.queries import Standing
from chezhe.contracts.forms import ReasonForm
from chezhe.contracts.models import Contract, CustodyItem, Disbursement, Mortgage, RegistrationOrder, Release
from chezhe.contracts.paying.states import LEG
from chezhe.contracts.states import CONTRACT, DISBURSEMENT, MORTGAGE
from chezhe.finmath import schedule
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.models import StatusMove
from chezhe.payments.states import failure_label
from chezhe.ui.charts import Chart, Series
from chezhe.ui.panels import tabs_for
from chezhe.ui.parts import Happening, Step
from chezhe.ui.status import Status


@needs(permissions.VIEW)
def contract(request: HttpRequest, number: str) -> HttpResponse:
    """The contract's page."""
    found = queries.contract(number, request.actor)
    return render(request, "contracts/contract.html", page_context(request, found, ReasonForm()))


def page_context(request: HttpRequest, found: Contract, form: ReasonForm) -> dict[str, Any]:
    """What the page shows; `form` is the reason asked for before voiding."""
    today, payout, run = business_date.current(), queries.current_disbursement(found), queries.print_run(found)
    every, standings = [found.mortgage, *queries.further_of(found)], queries.standings(found, today)
    registrations, cars = registration_rows(request, found), plates(every)
    return {
        "contract": found, "status": vocabulary.CONTRACT_STATUSES[found.status], "title": found.customer.masked_name,
        "steps": stepper(found, every, payout), "conditions": standings, "mortgage": found.mortgage,
        "mortgage_status": vocabulary.MORTGAGE_STATUSES[found.mortgage.status], "disbursement": payout,
        "disbursement_status": vocabulary.DISBURSEMENT_STATUSES[payout.status] if payout else None, "run": run,
        "papers": found.papers.all(),
        "can_remake": run is not None and run.status == "failed" and request.actor.can(permissions.PREPARE.code),
        "further": further_rows(request, found, every[1:]), "registrations": registrations,
        "kept": kept_rows(request, found), "releases": release_rows(request, found, every),
        "failure": failure_label(payout.failure_code) if payout else "", "parties": found.parties.all(), "chart": chart(found),
        "track": [happening(move, cars) for move in queries.track(found)], "form": form,
        "verbs": verbs(request, found, every, standings, payout),
        "can_ask": condition_queries.is_open_to_change(found) and request.actor.can(permissions.ASK_CONDITION.code),
        "can_order": request.actor.can(permissions.MORTGAGE.code) and is_unordered(found, every, registrations),
        "can_void": CONTRACT.allows(found.status, "cancel") and request.actor.can(permissions.VOID.code),
        "tabs": tabs_for(found.subject, request.actor), "current_tab": request.GET.get("tab", "documents"),
    }


@dataclass(frozen=True, slots=True)
class Verb:
    """A button: where it leads."""

    label: Any
    url: str
    icon: str


def verbs(
    request: HttpRequest, found: Contract, every: Sequence[Mortgage], standings: Sequence[Standing], payout: Disbursement | None,
) -> list[Verb]:
    """What this person may do next, the most natural first; `every` are the mortgages of all its cars."""
    asked, is_ready = {one.code for one in standings}, all(one.is_met for one in standings)
    is_prepared, is_signed, secured = found.status == "prepared", found.status == "signed", found.mortgage.status
    needs_sheet = found.needs_cost_sheet and found.cost_sheet_on is None

    def to(name: str) -> str:
        return reverse(f"contracts:{name}", args=[found.number])

    offers = [
        (is_prepared and needs_sheet, permissions.CONFIRM_COSTS, Verb(_("确认成本明示表"), to("cost_sheet"), icon="checkbox")),
        (is_prepared and not needs_sheet, permissions.SIGN, Verb(_("登记签署"), to("sign"), icon="writing-sign")),
        (is_prepared and not needs_sheet, permissions.SIGN, Verb(_("远程签署"), to("signing"), icon="send")),
        (is_signed and payout is None and is_ready, permissions.PREPARE_DISBURSEMENT, Verb(_("经办放款"), to("pay_out"), icon="cash")),
        ((is_signed or found.status == "effective") and secured == "proposed", permissions.MORTGAGE,
         Verb(_("登记抵押"), to("register"), icon="shield-check")),
        (secured == "release_requested", permissions.MORTGAGE, Verb(_("登记解押"), to("release"), icon="shield-off")),
        ((is_prepared or is_signed) and found.needs_gps and found.gps_fitted_on is None, permissions.CONFIRM_GPS,
         Verb(_("确认 GPS 安装"), to("confirm_gps"), icon="map-pin")),
        ((is_signed or found.status == "effective") and secured == "proposed" and registering.is_purchase(found)
         and found.mortgage.delivered_on is None,
         permissions.MORTGAGE, Verb(_("登记交车日期"), to("record_delivery"), icon="calendar-due")),
        ((is_prepared or is_signed) and found.needs_gps, permissions.VIEW_COLLATERAL,
         Verb(_("GPS 安装与定位"), to("gps"), icon="map-pin")),
        ((is_prepared or is_signed) and insuring.CONDITION in asked, permissions.VIEW_COLLATERAL,
         Verb(_("车辆保险"), to("policies"), icon="shield")),
        (is_signed or found.status == "effective", permissions.MORTGAGE, Verb(_("追加抵押车辆"), to("add_vehicle"), icon="car")),
        (is_signed and payout is None and any(one.status == "registered" for one in every), permissions.MORTGAGE,
         Verb(_("不放款并解押"), to("release_unused"), icon="shield-x")),
        (found.status not in ("settled", "void"), permissions.KEEP_CUSTODY, Verb(_("权证入库"), to("keep_item"), icon="key")),
        (found.taken_over_on is None and found.status != "prepared", permissions.EXPORT_EVIDENCE,
         Verb(_("导出证据包"), to("evidence"), icon="download")),
        (found.taken_over_on is None, permissions.VIEW, Verb(_("融资成本"), to("costs"), icon="list-check")),
    ]
    return [verb for is_possible, permission, verb in offers if is_possible and request.actor.can(permission.code)]


def further_rows(request: HttpRequest, found: Contract, further: Sequence[Mortgage]) -> list[tuple[Mortgage, Status, Verb | None]]:
    """The mortgages of further cars, each with the one thing that may be done with it."""
    may = request.actor.can(permissions.MORTGAGE.code)
    next_of = {"proposed": (_("登记抵押"), "register", "shield-check"), "release_requested": (_("登记解押"), "release", "shield-off")}

    def verb(secured: Mortgage) -> Verb | None:
        if not may or secured.status not in next_of:
            return None
        label, name, icon = next_of[secured.status]
        return Verb(label, f"{reverse(f'contracts:{name}', args=[found.number])}?vehicle={secured.vehicle.number}", icon=icon)

    return [(secured, vocabulary.MORTGAGE_STATUSES[secured.status], verb(secured)) for secured in further]


def is_unordered(found: Contract, every: Sequence[Mortgage], ordered: Sequence[tuple[RegistrationOrder, Any, Any]]) -> bool:
    """Whether a mortgage of a signed contract waits to be registered without an order for it."""
    known = {order.mortgage_id for order, _state, _left in ordered}
    return found.signed_on is not None and any(one.status == "proposed" and one.pk not in known for one in every)


def registration_rows(request: HttpRequest, found: Contract) -> list[tuple[RegistrationOrder, Status, Status | None]]:
    """The orders at the registries with the time that is left; nothing for whoever may not look at them."""
    if not request.actor.can(permissions.VIEW_COLLATERAL.code):
        return []
    today = business_date.current()
    return [
        (row, words.REGISTRATION_STATUSES[row.status], words.order_time_left(row, today)) for row in registering.of_contract(found)]


def kept_rows(request: HttpRequest, found: Contract) -> list[tuple[CustodyItem, Status]]:
    """The papers and keys of its cars."""
    if not request.actor.can(permissions.VIEW_COLLATERAL.code):
        return []
    return [(item, words.CUSTODY_STATUSES[item.status]) for item in found.custody.order_by("pk")]


def release_rows(
    request: HttpRequest, found: Contract, every: Sequence[Mortgage],
) -> list[tuple[Release, Status, Status | None]]:
    """Its cars on their way off the mortgage, with the time that is left."""
    if all(one.registered_on is None for one in every) or not request.actor.can(permissions.VIEW_COLLATERAL.code):
        return []
    today = business_date.current()
    return [
        (row, words.RELEASE_STATUSES[row.status], words.time_left(row.due_on, today) if row.is_open else None)
        for row in found.releases.select_related("mortgage__vehicle").order_by("pk")]


def stepper(found: Contract, every: Sequence[Mortgage], payout: Disbursement | None) -> list[Step]:
    """制作 → 明示 → 签署 → 抵押 (of every car) → 放款 → 结清."""
    needed = [one for one in every if one.contract_id is not None or one.status != "cancelled"]
    done = {
        "prepared": True, "cost": found.cost_sheet_on is not None or not found.needs_cost_sheet, "signed": found.signed_on is not None,
        "mortgage": all(one.registered_on is not None for one in needed), "paid": found.effective_on is not None,
        "settled": found.status == "settled",
    }
    words = {
        "prepared": _("制作合同"), "cost": _("成本明示"), "signed": _("签署"), "mortgage": _("抵押登记"), "paid": _("放款"),
        "settled": _("结清"),
    }
    if found.status == "void":
        return [Step(words[key], "done" if done[key] else "skipped") for key in done]
    current = next((key for key in done if not done[key]), "")
    states = {key: "done" if done[key] else ("current" if key == current else "todo") for key in done}
    if payout and payout.status in ("failed", "returned"):
        states["paid"] = "failed"
    return [Step(words[key], states[key]) for key in done]


def plates(every: Sequence[Mortgage]) -> dict[str, str]:
    """How people tell the cars of a contract apart, by their mortgage; nothing where there is one."""
    return {one.subject: one.vehicle.masked_plate or one.vehicle.masked_vin for one in every} if len(every) > 1 else {}


def happening(move: StatusMove, cars: Mapping[str, str] | None = None) -> Happening:
    """One move in words; that of a mortgage names its car where there are several."""
    kind, _colon, number = move.subject.partition(":")
    machines = {"contract": CONTRACT, "mortgage": MORTGAGE, "disbursement": DISBURSEMENT, "leg": LEG}
    first = {"contract": _("制作合同"), "mortgage": _("追加抵押车辆"), "disbursement": _("经办放款"), "leg": _("经办放款")}
    begun = _("存量迁入") if move.verb == "take_over" else first.get(kind, "")
    what = machines[kind].label(move.verb) if move.status_from else begun
    detail = failure_label(move.reason) if kind in ("disbursement", "leg") else move.reason
    if kind == "leg":
        what = _("第 %(place)s 笔：%(what)s") % {"place": number.rpartition(".")[2], "what": what}
    if cars and move.subject in cars:
        what = _("%(car)s：%(what)s") % {"car": cars[move.subject], "what": what}
    return Happening(move.moved_at, what, who=move.actor_name, detail=detail, icon="arrow-right")


def chart(found: Contract) -> Chart:
    """Principal and interest of every line."""
    rows = schedule.build(found.agreed.plan)
    return Chart(
        id="plan", kind="stacked", title=_("还款计划"), measure="money", categories=[row.due_date.isoformat() for row in rows],
        series=[Series(_("本金"), [row.principal_fen for row in rows]), Series(_("利息"), [row.interest_fen for row in rows]),
                Series(pgettext("list", "费用"), [row.fee_fen for row in rows])],
        category_label=_("到期日"), source=_("合同"),
    )
