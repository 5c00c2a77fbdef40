"""Reading interviews: of an application, what is asked, and whether one is needed."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet
from django.utils.translation import get_language

from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.kernel import clock, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.kernel.subjects import Subject
from chezhe.origination import queries
from chezhe.origination.interviewing import questions, rules
from chezhe.origination.interviewing.models import Interview
from chezhe.origination.interviewing.questions import Edition, Question
from chezhe.origination.models import Application


def of(application: Application) -> QuerySet[Interview]:
    """Every record, newest first, with what a page shows of it. For code that has opened the application."""
    rows = Interview.objects.filter(application=application).select_related("customer", "corrects", "application")
    return rows.prefetch_related("photos__file", "signatures")


def fetch(application: Application, number: str) -> Interview:
    """One of them; raises NotFound (404)."""
    found = of(application).filter(number=number).first()
    if found is None:
        raise NotFound(what=number[:40])
    return found


def open_subject(actor: Actor, number: str) -> Subject:
    """An interview as other rooms see it, through its application; raises NotFound (404)."""
    behind = queries.open_subject(actor, number.rpartition(".")[0])
    if not Interview.objects.filter(number=number).exists():
        raise NotFound(what=number[:40])
    return Subject(f"interview:{number}", behind.label, f"{behind.url}?tab=interviews", behind.branch_id, behind.owner_id)


def people_of(application: Application) -> list[Customer]:
    """Whom one may interview: the borrower first, then who stands beside."""
    return [application.customer, *(party.customer for party in application.parties.select_related("customer"))]


def asked(application: Application, customer: Customer, held_at: datetime) -> Edition:
    """What is asked of somebody on a day."""
    version = application.product_version
    return questions.asked_on(
        held_at.astimezone(clock.SHANGHAI).date(), borrower=customer.kind, product=version.product.code if version else "")


def words_of(question: Question) -> str:
    """The question in the reader's language."""
    return question.english if (get_language() or "").startswith("en") else question.text


def is_needed(application: Application, on: date) -> bool:
    """Whether the figures in force ask for an interview with the borrower before a contract is made."""
    found = parameters.find_all(["INTERVIEW_AMOUNT_FROM", "INTERVIEW_TIERS"], on)
    floor, tiers = found.get("INTERVIEW_AMOUNT_FROM"), found.get("INTERVIEW_TIERS")
    return rules.is_needed(
        application.amount, application.tier, amount_from=Money(int(Decimal(floor.value) * 100)) if floor else None,
        tiers=tiers.value if tiers else "",
    )


def is_held(application: Application) -> bool:
    """Whether a record with the borrower stands with both signatures."""
    return Interview.objects.filter(application=application, customer_id=application.customer_id, status="signed").exists()
