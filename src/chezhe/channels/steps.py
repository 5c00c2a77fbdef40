"""Writing dealers: shared by this room's actions and the simulation."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chezhe.channels import errors
from chezhe.channels.models import PREFIX, Dealer, DealerPerson
from chezhe.channels.states import DEALER
from chezhe.identifiers import names, phone, uscc
from chezhe.identifiers.findings import Finding
from chezhe.kernel import clock, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid
from chezhe.ui.fields import sentence_of


@dataclass(frozen=True, slots=True)
class DealerFacts:
    """A dealer as its licence and its contact say; `tier` is A to D."""

    kind: str
    name: str
    uscc: str
    tier: str
    city: str
    address: str = ""
    contact_name: str = ""
    contact_mobile: str = ""


FACT_NAMES = tuple(field.name for field in fields(DealerFacts))


def create(facts: DealerFacts, *, branch_id: int | None, owner_id: int | None, on: date, by: Actor) -> Dealer:
    """A new dealer, active. Raises Invalid (422) with the field or DealerExists (409)."""
    facts = tidy(facts)
    refuse(facts)
    if branch_id is None or owner_id is None:
        raise Invalid(code="no_branch", sentence=_("登记人须属于某个门店。"))
    dealer = Dealer(number=numbers.next_number(PREFIX, on), branch_id=branch_id, owner_id=owner_id, created_at=clock.now())
    put(dealer, facts)
    dealer.stamp(by)
    save_once(dealer)
    moves.record(dealer.subject, "create", "", dealer.status, by=by)
    return dealer


def add_person(dealer: Dealer, name: str, mobile: str, by: Actor) -> DealerPerson:
    """Somebody who may sign in for a locked dealer. Raises Invalid (422), DealerClosed or DealerPersonExists (409)."""
    name, mobile = names.normalise_person(name), phone.normalise(mobile)
    for field, found in (("name", names.judge_person(name).errors), ("mobile", phone.judge(mobile).errors)):
        if found:
            raise Invalid(field=field, code=found[0].code, sentence=sentence_of(found[0]))
    if dealer.status != "active":
        raise errors.DealerClosed(number=dealer.number, status=DEALER.label(dealer.status))
    person = DealerPerson(dealer=dealer, name=name, mobile=mobile, added_at=clock.now(), added_by_name=by.name)
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise errors.DealerPersonExists() from None
    return person


def tidy(facts: DealerFacts) -> DealerFacts:
    """As papers print it."""
    return replace(
        facts, name=names.normalise_company(facts.name), uscc=uscc.normalise(facts.uscc), city=facts.city.strip(),
        contact_name=names.normalise_person(facts.contact_name), contact_mobile=phone.normalise(facts.contact_mobile),
    )


def refuse(facts: DealerFacts) -> None:
    """Raise Invalid (422) for the first wrong field."""
    judged: list[tuple[str, tuple[Finding, ...]]] = [
        ("name", names.judge_company(facts.name).errors), ("uscc", uscc.judge(facts.uscc).errors),
        ("contact_name", names.judge_person(facts.contact_name).errors if facts.contact_name else ()),
        ("contact_mobile", phone.judge(facts.contact_mobile).errors if facts.contact_mobile else ()),
    ]
    for field, found in judged:
        if found:
            raise Invalid(field=field, code=found[0].code, sentence=sentence_of(found[0]))


def put(dealer: Dealer, facts: DealerFacts) -> None:
    """Copy the facts on the row; the caller saves."""
    for name in FACT_NAMES:
        setattr(dealer, name, getattr(facts, name))


def save_once(dealer: Dealer) -> None:
    """Save; a company is a dealer once in the whole house, and a dealer's name is no secret."""
    try:
        with transaction.atomic():
            dealer.save()
    except IntegrityError:
        twin = Dealer.objects.filter(uscc=dealer.uscc).exclude(pk=dealer.pk).first()
        if twin is None:
            raise
        raise errors.DealerExists(number=twin.number, name=twin.name) from None


def active_dealer(number: str, branch_id: int | None) -> Dealer:
    """The dealer of a branch that may bring business now. Raises DealerUnknown (422) or DealerClosed (409)."""
    dealer = Dealer.objects.filter(number=number.strip().upper(), branch_id=branch_id).first()
    if dealer is None:
        raise errors.DealerUnknown()
    if dealer.status != "active":
        raise errors.DealerClosed(number=dealer.number, status=DEALER.label(dealer.status))
    return dealer
