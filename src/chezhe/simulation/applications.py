"""From a filed customer to an accepted offer: six steps, papers, consents, two people who decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from chezhe.compliance.actions.grant_consent import grant_consent
from chezhe.compliance.permissions import GRANT_CONSENT
from chezhe.customers.actions.create_person import create_person
from chezhe.customers.values import PersonFacts
from chezhe.documents.actions.upload_document import upload_document
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.origination import permissions, queries, rules
from chezhe.origination.actions.accept_offer import accept_offer
from chezhe.origination.actions.add_party import add_party
from chezhe.origination.actions.save_step import save_step
from chezhe.origination.actions.start_application import start_application
from chezhe.origination.actions.submit_application import submit_application
from chezhe.origination.actions.vote_on_application import vote_on_application
from chezhe.origination.models import Application
from chezhe.simulation import paper
from chezhe.simulation.beginnings import Enquiry
from chezhe.simulation.cast import Cast

PURPOSES = {"P01": "purchase", "P02": "purchase", "P03": "consumption", "P05": "working_capital"}


@dataclass(slots=True)
class Case:
    """An application on its way, with everybody who had a hand in it."""

    enquiry: Enquiry
    number: str
    hands: set[int]

    @property
    def branch_code(self) -> str:
        return self.enquiry.life.branch_code


def apply(enquiry: Enquiry, cast: Cast, rng: Random, on: date) -> Case:
    """Write the six steps and hand the application in."""
    life, seller = enquiry.life, enquiry.seller
    started = start_application(
        customer_number=enquiry.customer_number, product_code=life.product_code, lead_number=enquiry.lead_number,
        business_date=on, by=seller,
    )
    steps = {
        "party": {"purpose": PURPOSES[life.product_code]},
        "vehicle": {"vehicle_number": enquiry.vehicle_number, "price": str(life.car.invoice_price)},
        "finance": {
            "amount": str(life.wanted), "periods": str(min(life.periods, 12 if life.company else 36)),
            "due_day": str(rng.choice((5, 10, 15, 20, 25, 31))), "monthly_income": str(life.income), "monthly_debt": str(life.debts),
        },
    }
    for step, values in steps.items():
        version = Application.objects.get(number=started.number).version
        save_step(
            application_number=started.number, step=step, version=version, values=values, is_draft=False, business_date=on, by=seller,
        )
    application = Application.objects.get(number=started.number)
    if life.guarantor:
        _bring_guarantor(application, life.guarantor, seller, on)
    _file_papers(application, seller)
    _consent(application, cast, rng, seller, on)
    application.refresh_from_db()
    submit_application(application_number=application.number, version=application.version, business_date=on, by=seller)
    return Case(enquiry, application.number, set(seller.user_ids))


def _bring_guarantor(application: Application, guarantor: PersonFacts, seller: Actor, on: date) -> None:
    """The person behind the company stands surety; a customer of ours in their own right."""
    surety = create_person(facts=guarantor, business_date=on, by=seller)
    add_party(application_number=application.number, customer_number=surety.number, role="guarantor", by=seller)


def _file_papers(application: Application, seller: Actor) -> None:
    for category in queries.documents_missing(application):
        upload_document(
            subject=application.subject, category_code=category.code, upload=paper.scan(category.code), by=seller,
        )


def _consent(application: Application, cast: Cast, rng: Random, seller: Actor, on: date) -> None:
    """Everybody who stands for the loan signs what the ledger of consents asks for; the application knows what is missing."""
    clerk = seller if seller.can(GRANT_CONSENT.code) else cast.who(GRANT_CONSENT, cast.code_of(application.branch_id), rng)
    people = [(application.customer, True), *((party.customer, False) for party in application.parties.all())]
    for customer, is_borrower in people:
        for kind in rules.consents_needed(is_person=customer.is_person, is_borrower=is_borrower):
            grant_consent(
                subject=customer.subject, kind=kind, channel="paper", evidence=f"SQ-{application.number}", business_date=on, by=clerk,
            )


def decide(case: Case, cast: Cast, rng: Random, on: date) -> str:
    """The next stage votes; returns the application's status afterwards. Weak ability to repay is rejected with a reason."""
    voter = _voter(case, cast, rng)
    life = case.enquiry.life
    is_weak = life.debts.fen * 100 > life.income.fen * 30 or rng.random() < 0.06
    verdict, opinion = ("reject", "收入覆盖不足") if is_weak else ("agree", "收入与负债核实，车况良好")
    decided = vote_on_application(application_number=case.number, verdict=verdict, opinion=opinion, business_date=on, by=voter)
    case.hands |= voter.user_ids
    return str(decided.status)


def _voter(case: Case, cast: Cast, rng: Random) -> Actor:
    application = Application.objects.select_related("approval").get(number=case.number)
    assert application.approval is not None
    role = application.approval.stage_role
    return cast.who(permissions.DECIDE, case.branch_code, rng, apart_from=case.hands, role=role)


def accept(case: Case, on: date) -> bool:
    """The customer takes the offer, unless it has lapsed."""
    try:
        accept_offer(application_number=case.number, business_date=on, by=case.enquiry.seller)
    except BusinessError:
        return False
    return True
