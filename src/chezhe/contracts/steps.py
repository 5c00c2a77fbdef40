"""Shared work of the contract room, and what higher rooms ask of it."""

from __future__ import annotations

from datetime import date

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
from chezhe.kernel import clock, events, moves
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.payments import steps as payment_steps

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


def require_conditions(contract: Contract, account: BankAccount, on: date) -> None:
    """Raises ConditionsMissing (409) naming everything that stands between the contract and its money."""
    lacking = rules.missing(casework.readiness_of(contract, account, on))
    if lacking:
        raise errors.ConditionsMissing(lacking, vocabulary.conditions_in_words(lacking))


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
    secured = Mortgage.objects.select_for_update().get(contract=contract)
    heir = Mortgage.objects.select_for_update().filter(follows=secured, status="registered", contract__status="effective").first()
    if secured.status == "registered" and heir is not None:
        moves.move(secured, MORTGAGE, "hand_on", by=by, reason=heir.contract.number)
        heir.follows = None
        heir.save(update_fields=["follows"])
        events.publish("mortgage.handed_on", secured.subject, {"contract": contract.number, "to": heir.contract.number})
    elif secured.status == "registered":
        secured.release_requested_at, secured.release_reason = clock.now(), reason[:200]
        secured.save(update_fields=["release_requested_at", "release_reason"])
        moves.move(secured, MORTGAGE, "request_release", by=by, reason=reason)
        events.publish("mortgage.release_requested", secured.subject, {"contract": contract.number})
    return contract


def withdraw_release(*, contract_number: str, reason: str, by: Actor) -> Contract:
    """The loan was not paid off after all. A mortgage already released stays so, and that is announced."""
    contract = Contract.objects.lock(contract_number)
    if contract.status == "settled":
        moves.move(contract, CONTRACT, "reopen", by=by, reason=reason)
    secured = Mortgage.objects.select_for_update().get(contract=contract)
    if secured.status == "release_requested":
        secured.release_requested_at, secured.release_reason = None, ""
        secured.save(update_fields=["release_requested_at", "release_reason"])
        moves.move(secured, MORTGAGE, "withdraw_release", by=by, reason=reason)
    elif secured.status in ("released", "handed_on"):
        events.publish("mortgage.lost", secured.subject, {"contract": contract.number, "reason": reason})
    return contract
