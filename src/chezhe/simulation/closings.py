"""From an accepted offer to money sent: papers, signatures, the mortgage, and a payout that five people have touched."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from chezhe.contracts import permissions
from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.confirm_cost_sheet import confirm_cost_sheet
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.register_mortgage import Registration, register_mortgage
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.models import Contract
from chezhe.simulation import paper
from chezhe.simulation.applications import Case
from chezhe.simulation.cast import Cast

OFFICES = {"HZ01": "杭州市公安局交警支队车辆管理所", "NB01": "宁波市公安局交警支队车辆管理所", "SZ01": "深圳市公安局交警支队车辆管理所"}


@dataclass(slots=True)
class Closing:
    """A contract on its way to money."""

    case: Case
    contract_number: str
    stage: str = "prepared"


def prepare(case: Case, cast: Cast, rng: Random, on: date) -> Closing:
    """Print the contract set of an accepted offer."""
    clerk = cast.who(permissions.PREPARE, case.branch_code, rng, apart_from=case.hands)
    contract = prepare_contract(application_number=case.number, business_date=on, by=clerk)
    return Closing(case, contract.number)


def sign(closing: Closing, cast: Cast, rng: Random, on: date) -> None:
    """At the counter: first the cost sheet where the day demands it, then everybody signs."""
    number, branch_code = closing.contract_number, closing.case.branch_code
    clerk = cast.who(permissions.SIGN, branch_code, rng, apart_from=closing.case.hands)
    contract = Contract.objects.get(number=number)
    if contract.needs_cost_sheet:
        confirm_cost_sheet(
            contract_number=number, confirmed_on=on, channel="counter", evidence=paper.scan("cost_sheet"), business_date=on, by=clerk,
        )
    signers = list(contract.parties.values_list("customer__number", flat=True))
    sign_contract(
        contract_number=number, signers=signers, signed_on=on, channel="counter", evidence=paper.scan("signed"), business_date=on, by=clerk,
    )
    closing.stage = "signed"


def register(closing: Closing, cast: Cast, rng: Random, on: date) -> None:
    """The vehicle office notes the mortgage on the certificate."""
    clerk = cast.who(permissions.MORTGAGE, closing.case.branch_code, rng, apart_from=closing.case.hands)
    receipt = Registration(
        office=OFFICES[closing.case.branch_code], receipt_number=f"DY{closing.contract_number.replace('-', '')}", registered_on=on,
    )
    register_mortgage(
        contract_number=closing.contract_number, registration=receipt, evidence=paper.scan("mortgage"), business_date=on, by=clerk,
    )
    closing.stage = "registered"


def pay_out(closing: Closing, cast: Cast, rng: Random, on: date) -> None:
    """One funding clerk makes the payout, another checks it; the bank does the rest."""
    branch_code, hands = closing.case.branch_code, closing.case.hands
    maker = cast.who(permissions.PREPARE_DISBURSEMENT, branch_code, rng, apart_from=hands)
    made = prepare_disbursement(contract_number=closing.contract_number, business_date=on, by=maker)
    checker = cast.who(permissions.CHECK_DISBURSEMENT, branch_code, rng, apart_from=hands | maker.user_ids)
    check_disbursement(disbursement_number=made.number, business_date=on, by=checker)
    closing.stage = "ordered"
