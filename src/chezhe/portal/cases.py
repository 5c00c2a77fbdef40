"""Somebody's cases and loans as the pages and the API of the portals show them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chezhe.contracts import permissions as contract_permissions
from chezhe.contracts.models import Contract
from chezhe.finmath.money import Money
from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.origination import permissions as application_permissions
from chezhe.origination.models import Application
from chezhe.portal import progress, queries
from chezhe.portal.progress import Standing
from chezhe.servicing import permissions as loan_permissions
from chezhe.servicing.models import Loan
from chezhe.servicing.states import LOAN


@dataclass(frozen=True, slots=True)
class Card:
    """One case. `who` is the borrower's masked name, for a dealer's people."""

    subject: str
    number: str
    title: Any
    who: str
    car: str
    amount: Money | None
    standing: Standing
    stages: list[tuple[Any, str]]


def cards(actor: Actor) -> list[Card]:
    """The actor's cases, newest first."""
    if not actor.can(application_permissions.VIEW.code):
        return []
    rows = list(queries.applications(actor))
    contracts = queries.contracts(actor, [row.pk for row in rows]) if actor.can(contract_permissions.VIEW.code) else {}
    return [card_of(row, contracts.get(row.pk)) for row in rows]


def card_for(actor: Actor, row: Application) -> Card:
    """One case that was found within the actor's reach."""
    contracts = queries.contracts(actor, [row.pk]) if actor.can(contract_permissions.VIEW.code) else {}
    return card_of(row, contracts.get(row.pk))


def card_of(row: Application, contract: Contract | None) -> Card:
    mortgage = getattr(contract, "mortgage", None)
    loan = getattr(contract, "loan", None)
    now = progress.standing(
        row.status, contract.status if contract else "", mortgage.status if mortgage else "", loan.status if loan else "")
    stages = [
        (label, "done" if place < now.stage or (now.is_over and now.tone == "good") else "current" if place == now.stage else "ahead")
        for place, label in enumerate(progress.STAGES)
    ]
    title = row.product_version.product.label if row.product_version else ""
    car = f"{row.vehicle.brand} {row.vehicle.series}".strip() if row.vehicle else ""
    return Card(row.subject, row.number, title, row.customer.masked_name, car, row.amount, now, stages)


@dataclass(frozen=True, slots=True)
class LoanCard:
    """A loan as its row keeps it: what is due now and when the next instalment is."""

    subject: str
    number: str
    status: Any
    car: str
    principal_left: Money
    due: Money
    next_due_on: Any
    is_late: bool
    is_over: bool


def _loan_card(loan: Loan) -> LoanCard:
    due = loan.principal_due + loan.interest_due + loan.fee_due
    on = business_date.current()
    vehicle = loan.contract.vehicle
    return LoanCard(
        loan.subject, loan.number, LOAN.label(loan.status), f"{vehicle.brand} {vehicle.series}".strip(), loan.principal_left, due,
        loan.next_due_on, on is not None and loan.days_past_due(on) > 0, loan.status == "settled",
    )


def loan_cards(actor: Actor) -> list[LoanCard]:
    """The actor's loans, the running ones first."""
    return [_loan_card(loan) for loan in queries.loans(actor)] if actor.can(loan_permissions.VIEW.code) else []
