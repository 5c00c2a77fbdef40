"""Contracts and their mortgages over REST."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from chezhe.contracts import permissions, queries
from chezhe.contracts.actions.add_vehicle import add_vehicle
from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
from chezhe.contracts.actions.confirm_gps import confirm_gps
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.record_release import record_release
from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
from chezhe.contracts.actions.release_unused_mortgage import release_unused_mortgage
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.models import Contract, ContractPaper
from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Day, Fraction, In, MoveOut, Out, Page, Text, Whole, Yuan, page_of, page_of_list

router = Router()


class PartyOut(Out):
    customer_number: str
    role: str
    name: str
    signed_on: date | None


class PaperOut(Out):
    """A printed paper; one that was printed again is void."""

    kind: str
    place: int
    consent: str
    signer_number: str | None
    document_id: str
    code: str
    pages: int
    edition: str
    print_number: int
    pdf_sha256: str
    page_hashes: list[str]
    is_void: bool


class MortgageOut(Out):
    status: str
    vehicle_number: str
    office: str
    receipt_number: str
    registered_on: date | None
    release_requested_at: datetime | None
    release_receipt_number: str
    released_on: date | None


class ConditionOut(Out):
    code: str
    is_met: bool


class ContractRowOut(Out):
    number: str
    status: str
    application_number: str | None
    old_number: str
    taken_over_on: date | None
    customer_number: str
    principal: Yuan
    periods: int
    annual_rate: Fraction | None
    all_in_rate: Fraction | None
    prepared_on: date
    signed_on: date | None
    effective_on: date | None


class GpsOut(Out):
    """What the decision wants fitted, and what somebody confirmed."""

    wired: int
    wireless: int
    devices: str
    fitted_on: date | None
    confirmed_by: str


class GpsIn(In):
    fitted_on: Day
    devices: Text[200]


class ContractOut(ContractRowOut):
    needs_cost_sheet: bool
    cost_sheet_on: date | None
    parties: list[PartyOut]
    papers_status: str
    papers_failure: str
    papers: list[PaperOut]
    mortgage: MortgageOut
    further_mortgages: list[MortgageOut]
    conditions: list[ConditionOut]
    gps: GpsOut
    disbursement_number: str | None


class PrepareIn(In):
    application_number: Text[40]
    account_id: Whole | None = None
    payout_on: Day | None = None


class ReasonIn(In):
    reason: Text[200]


@router.get("/contracts", response=Page[ContractRowOut], summary="Contracts, newest first")
@needs(permissions.VIEW)
def contracts(request: HttpRequest, status: str = "", application_number: str = "", cursor: str = "", limit: int = 50) -> dict[str, Any]:
    rows = queries.contracts(request.actor).select_related("application")
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(application__number=application_number) if application_number else rows
    return page_of(rows, cursor, limit, _row)


@router.post("/contracts", response={201: ContractOut}, summary="Prepare the contract set of an accepted application")
@needs(permissions.PREPARE)
def prepare(request: HttpRequest, payload: PrepareIn) -> tuple[int, dict[str, Any]]:
    made = prepare_contract(**payload.dict(), business_date=business_date.current(), by=request.actor)
    return 201, contract_out(request, made.number)


@router.get("/contracts/{number}", response=ContractOut, summary="One contract")
@needs(permissions.VIEW)
def contract(request: HttpRequest, number: str) -> dict[str, Any]:
    return contract_out(request, number)


@router.get("/contracts/{number}/track", response=Page[MoveOut], summary="Every move of contract, mortgage and payouts, newest first")
@needs(permissions.VIEW)
def track(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of_list(queries.track(queries.contract(number, request.actor)), cursor, limit, MoveOut.of)


@router.post("/contracts/{number}/cost-sheet", response=ContractOut, summary="Record that the cost sheet was confirmed (multipart)")
@needs(permissions.CONFIRM_COSTS)
def cost_sheet(
    request: HttpRequest, number: str, confirmed_on: Form[Day], channel: Form[str], evidence: File[UploadedFile]
) -> dict[str, Any]:
    confirm_cost_sheet(contract_number=number, confirmed_on=confirmed_on, channel=channel, evidence=evidence,
                       business_date=business_date.current(), by=request.actor)
    return contract_out(request, number)


@router.post("/contracts/{number}/sign", response=ContractOut, summary="Record signatures (multipart; signers are customer numbers)")
@needs(permissions.SIGN)
def sign(
    request: HttpRequest, number: str, signers: Form[list[str]], signed_on: Form[Day], channel: Form[str], evidence: File[UploadedFile]
) -> dict[str, Any]:
    sign_contract(contract_number=number, signers=signers, signed_on=signed_on, channel=channel, evidence=evidence,
                  business_date=business_date.current(), by=request.actor)
    return contract_out(request, number)


@router.post("/contracts/{number}/void", response=ContractOut, summary="Take a contract out of use")
@needs(permissions.VOID)
def void(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    void_contract(contract_number=number, reason=payload.reason, by=request.actor)
    return contract_out(request, number)


@router.post("/contracts/{number}/mortgage", response=ContractOut, summary="Record the registration of the mortgage (multipart)")
@needs(permissions.MORTGAGE)
def register(
    request: HttpRequest, number: str, office: Form[str], receipt_number: Form[str], registered_on: Form[Day], evidence: File[UploadedFile],
    vehicle_number: Form[str] = "",
) -> dict[str, Any]:
    said = Registration(office=office, receipt_number=receipt_number, registered_on=registered_on)
    register_mortgage(contract_number=number, registration=said, evidence=evidence, business_date=business_date.current(),
                      vehicle_number=vehicle_number, by=request.actor)
    return contract_out(request, number)


@router.post("/contracts/{number}/gps", response=ContractOut, summary="Confirm that the devices the decision asks for are fitted")
@needs(permissions.CONFIRM_GPS)
def gps(request: HttpRequest, number: str, payload: GpsIn) -> dict[str, Any]:
    confirm_gps(contract_number=number, **payload.dict(), business_date=business_date.current(), by=request.actor)
    return contract_out(request, number)


@router.post("/contracts/{number}/release-unused", response=ContractOut, summary="Ask for the release of a mortgage nothing was paid under")
@needs(permissions.MORTGAGE)
def release_unused(request: HttpRequest, number: str, payload: ReasonIn) -> dict[str, Any]:
    release_unused_mortgage(contract_number=number, reason=payload.reason, by=request.actor)
    return contract_out(request, number)


@router.post("/contracts/{number}/release", response=ContractOut, summary="Record the release of the mortgage (multipart)")
@needs(permissions.MORTGAGE)
def release(
    request: HttpRequest, number: str, receipt_number: Form[str], released_on: Form[Day], evidence: File[UploadedFile],
    vehicle_number: Form[str] = "",
) -> dict[str, Any]:
    record_release(contract_number=number, receipt_number=receipt_number, released_on=released_on, evidence=evidence,
                   business_date=business_date.current(), vehicle_number=vehicle_number, by=request.actor)
    return contract_out(request, number)


@router.post("/contracts/{number}/vehicles", response=ContractOut, summary="Let a further car secure the contract (multipart)")
@needs(permissions.MORTGAGE)
def further(request: HttpRequest, number: str, vehicle_number: Form[str], evidence: File[UploadedFile]) -> dict[str, Any]:
    add_vehicle(contract_number=number, vehicle_number=vehicle_number, evidence=evidence, by=request.actor)
    return contract_out(request, number)


def _row(found: Contract) -> dict[str, Any]:
    same = ("number", "status", "principal", "periods", "annual_rate", "all_in_rate", "prepared_on", "signed_on", "effective_on",
            "old_number", "taken_over_on")
    return {"application_number": found.application.number if found.application else None, "customer_number": found.customer.number,
            **{name: getattr(found, name) for name in same}}


def contract_out(request: HttpRequest, number: str) -> dict[str, Any]:
    """A contract with everything that its page shows."""
    found = queries.contract(number, request.actor)
    payout = queries.current_disbursement(found)
    secured, run = found.mortgage, queries.print_run(found)
    same = ("status", "office", "receipt_number", "registered_on", "release_requested_at", "release_receipt_number", "released_on")
    return {
        **_row(found), "needs_cost_sheet": found.needs_cost_sheet, "cost_sheet_on": found.cost_sheet_on,
        "parties": [{"customer_number": p.customer.number, "role": p.role, "name": p.customer.masked_name, "signed_on": p.signed_on}
                    for p in found.parties.all()],
        "papers_status": run.status if run else "", "papers_failure": run.failure if run else "",
        "papers": [paper_out(paper) for paper in found.papers.all()],
        "mortgage": {"vehicle_number": found.vehicle.number, **{name: getattr(secured, name) for name in same}},
        "further_mortgages": [
            {"vehicle_number": further.vehicle.number, **{name: getattr(further, name) for name in same}}
            for further in queries.further_of(found)
        ],
        "conditions": [{"code": code, "is_met": met} for code, met in queries.conditions(found, business_date.current())],
        "gps": {"wired": found.gps_wired, "wireless": found.gps_wireless, "devices": found.gps_devices, "fitted_on": found.gps_fitted_on,
                "confirmed_by": found.gps_confirmed_by_name},
        "disbursement_number": payout.number if payout else None,
    }


def paper_out(paper: ContractPaper) -> dict[str, Any]:
    """A printed paper for a program."""
    same = ("kind", "place", "code", "edition", "print_number", "pdf_sha256", "page_hashes")
    return {"consent": paper.consent_kind, "signer_number": paper.signer.customer.number if paper.signer else None,
            "document_id": str(paper.file.key), "pages": paper.file.pages, "is_void": paper.voided_at is not None,
            **{name: getattr(paper, name) for name in same}}
