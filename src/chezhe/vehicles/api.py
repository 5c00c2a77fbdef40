"""Vehicles over the API; numbers of cars are masked, a whole one is asked for with a reason."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from chezhe.customers.values import Hit
from chezhe.kernel import business_date, rest
from chezhe.kernel.doors import needs
from chezhe.kernel.editing import change_of
from chezhe.ui.fields import sentence_of
from chezhe.vehicles import choices, permissions, queries, rules, steps
from chezhe.vehicles.actions.edit_vehicle import edit_vehicle
from chezhe.vehicles.actions.read_vehicle_paper import read_vehicle_paper
from chezhe.vehicles.actions.record_paper import record_paper
from chezhe.vehicles.actions.record_valuation import record_valuation
from chezhe.vehicles.actions.register_vehicle import register_vehicle
from chezhe.vehicles.actions.reveal_field import reveal_field
from chezhe.vehicles.models import Valuation, Vehicle, VehiclePaper
from chezhe.vehicles.values import VehicleFacts

router = Router()
Condition = Literal["new", "used"]
Energy = Literal["petrol", "diesel", "gas", "hybrid", "plug_in_hybrid", "range_extended", "pure_electric", "fuel_cell"]
Usage = Literal["non_commercial", "freight", "taxi", "ride_hail", "rental", "commercial_to_private", "other_commercial"]
Source = Literal["in_house", "jingzhengu", "che300", "dealer_quote", "market", "other"]


class VehicleIn(rest.In):
    owner_number: rest.Text[40]
    vin: rest.Text[40]
    brand: rest.Text[40]
    model: rest.Text[80]
    condition: Condition
    energy_type: Energy
    usage_nature: Usage = "non_commercial"
    plate: rest.Text[40] = ""
    engine_no: rest.Text[30] = ""
    series: rest.Text[40] = ""
    first_registered_on: rest.Day | None = None
    mileage_km: rest.Whole | None = None
    colour: rest.Text[20] = ""
    invoice_price: rest.Amount | None = None
    guide_price: rest.Amount | None = None


class EditIn(rest.In):
    """Only what is sent is changed; `version` is the one that was read."""

    version: rest.Whole
    reason: rest.Text[200]
    owner_number: rest.Text[40] | None = None
    vin: rest.Text[40] | None = None
    brand: rest.Text[40] | None = None
    model: rest.Text[80] | None = None
    condition: Condition | None = None
    energy_type: Energy | None = None
    usage_nature: Usage | None = None
    plate: rest.Text[40] | None = None
    engine_no: rest.Text[30] | None = None
    series: rest.Text[40] | None = None
    first_registered_on: rest.Day | None = None
    mileage_km: rest.Whole | None = None
    colour: rest.Text[20] | None = None
    invoice_price: rest.Amount | None = None
    guide_price: rest.Amount | None = None


class ValuationIn(rest.In):
    source: Source
    amount: rest.Amount
    valued_on: rest.Day
    mileage_km: rest.Whole | None = None
    note: rest.Text[1000] = ""


class PaperIn(rest.In):
    """`content` holds the fields as the paper prints them; days as 2026-11-23."""

    kind: Literal["licence", "certificate"]
    content: dict[str, str | int | None]


class ReasonIn(rest.In):
    reason: rest.Text[200]


class ChangeOut(rest.Out):
    at: datetime
    who: str
    version: int
    label: str
    before: str
    after: str


class WarningOut(rest.Out):
    field: str
    code: str
    sentence: str


class VehicleOut(rest.Out):
    number: str
    owner_number: str
    owner_name: str
    vin: str
    plate: str
    brand: str
    series: str
    model: str
    condition: str
    energy_type: str
    usage_nature: str
    first_registered_on: date | None
    mileage_km: int | None
    colour: str
    invoice_price: rest.Yuan | None
    guide_price: rest.Yuan | None
    valuation: rest.Yuan | None
    price_base: rest.Yuan | None
    warnings: list[WarningOut]
    version: int
    created_at: datetime


class VehicleLine(rest.Out):
    number: str
    owner_number: str
    vin: str
    plate: str
    brand: str
    model: str
    condition: str


class VehiclePage(rest.Out):
    items: list[VehicleLine]
    next_cursor: str | None = None


class ValuationOut(rest.Out):
    source: str
    amount: rest.Yuan
    valued_on: date
    mileage_km: int | None
    note: str
    recorded_by: str
    recorded_at: datetime


class PaperOut(rest.Out):
    kind: str
    lines: dict[str, str]
    warnings: list[WarningOut]


class SearchIn(rest.In):
    text: rest.Text[80]


class HitOut(rest.Out):
    kind: str
    number: str
    title: str
    detail: str
    url: str


class ValueOut(rest.Out):
    value: str


def _warnings(found: list[rules.Fault]) -> list[dict[str, str]]:
    return [{"field": f.field, "code": f.finding.code, "sentence": sentence_of(f.finding)} for f in found if not f.finding.is_error]


def _line(vehicle: Vehicle) -> dict[str, Any]:
    return {
        "number": vehicle.number, "owner_number": vehicle.owner.number, "vin": vehicle.masked_vin, "plate": vehicle.masked_plate,
        "brand": vehicle.brand, "model": vehicle.model, "condition": vehicle.condition,
    }


def _shape(vehicle: Vehicle) -> dict[str, Any]:
    on, facts = business_date.current(), vehicle.facts
    valuation = queries.latest_valuation(vehicle, on)
    return _line(vehicle) | {
        "owner_name": vehicle.owner.masked_name, "series": facts.series, "energy_type": facts.energy_type,
        "usage_nature": facts.usage_nature, "first_registered_on": facts.first_registered_on, "mileage_km": facts.mileage_km,
        "colour": facts.colour, "invoice_price": facts.invoice_price, "guide_price": facts.guide_price,
        "valuation": valuation.amount if valuation else None, "price_base": queries.price_base(vehicle, on),
        "warnings": _warnings(rules.findings(facts, on)), "version": vehicle.version, "created_at": vehicle.created_at,
    }


def _valuation(valuation: Valuation) -> dict[str, Any]:
    return {
        "source": valuation.source, "amount": valuation.amount, "valued_on": valuation.valued_on, "mileage_km": valuation.mileage_km,
        "note": valuation.note, "recorded_by": valuation.recorded_by_name, "recorded_at": valuation.recorded_at,
    }


def _hit(hit: Hit) -> dict[str, Any]:
    return {"kind": hit.kind, "number": hit.number, "title": hit.title, "detail": str(hit.detail), "url": hit.url}


@router.get("", response=VehiclePage, summary="Vehicles in reach, newest first")
@needs(permissions.VIEW)
def vehicles(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE, owner: str = "") -> dict[str, Any]:
    rows = Vehicle.objects.visible_to(request.actor).select_related("owner")
    return rest.page_of(rows.filter(owner__number=owner) if owner else rows, cursor, limit, _line)


@router.post("", response={201: VehicleOut}, summary="Register a vehicle")
@needs(permissions.REGISTER)
def register(request: HttpRequest, payload: VehicleIn) -> tuple[int, dict[str, Any]]:
    given = dict(payload)
    facts = VehicleFacts(**{name: given[name] for name in steps.FACT_NAMES})
    registered = register_vehicle(
        owner_number=payload.owner_number, facts=facts, business_date=business_date.current(), by=request.actor
    )
    return 201, _shape(registered)


@router.post("/search", response=list[HitOut], summary="Find vehicles by VIN or its tail, plate or number")
@needs(permissions.VIEW)
def search(request: HttpRequest, payload: SearchIn) -> list[dict[str, Any]]:
    return [_hit(hit) for hit in queries.search(request.actor, payload.text)]


class PaperValuesOut(rest.Out):
    """What was read of a licence or a certificate, in the fields of a registration; `unsure` are to be held against the paper."""

    values: dict[str, str]
    unsure: list[str]


@router.get("/paper-values/{document_id}", response=PaperValuesOut, summary="What a car's paper says, to register it; audited")
@needs(permissions.READ_PAPER)
def paper_values(request: HttpRequest, document_id: str) -> dict[str, Any]:
    told = read_vehicle_paper(document_number=document_id, by=request.actor)
    return {"values": {name: str(value) for name, value in told.values.items()}, "unsure": list(told.unsure)}


@router.get("/{number}", response=VehicleOut, summary="One vehicle")
@needs(permissions.VIEW)
def vehicle(request: HttpRequest, number: str) -> dict[str, Any]:
    return _shape(_fetch(request, number))


@router.patch("/{number}", response=VehicleOut, summary="Correct a vehicle's file")
@needs(permissions.EDIT)
def edit(request: HttpRequest, number: str, payload: EditIn) -> dict[str, Any]:
    changes = {name: getattr(payload, name) for name in payload.model_fields_set - {"version", "reason"}}
    return _shape(edit_vehicle(
        vehicle_number=number, version=payload.version, changes=changes, reason=payload.reason,
        business_date=business_date.current(), by=request.actor,
    ))


@router.get("/{number}/valuations", response=rest.Page[ValuationOut], summary="Valuations, the one that counts first")
@needs(permissions.VIEW)
def valuations(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of_list(list(_fetch(request, number).valuations.all()), cursor, limit, _valuation)


@router.get("/{number}/history", response=rest.Page[ChangeOut], summary="What was corrected, masked")
@needs(permissions.VIEW)
def history(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of_list(queries.history(_fetch(request, number)), cursor, limit, change_of)


@router.post("/{number}/valuations", response={201: ValuationOut}, summary="Record a valuation")
@needs(permissions.VALUE)
def value(request: HttpRequest, number: str, payload: ValuationIn) -> tuple[int, dict[str, Any]]:
    recorded = record_valuation(
        vehicle_number=number, kind=payload.source, amount=payload.amount, valued_on=payload.valued_on,
        mileage_km=payload.mileage_km, note=payload.note, business_date=business_date.current(), by=request.actor,
    )
    return 201, _valuation(recorded)


@router.get("/{number}/papers", response=rest.Page[PaperOut], summary="What the papers say, the newest of each first; masked")
@needs(permissions.VIEW)
def papers(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of(_fetch(request, number).papers.select_related("vehicle"), cursor, limit, _paper)


@router.post("/{number}/papers", response={201: PaperOut}, summary="Take down what a paper says")
@needs(permissions.EDIT)
def paper(request: HttpRequest, number: str, payload: PaperIn) -> tuple[int, dict[str, Any]]:
    content = {name: _typed(payload.kind, name, given) for name, given in payload.content.items()}
    recorded = record_paper(vehicle_number=number, kind=payload.kind, content=content, by=request.actor)
    return 201, _paper(recorded)


def _paper(recorded: VehiclePaper) -> dict[str, Any]:
    lines = {str(line.label): line.text for line in queries.paper_lines(recorded)}
    return {"kind": recorded.kind, "lines": lines, "warnings": _warnings(queries.paper_findings(recorded.vehicle))}


@router.post("/{number}/fields/{field}/reveal", response=ValueOut, summary="One number in full, for a reason; audited")
@needs(permissions.REVEAL)
def reveal(request: HttpRequest, number: str, field: str, payload: ReasonIn) -> dict[str, Any]:
    """A POST, because addresses end up in logs, and reasons name people."""
    rest.keep_no_answer(request)
    return {"value": reveal_field(vehicle_number=number, field_code=field, reason=payload.reason, by=request.actor).value}


def _typed(kind: str, name: str, given: Any) -> Any:
    """JSON has no days: what should be one becomes one, or stays as it is and is refused by its field."""
    if choices.PAPER_FIELDS[kind].get(name, ("", ""))[1] != "day" or not isinstance(given, str):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError:
        return given


def _fetch(request: HttpRequest, number: str) -> Vehicle:
    return Vehicle.objects.visible_to(request.actor).select_related("owner").fetch(number)
