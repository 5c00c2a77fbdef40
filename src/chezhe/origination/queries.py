"""Finding and reading applications."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from chezhe.approvals import queries as approval_queries
from chezhe.approvals.models import ApprovalRequest
from chezhe.compliance import steps as compliance_steps
from chezhe.customers import queries as customer_queries
from chezhe.customers.models import Customer
from chezhe.customers.values import Hit
from chezhe.documents import queries as document_queries
from chezhe.documents.catalogue import Category
from chezhe.identifiers.text import clean, clean_code
from chezhe.kernel.actor import Actor
from chezhe.kernel.readings import Kinds, Meaning, Searched
from chezhe.kernel.scope import Fetching
from chezhe.kernel.subjects import Subject
from chezhe.origination import cars, duties, errors, permissions, rules
from chezhe.origination.models import Application, ApplicationParty, StraightRun
from chezhe.origination.revising import wanting
from chezhe.origination.rules import Filled, Gap, Missing
from chezhe.origination.states import APPLICATION, OPEN
from chezhe.vehicles import queries as vehicle_queries
from chezhe.vehicles.models import Vehicle

HITS_MAX = 10
APPROVAL_KIND = "origination.application"
_WITH = ("customer", "vehicle", "product_version__product", "branch", "owner", "approval", "lead", "copied_from", "straight_run")
_OPENED = Fetching(
    lambda by: Application.objects.visible_to(by).select_related("customer").only(
        "number", "branch", "owner", "customer__kind", "customer__name"))


def visible(actor: Actor) -> QuerySet[Application]:
    """The applications in reach, with what every page shows of them."""
    return Application.objects.visible_to(actor).select_related(*_WITH)


def listed(actor: Actor) -> QuerySet[Application]:
    """The applications in reach, with what a row of a list shows of them."""
    return Application.objects.visible_to(actor).listed("customer", "vehicle", "product_version__product", "branch", "owner")


def open_subject(actor: Actor, number: str) -> Subject:
    """An application as other rooms see it; raises NotFound (404)."""
    application = _OPENED.fetch(number, actor)
    label = f"{application.customer.masked_name} {application.number}"
    return Subject(application.subject, label, page_of(application), application.branch_id, application.owner_id)


def straight_run(application: Application) -> StraightRun | None:
    """How far it went without anybody; None where that was never asked."""
    found: StraightRun | None = getattr(application, "straight_run", None)
    return found


def page_of(application: Application) -> str:
    """Where it is read."""
    return reverse("origination:application", args=[application.number])


def narrowed(applications: QuerySet[Application], text: str) -> QuerySet[Application]:
    """Only those that what was typed can mean: their own number, or whatever finds the customer or the car."""
    if not clean(text):
        return applications.none()
    return applications.filter(_condition(*_meaning_of(text)))


def _meaning_of(text: str) -> Meaning:
    """How the customer is meant and whether it can be a VIN tail; what is looked for are the words, the tail, then the customer's."""
    customer, code = customer_queries.meaning_of(text), clean_code(text)
    tails = [code] if len(code) == 6 and code.isalnum() else []
    return Meaning((customer.kinds, len(tails)), (clean(text), *tails, *customer.values))


def _condition(kinds: tuple[Kinds, int], looked_for: Sequence[str]) -> Q:
    (of_customer, tails), (words, *values) = kinds, looked_for
    customers = Customer.objects.filter(customer_queries.condition(of_customer, values[tails:])).values("pk")
    meaning = Q(number__istartswith=words) | Q(customer_id__in=customers)
    return meaning | Q(vehicle__vin_tail=values[0]) if tails else meaning


_SEARCHED = Searched(
    _condition, lambda by, meant: Application.objects.visible_to(by).listed("customer", "product_version__product").filter(meant).order_by(
        "-id")[:HITS_MAX])


def search(actor: Actor, text: str, limit: int = HITS_MAX) -> list[Hit]:
    """Applications by number, customer or VIN tail; masked."""
    if not actor.can(permissions.VIEW.code) or not clean(text):
        return []
    return [hit(application) for application in _SEARCHED.objects(actor, _meaning_of(text))[:limit]]


def hit(application: Application) -> Hit:
    """One line of a search."""
    detail = f"{APPLICATION.label(application.status)} · {application.product_version.product if application.product_version else ''}"
    return Hit("application", application.number, application.customer.masked_name, detail, page_of(application))


def of_customer(customer_number: str, actor: Actor) -> QuerySet[Application]:
    """Everything a customer applied for or stands for, newest first."""
    beside = ApplicationParty.objects.filter(customer__number=customer_number).values_list("application_id", flat=True)
    return visible(actor).filter(Q(customer__number=customer_number) | Q(pk__in=list(beside))).order_by("-id")


def of_vehicle(vehicle_number: str, actor: Actor) -> QuerySet[Application]:
    """Everything asked on one car, newest first."""
    vehicle = Vehicle.objects.filter(number=vehicle_number).first()
    return visible(actor).filter(cars.with_car(vehicle)).order_by("-id") if vehicle else Application.objects.none()


def approved(number: str, actor: Actor) -> Application:
    """An application whose offer the customer has accepted: the one that a contract is made from.

    Raises NotFound (404) out of reach and NotAccepted (409) in any other status.
    """
    application = visible(actor).fetch(number)
    if application.status != "accepted":
        raise errors.NotAccepted(number=number, status=APPLICATION.label(application.status))
    return application


def requests_of(application: Application, actor: Actor) -> QuerySet[ApprovalRequest]:
    """Every round of approval, newest first, with its votes."""
    return approval_queries.of_subject(application.subject, actor)


def may_vote(application: Application, actor: Actor) -> bool:
    """Whether the open round waits for this actor: right role, not a maker, not voted yet, and no other duty in an earlier round."""
    if application.approval is None or not application.is_in_review or not actor.can(permissions.DECIDE.code):
        return False
    return approval_queries.waiting_for(actor).filter(pk=application.approval_id).exists() and not duties.held_before(application, actor)


# ---- what is missing ------------------------------------------------------------------------------------------


def documents_needed(application: Application) -> tuple[str, ...]:
    """The papers that the product asks for."""
    return application.product_version.terms.documents if application.product_version else ()


def documents_missing(application: Application) -> list[Category]:
    """Those of which neither the application nor its borrower nor its car holds one."""
    places = [application.subject, application.customer.subject]
    if application.vehicle is not None:
        places.append(application.vehicle.subject)
    absent: Iterable[str] = documents_needed(application)
    found: list[Category] = []
    for place in places:
        found = document_queries.missing(place, absent)
        absent = [category.code for category in found]
    return found


def consents_needed(application: Application) -> list[tuple[Customer, tuple[str, ...]]]:
    """Everybody who stands for the loan, the borrower first, and what each must have agreed to."""
    people = [(application.customer, True), *((party.customer, False) for party in application.parties.select_related("customer"))]
    return [
        (person, rules.consents_needed(is_person=person.is_person, is_borrower=is_borrower)) for person, is_borrower in people
    ]


def consents_missing(application: Application, on: date) -> list[Missing]:
    """Who has still to agree to what before the file may be looked at."""
    return [
        Missing(kind=kind, who=person.masked_name)
        for person, kinds in consents_needed(application)
        for kind in kinds
        if not compliance_steps.has_consent(person.subject, kind, on)
    ]


def gaps(application: Application, on: date) -> list[Gap]:
    """Everything that stands between this draft and its submission on a business date."""
    version, vehicle = application.product_version, application.vehicle
    guarantees, further = version.terms.guarantees if version else (), cars.of(application)
    return rules.gaps(Filled(
        has_product=version is not None, purpose=application.purpose,
        needs_guarantor=bool({"guarantor", "controller_guarantee"} & set(guarantees)),
        has_guarantor=application.parties.filter(role="guarantor").exists(), has_vehicle=vehicle is not None,
        price=application.price, price_base=price_base(application, on), amount=application.amount,
        periods=application.periods, annual_rate=application.annual_rate, needs_income=application.customer.is_person,
        monthly_income=application.monthly_income,
        documents_missing=tuple(category.code for category in documents_missing(application)),
        consents_missing=tuple(consents_missing(application, on)),
        spoiled=tuple((step, field) for step, fields in application.draft.items() for field in fields),
        wanted_open=tuple(wanting.still_open(application)),
        cars_of_strangers=tuple(car.number for car in cars.of_strangers(application)) if further else (),
        cars_unvalued=tuple(car.number for car in further if cars.base_of(car, on) is None),
        car_papers_missing=tuple(cars.papers_missing(application)) if further else (),
        is_trade_closed=application.trade is not None and not application.trade.is_in_force,
    ))


def price_base(application: Application, on: date) -> Any:
    """What the application's own car counts for in the loan-to-value ratio on a day (`Money`), None while nothing is known.

    A car that is not being bought counts with its valuation, whatever it once cost.
    """
    vehicle = application.vehicle
    if vehicle is None:
        return None
    if application.purpose == "purchase":
        return vehicle_queries.price_base(vehicle, on, price=application.price)
    return cars.base_of(vehicle, on)


# ---- what waits for whom --------------------------------------------------------------------------------------


def to_complete(actor: Actor) -> QuerySet[Application]:
    """Sent back for more, in reach of whoever writes applications."""
    return visible(actor).filter(status="supplement").order_by("changed_at", "id")


def unfinished(actor: Actor) -> QuerySet[Application]:
    """The actor's own drafts, the longest untouched first."""
    return visible(actor).filter(status="draft", owner_id__in=list(actor.user_ids)).order_by("changed_at", "id")


def offered(actor: Actor, on: date) -> QuerySet[Application]:
    """Approved and still valid on a day, waiting for the customer's answer."""
    return visible(actor).filter(status="approved", approval_expires_on__gte=on).order_by("approval_expires_on", "id")


def unvalued(actor: Actor) -> QuerySet[Application]:
    """On a used car that nobody has valued: without it there is no loan-to-value ratio."""
    rows = visible(actor).filter(status__in=OPEN, vehicle__condition="used", vehicle__valuations__isnull=True)
    return rows.order_by("created_at", "id")
