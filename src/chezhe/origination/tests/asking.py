"""Applications for the tests of this room and of those above it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from chezhe.approvals import holding
from chezhe.approvals.models import HeldVerdict
from chezhe.compliance import steps as compliance_steps
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import WANG, person
from chezhe.decisiontables import files
from chezhe.documents import steps as document_steps
from chezhe.documents.tests.corpus import image
from chezhe.documents.tests.people import Cast, hire, make_cast
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, events, jobs, roles
from chezhe.kernel.actor import Actor, Reach
from chezhe.origination import queries, rules
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.actions.start_application import start_application
from chezhe.origination.actions.submit_application import submit_application
from chezhe.origination.actions.vote_on_application import vote_on_application
from chezhe.origination.models import Application
from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding import conditions
from chezhe.risk.deciding.models import DecisionRound
from chezhe.risk.deciding.steps import DECIDE
from chezhe.risk.facts.models import Enquiry
from chezhe.risk.valuing.models import Valuing
from chezhe.vehicles import steps as vehicle_steps
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED, vehicle

TODAY = date(2026, 3, 16)
WORTH = Money(100_000_00)
FIGURES = {
    "amount": "60,000", "periods": "24", "method": "equal_instalment", "annual_rate": "12", "due_day": "20",
    "monthly_income": "12,500", "monthly_debt": "2,100",
}


@dataclass(frozen=True)
class House:
    """Lin sells, Chen reviews, Zhou approves, Qin manages risk; Mei sells in another branch. A customer with a valued car."""

    cast: Cast
    lin: Actor
    chen: Actor
    zhou: Actor
    qin: Actor
    mei: Actor
    wang: Customer
    car: Vehicle


def make_house(*, has_conditions: bool = False) -> House:
    """Nobody reaches a source here, so that no tier is known and the hardest row of the table of limits would hold: unless a test is about
    conditions, this house's own table asks for none."""
    if not has_conditions:
        publish_limits_without_conditions()
    cast = make_cast()
    zhou = hire("周", cast.east, roles.APPROVER, reach=Reach.ALL)
    qin = hire("秦", cast.east, roles.RISK_MANAGER, reach=Reach.ALL)
    wang = person(WANG, cast.lin)
    car = vehicle(USED, wang, cast.lin)
    vehicle_steps.value(car, source="in_house", amount=WORTH, valued_on=TODAY, business_date=TODAY, by=cast.gao)
    return House(cast, cast.lin, cast.chen, zhou, qin, cast.mei, wang, car)


def publish_limits_without_conditions() -> None:
    """A version of the shipped table of limits that asks for no guarantor and no device."""
    shipped = PolicyVersion.objects.select_related("policy").get(policy__code="limits")
    table = files.from_json(shipped.content)
    kept = [place for place, column in enumerate(table.outputs) if column.name not in conditions.HEADINGS]
    version = PolicyVersion(
        policy=shipped.policy, version=shipped.version + 1, number="limits-v2", status="published", effective_from=shipped.effective_from,
        drafted_by_name="", drafted_at=shipped.drafted_at, published_at=shipped.published_at, base=shipped)
    version.write(replace(
        table, outputs=tuple(table.outputs[place] for place in kept),
        rules=tuple(replace(rule, then=tuple(rule.then[place] for place in kept)) for rule in table.rules)))
    version.save()


def start(house: House, *, product: str = "P03", **more: Any) -> Application:
    asked = {"customer_number": house.wang.number, "product_code": product, "business_date": TODAY, "by": house.lin, **more}
    return start_application(**asked)


def save(application: Application, step: str, values: dict[str, Any], house: House, **more: Any) -> Application:
    application.refresh_from_db()
    asked = {"application_number": application.number, "step": step, "version": application.version, "values": values,
             "business_date": TODAY, "by": house.lin, **more}
    return save_step(**asked)


def filled(house: House, **figures: Any) -> Application:
    """A draft with every step but papers and consents."""
    made = start(house)
    save(made, "party", {"purpose": "consumption"}, house)
    save(made, "vehicle", {"vehicle_number": house.car.number}, house)
    return save(made, "finance", {**FIGURES, **figures}, house)


def file_papers(application: Application, by: Actor) -> None:
    """One paper of each kind that the product asks for."""
    for category in queries.documents_missing(application):
        document_steps.store_bytes(
            image(), name=f"{category.code}.jpg", subject=application.subject, category=category.code,
            branch_id=application.branch_id, by=by,
        )


def grant_consents(customer: Customer, by: Actor, *, is_borrower: bool = True) -> None:
    for kind in rules.consents_needed(is_person=customer.is_person, is_borrower=is_borrower):
        compliance_steps.grant(subject=customer.subject, kind=kind, on=TODAY, channel="paper", evidence="SQ-1", by=by)


def complete(house: House, **figures: Any) -> Application:
    """A draft that may be submitted."""
    made = filled(house, **figures)
    file_papers(made, house.lin)
    grant_consents(house.wang, house.lin)
    return made


def hand_in(application: Application, by: Actor, on: date = TODAY) -> Application:
    """Handed in and not decided yet."""
    application.refresh_from_db()
    return submit_application(application_number=application.number, version=application.version, business_date=on, by=by)


def submit(application: Application, by: Actor, on: date = TODAY) -> Application:
    """Handed in and decided by the machine: no source can be reached, so that it goes to the reviewer and the approver."""
    business_date.open_day(on)
    hand_in(application, by, on)
    work()
    application.refresh_from_db()
    return application


def let_count() -> None:
    """What the worker does once the seconds have passed in which a verdict could be taken back."""
    for held in HeldVerdict.objects.filter(status="held"):
        jobs.REGISTRY[holding.JOB](held=held.pk, language="")


def work() -> None:
    """What the worker does of an application that was handed in: it asks the sources, and decides when they have answered."""
    events.deliver_all()
    for valuing in Valuing.objects.filter(status="gathering"):
        jobs.REGISTRY["risk.gather_estimates"](number=valuing.number)
    for batch in sorted(set(Enquiry.objects.filter(status="waiting").values_list("batch", flat=True))):
        jobs.REGISTRY["risk.ask_sources"](batch=batch)
    events.deliver_all()
    for waiting in DecisionRound.objects.filter(status="gathering"):
        jobs.REGISTRY[DECIDE](round_id=waiting.pk)
    events.deliver_all()


def submitted(house: House, **figures: Any) -> Application:
    return submit(complete(house, **figures), house.lin)


def vote(application: Application, by: Actor, verdict: str = "agree", opinion: str = "", on: date = TODAY) -> Application:
    return vote_on_application(
        application_number=application.number, verdict=verdict, opinion=opinion, business_date=on, by=by
    )


def approved(house: House) -> Application:
    made = submitted(house)
    vote(made, house.chen, opinion="收入流水核实无误")
    return vote(made, house.zhou)


def accepted(house: House) -> Application:
    """What the contracts room begins with."""
    return accept_offer(application_number=approved(house).number, business_date=TODAY, by=house.lin)
