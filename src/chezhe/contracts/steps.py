"""Shared work of the contract room, and what higher rooms ask of it."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework, errors, papers, rules, vocabulary
from chezhe.contracts.models import Contract, ContractPaper, Disbursement, Mortgage, Refinancing
from chezhe.contracts.papers import cost, loan, mortgage
from chezhe.contracts.states import CONTRACT, DISBURSEMENT, MORTGAGE
from chezhe.customers.models import BankAccount
from chezhe.documents import steps as document_steps
from chezhe.documents.models import StoredFile
from chezhe.documents.papers import press
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, events, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.origination import agreeing
from chezhe.payments import steps as payment_steps
from chezhe.risk.guarantees import steps as guarantee_steps
from chezhe.risk.screening import freezing

_PRINTED = (
    ("cost_disclosure_sheet", "cost_sheet", cost.cost_sheet), ("loan_contract", "loan_contract", loan.loan_contract),
    ("mortgage_contract", "mortgage_contract", mortgage.mortgage_contract), ("repayment_schedule", "schedule", loan.schedule),
)


class DutyHeld(BusinessError):
    """Somebody who has already acted on the case in another duty, himself or through a delegation."""

    code = "same_person"
    sentence = _("%(name)s 已是这一笔的%(duty)s，%(verb)s须由另一位同事完成。")


def print_papers(contract: Contract, *, by: Actor) -> list[ContractPaper]:
    """Print the whole set and keep it as papers of record. Raises FactMissing or GlyphMissing (422)."""
    case = casework.case_of(contract)
    kept = []
    for kind, template, data_of in _PRINTED:
        data = data_of(case)
        file = document_steps.store_printed(
            press.print_paper(papers.template(template), data), name=f"{data['title']}-{data['number']}.pdf", subject=contract.subject,
            category=kind, branch_id=contract.branch_id, by=by,
        )
        kept.append(ContractPaper.objects.create(contract=contract, kind=kind, file=file, code=data["code"], printed_at=clock.now()))
    return kept


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
    duty = rules.duty_held(acting.user_ids, duties)
    if duty:
        raise DutyHeld(name=acting.name, duty=vocabulary.duty_in_words(duty), verb=DISBURSEMENT.label(verb))


def require_conditions(contract: Contract, account: BankAccount, on: date, *, by: Actor) -> None:
    """Ask for the papers, then measure the coverage anew. Raises BusinessHeld while anybody of the case is frozen, ConditionsMissing, which
    names every paper and device that stands between the contract and its money, CoverageShort, LendingValueMissing, GuarantorNeeded or
    SuretyUnsigned (409)."""
    freezing.require_free(casework.people_of(contract), by=by)
    lacking = rules.missing(casework.readiness_of(contract, account, on))
    if lacking:
        raise errors.ConditionsMissing(lacking, vocabulary.conditions_in_words(lacking))
    _require_backed(contract, on, by=by)


def _require_backed(contract: Contract, on: date, *, by: Actor) -> None:
    """As long as the money is not out enough stands behind it as it is measured now, with a guarantor where the decision asks for one and
    every guarantor who counts bound by the contract."""
    if contract.application is not None and not casework.is_money_out(contract):
        guarantee_steps.require_covered(contract.application.subject, on=on, by=by)
        agreeing.require_guarantor(contract.application)
        _require_bound(contract)


def _require_bound(contract: Contract) -> None:
    unsigned = casework.unsigned_sureties(contract)
    if contract.status != "prepared" and unsigned:
        raise errors.SuretyUnsigned(who=gettext("、").join(f"{one.masked_name} {one.number}" for one in unsigned), contract=contract.number)


def guard_payout(rest: str, by: Actor) -> None:
    """A payout ("DB26-….1") is about to be sent, or sent once more, by payments. Raises NotFound (404) for none of ours, or what
    `require_conditions` raises."""
    found = Disbursement.objects.select_related("contract__application", "account").filter(number=rest.rpartition(".")[0]).first()
    if found is None:
        raise NotFound(what=rest)
    require_conditions(found.contract, found.account, business_date.current(), by=by)


def order_payout(disbursement: Disbursement, *, by: Actor) -> None:
    """Hand the order to payments; the same attempt can only be ordered once."""
    account, contract = disbursement.account, disbursement.contract
    payout = payment_steps.request_payout(
        reference=disbursement.reference, amount=disbursement.amount, memo=contract.number, branch_id=contract.branch_id, by=by,
        payee=payment_steps.Payee(name=account.holder_name, account=account.card_number),
    )
    disbursement.payout_number = payout.number
    disbursement.save(update_fields=["payout_number"])


def fix_payoff(contract_number: str, *, loan_number: str, payoff: Money, on: date, by: Actor) -> Refinancing:
    """What of a signed contract's principal pays off an older loan on `on`. Raises DisbursementStands or WrongState (409)."""
    contract = Contract.objects.lock(contract_number)
    standing = Disbursement.objects.filter(contract=contract).exclude(status__in=["cancelled", "failed"]).first()
    if standing is not None or contract.status not in ("prepared", "signed"):
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
    elif secured.status == "registered":
        ask_release(secured, reason, by=by)
    for further in further_mortgages(contract):
        if further.status == "registered":
            ask_release(further, reason, by=by)
        elif further.status == "proposed":
            moves.move(further, MORTGAGE, "cancel", by=by, reason=reason)
    return contract


def ask_release(secured: Mortgage, reason: str, *, by: Actor, is_alone: bool = False) -> Mortgage:
    """A locked mortgage waits for the vehicle office to take it off the car. Raises WrongState (409)."""
    MORTGAGE.require(secured.status, "request_release")
    secured.release_requested_at, secured.release_reason, secured.is_alone = clock.now(), reason[:200], is_alone
    secured.save(update_fields=["release_requested_at", "release_reason", "is_alone"])
    moves.move(secured, MORTGAGE, "request_release", by=by, reason=reason)
    events.publish("mortgage.release_requested", secured.subject, {"contract": secured.of.number})
    return secured


def keep_mortgage(secured: Mortgage, reason: str, *, by: Actor) -> bool:
    """A locked mortgage is not to be released after all; False when it has left the house already, which is announced."""
    if secured.status == "release_requested":
        secured.release_requested_at, secured.release_reason, secured.is_alone = None, "", False
        secured.save(update_fields=["release_requested_at", "release_reason", "is_alone"])
        moves.move(secured, MORTGAGE, "withdraw_release", by=by, reason=reason)
        return True
    if secured.status in ("released", "handed_on"):
        events.publish("mortgage.lost", secured.subject, {"contract": secured.of.number, "reason": reason})
        return False
    return True


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
