"""Figures, the lender, the cap engine, the calendar and the register of personal data."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext, gettext_lazy
from ninja import Router, Status

from chezhe.compliance import labels, permissions, queries, rules, steps
from chezhe.compliance.actions.approve_lender import approve_lender
from chezhe.compliance.actions.approve_parameter import approve_parameter
from chezhe.compliance.actions.confirm_holiday_year import confirm_holiday_year
from chezhe.compliance.actions.propose_parameter import propose_parameter
from chezhe.compliance.actions.reject_lender import reject_lender
from chezhe.compliance.actions.reject_parameter import reject_parameter
from chezhe.compliance.actions.set_holiday import set_holiday
from chezhe.compliance.actions.set_lender import set_lender
from chezhe.compliance.models import LenderChange, ParameterChange
from chezhe.finmath.money import ZERO
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.errors import Invalid, NotFound
from chezhe.kernel.models import Parameter
from chezhe.kernel.rest import PAGE_SIZE, Amount, Day, In, Out, Page, Rate, Text, Whole, Yuan, page_of, page_of_list

router = Router()


class FigureOut(Out):
    code: str
    label: str
    licence_type: str
    region: str
    product: str
    value: str
    unit: str
    effective_from: date
    effective_to: date | None
    source: str
    note: str
    status: str | None = None


class FigureIn(In):
    code: Text[80]
    value: Text[80]
    effective_from: Day
    source: Text[200]
    reason: Text[500]
    effective_to: Day | None = None
    licence_type: Text[40] = ""
    region: Text[6] = ""
    product: Text[40] = ""
    note: Text[300] = ""


class ChangeOut(Out):
    number: str
    status: str
    request_number: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None


class FigureChangeOut(ChangeOut):
    code: str
    value: str
    effective_from: date
    effective_to: date | None
    source: str


class FigureChangePage(Out):
    items: list[FigureChangeOut]
    next_cursor: str | None = None


class OpinionIn(In):
    opinion: Text[500] = ""


def _figure(row: Parameter, status: str | None = None) -> FigureOut:
    return FigureOut(
        code=row.code, label=str(labels.label_of(row.code)), licence_type=row.licence_type, region=row.region, product=row.product,
        value=row.value, unit=row.unit, effective_from=row.effective_from, effective_to=row.effective_to, source=row.source,
        note=row.note, status=status,
    )


def _who(change: ParameterChange | LenderChange) -> dict[str, Any]:
    return {
        "number": change.number, "status": change.status, "request_number": change.request_number, "reason": change.reason,
        "proposed_by": change.proposed_by_name, "proposed_at": change.proposed_at, "decided_by": change.decided_by_name,
        "decided_at": change.decided_at,
    }


def _figure_change(change: ParameterChange) -> FigureChangeOut:
    return FigureChangeOut(
        **_who(change), code=change.code, value=change.value, effective_from=change.effective_from, effective_to=change.effective_to,
        source=change.source,
    )


@router.get("/parameters", response=Page[FigureOut], summary="Every figure as it stands on a day")
@needs(permissions.VIEW)
def figures(request: HttpRequest, on: Day | None = None, q: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    found = queries.figures(on or business_date.current(), text=q)
    return page_of_list(found, cursor, limit, lambda figure: _figure(figure.row, figure.status))


@router.get("/parameters/{code}", response=Page[FigureOut], summary="Every row of a code, newest first within each scope")
@needs(permissions.VIEW)
def history(request: HttpRequest, code: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = queries.history_of(code)
    if not rows:
        raise NotFound(what=code)
    return page_of_list(rows, cursor, limit, _figure)


@router.get("/parameter-changes", response=FigureChangePage, summary="Proposed figures and what became of them")
@needs(permissions.VIEW)
def changes(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(ParameterChange.objects.all(), cursor, limit, _figure_change)


@router.post("/parameter-changes", response={201: FigureChangeOut}, summary="Propose a figure from a day on")
@needs(permissions.PROPOSE_PARAMETER)
def propose(request: HttpRequest, payload: FigureIn) -> Status[FigureChangeOut]:
    said = payload.dict()
    reason = said.pop("reason")
    change = propose_parameter(figure=steps.Figure(**said), reason=reason, business_date=business_date.current(), by=request.actor)
    return Status(201, _figure_change(change))


@router.get("/parameter-changes/{number}", response=FigureChangeOut, summary="One proposed figure")
@needs(permissions.VIEW)
def change(request: HttpRequest, number: str) -> FigureChangeOut:
    return _figure_change(queries.parameter_change(number))


@router.post("/parameter-changes/{number}/approve", response=FigureChangeOut, summary="Agree as the second person")
@needs(permissions.APPROVE_PARAMETER)
def approve(request: HttpRequest, number: str, payload: OpinionIn) -> FigureChangeOut:
    return _figure_change(approve_parameter(change_number=number, opinion=payload.opinion, by=request.actor))


@router.post("/parameter-changes/{number}/reject", response=FigureChangeOut, summary="Refuse, with the reason")
@needs(permissions.APPROVE_PARAMETER)
def reject(request: HttpRequest, number: str, payload: OpinionIn) -> FigureChangeOut:
    return _figure_change(reject_parameter(change_number=number, opinion=payload.opinion, by=request.actor))


class LenderOut(Out):
    name: str
    licence_type: str
    region: str
    uscc: str
    net_assets: Yuan


class LenderIn(In):
    name: Text[120]
    licence_type: Text[40]
    region: Text[6]
    uscc: Text[40]
    net_assets: Amount
    reason: Text[500]


class LenderChangeOut(ChangeOut):
    lender: LenderOut


def _lender_change(change: LenderChange) -> LenderChangeOut:
    return LenderChangeOut(**_who(change), lender=_lender(change))


def _lender(row: Any) -> LenderOut:
    return LenderOut(name=row.name, licence_type=row.licence_type, region=row.region, uscc=row.uscc, net_assets=row.net_assets)


@router.get("/lender", response=LenderOut, summary="Who lends, under which licence")
@needs(permissions.VIEW)
def lender(request: HttpRequest) -> LenderOut:
    return _lender(queries.lender())


@router.get("/lender-changes", response=Page[LenderChangeOut], summary="Proposed particulars and what became of them")
@needs(permissions.VIEW)
def lender_changes(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(LenderChange.objects.all(), cursor, limit, _lender_change)


@router.get("/lender-changes/{number}", response=LenderChangeOut, summary="One proposal of new particulars")
@needs(permissions.VIEW)
def lender_change(request: HttpRequest, number: str) -> LenderChangeOut:
    return _lender_change(queries.lender_change(number))


@router.post("/lender-changes", response={201: LenderChangeOut}, summary="Propose new particulars of the lender")
@needs(permissions.SET_LENDER)
def propose_lender(request: HttpRequest, payload: LenderIn) -> Status[LenderChangeOut]:
    said = {name: getattr(payload, name) for name in ("name", "licence_type", "region", "uscc", "net_assets")}
    change = set_lender(
        particulars=steps.Particulars(**said), reason=payload.reason, business_date=business_date.current(), by=request.actor
    )
    return Status(201, _lender_change(change))


@router.post("/lender-changes/{number}/approve", response=LenderChangeOut, summary="Agree as the second person")
@needs(permissions.APPROVE_LENDER)
def agree_lender(request: HttpRequest, number: str, payload: OpinionIn) -> LenderChangeOut:
    change = approve_lender(change_number=number, opinion=payload.opinion, by=request.actor)
    return _lender_change(change)


@router.post("/lender-changes/{number}/reject", response=LenderChangeOut, summary="Refuse, with the reason")
@needs(permissions.APPROVE_LENDER)
def refuse_lender(request: HttpRequest, number: str, payload: OpinionIn) -> LenderChangeOut:
    change = reject_lender(change_number=number, opinion=payload.opinion, by=request.actor)
    return _lender_change(change)


class PricingIn(In):
    """The facts of one loan; rates are fractions."""

    on: Day | None = None
    licence_type: Text[40] = ""
    product_code: Text[40] = ""
    region: Text[6] = ""
    borrower_kind: str = rules.PERSON
    purpose: Text[40] = rules.PURCHASE
    vehicle_condition: str = rules.NEW
    usage: str = rules.PRIVATE_USE
    energy: str = rules.CONVENTIONAL
    amount: Amount
    price_base: Amount | None = None
    ltv_rate: Rate | None = None
    term_months: Whole
    annual_rate: Rate
    all_in_simple: Rate | None = None
    all_in_compound: Rate | None = None
    penalty_multiple: Rate = Decimal(0)
    misuse_multiple: Rate = Decimal(0)
    deducted_from_principal: Amount = ZERO


class FindingOut(Out):
    code: str
    severity: str
    measure: str
    limit: str
    actual: str
    unit: str
    sentence: str
    source: str


class PricingOut(Out):
    is_allowed: bool
    findings: list[FindingOut]


@router.post("/pricing-checks", response=PricingOut, summary="What the caps say of a loan; nothing is kept")
@needs(permissions.VIEW)
def check(request: HttpRequest, payload: PricingIn) -> PricingOut:
    said = {name: getattr(payload, name) for name in PricingIn.model_fields if name != "on"}
    if not said["licence_type"]:
        profile = queries.lender()
        said |= {"licence_type": profile.licence_type, "region": said["region"] or profile.region}
    try:
        facts = rules.PricingFacts(**said)
    except ValueError as wrong:
        sentence = gettext_lazy("这一项的取值不在允许范围内。")
        raise Invalid(field=str(wrong).split(" ")[0], code="choice_unknown", sentence=sentence) from None
    findings = steps.findings_for(facts, payload.on or business_date.current())
    return PricingOut(is_allowed=not any(f.is_block for f in findings), findings=[_finding(f) for f in findings])


def _finding(finding: rules.Finding) -> FindingOut:
    return FindingOut(
        code=finding.code, severity=finding.severity, measure=finding.measure, limit=f"{finding.limit:f}",
        actual=f"{finding.actual:f}", unit=finding.unit, sentence=steps.sentence_of(finding), source=gettext(finding.source),
    )


class DayOut(Out):
    day: date
    kind: str
    name: str
    is_provisional: bool


class DayIn(In):
    day: Day
    kind: Text[40]
    name: Text[120] = ""
    source: Text[200] = ""


class YearIn(In):
    source: Text[200]


class YearOut(Out):
    year: int
    confirmed: int


@router.get("/calendar/{year}", response=list[DayOut], summary="The days of a year that differ from the plain week")
@needs(permissions.VIEW)
def days(request: HttpRequest, year: int) -> list[DayOut]:
    if not 1900 <= year <= 2100:
        raise NotFound(what=year)
    cells = [cell for _month, cells in queries.calendar_year(year) for cell in cells]
    return [
        DayOut(day=c.day, kind=c.kind, name=c.name, is_provisional=c.is_provisional)
        for c in cells if c.day and c.kind in ("holiday", "shift")
    ]


@router.post("/calendar-days", response=DayOut, summary="Make a coming day a holiday, a working weekend day, or plain")
@needs(permissions.SET_HOLIDAY)
def set_day(request: HttpRequest, payload: DayIn) -> DayOut:
    set_holiday(**payload.dict(), business_date=business_date.current(), by=request.actor)
    return DayOut(day=payload.day, kind=payload.kind, name=payload.name, is_provisional=False)


@router.post("/calendar/{year}/confirm", response=YearOut, summary="Take a year's provisional holidays as announced")
@needs(permissions.SET_HOLIDAY)
def confirm(request: HttpRequest, year: int, payload: YearIn) -> YearOut:
    return YearOut(year=year, confirmed=confirm_holiday_year(year=year, source=payload.source, by=request.actor))


class FieldOut(Out):
    room: str
    model: str
    field: str
    privacy_class: str | None
    encrypted: bool


@router.get("/register", response=Page[FieldOut], summary="Every field with its class of personal data")
@needs(permissions.VIEW_REGISTER)
def register(request: HttpRequest, room: str = "", privacy_class: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(queries.field_register(room=room, privacy_class=privacy_class), cursor, limit, FieldOut.from_orm)
