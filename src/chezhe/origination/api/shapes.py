"""What is sent and answered, the same at every door of applications."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router

from chezhe.kernel import rest
from chezhe.origination import queries
from chezhe.origination.models import Application
from chezhe.origination.states import APPLICATION

router = Router()


class PartyOut(rest.Out):
    customer_number: str
    name: str
    role: str


class StraightOut(rest.Out):
    """How far it went without anybody: `running`, `done` or `left`, with the reason for which people go on."""

    status: str
    reason_code: str
    reason: str
    began_at: datetime
    ended_at: datetime | None


class ApplicationOut(rest.Out):
    number: str
    status: str
    possible: list[str]
    customer_number: str
    customer_name: str
    borrower_kind: str
    lead_number: str | None
    filed_through: str
    product_version: str | None
    vehicle_number: str | None
    further_vehicle_numbers: list[str]
    purpose: str
    price: rest.Yuan | None
    amount: rest.Yuan | None
    periods: int | None
    method: str
    annual_rate: rest.Fraction | None
    due_day: int | None
    monthly_income: rest.Yuan | None
    monthly_debt: rest.Yuan | None
    acceptance: str
    straight: StraightOut | None
    parties: list[PartyOut]
    owner: str
    branch: str
    approval_number: str | None
    copied_from: str | None
    ltv: rest.Fraction | None
    dti: rest.Fraction | None
    tier: str
    score: int | None
    exceptions: int | None
    is_prime: bool
    approval_expires_on: date | None
    opinion: str
    version: int
    created_at: datetime
    submitted_at: datetime | None
    decided_at: datetime | None


def shape(row: Application) -> dict[str, Any]:
    """An application as every door answers it."""
    plain = ("number", "status", "filed_through", "purpose", "price", "amount", "periods", "method", "annual_rate", "due_day",
             "monthly_income", "monthly_debt", "acceptance", "approval_expires_on", "opinion", "ltv", "dti",
             "tier", "score", "exceptions", "is_prime", "version", "created_at", "submitted_at", "decided_at")
    return {name: getattr(row, name) for name in plain} | {
        "possible": APPLICATION.verbs(row.status), "customer_number": row.customer.number, "customer_name": row.customer.masked_name,
        "borrower_kind": row.borrower_kind,
        "lead_number": row.lead.number if row.lead else None, "owner": row.owner.name, "branch": row.branch.name,
        "product_version": row.product_version.number if row.product_version else None,
        "vehicle_number": row.vehicle.number if row.vehicle else None,
        "further_vehicle_numbers": [further.vehicle.number for further in row.further_vehicles.all()],
        "copied_from": row.copied_from.number if row.copied_from else None,
        "approval_number": row.approval.number if row.approval else None,
        "straight": _straight(row),
        "parties": [
            {"customer_number": party.customer.number, "name": party.customer.masked_name, "role": party.role}
            for party in row.parties.all()
        ],
    }


def _straight(row: Application) -> dict[str, Any] | None:
    run = queries.straight_run(row)
    if run is None:
        return None
    return {"reason": str(run.said), **{name: getattr(run, name) for name in ("status", "reason_code", "began_at", "ended_at")}}


def rows_of(request: HttpRequest) -> Any:
    """The applications in reach, with what an answer says of them."""
    return queries.visible(request.actor).prefetch_related("parties__customer", "further_vehicles__vehicle")
