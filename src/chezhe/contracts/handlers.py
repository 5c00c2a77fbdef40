"""News from the bank side becomes news of a disbursement, and a case that needs nobody goes on by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from chezhe.contracts import steps
from chezhe.contracts.actions.end_straight_through import end_straight_through
from chezhe.contracts.actions.follow_lane import follow_lane
from chezhe.contracts.actions.invite_to_sign import invite_to_sign
from chezhe.contracts.actions.offer_cost_sheet import offer_cost_sheet
from chezhe.contracts.actions.order_registrations import order_registrations
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.settle_disbursement import settle_disbursement
from chezhe.contracts.collateral import registering
from chezhe.contracts.lane import queries as lane_queries
from chezhe.contracts.lane.rules import HEARD
from chezhe.contracts.models import Contract
from chezhe.contracts.signing import queries as signing_queries
from chezhe.kernel import business_date
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.events import handles
from chezhe.kernel.models import Event
from chezhe.origination.straight import steps as straight


@handles("payout.sent")
@handles("payout.paid")
@handles("payout.failed")
@handles("payout.returned")
def follow_payout(event: Event) -> None:
    """A payout that this room asked for has moved."""
    kind, _, rest = event.payload["reference"].partition(":")
    if kind != "disbursement":
        return
    number, place, attempt = steps.part_of(rest)
    settle_disbursement(
        disbursement_number=number, place=place, attempt=attempt, outcome=event.name.removeprefix("payout."),  # type: ignore[arg-type]
        on=date.fromisoformat(event.payload["on"]), failure_code=event.payload.get("failure_code", ""), by=SYSTEM,
    )


@handles("contract.signed")
@handles("contract.vehicle_added")
@handles("condition.waived")
def register_soon(event: Event) -> None:
    """A mortgage waits for the registries, or has another last day."""
    number = event.payload.get("contract") or event.payload["number"]
    if registering.waits(number):
        order_registrations(contract_number=number, business_date=business_date.current(), by=SYSTEM)


def time_lane(event: Event) -> None:
    """The clock of an application goes on."""
    number = lane_queries.application_of(event.name, event.payload)
    if number:
        follow_lane(news=event.name, application_number=number, at=event.recorded_at, by=SYSTEM)


for _news in HEARD:
    handles(_news)(time_lane)


# ---- straight through: nobody between the submission and the signature ----------------------------------------


@handles("application.accepted")
def make_the_contract(event: Event) -> None:
    """Taken as it was asked for: the contract and its papers follow."""
    number = event.payload["number"]
    if straight.running(number) is not None:
        _or_people(number, prepare_contract, application_number=number, business_date=business_date.current())


@handles("contract.papers_printed")
def offer_the_cost_sheet(event: Event) -> None:
    """The papers are there: the borrower reads what the loan costs, or signs at once where no sheet is asked for."""
    number = _straight(event)
    if not number:
        return
    contract = Contract.objects.get(number=event.payload["number"])
    if contract.needs_cost_sheet and contract.cost_sheet_on is None:
        _or_people(number, offer_cost_sheet, contract_number=contract.number)
    else:
        _invite(number, contract)


@handles("contract.cost_sheet_confirmed")
@handles("contract.party_signed")
def invite_whose_turn_it_is(event: Event) -> None:
    """Whoever signs next gets a link."""
    number = _straight(event)
    if number:
        _invite(number, Contract.objects.get(number=event.payload["number"]))


@handles("contract.signed")
def arrive(event: Event) -> None:
    """Signed, and nobody of the house was needed."""
    number = _straight(event)
    if number:
        end_straight_through(application_number=number, by=SYSTEM)


@handles("contract.printing_failed")
@handles("contract.voided")
@handles("contract.signing_refused")
@handles("contract.signing_failed")
@handles("application.withdrawn")
@handles("application.expired")
def hand_over(event: Event) -> None:
    """Something happened that people have to look after."""
    number = _straight(event)
    if number:
        end_straight_through(application_number=number, reason_code=_HANDED_OVER[event.name], by=SYSTEM)


_HANDED_OVER = {
    "contract.printing_failed": "printing_failed", "contract.voided": "contract_void", "contract.signing_refused": "signing_refused",
    "contract.signing_failed": "signing_failed", "application.withdrawn": "withdrawn", "application.expired": "withdrawn",
}


def _straight(event: Event) -> str:
    """The number of the application that the news is about, if it goes by itself; else empty."""
    number = lane_queries.application_of(event.name, event.payload)
    return number if number and straight.running(number) is not None else ""


def _invite(application_number: str, contract: Contract) -> None:
    """A link to everybody who can sign now and has none that lives."""
    if contract.status != "prepared":
        return
    standing, live = signing_queries.standing(contract), signing_queries.links(contract)
    for party in standing.next_ones:
        if party.pk not in live:
            _or_people(
                application_number, invite_to_sign, contract_number=contract.number, customer_number=party.customer.number,
                business_date=business_date.current())


def _or_people(number: str, verb: Callable[..., Any], /, **arguments: Any) -> None:
    """Do it as the system; what is refused goes to people, with the refusal as the reason."""
    try:
        verb(**arguments, by=SYSTEM)
    except BusinessError as refusal:
        said = straight.sentence_of(refusal)
        end_straight_through(application_number=number, reason_code=refusal.code, reason=said, by=SYSTEM)
