"""A dealer's cases over REST: filed, supplied with papers, handed in, followed; what was paid and earned."""

from datetime import date
from typing import Any, Literal

from django.http import HttpRequest
from ninja import File, Form, Status, UploadedFile

from chezhe.contracts import permissions as contract_permissions
from chezhe.customers.values import PersonFacts
from chezhe.documents import permissions as document_permissions
from chezhe.documents.actions.upload_document import upload_document
from chezhe.kernel import business_date
from chezhe.kernel.actor import DEALER
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Amount, Day, In, Out, Page, Text, Whole, Yuan, page_of, page_of_list
from chezhe.origination import permissions
from chezhe.origination.actions.answer_wanted import answer_wanted
from chezhe.origination.actions.submit_application import submit_application
from chezhe.portal import dealing
from chezhe.portal import permissions as portal_permissions
from chezhe.portal.actions.file_case import file_case
from chezhe.portal.api.cases import router
from chezhe.portal.d_forms import CAR, PERSON
from chezhe.portal.filing import NewCase
from chezhe.servicing.commission import permissions as commission_permissions
from chezhe.servicing.commission import queries
from chezhe.servicing.models import CommissionLine, CommissionStatement
from chezhe.vehicles.values import VehicleFacts


class PortalNewCaseIn(In):
    """`consent_reference` is the number of the consents that the customer signed."""

    name: Text[40]
    id_number: Text[30]
    mobile: Text[20]
    address: Text[200] = ""
    employer: Text[100] = ""
    monthly_income: Amount
    vin: Text[30]
    brand: Text[40]
    series: Text[40] = ""
    model: Text[80]
    condition: Literal["new", "used"]
    energy_type: Literal[
        "petrol", "diesel", "gas", "hybrid", "plug_in_hybrid", "range_extended", "pure_electric", "fuel_cell"]
    plate: Text[12] = ""
    first_registered_on: Day | None = None
    mileage_km: Whole | None = None
    guide_price: Amount | None = None
    price: Amount
    product_code: Text[20]
    purpose: Text[16]
    amount: Amount
    periods: Whole
    monthly_debt: Amount | None = None
    consent_reference: Text[60]


class PortalFiledOut(Out):
    number: str
    version: int


class PortalWantedOut(Out):
    id: int
    words: str
    kind: str
    is_brought: bool


class PortalBroughtOut(Out):
    case: str
    who: str
    amount: Yuan
    standing: str
    paid_on: date | None
    account_tail: str


class PortalDealerCaseOut(Out):
    """`version` is what handing in asks for; `others` is what is ours to do."""

    number: str
    version: int
    who: str
    standing: str
    what_next: str
    papers: list[str]
    wanted: list[PortalWantedOut]
    others: list[str]
    may_submit: bool
    payouts: list[PortalBroughtOut]


class PortalVersionIn(In):
    version: Whole


class PortalAnswerIn(In):
    answer: Text[200]


class PortalPaperOut(Out):
    category: str
    size: int


class PortalCommissionOut(Out):
    accrued: Yuan
    payable: Yuan
    paid: Yuan
    clawed: Yuan
    owed: Yuan


class PortalEarnedOut(Out):
    case: str
    kind: str
    on: date
    amount: Yuan
    statement: str | None


class PortalStatementOut(Out):
    number: str
    status: str
    as_of: date
    accrued: Yuan
    clawed: Yuan
    brought: Yuan
    payable: Yuan
    left: Yuan
    paid_on: date | None


@router.post("/d/cases", response={201: PortalFiledOut}, summary="Bring a customer, as a draft")
@needs(portal_permissions.FILE_CASE, DEALER)
def new_case(request: HttpRequest, payload: PortalNewCaseIn) -> Status[PortalFiledOut]:
    said = dict(payload)
    case = NewCase(
        person=PersonFacts(**{name: said[name] for name in PERSON}), car=VehicleFacts(**{name: said[name] for name in CAR}),
        **{name: said[name] for name in ("price", "product_code", "purpose", "amount", "periods", "monthly_debt", "consent_reference")},
    )
    made = file_case(case=case, business_date=business_date.current(), by=request.actor)
    return Status(201, PortalFiledOut(number=made.number, version=made.version))


@router.get("/d/cases/{number}", response=PortalDealerCaseOut, summary="One case of the dealer's")
@needs(permissions.VIEW, DEALER)
def one_case(request: HttpRequest, number: str) -> dict[str, Any]:
    found = dealing.case_of(request.actor, number, business_date.current())
    return {
        "number": number, "version": found.application.version, "who": found.card.who, "standing": str(found.card.standing.label),
        "what_next": str(found.card.standing.what_next), "papers": [code for code, _label in found.papers],
        "wanted": [{"id": one.wanted.pk, "words": one.wanted.words, "kind": one.wanted.kind, "is_brought": one.is_brought}
                   for one in found.wanted],
        "others": found.others, "may_submit": found.may_submit, "payouts": [_brought(one) for one in found.payouts],
    }


@router.post("/d/cases/{number}/papers", response={201: PortalPaperOut}, summary="Hand in a paper (multipart)")
@needs(document_permissions.UPLOAD, DEALER)
def paper(request: HttpRequest, number: str, category: Form[str], file: File[UploadedFile]) -> Status[PortalPaperOut]:
    row = dealing.find(request.actor, number)
    kept = upload_document(subject=row.subject, category_code=category, upload=file, by=request.actor)
    return Status(201, PortalPaperOut(category=kept.category, size=kept.size))


@router.post("/d/cases/{number}/wanted/{wanted_id}", response=PortalFiledOut, summary="Say what was done about something wanted")
@needs(permissions.WRITE, DEALER)
def answer(request: HttpRequest, number: str, wanted_id: int, payload: PortalAnswerIn) -> PortalFiledOut:
    row = answer_wanted(application_number=number, wanted_id=wanted_id, answer=payload.answer, by=request.actor)
    return PortalFiledOut(number=row.number, version=row.version)


@router.post("/d/cases/{number}/submit", response=PortalFiledOut, summary="Hand a complete case in")
@needs(permissions.WRITE, DEALER)
def submit(request: HttpRequest, number: str, payload: PortalVersionIn) -> PortalFiledOut:
    row = submit_application(
        application_number=number, version=payload.version, business_date=business_date.current(), by=request.actor)
    return PortalFiledOut(number=row.number, version=row.version)


@router.get("/d/payouts", response=Page[PortalBroughtOut], summary="Money that goes to the dealer's accounts, newest first")
@needs(contract_permissions.VIEW, DEALER)
def payouts(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(dealing.payouts(request.actor), cursor, limit, _brought)


@router.get("/d/commission", response=PortalCommissionOut, summary="What the dealer earned, is owed, was paid and owes back")
@needs(commission_permissions.VIEW, DEALER)
def commission(request: HttpRequest) -> dict[str, Any]:
    found = queries.summary(request.actor)
    return {name: getattr(found, name) for name in ("accrued", "payable", "paid", "clawed", "owed")}


@router.get("/d/commission-lines", response=Page[PortalEarnedOut], summary="Commission loan by loan, newest first")
@needs(commission_permissions.VIEW, DEALER)
def commission_lines(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(queries.lines(request.actor).select_related("loan__contract__application"), cursor, limit, _earned)


@router.get("/d/commission-statements", response=Page[PortalStatementOut], summary="The dealer's statements, newest first")
@needs(commission_permissions.VIEW, DEALER)
def commission_statements(request: HttpRequest, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(queries.statements(request.actor), cursor, limit, _statement)


def _brought(one: dealing.Brought) -> dict[str, Any]:
    return {"case": one.case, "who": one.who, "amount": one.amount, "standing": str(one.label), "paid_on": one.paid_on,
            "account_tail": one.tail}


def _earned(line: CommissionLine) -> dict[str, Any]:
    application = line.loan.contract.application
    stated = line.statement.number if line.statement and line.statement.status != "drawn" else None
    return {"case": application.number if application else "", "kind": line.kind, "on": line.on, "amount": line.amount, "statement": stated}


def _statement(row: CommissionStatement) -> dict[str, Any]:
    same = ("number", "status", "as_of", "accrued", "clawed", "brought", "payable", "left", "paid_on")
    return {name: getattr(row, name) for name in same}
