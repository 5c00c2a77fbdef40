"""Writing leads: shared by this room's actions, the public form and the simulation."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from chezhe.channels import choices as channel_choices
from chezhe.channels import steps as channel_steps
from chezhe.customers import queries as customer_queries
from chezhe.customers.models import Customer
from chezhe.finmath.money import Money
from chezhe.identifiers import names, phone
from chezhe.kernel import clock, crypto, events, moves, numbers
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import BusinessError, Invalid, NotFound
from chezhe.leads import errors, rules
from chezhe.leads.models import PREFIX, Lead
from chezhe.leads.states import LEAD, OPEN
from chezhe.staff.models import User
from chezhe.ui import formats
from chezhe.ui.fields import sentence_of


@dataclass(frozen=True, slots=True)
class LeadFacts:
    """What somebody who asks tells us."""

    name: str
    mobile: str
    source: str
    is_company: bool = False
    dealer_number: str = ""
    product_interest: str = ""
    amount_wanted: Money | None = None
    city: str = ""
    note: str = ""


def create(facts: LeadFacts, *, branch_id: int | None, owner_id: int | None, on: date, by: Actor) -> Lead:
    """A new lead, assigned when `owner_id` is given.

    Raises Invalid (422) with the field, or LeadExists, LeadInPool, LeadExistsElsewhere (409) for a mobile with an open lead.
    """
    facts = tidy(facts)
    refuse(facts)
    if branch_id is None:
        raise Invalid(code="no_branch", sentence=_("录入人须属于某个门店。"))
    lead = Lead(
        number=numbers.next_number(PREFIX, on), branch_id=branch_id, owner_id=owner_id, created_on=on, created_at=clock.now(),
        assigned_on=on if owner_id else None,
    )
    put(lead, facts)
    lead.stamp(by)
    save_once(lead, on, by)
    moves.record(lead.subject, "create", "", lead.status, by=by)
    if owner_id:
        moves.move(lead, LEAD, "assign", by=by)
    events.publish("lead.created", lead.subject, {"source": lead.source})
    return lead


def tidy(facts: LeadFacts) -> LeadFacts:
    """As papers print it."""
    name = names.normalise_company(facts.name) if facts.is_company else names.normalise_person(facts.name)
    return replace(facts, name=name, mobile=phone.normalise(facts.mobile), city=facts.city.strip(), note=facts.note.strip())


def refuse(facts: LeadFacts) -> None:
    """Raise Invalid (422) for the first wrong field; a surname alone is enough for a lead (王先生)."""
    judged = names.judge_company(facts.name) if facts.is_company else names.judge_person(facts.name)
    for field, found in (("name", judged.errors), ("mobile", phone.judge(facts.mobile).errors)):
        if found:
            raise Invalid(field=field, code=found[0].code, sentence=sentence_of(found[0]))
    if facts.source not in dict(channel_choices.SOURCES):
        raise Invalid(field="source", code="source_unknown", sentence=_("没有这个来源，请重新选择。"))
    if facts.source == channel_choices.SOURCE_WITH_DEALER and not facts.dealer_number:
        raise errors.DealerNeeded()


def put(lead: Lead, facts: LeadFacts) -> None:
    """Copy the facts on the row; the caller saves. Raises DealerUnknown or DealerClosed for a dealer that may not bring business."""
    lead.name, lead.is_company, lead.source, lead.city, lead.note = facts.name, facts.is_company, facts.source, facts.city, facts.note
    lead.mobile, lead.mobile_tail = facts.mobile, facts.mobile[-4:]
    lead.product_interest, lead.amount_wanted = facts.product_interest, facts.amount_wanted
    if (lead.dealer.number if lead.dealer else "") != facts.dealer_number:
        lead.dealer = channel_steps.active_dealer(facts.dealer_number, lead.branch_id) if facts.dealer_number else None


def facts_of(lead: Lead) -> LeadFacts:
    """The row as values."""
    return LeadFacts(
        name=lead.name, mobile=lead.mobile, source=lead.source, is_company=lead.is_company,
        dealer_number=lead.dealer.number if lead.dealer else "", product_interest=lead.product_interest,
        amount_wanted=lead.amount_wanted, city=lead.city, note=lead.note,
    )


def save_once(lead: Lead, on: date, by: Actor) -> None:
    """Save; the unique index decides when two colleagues take down one call at the same moment."""
    try:
        with transaction.atomic():
            lead.save()
    except IntegrityError:
        refusal = _twin_refusal(lead, on, by)
        if refusal is None:
            raise
        raise refusal from None


def _twin_refusal(lead: Lead, on: date, by: Actor) -> BusinessError | None:
    digest = crypto.blind_index(lead.mobile, kind="mobile")
    twin = Lead.objects.filter(mobile_hash=digest, status__in=OPEN).exclude(pk=lead.pk).select_related("owner").first()
    if twin is None:
        return None
    if twin.is_in_pool(on) and twin.branch_id == lead.branch_id:
        return errors.LeadInPool(number=twin.number)
    if Lead.objects.visible_to(by).filter(pk=twin.pk).exists():
        owner = twin.owner.name if twin.owner else "—"
        return errors.LeadExists(number=twin.number, owner=owner, until=formats.day(twin.protected_until))
    return errors.LeadExistsElsewhere()


def assignee(username: str, lead: Lead, on: date) -> User:
    """A colleague of the lead's branch whose work it is; raises AssigneeUnknown (422)."""
    user = customer_queries.colleague(username, lead.branch_id, on)
    if user is None:
        raise errors.AssigneeUnknown()
    return user


def give(lead: Lead, owner_id: int | None, on: date, by: Actor, reason: str = "") -> None:
    """Put the locked lead in somebody's hands: his protection begins anew."""
    LEAD.require(lead.status, "assign")
    lead.owner_id, lead.assigned_on, lead.touched_on = owner_id, on, None
    lead.touch(by)
    lead.save()
    moves.move(lead, LEAD, "assign", by=by, reason=reason)
    events.publish("lead.assigned", lead.subject, {"owner_id": owner_id})


def lock_own(number: str, by: Actor) -> Lead:
    """A lead in reach, locked, that somebody follows up; raises NotFound (404) or OwnerNeeded (409)."""
    lead = Lead.objects.visible_to(by).lock(number)
    if lead.owner_id is None:
        raise errors.OwnerNeeded(number=number)
    return lead


def lock_for_claim(number: str, on: date, by: Actor) -> Lead:
    """A lead of the actor's branch that lies in the pool, locked; raises NotFound (404) or LeadProtected (409)."""
    rows = Lead.objects.all() if by.reach == Reach.ALL else Lead.objects.filter(branch_id__in=by.branch_ids | {by.branch_id})
    lead = rows.select_for_update(of=("self",)).filter(number=number, status__in=OPEN).first()
    if lead is None:
        raise NotFound(what=number)
    if rules.is_protected(lead.assigned_on, lead.touched_on, on):
        owner = lead.owner.name if lead.owner else "—"
        raise errors.LeadProtected(number=number, owner=owner, until=formats.day(lead.protected_until))
    return lead


def customer_of(number: str, by: Actor) -> Customer:
    """An existing customer named in a form; raises CustomerUnknown (422)."""
    try:
        return Customer.objects.visible_to(by).fetch(number.strip().upper())
    except NotFound:
        raise errors.CustomerUnknown() from None
