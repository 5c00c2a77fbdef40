"""Leads over the API; names and mobiles are masked, a whole one is asked for with a reason."""

from datetime import date, datetime
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from chezhe.customers.values import CompanyFacts, PersonFacts
from chezhe.kernel import business_date, rest
from chezhe.kernel.doors import needs
from chezhe.leads import permissions, queries
from chezhe.leads.actions.assign_lead import assign_lead
from chezhe.leads.actions.claim_lead import claim_lead
from chezhe.leads.actions.convert_lead import convert_lead
from chezhe.leads.actions.create_lead import create_lead
from chezhe.leads.actions.edit_lead import edit_lead
from chezhe.leads.actions.lose_lead import lose_lead
from chezhe.leads.actions.mark_duplicate import mark_duplicate
from chezhe.leads.actions.qualify_lead import qualify_lead
from chezhe.leads.actions.record_touch import record_touch
from chezhe.leads.actions.reveal_field import reveal_field
from chezhe.leads.models import Lead, LeadTouch
from chezhe.leads.states import LEAD
from chezhe.leads.steps import LeadFacts

router = Router()
Source = Literal[
    "walk_in", "phone", "website", "repeat", "referral", "dealer", "market", "search_ad", "social", "event", "other"
]
Product = Literal["", "P01", "P02", "P03", "P04", "P05", "P06", "P07", "P08", "P10"]
Marital = Literal["unknown", "single", "married", "divorced", "widowed"]


class LeadIn(rest.In):
    name: rest.Text[100]
    mobile: rest.Text[40]
    source: Source
    is_company: rest.Flag = False
    dealer_number: rest.Text[40] = ""
    product_interest: Product = ""
    amount_wanted: rest.Amount | None = None
    city: rest.Text[40] = ""
    note: rest.Text[1000] = ""
    is_mine: rest.Flag = True
    branch_code: rest.Text[20] = ""


class EditIn(rest.In):
    """Only what is sent is changed; `version` is the one that was read."""

    version: rest.Whole
    name: rest.Text[100] | None = None
    mobile: rest.Text[40] | None = None
    source: Source | None = None
    is_company: rest.Flag | None = None
    dealer_number: rest.Text[40] | None = None
    product_interest: Product | None = None
    amount_wanted: rest.Amount | None = None
    city: rest.Text[40] | None = None
    note: rest.Text[1000] | None = None


class AssignIn(rest.In):
    owner_username: rest.Text[40]
    reason: rest.Text[200] = ""


class TouchIn(rest.In):
    channel: Literal["phone", "visit", "wechat", "sms", "other"]
    outcome: Literal["interested", "callback", "no_answer", "hesitating", "refused", "wrong_number"]
    note: rest.Text[1000] = ""
    touch_next_on: rest.Day | None = None


class LoseIn(rest.In):
    reason_code: rest.Text[40]
    reason: rest.Text[200] = ""


class ReasonIn(rest.In):
    reason: rest.Text[200]


class NoteIn(rest.In):
    reason: rest.Text[200] = ""


class NothingIn(rest.In):
    """An empty object."""


class NewPersonIn(rest.In):
    name: rest.Text[100]
    id_number: rest.Text[40]
    mobile: rest.Text[40]
    address: rest.Text[200] = ""
    marital_status: Marital = "unknown"
    employer: rest.Text[100] = ""
    monthly_income: rest.Amount | None = None


class NewCompanyIn(rest.In):
    name: rest.Text[100]
    uscc: rest.Text[40]
    legal_representative: rest.Text[20]
    mobile: rest.Text[40]
    actual_controller: rest.Text[20] = ""
    registered_capital: rest.Amount | None = None
    established_on: rest.Day | None = None
    industry: rest.Text[60] = ""
    address: rest.Text[200] = ""


class ConvertIn(rest.In):
    """One of the three."""

    customer_number: rest.Text[40] = ""
    person: NewPersonIn | None = None
    company: NewCompanyIn | None = None


class LeadOut(rest.Out):
    number: str
    name: str
    mobile: str
    is_company: bool
    status: str
    possible: list[str]
    source: str
    dealer_number: str | None
    product_interest: str
    amount_wanted: rest.Yuan | None
    city: str
    owner: str | None
    branch: str
    customer_number: str | None
    protected_until: date | None
    touch_next_on: date | None
    lost_reason: str
    version: int
    created_at: datetime


class LeadPage(rest.Out):
    items: list[LeadOut]
    next_cursor: str | None = None


class TouchOut(rest.Out):
    channel: str
    outcome: str
    note: str
    touched_at: datetime
    touched_by: str


class ValueOut(rest.Out):
    value: str


def _shape(lead: Lead) -> dict[str, Any]:
    return {
        "number": lead.number, "name": lead.masked_name, "mobile": lead.masked_mobile, "is_company": lead.is_company,
        "status": lead.status, "possible": LEAD.verbs(lead.status), "source": lead.source,
        "dealer_number": lead.dealer.number if lead.dealer else None, "product_interest": lead.product_interest,
        "amount_wanted": lead.amount_wanted, "city": lead.city, "owner": lead.owner.name if lead.owner else None,
        "branch": lead.branch.name, "customer_number": lead.customer.number if lead.customer else None,
        "protected_until": lead.protected_until, "touch_next_on": lead.touch_next_on, "lost_reason": lead.lost_reason,
        "version": lead.version, "created_at": lead.created_at,
    }


def _rows(request: HttpRequest) -> Any:
    return Lead.objects.visible_to(request.actor).select_related("owner", "branch", "dealer", "customer")


@router.get("", response=LeadPage, summary="Leads in reach, newest first")
@needs(permissions.VIEW)
def leads(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE, status: str = "") -> dict[str, Any]:
    rows = _rows(request)
    return rest.page_of(rows.filter(status=status) if status else rows, cursor, limit, _shape)


@router.get("/pool", response=LeadPage, summary="The public pool of the actor's branches")
@needs(permissions.VIEW)
def pool(request: HttpRequest, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    rows = queries.pool(request.actor, business_date.current()).select_related("owner", "branch", "dealer", "customer")
    return rest.page_of(rows, cursor, limit, _shape)


@router.post("", response={201: LeadOut}, summary="Take down an enquiry")
@needs(permissions.CREATE)
def create(request: HttpRequest, payload: LeadIn) -> tuple[int, dict[str, Any]]:
    given = dict(payload)
    is_mine, branch_code = given.pop("is_mine"), given.pop("branch_code")
    made = create_lead(
        facts=LeadFacts(**given), is_mine=is_mine, branch_code=branch_code, business_date=business_date.current(), by=request.actor
    )
    return 201, _shape(made)


@router.get("/{number}", response=LeadOut, summary="One lead")
@needs(permissions.VIEW)
def lead(request: HttpRequest, number: str) -> dict[str, Any]:
    return _shape(_rows(request).fetch(number))


@router.patch("/{number}", response=LeadOut, summary="Correct what was taken down")
@needs(permissions.FOLLOW)
def edit(request: HttpRequest, number: str, payload: EditIn) -> dict[str, Any]:
    changes = {name: getattr(payload, name) for name in payload.model_fields_set - {"version"}}
    return _shape(edit_lead(
        lead_number=number, version=payload.version, changes=changes, business_date=business_date.current(), by=request.actor
    ))


@router.post("/{number}/assign", response=LeadOut, summary="Give it to a colleague")
@needs(permissions.ASSIGN)
def assign(request: HttpRequest, number: str, payload: AssignIn) -> dict[str, Any]:
    return _shape(assign_lead(
        lead_number=number, owner_username=payload.owner_username, reason=payload.reason, business_date=business_date.current(),
        by=request.actor,
    ))


@router.post("/{number}/claim", response=LeadOut, summary="Take it out of the public pool")
@needs(permissions.FOLLOW)
def claim(request: HttpRequest, number: str, payload: NothingIn) -> dict[str, Any]:
    return _shape(claim_lead(lead_number=number, business_date=business_date.current(), by=request.actor))


@router.get("/{number}/touches", response=rest.Page[TouchOut], summary="Contacts, newest first")
@needs(permissions.VIEW)
def touches(request: HttpRequest, number: str, cursor: str = "", limit: int = rest.PAGE_SIZE) -> dict[str, Any]:
    return rest.page_of(_rows(request).fetch(number).touches.all(), cursor, limit, _touch)


def _touch(t: LeadTouch) -> dict[str, Any]:
    return {"channel": t.channel, "outcome": t.outcome, "note": t.note, "touched_at": t.touched_at, "touched_by": t.touched_by_name}


@router.post("/{number}/touches", response={201: LeadOut}, summary="Write down a contact")
@needs(permissions.FOLLOW)
def touch(request: HttpRequest, number: str, payload: TouchIn) -> tuple[int, dict[str, Any]]:
    return 201, _shape(record_touch(
        lead_number=number, kind=payload.channel, outcome=payload.outcome, note=payload.note, touch_next_on=payload.touch_next_on,
        business_date=business_date.current(), by=request.actor,
    ))


@router.post("/{number}/qualify", response=LeadOut, summary="The customer means it")
@needs(permissions.FOLLOW)
def qualify(request: HttpRequest, number: str, payload: NoteIn) -> dict[str, Any]:
    return _shape(qualify_lead(lead_number=number, reason=payload.reason, by=request.actor))


@router.post("/{number}/lose", response=LeadOut, summary="Close it as lost")
@needs(permissions.FOLLOW)
def lose(request: HttpRequest, number: str, payload: LoseIn) -> dict[str, Any]:
    return _shape(lose_lead(lead_number=number, reason_code=payload.reason_code, reason=payload.reason, by=request.actor))


@router.post("/{number}/duplicate", response=LeadOut, summary="Close it as a duplicate")
@needs(permissions.FOLLOW)
def duplicate(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    return _shape(mark_duplicate(lead_number=number, reason=payload.reason, by=request.actor))


@router.post("/{number}/convert", response=LeadOut, summary="Make a customer of it, new or existing")
@needs(permissions.CONVERT)
def convert(request: HttpRequest, number: str, payload: ConvertIn) -> dict[str, Any]:
    facts: PersonFacts | CompanyFacts | None = None
    if payload.person is not None:
        facts = PersonFacts(**dict(payload.person))
    elif payload.company is not None:
        facts = CompanyFacts(**dict(payload.company))
    return _shape(convert_lead(
        lead_number=number, facts=facts, customer_number=payload.customer_number, business_date=business_date.current(), by=request.actor
    ))


@router.post("/{number}/fields/{field}/reveal", response=ValueOut, summary="Name or mobile in full, for a reason; audited")
@needs(permissions.REVEAL)
def reveal(request: HttpRequest, number: str, field: str, payload: ReasonIn) -> dict[str, Any]:
    """A POST, because addresses end up in logs, and reasons name people."""
    rest.keep_no_answer(request)
    return {"value": reveal_field(lead_number=number, field_code=field, reason=payload.reason, by=request.actor).value}
