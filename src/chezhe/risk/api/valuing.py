"""Values of cars over the API: ask, read, confirm; an appraiser's report; deals of the market."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Router
from ninja.files import UploadedFile

from chezhe.kernel import business_date, rest, subjects
from chezhe.kernel.doors import needs
from chezhe.risk import permissions
from chezhe.risk.actions.add_report_photo import add_report_photo
from chezhe.risk.actions.begin_report import begin_report
from chezhe.risk.actions.confirm_value import confirm_value
from chezhe.risk.actions.discard_report import discard_report
from chezhe.risk.actions.record_deal import record_deal
from chezhe.risk.actions.save_report import save_report
from chezhe.risk.actions.set_report_aside import set_report_aside
from chezhe.risk.actions.submit_report import submit_report
from chezhe.risk.actions.value_vehicle import value_vehicle
from chezhe.risk.valuing import answering, bias, queries, reporting
from chezhe.risk.valuing.deals import Sold
from chezhe.risk.valuing.models import AppraiserRatio, AppraiserReport, Estimate, MarketDeal, Valuing
from chezhe.vehicles.values import VehicleFacts

router = Router()
Grade = Literal["A", "B", "C", "D"]


class EstimateOut(rest.Out):
    source: str
    amount: rest.Yuan | None
    low: rest.Yuan | None
    high: rest.Yuan | None
    told: rest.Yuan | None
    failure: str
    valued_on: date
    inputs: dict[str, Any]
    evidence: dict[str, Any]


class VoiceOut(rest.Out):
    source: str
    amount_fen: int
    weight: int
    is_kept: bool
    deviation: rest.Rate


class ValuingOut(rest.Out):
    number: str
    vehicle: str
    status: str
    valued_on: date
    age_months: int | None
    mileage_km: int | None
    value: rest.Yuan | None
    low: rest.Yuan | None
    high: rest.Yuan | None
    spread_rate: rest.Rate | None
    lending_value: rest.Yuan | None
    basis: rest.Yuan | None
    bound_by: str
    haircut: dict[str, str]
    estimates: list[EstimateOut]
    voices: list[VoiceOut]
    residual_fen: list[int]
    selling: dict[str, Any]
    checked: dict[str, Any]
    asked_at: datetime
    answered_at: datetime | None


class ValuingReasonIn(rest.In):
    reason: rest.Text[300]


class SeenIn(rest.In):
    """What the appraiser saw so far: `grades` by part (body, chassis, engine, gearbox, electrics, interior, tyres), `findings` by
    point (car_major_accident, car_flood, car_fire, car_vin_match, car_plate_match)."""

    valued_on: rest.Day | None = None
    amount: rest.Amount | None = None
    mileage_km: rest.Whole | None = None
    grades: dict[str, Grade] = {}
    findings: dict[str, bool] = {}
    note: rest.Text[1000] = ""


class RepeatOut(rest.Out):
    category: str
    vehicle: str
    report: str
    kind: str


class AppraisalOut(rest.Out):
    number: str
    vehicle: str
    status: str
    appraiser: str
    valued_on: date
    amount: rest.Yuan | None
    mileage_km: int | None
    grades: dict[str, str]
    findings: dict[str, bool]
    note: str
    photos: list[str]
    photos_missing: list[str]
    repeats: list[RepeatOut]


class ValuingPage(rest.Out):
    items: list[ValuingOut]
    next_cursor: str | None = None


class AppraisalPage(rest.Out):
    items: list[AppraisalOut]
    next_cursor: str | None = None


class PhotoOut(rest.Out):
    category: str
    document: str
    repeats: list[RepeatOut]


class DealIn(rest.In):
    """A car of ours by `vehicle_number`, or another one by its description."""

    vehicle_number: rest.Text[20] = ""
    brand: rest.Text[40] = ""
    series: rest.Text[40] = ""
    model: rest.Text[80] = ""
    energy_type: Literal["petrol", "diesel", "gas", "hybrid", "plug_in_hybrid", "range_extended", "pure_electric", "fuel_cell"] = "petrol"
    usage_nature: Literal[
        "non_commercial", "freight", "taxi", "ride_hail", "rental", "commercial_to_private", "other_commercial"] = "non_commercial"
    first_registered_on: rest.Day | None = None
    mileage_km: rest.Whole
    transfers: rest.Whole = 0
    condition: Grade = "B"
    region: rest.Text[20] = ""
    price: rest.Amount
    listed_on: rest.Day
    sold_on: rest.Day | None = None
    source: rest.Text[60]


class DealOut(rest.Out):
    brand: str
    series: str
    model: str
    mileage_km: int
    condition: str
    price: rest.Yuan
    listed_on: date
    sold_on: date | None
    source: str


class DealPage(rest.Out):
    items: list[DealOut]
    next_cursor: str | None = None


class BiasOut(rest.Out):
    appraiser: str
    cars: int
    rate: rest.Rate
    low: rest.Rate | None
    high: rest.Rate | None
    factor: rest.Rate


class BiasPage(rest.Out):
    items: list[BiasOut]
    next_cursor: str | None = None


@router.post("/vehicles/{number}/values", response={202: ValuingOut}, summary="Ask every source what a car is worth")
@needs(permissions.VALUE)
def ask(request: HttpRequest, number: str) -> tuple[int, dict[str, Any]]:
    return 202, _valuing(value_vehicle(vehicle_number=number, business_date=business_date.current(), by=request.actor))


@router.get("/vehicles/{number}/values", response=ValuingPage, summary="Values of a car, newest first")
@needs(permissions.VIEW_VALUES)
def values(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    subjects.open_subject(f"vehicle:{number}", request.actor)
    return rest.page_of(queries.of_vehicle(number), cursor, limit, _valuing)


@router.get("/values/{number}", response=ValuingOut, summary="One valuation: who said what, and what came of it")
@needs(permissions.VIEW_VALUES)
def value(request: HttpRequest, number: str) -> dict[str, Any]:
    return _valuing(Valuing.objects.visible_to(request.actor).select_related("vehicle").fetch(number))


@router.post("/values/{number}/confirm", response=ValuingOut, summary="Stand by a value whose sources differ")
@needs(permissions.CONFIRM_VALUE)
def confirm(request: HttpRequest, number: str, payload: ValuingReasonIn) -> dict[str, Any]:
    return _valuing(confirm_value(valuing_number=number, reason=payload.reason, by=request.actor))


@router.post("/vehicles/{number}/appraisals", response={201: AppraisalOut}, summary="Begin an appraiser's report")
@needs(permissions.APPRAISE)
def begin(request: HttpRequest, number: str) -> tuple[int, dict[str, Any]]:
    return 201, _report(begin_report(vehicle_number=number, business_date=business_date.current(), by=request.actor))


@router.get("/appraisals", response=AppraisalPage, summary="Reports in reach, newest first")
@needs(permissions.VIEW_VALUES)
def reports(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    rows = AppraiserReport.objects.visible_to(request.actor).select_related("vehicle")
    return rest.page_of(rows, cursor, limit, _report)


@router.get("/appraisals/{number}", response=AppraisalOut, summary="One report")
@needs(permissions.VIEW_VALUES)
def report(request: HttpRequest, number: str) -> dict[str, Any]:
    return _report(AppraiserReport.objects.visible_to(request.actor).select_related("vehicle").fetch(number))


@router.put("/appraisals/{number}", response=AppraisalOut, summary="Keep what was seen so far")
@needs(permissions.APPRAISE)
def keep(request: HttpRequest, number: str, payload: SeenIn) -> dict[str, Any]:
    return _report(save_report(report_number=number, seen=_seen(payload), business_date=business_date.current(), by=request.actor))


@router.post("/appraisals/{number}/photos/{category}", response={201: PhotoOut}, summary="One photo of the checklist")
@needs(permissions.APPRAISE)
def add_photo(request: HttpRequest, number: str, category: str, file: File[UploadedFile]) -> tuple[int, dict[str, Any]]:
    photo = add_report_photo(report_number=number, category_code=category, upload=file, by=request.actor)
    return 201, {"category": photo.category, "document": str(photo.file.key), "repeats": [
        one for one in photo.report.repeats if one["category"] == photo.category]}


@router.post("/appraisals/{number}/submit", response=AppraisalOut, summary="Put one's name to it; every photo must be there")
@needs(permissions.APPRAISE)
def submit(request: HttpRequest, number: str, payload: SeenIn) -> dict[str, Any]:
    return _report(submit_report(report_number=number, seen=_seen(payload), business_date=business_date.current(), by=request.actor))


@router.post("/appraisals/{number}/discard", response=AppraisalOut, summary="Give up one's own draft")
@needs(permissions.APPRAISE)
def discard(request: HttpRequest, number: str, payload: ValuingReasonIn) -> dict[str, Any]:
    return _report(discard_report(report_number=number, reason=payload.reason, by=request.actor))


@router.post("/appraisals/{number}/set-aside", response=AppraisalOut, summary="A report that is not to be believed")
@needs(permissions.SET_ASIDE)
def set_aside(request: HttpRequest, number: str, payload: ValuingReasonIn) -> dict[str, Any]:
    return _report(set_report_aside(report_number=number, reason=payload.reason, by=request.actor))


@router.get("/appraisers", response=BiasPage, summary="How right each appraiser has been")
@needs(permissions.VIEW_APPRAISERS)
def appraisers(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    mine = AppraiserRatio.objects.filter(report__in=AppraiserReport.objects.visible_to(request.actor))
    names = dict(mine.values_list("appraiser_id", "appraiser__name"))
    return rest.page_of_list(list(answering.biases(names).items()), cursor, limit, lambda found: _bias(names[found[0]], found[1]))


def _bias(name: str, one: bias.Bias) -> dict[str, Any]:
    return {"appraiser": name, "cars": one.count, "rate": one.rate, "low": one.low, "high": one.high, "factor": one.factor}


@router.get("/deals", response=DealPage, summary="Deals of the market, newest first")
@needs(permissions.VIEW_VALUES)
def deals(request: HttpRequest, brand: str = "", cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    rows = MarketDeal.objects.all()
    return rest.page_of(rows.filter(brand=brand) if brand else rows, cursor, limit, _deal)


@router.post("/deals", response={201: DealOut}, summary="Record a deal")
@needs(permissions.RECORD_DEAL)
def add_deal(request: HttpRequest, payload: DealIn) -> tuple[int, dict[str, Any]]:
    car = VehicleFacts(
        vin="", brand=payload.brand, series=payload.series, model=payload.model, condition="used", energy_type=payload.energy_type,
        usage_nature=payload.usage_nature, first_registered_on=payload.first_registered_on, mileage_km=payload.mileage_km,
    ) if payload.brand and not payload.vehicle_number else None
    names = ("price", "listed_on", "sold_on", "mileage_km", "transfers", "condition", "region", "source")
    sold = Sold(**{name: getattr(payload, name) for name in names})
    deal = record_deal(
        car=car, vehicle_number=payload.vehicle_number, sold=sold, business_date=business_date.current(), by=request.actor)
    return 201, _deal(deal)


def _seen(payload: SeenIn) -> reporting.Seen:
    return reporting.Seen(
        valued_on=payload.valued_on, amount=payload.amount, mileage_km=payload.mileage_km, grades=payload.grades,
        findings=payload.findings, note=payload.note,
    )


def _valuing(row: Valuing) -> dict[str, Any]:
    names = (
        "number", "status", "valued_on", "age_months", "mileage_km", "value", "low", "high", "spread_rate", "lending_value", "basis",
        "bound_by", "haircut", "selling", "checked", "asked_at", "answered_at",
    )
    voices = [{**voice, "deviation": Decimal(voice["deviation"])} for voice in row.voices]
    return {name: getattr(row, name) for name in names} | {
        "vehicle": row.vehicle.number, "voices": voices, "residual_fen": row.path,
        "estimates": [_estimate(one) for one in row.estimates.all()],
    }


def _estimate(row: Estimate) -> dict[str, Any]:
    names = ("source", "amount", "low", "high", "told", "failure", "valued_on", "inputs", "evidence")
    return {name: getattr(row, name) for name in names}


def _report(row: AppraiserReport) -> dict[str, Any]:
    names = ("number", "status", "valued_on", "amount", "mileage_km", "grades", "findings", "note", "repeats")
    return {name: getattr(row, name) for name in names} | {
        "vehicle": row.vehicle.number, "appraiser": row.appraiser_name, "photos": [photo.category for photo in row.photos.all()],
        "photos_missing": reporting.missing_photos(row),
    }


def _deal(row: MarketDeal) -> dict[str, Any]:
    names = ("brand", "series", "model", "mileage_km", "condition", "price", "listed_on", "sold_on", "source")
    return {name: getattr(row, name) for name in names}
