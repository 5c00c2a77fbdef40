"""Shared work of the contract room, and what higher rooms ask of it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, errors, rules, vocabulary
from chezhe.contracts.collateral import registering, releasing
from chezhe.contracts.conditions import queries as condition_queries
from chezhe.contracts.models import Contract, Disbursement, Leg, Mortgage, Refinancing
from chezhe.contracts.paying import steps as paying_steps
from chezhe.contracts.paying.states import ON_ITS_WAY
from chezhe.contracts.states import CONTRACT, DISBURSEMENT, GONE, MORTGAGE
from chezhe.customers.models import BankAccount
from chezhe.documents import steps as document_steps
from chezhe.documents.models import StoredFile
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.origination import agreeing
from chezhe.origination import rules as application_rules
from chezhe.origination.offers import conditions as approval_conditions
from chezhe.risk.guarantees import steps as guarantee_steps
from chezhe.risk.screening import freezing
from chezhe.vehicles.models import Vehicle

_GUARDED = ("disbursement__contract__application", "disbursement__contract__branch", "disbursement__account", "payee")


class DutyHeld(BusinessError):
    """Somebody who has already acted on the case in another duty, himself or through a delegation."""

    code = "same_person"
    sentence = _("%(name)s 已是这一笔的%(duty)s，%(verb)s须由另一位同事完成。")


def require_own(contract: Contract, by: Actor) -> None:
    """What is the borrower's to do, no other customer does. Raises NotFound (404)."""
    if by.is_outsider and contract.customer_id not in by.party_ids:
        raise NotFound(what=contract.number)


def keep_evidence(contract: Contract, upload: document_steps.Upload | None, category: str, *, by: Actor) -> StoredFile:
    """Keep a scan that proves a signature or a registration. Raises EvidenceMissing (422) or a FileRefused."""
    if upload is None:
        raise errors.EvidenceMissing()
    return document_steps.store(upload, subject=contract.subject, category=category, branch_id=contract.branch_id, by=by)


def require_day(field: str, day: date, *, first: date, last: date) -> None:
    """Raises DayImpossible (422): a paper is not signed before it was made, nor tomorrow."""
    if not first <= day <= last:
        raise errors.DayImpossible(field, first=first, last=last)


def require_other_person(acting: Actor, duties: dict[str, frozenset[int]], verb: str) -> None:
    """Raises DutyHeld (409) when the actor has already held one of `duties` on the case."""
    duty = application_rules.duty_held(acting.user_ids, duties)
    if duty:
        raise DutyHeld(name=acting.name, duty=vocabulary.duty_in_words(duty), verb=DISBURSEMENT.label(verb))


def require_conditions(contract: Contract, account: BankAccount, on: date, *, by: Actor) -> None:
    """Ask for the papers, then measure the coverage anew. Raises BusinessHeld while anybody of the case is frozen, ConditionsMissing, which
    names every paper and device that stands between the contract and its money, RegistrationRefused, CapExceeded, CoverageShort,
    LendingValueMissing, GuarantorNeeded or SuretyUnsigned (409)."""
    freezing.require_free(casework.people_of(contract), by=by)
    registering.require_none_refused(contract)
    lacking = rules.missing(casework.readiness_of(contract, account, on))
    if lacking:
        rows = condition_queries.rows_of(contract)
        raise errors.ConditionsMissing(lacking, vocabulary.in_one_line(condition_queries.label_of(code, rows) for code in lacking))
    if contract.application is not None:
        approval_conditions.require_met(contract.application, approval_conditions.PAYOUT)
    _require_backed(contract, on, by=by)


def _require_backed(contract: Contract, on: date, *, by: Actor) -> None:
    """As long as the money is not out the caps hold by the price and value of the day, and enough stands behind it as it is measured now,
    with a guarantor where the decision asks for one and every guarantor who counts bound by the contract."""
    if contract.application is not None and not casework.is_money_out(contract):
        if not casework.is_partly_out(contract):
            casework.within_caps(contract.application, contract.agreed, on)
        guarantee_steps.require_covered(contract.application.subject, on=on, by=by)
        agreeing.require_guarantor(contract.application)
        _require_bound(contract)


def _require_bound(contract: Contract) -> None:
    unsigned = casework.unsigned_sureties(contract)
    if contract.status != "prepared" and unsigned:
        raise errors.SuretyUnsigned(who=gettext("、").join(f"{one.masked_name} {one.number}" for one in unsigned), contract=contract.number)


def guard_payout(rest: str, by: Actor) -> None:
    """A payout ("DB26-….1.2": part and attempt) is about to be sent, or sent once more, by payments. Raises NotFound (404) for none of
    ours, or what `require_conditions` and the part itself raise."""
    number, place, _attempt = part_of(rest)
    leg = Leg.objects.select_related(*_GUARDED).filter(disbursement__number=number, place=place).first()
    if leg is None:
        raise NotFound(what=rest)
    found, today = leg.disbursement, business_date.current()
    require_conditions(found.contract, found.account, today, by=by)
    paying_steps.require_payable(leg)
    if leg.status == "failed":  # it counts against this day's limits, no longer against those of the day it was ordered on
        paying_steps.require_within_limits(found, leg.amount, today)


def part_of(rest: str) -> tuple[str, int, int]:
    """"DB26-….2.1" is the first attempt of the second part; of what is none of ours part 0 is named."""
    number, _dot, attempt = rest.rpartition(".")
    number, _dot, place = number.rpartition(".")
    return (number, int(place), int(attempt)) if place.isdecimal() and attempt.isdecimal() else (rest, 0, 0)


def fix_payoff(contract_number: str, *, loan_number: str, payoff: Money, on: date, by: Actor) -> Refinancing:
    """What of a signed contract's principal pays off an older loan on `on`. Raises DisbursementStands or WrongState (409)."""
    contract = Contract.objects.lock(contract_number)
    under_way = Disbursement.objects.filter(contract=contract).exclude(status__in=["cancelled", "failed"]).exists()
    is_begun = Leg.objects.filter(disbursement__contract=contract, status__in=ON_ITS_WAY).exists()
    if under_way or is_begun or contract.status not in ("prepared", "signed"):
        raise errors.PayoutStands(contract=contract.number)
    fixed, _made = Refinancing.objects.update_or_create(contract=contract, defaults={
        "loan_number": loan_number, "payoff": payoff, "payoff_on": on, "fixed_by_name": by.name, "fixed_at": clock.now()})
    events.publish("contract.payoff_fixed", contract.subject, {"contract": contract.number, "payoff_fen": payoff.fen, "on": on.isoformat()})
    return fixed


def request_release(*, contract_number: str, reason: str, by: Actor) -> Contract:
    """The loan is paid off: the contract is settled and the mortgage waits to be released, or goes on to the loan that paid it off.
    Asking again changes nothing."""
    contract = Contract.objects.lock(contract_number)
    if contract.status == "effective":
        moves.move(contract, CONTRACT, "settle", by=by, reason=reason)
    secured = Mortgage.objects.select_for_update(no_key=True).get(contract=contract)
    heirs = Mortgage.objects.select_for_update(no_key=True).filter(follows=secured, status="registered", contract__status="effective")
    heir = heirs.first()
    if secured.status == "registered" and heir is not None:
        moves.move(secured, MORTGAGE, "hand_on", by=by, reason=heir.contract.number)
        heir.follows = None
        heir.save(update_fields=["follows"])
        events.publish("mortgage.handed_on", secured.subject, {"contract": contract.number, "to": heir.contract.number})
    else:
        let_go(secured, reason, by=by)
    for further in further_mortgages(contract):
        let_go(further, reason, by=by)
    return contract


def let_go(secured: Mortgage, reason: str, *, by: Actor) -> None:
    """A locked mortgage is not needed any more: a registered one waits for its release, one that was to be registered will not be."""
    if secured.status == "registered":
        ask_release(secured, reason, by=by)
    elif secured.status == "proposed":
        moves.move(secured, MORTGAGE, "cancel", by=by, reason=reason)
        registering.drop(secured, reason, by=by)


def ask_release(secured: Mortgage, reason: str, *, by: Actor, is_alone: bool = False) -> Mortgage:
    """A locked mortgage waits for the vehicle office to take it off the car. Raises WrongState (409)."""
    MORTGAGE.require(secured.status, "request_release")
    secured.release_requested_at, secured.release_reason, secured.is_alone = clock.now(), reason[:200], is_alone
    secured.save(update_fields=["release_requested_at", "release_reason", "is_alone"])
    moves.move(secured, MORTGAGE, "request_release", by=by, reason=reason)
    releasing.order(secured, reason, by=by)
    events.publish("mortgage.release_requested", secured.subject, {"contract": secured.of.number})
    return secured


def keep_mortgage(secured: Mortgage, reason: str, *, by: Actor) -> bool:
    """A locked mortgage is not to be released after all; False when it has left the house already, which is announced."""
    if secured.status == "release_requested":
        secured.release_requested_at, secured.release_reason, secured.is_alone = None, "", False
        secured.save(update_fields=["release_requested_at", "release_reason", "is_alone"])
        moves.move(secured, MORTGAGE, "withdraw_release", by=by, reason=reason)
        releasing.withdraw(secured, reason, by=by)
        return True
    if secured.status in ("released", "handed_on"):
        events.publish("mortgage.lost", secured.subject, {"contract": secured.of.number, "reason": reason})
        return False
    return True


def require_unpledged(vehicle: Vehicle, *, but: str = "") -> None:
    """Raises VehicleMortgaged (409) while a car stands for any loan of ours; the caller holds its lock. A contract that is paid off by a
    new one (`but`) hands its own car on once that is registered."""
    pledged = Mortgage.objects.filter(vehicle=vehicle).exclude(status__in=GONE).first()
    if pledged is None:
        return
    if pledged.contract is None or pledged.contract.number != but or pledged.status != "registered":
        raise errors.VehicleMortgaged(vehicle=vehicle.number, number=pledged.of.number)


def secure(contract: Contract, vehicle: Vehicle, *, by: Actor) -> Mortgage:
    """Propose the mortgage of a further car of a contract."""
    secured = Mortgage.objects.create(further_of=contract, vehicle=vehicle)
    moves.record(secured.subject, "propose", "", secured.status, by=by)
    return secured


def further_mortgages(contract: Contract) -> list[Mortgage]:
    """Those of further cars, locked, in the order of their adding."""
    rows = Mortgage.objects.select_for_update(of=("self",), no_key=True).filter(further_of=contract)
    return list(rows.select_related("vehicle", "further_of").order_by("pk"))


def mortgage_of(contract: Contract, vehicle_number: str = "") -> Mortgage:
    """The contract's own mortgage, or the last one of a further car, locked. Raises NotFound (404)."""
    if vehicle_number in ("", contract.vehicle.number):
        return Mortgage.objects.select_for_update(of=("self",), no_key=True).select_related("vehicle", "contract").get(contract=contract)
    found = [further for further in further_mortgages(contract) if further.vehicle.number == vehicle_number]
    if not found:
        raise NotFound(what=vehicle_number)
    return found[-1]


def request_vehicle_release(*, contract_number: str, vehicle_number: str, reason: str, by: Actor) -> Mortgage:
    """One car of several goes while the loan runs. Raises NotFound (404) or WrongState (409)."""
    return ask_release(mortgage_of(Contract.objects.lock(contract_number), vehicle_number), reason, by=by, is_alone=True)


def withdraw_vehicle_release(*, contract_number: str, vehicle_number: str, reason: str, by: Actor) -> bool:
    """It stays after all; False when the vehicle office has released it already."""
    return keep_mortgage(mortgage_of(Contract.objects.lock(contract_number), vehicle_number), reason, by=by)


def withdraw_release(*, contract_number: str, reason: str, by: Actor) -> Contract:
    """The loan was not paid off after all. A mortgage already released stays so, and that is announced."""
    contract = Contract.objects.lock(contract_number)
    if contract.status == "settled":
        moves.move(contract, CONTRACT, "reopen", by=by, reason=reason)
    for secured in (mortgage_of(contract), *further_mortgages(contract)):
        if not secured.is_alone:
            keep_mortgage(secured, reason, by=by)
    return contract
