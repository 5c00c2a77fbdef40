"""Reading what outsiders may see of their own, and whom a code is sent to."""

from __future__ import annotations

from django.db.models import CharField, F, QuerySet, Value
from django.db.models.functions import Concat

from chezhe.compliance import contact_rules
from chezhe.compliance.models import ContactBlock
from chezhe.contracts.models import Contract
from chezhe.customers.models import Customer, CustomerMobile
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.origination.models import Application
from chezhe.portal.models import Account, OutsideSession
from chezhe.servicing.models import Loan

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
    return {row.application_id: row for row in rows.listed("mortgage") if row.application_id is not None}


def loans(actor: Actor) -> QuerySet[Loan]:
    """The actor's own loans, the running ones first."""
    return Loan.objects.visible_to(actor).listed("contract__vehicle", "product_version__product").order_by(
        F("settled_on").desc(nulls_first=True), "-id")[:CARDS_MAX]


def sessions(account: Account) -> QuerySet[OutsideSession]:
    """Where an account is signed in now, newest first."""
    return OutsideSession.objects.filter(account=account, ended_at__isnull=True).order_by("-id")
