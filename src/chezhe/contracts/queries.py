"""Reading contracts, their next step and the payout board."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from chezhe.contracts import casework, rules
from chezhe.contracts.collateral import releasing
from chezhe.contracts.conditions import queries as condition_queries
from chezhe.contracts.conditions.queries import Standing
from chezhe.contracts.models import (
    Contract,
    ContractCondition,
    ContractPaper,
    Disbursement,
    Mortgage,
    PayeeAccount,
    PayoutLimit,
    PrintRun,
    Signature,
)
from chezhe.contracts.signing import queries as signing_queries
from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.models import StatusMove
from chezhe.kernel.subjects import Subject
from chezhe.origination.models import Application

BOARD_MAX = 50
# What a paper says is deciphered where it is shown, not where it is listed.
_PAPERS = Prefetch("papers", signing_queries.with_signatures(
    ContractPaper.objects.defer("data", "signer_paper").select_related("file", "signer__customer")))
_ROW = ("customer", "vehicle", "product_version__product", "branch", "owner", "account", "application", "mortgage")


def contracts(actor: Actor) -> QuerySet[Contract]:
    """The contracts an actor may see, with what a row shows."""
    return Contract.objects.visible_to(actor).listed("customer", "vehicle", "product_version__product", "branch", "owner", "mortgage")


def contract(number: str, actor: Actor) -> Contract:
    """One contract with everything its page shows. Raises NotFound (404)."""
    rows = Contract.objects.visible_to(actor).select_related(*_ROW)
    return rows.prefetch_related("parties__customer", _PAPERS, "disbursements__legs").fetch(number)


def paper(number: str, key: str, actor: Actor) -> ContractPaper:
    """One printed paper of a contract, by its code or, for the one that counts, by its kind. Raises NotFound (404)."""
    rows = ContractPaper.objects.filter(contract=contract(number, actor)).select_related("file", "contract")
    found = rows.filter(code=key.upper()).last() or rows.filter(kind=key, voided_at__isnull=True).last()
    if found is None:
        raise NotFound(what=key)
    return found


def digests(paper: ContractPaper) -> set[str]:
    """Of the paper as it was printed and of every form with signatures in it."""
    return {paper.pdf_sha256, *Signature.objects.filter(paper=paper, file__isnull=False).values_list("file__sha256", flat=True)}


def printed_under(code: str) -> ContractPaper | None:
    """Whatever was printed under a code, for whoever holds the paper."""
    return ContractPaper.objects.filter(code=code).defer("data").select_related("file", "contract").first()


def counts(found: ContractPaper) -> bool:
    """Whether a paper still counts: nothing took its place, and its contract is not void."""
    return found.voided_at is None and found.contract.status != "void"


def print_run(found: Contract) -> PrintRun | None:
    """The last run of the press for a contract; None for one that was taken over."""
    return PrintRun.objects.filter(contract=found).defer("papers").order_by("-pk").first()


def disbursement(number: str, actor: Actor) -> Disbursement:
    """One disbursement with its contract. Raises NotFound (404)."""
    rows = Disbursement.objects.visible_to(actor).select_related("account", *(f"contract__{name}" for name in _ROW))
    return rows.prefetch_related("legs__payee").fetch(number)


def current_disbursement(found: Contract) -> Disbursement | None:
    """The payout of a contract that has not been given up; uses what has been prefetched."""
    return next((row for row in found.disbursements.all() if row.status != "cancelled"), None)


def accepted_applications(actor: Actor) -> QuerySet[Application]:
    """待制合同: accepted by the customer, without a contract that stands."""
    standing = Contract.objects.exclude(status="void").exclude(application=None).values("application_id")
    return Application.objects.visible_to(actor).filter(status="accepted").exclude(pk__in=standing)


def waits_for_contract(application_number: str, actor: Actor) -> bool:
    """Whether it is time to make this application's contract."""
    return accepted_applications(actor).filter(number=application_number).exists()


def contracts_of(subject: Subject, actor: Actor) -> QuerySet[Contract]:
    """The contracts of a customer or of an application, newest first. Raises NotFound (404) for another kind of subject."""
    if subject.kind not in ("customer", "application"):
        raise NotFound(what=subject.text)
    of_whom = Q(customer__number=subject.number) if subject.kind == "customer" else Q(application__number=subject.number)
    return contracts(actor).filter(of_whom).order_by("-id")


def sureties(found: Contract) -> list[Customer]:
    """Who stands for the debt besides the borrower: guarantors, mortgagors and the owners of mortgaged cars."""
    parties = found.parties.filter(role__in=["guarantor", "mortgagor"]).values("customer_id")
    owners = Mortgage.objects.filter(Q(contract=found) | Q(further_of=found)).exclude(status="released").values("vehicle__owner_id")
    chosen = Customer.objects.filter(Q(pk__in=parties) | Q(pk__in=owners))
    return list(chosen.exclude(pk=found.customer_id).order_by("pk"))


_UNREGISTERED_ALONG = casework.ALONG.filter(further_of=OuterRef("pk"), status="proposed")
_LACKING_ALONG = casework.LACKING_ALONG.filter(further_of=OuterRef("pk"))


def unsigned(actor: Actor) -> QuerySet[Contract]:
    return contracts(actor).filter(status="prepared")


def unregistered(actor: Actor) -> QuerySet[Contract]:
    """待登记抵押: signed, a car not yet noted at the vehicle office."""
    return contracts(actor).filter(Q(mortgage__status="proposed") | Exists(_UNREGISTERED_ALONG), status="signed")


def payable(actor: Actor) -> QuerySet[Contract]:
    """待经办放款: signed and secured, no payout made yet."""
    begun = Disbursement.objects.exclude(status="cancelled").values("contract_id")
    put_off = ContractCondition.objects.filter(code=rules.MORTGAGE, waived_at__isnull=False).values("contract_id")
    secured = Q(mortgage__status="registered") & ~Exists(_LACKING_ALONG)
    stands = Q(mortgage__status__in=["proposed", "registered"]) & ~Exists(_LACKING_ALONG.exclude(status="proposed"))
    return contracts(actor).filter(secured | Q(pk__in=put_off) & stands, status="signed").exclude(pk__in=begun)


def unchecked(actor: Actor) -> QuerySet[Disbursement]:
    """待放款复核."""
    return _board(actor).filter(status="prepared")


def troubled(actor: Actor) -> QuerySet[Disbursement]:
    """Failed or sent back: somebody must choose another account or give up."""
    return _board(actor).filter(status__in=["failed", "returned"])


def releasable(actor: Actor) -> QuerySet[Mortgage]:
    """待解押."""
    seen = Contract.objects.visible_to(actor)
    rows = Mortgage.objects.filter(Q(contract__in=seen) | Q(further_of__in=seen), status="release_requested")
    return rows.select_related("contract__customer", "further_of__customer", "vehicle")


def further_of(found: Contract) -> list[Mortgage]:
    """The mortgages of further cars."""
    return list(found.further_mortgages.select_related("vehicle", "further_of").order_by("pk"))


def _board(actor: Actor) -> QuerySet[Disbursement]:
    rows = Disbursement.objects.visible_to(actor).select_related("contract__customer", "contract__branch", "account")
    return rows.prefetch_related("legs")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the payout board with all its money, not only what is shown."""

    key: str
    cards: list[Contract] | list[Disbursement]
    count: int
    amount: Money


def board(actor: Actor, on: date) -> list[Column]:
    """Payable, prepared, with the bank, paid today, in trouble."""
    rows = _board(actor)
    return [
        _column("payable", payable(actor), "principal"),
        _column("prepared", rows.filter(status="prepared"), "amount"),
        _column("sent", rows.filter(status__in=["checked", "sent"]), "amount"),
        _column("paid", rows.filter(status="paid", paid_on=on), "amount"),
        _column("troubled", rows.filter(status__in=["failed", "returned"]), "amount"),
    ]


def _column(key: str, rows: QuerySet[Contract] | QuerySet[Disbursement], field: str) -> Column:
    amounts = [getattr(row, field).fen for row in rows.only("pk", field).select_related(None).prefetch_related(None)]
    return Column(key, list(rows.order_by("-pk")[:BOARD_MAX]), len(amounts), Money(sum(amounts)))


def conditions(found: Contract, on: date) -> list[tuple[str, bool]]:
    """Every condition precedent and whether it is met on `on`; what the case does not need is left out."""
    facts = casework.readiness_of(found, found.account, on)
    lacking = set(rules.missing(facts))
    asked = [code for code in rules.CONDITIONS if _is_asked(code, facts)]
    return [(code, code not in lacking) for code in (*asked, *facts.further)]


def standings(found: Contract, on: date) -> list[Standing]:
    """`conditions`, with whose each is, until when, and what people did about it."""
    return condition_queries.standings(found, conditions(found, on), on)


def _is_asked(code: str, facts: rules.Readiness) -> bool:
    needed = {
        rules.COST_SHEET: facts.needs_cost_sheet, rules.PAYOFF: facts.refinances, rules.COVERAGE: facts.is_covered is not None,
        rules.GPS: facts.needs_gps,
    }
    return needed.get(code, True)


def track(found: Contract) -> list[StatusMove]:
    """Every move of the contract, its mortgage and its payouts, newest first."""
    further = [row.subject for row in further_of(found)]
    subjects = [found.subject, found.mortgage.subject, *further, *(row.subject for row in found.disbursements.all())]
    return list(StatusMove.objects.filter(subject__in=subjects).order_by("-id"))


def payout_track(found: Disbursement) -> list[StatusMove]:
    """Every move of a payout, newest first; of one in several parts those of each part, too."""
    legs = list(found.legs.all())
    subjects = [found.subject, *(leg.subject for leg in legs if len(legs) > 1)]
    return list(StatusMove.objects.filter(subject__in=subjects).order_by("-id"))


def open_contract(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    found = Contract.objects.visible_to(actor).select_related("customer").fetch(number)
    return Subject(
        found.subject, f"{found.customer.masked_name} {number}", url=reverse("contracts:contract", args=[number]),
        branch_id=found.branch_id, owner_id=found.owner_id,
    )


def open_disbursement(actor: Actor, number: str) -> Subject:
    """For panels of other rooms."""
    found = Disbursement.objects.visible_to(actor).select_related("contract__customer").fetch(number)
    return Subject(
        found.subject, f"{found.contract.customer.masked_name} {number}", url=reverse("contracts:disbursement", args=[number]),
        branch_id=found.contract.branch_id, owner_id=found.contract.owner_id,
    )


def open_payee(actor: Actor, number: str) -> Subject:
    """For panels of other rooms."""
    found = PayeeAccount.objects.visible_to(actor).fetch(number)
    return Subject(found.subject, f"{found.name} {number}", url=reverse("contracts:payee", args=[number]), branch_id=found.branch_id)


def open_limit(actor: Actor, number: str) -> Subject:
    """For panels of other rooms."""
    found = PayoutLimit.objects.visible_to(actor).fetch(number)
    return Subject(found.subject, number, url=reverse("contracts:limit", args=[number]), branch_id=found.branch_id)


def release_progress(contract_number: str, actor: Actor) -> list[releasing.Progress]:
    """How far the release of a loan's cars is, step by step in order: for the borrower's portal, and anybody within whose reach it is."""
    return releasing.of_loan(contract_number, actor)


def stands_for(application_number: str) -> bool:
    """Whether a contract of this application is neither void nor settled."""
    return Contract.objects.filter(application__number=application_number).exclude(status__in=["void", "settled"]).exists()
