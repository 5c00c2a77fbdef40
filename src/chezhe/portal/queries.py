"""Reading what outsiders may see of their own, and whom a code is sent to."""

from __future__ import annotations

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Concat

from chezhe.compliance import contact_rules
from chezhe.compliance.models import ContactBlock
from chezhe.contracts.models import Contract
from chezhe.customers.models import Customer, CustomerMobile
from chezhe.documents import queries as document_queries
from chezhe.documents.models import StoredFile
from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.origination.models import Application
from chezhe.portal.models import Account, OutsideSession
from chezhe.servicing.models import Loan, Schedule
from chezhe.servicing.papers.kinds import PaperKind
from chezhe.servicing.states import RUNNING

VISITOR = "visitor"
CARDS_MAX = 20


def open_visitor(actor: Actor, number: str) -> Subject:
    """Whoever asks for a code, known by the digest of a mobile number: for the system alone, and in nobody's branch."""
    if actor.kind != "system":
        raise NotFound(what=number)
    return Subject(f"{VISITOR}:{number}", "")


def may_not_be_written_to(mobile_hash: str) -> bool:
    """Whether the number stands in the file of somebody who has died. One question, whoever it belongs to."""
    named = CustomerMobile.objects.filter(mobile_hash=mobile_hash).annotate(
        text=Concat(Value("customer:"), "customer__number", output_field=CharField()))
    return ContactBlock.objects.filter(
        reason=contact_rules.DECEASED, lifted_on__isnull=True, subject_text__in=named.values("text")).exists()


def customer_called(name: str, id_number_hash: str, mobile_hash: str) -> Customer | None:
    """The person of this name and ID number in whose file the mobile number stands."""
    return Customer.objects.filter(
        kind="person", name=name, id_number_hash=id_number_hash, mobiles__mobile_hash=mobile_hash).first()


def is_shared(mobile_hash: str, customer: Customer) -> bool:
    """Whether the number stands in somebody else's file, too."""
    return CustomerMobile.objects.filter(mobile_hash=mobile_hash).exclude(customer=customer).exists()


def applications(actor: Actor) -> QuerySet[Application]:
    """The actor's own, newest first, with what a card shows of them."""
    rows = Application.objects.visible_to(actor).listed("customer", "vehicle", "product_version__product")
    return rows.order_by("-id")[:CARDS_MAX]


def contracts(actor: Actor, application_ids: list[int]) -> dict[int, Contract]:
    """The contract that stands, by application."""
    rows = Contract.objects.visible_to(actor).filter(application_id__in=application_ids).exclude(status="void")
    return {row.application_id: row for row in rows.listed("mortgage", "loan") if row.application_id is not None}


def loans(actor: Actor) -> QuerySet[Loan]:
    """The actor's own loans, the running ones first."""
    return Loan.objects.visible_to(actor).listed("contract__vehicle", "product_version__product").order_by(
        F("settled_on").desc(nulls_first=True), "-id")[:CARDS_MAX]


def sessions(account: Account) -> QuerySet[OutsideSession]:
    """Where an account is signed in now, newest first."""
    return OutsideSession.objects.filter(account=account, ended_at__isnull=True).order_by("-id")


def loan(actor: Actor, number: str) -> Loan:
    """One of the actor's own loans with what its page shows. Raises NotFound (404)."""
    return Loan.objects.visible_to(actor).select_related("customer", "contract__vehicle", "product_version__product").fetch(number)


def customer(actor: Actor) -> Customer:
    """Who the actor is with us. Raises NotFound (404) for somebody who has not shown it."""
    found = Customer.objects.visible_to(actor).first()
    if found is None:
        raise NotFound(what="")
    return found


def instalment_max(actor: Actor) -> Money:
    """The largest instalment of the actor's running loans; nothing without one."""
    plans = Schedule.objects.filter(loan__in=Loan.objects.visible_to(actor).filter(status__in=RUNNING)).order_by("loan_id", "-version")
    found = [max(map(sum, zip(one.principal_fen, one.interest_fen, one.fee_fen, strict=True))) for one in plans.distinct("loan_id")]
    return Money(max(found, default=0))


def papers_of(loan: Loan) -> list[StoredFile]:
    """The papers about a loan that were made before, newest first."""
    return list(document_queries.of(loan.subject).filter(category__in=[kind.value for kind in PaperKind])[:CARDS_MAX])


def case(actor: Actor, number: str) -> tuple[Application, Contract | None]:
    """One of the actor's own applications, with the contract that stands on it. Raises NotFound (404)."""
    row = Application.objects.visible_to(actor).select_related("customer", "vehicle", "product_version__product").fetch(number)
    return row, contracts(actor, [row.pk]).get(row.pk)


def contract(actor: Actor, number: str) -> Contract:
    """One of the actor's own contracts. Raises NotFound (404)."""
    return Contract.objects.visible_to(actor).select_related("customer", "vehicle", "application").fetch(number)


def loan_number_of(contract: Contract) -> str:
    """The loan that was paid out under a contract; empty before."""
    return Loan.objects.filter(contract=contract).values_list("number", flat=True).first() or ""
