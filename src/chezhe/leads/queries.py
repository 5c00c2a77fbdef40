"""Finding and reading leads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce, Greatest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.customers.values import Hit
from chezhe.identifiers import phone
from chezhe.identifiers.text import clean, clean_code
from chezhe.kernel import business_date, clock, crypto, worklist
from chezhe.kernel.actor import Actor, Reach
from chezhe.kernel.errors import Invalid
from chezhe.kernel.subjects import Subject
from chezhe.kernel.worklist import Waiting
from chezhe.leads import rules
from chezhe.leads.models import Lead
from chezhe.leads.states import LEAD, OPEN
from chezhe.staff.models import Branch

CARDS_MAX = 50


def fetch(actor: Actor, number: str) -> Lead:
    """One lead in reach with what its pages show. Raises NotFound (404)."""
    lead: Lead = Lead.objects.visible_to(actor).select_related("owner", "branch", "dealer", "customer").fetch(number)
    return lead



def open_subject(actor: Actor, number: str) -> Subject:
    """A lead as other rooms see it; raises NotFound (404)."""
    lead = Lead.objects.visible_to(actor).fetch(number)
    return Subject(lead.subject, lead.masked_name, reverse("leads:lead", args=[number]), lead.branch_id, lead.owner_id)


def has_open(mobile: str) -> bool:
    """Whether somebody is following this number up already."""
    digest = crypto.blind_index(phone.normalise(mobile), kind="mobile")
    return Lead.objects.filter(mobile_hash=digest, status__in=OPEN).exists()


def open_branches() -> QuerySet[Branch]:
    """Where somebody may go, for whoever asks."""
    return Branch.objects.filter(is_open=True).order_by("code")


def open_branch(code: str) -> Branch:
    """One of them. Raises Invalid (422)."""
    found = open_branches().filter(code=code).first()
    if found is None:
        raise Invalid(field="branch_code", code="branch_unknown", sentence=_("请选择一个正在营业的门店。"))
    return found


def narrowed(leads: QuerySet[Lead], text: str) -> QuerySet[Lead]:
    """Only the leads that what was typed can mean: name, whole mobile or its tail, number."""
    words, code = clean(text), clean_code(text)
    if not words:
        return leads.none()
    meaning = Q(name__icontains=words) | Q(number__istartswith=words)
    if len(code) == 4 and code.isdigit():
        meaning |= Q(mobile_tail=code)
    if phone.judge(phone.normalise(code)).valid:
        meaning |= Q(mobile_hash=crypto.blind_index(phone.normalise(code), kind="mobile"))
    return leads.filter(meaning)


def search(actor: Actor, text: str, limit: int = 10) -> list[Hit]:
    """Leads by name, mobile or tail, or number; masked."""
    if not actor.can("leads.view"):
        return []
    found = narrowed(Lead.objects.visible_to(actor), text).order_by("-id")[:limit]
    return [hit(lead) for lead in found]


def hit(lead: Lead) -> Hit:
    """One line of a search."""
    detail = f"{lead.masked_mobile} · {LEAD.label(lead.status)}"
    return Hit("lead", lead.number, lead.masked_name, detail, reverse("leads:lead", args=[lead.number]))


def pool(actor: Actor, on: date) -> QuerySet[Lead]:
    """The public pool of the actor's branches: open leads that nobody has, or whose protection has run out."""
    rows = Lead.objects.filter(status__in=OPEN)
    if not actor.sees_whole_house:
        branches = set(actor.branch_ids) | ({actor.branch_id} if actor.branch_id else set())
        rows = rows.none() if actor.reach == Reach.NONE or actor.is_outsider else rows.filter(branch_id__in=branches)
    return in_pool(rows, on)


def in_pool(rows: QuerySet[Lead], on: date) -> QuerySet[Lead]:
    """The same as `Lead.is_in_pool`, asked of the database."""
    latest = Greatest("assigned_on", Coalesce("touched_on", "assigned_on"))
    return rows.annotate(held_since=latest).filter(Q(assigned_on__isnull=True) | Q(held_since__lt=rules.pool_before(on)))


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the board; `count` may be more than the cards shown."""

    key: str
    name: Any
    count: int
    cards: list[Lead]


def board(actor: Actor, leads: QuerySet[Lead]) -> list[Column]:
    """The open leads by status, the ones due first."""
    open_leads = leads.filter(status__in=OPEN)
    counts = dict(open_leads.order_by().values_list("status").annotate(count=Count("id")))
    return [
        Column(
            status, LEAD.label(status), counts.get(status, 0),
            list(open_leads.filter(status=status).select_related("owner", "dealer").order_by("touch_next_on", "-id")[:CARDS_MAX]),
        )
        for status in OPEN
    ]


def due(actor: Actor, on: date) -> QuerySet[Lead]:
    """The actor's own leads to get in touch with by a day: never contacted, or the agreed day has come."""
    mine = Lead.objects.filter(owner_id__in=list(actor.user_ids), status__in=OPEN)
    return mine.filter(Q(touch_next_on__lte=on) | Q(status="assigned", touch_next_on__isnull=True)).order_by("touch_next_on", "id")


def unassigned(actor: Actor) -> QuerySet[Lead]:
    """Leads in reach that nobody has."""
    return Lead.objects.visible_to(actor).filter(status="new").order_by("id")


def waiting(lead: Lead) -> Waiting:
    """One line of the home page."""
    due_at = datetime.combine(lead.touch_next_on, time(18), clock.SHANGHAI) if lead.touch_next_on else None
    url, status = reverse("leads:lead", args=[lead.number]), LEAD.label(lead.status)
    return Waiting(lead.masked_name, url, due_at, status, lead.amount_wanted, lead.created_at)


count_due = worklist.Counted(due, mark=date.min, given=business_date.current)
count_unassigned = worklist.Counted(unassigned)


def count_late(actor: Actor, at: datetime) -> int:
    """Agreed contacts whose day has passed."""
    return due(actor, business_date.current()).filter(touch_next_on__lt=at.astimezone(clock.SHANGHAI).date()).count()


def first_due(actor: Actor, how_many: int) -> list[Waiting]:
    return [waiting(lead) for lead in due(actor, business_date.current())[:how_many]]


def first_unassigned(actor: Actor, how_many: int) -> list[Waiting]:
    return [waiting(lead) for lead in unassigned(actor)[:how_many]]


def known_customers(lead: Lead, actor: Actor) -> list[Customer]:
    """Customers in reach with the same mobile: perhaps the lead is one of them."""
    rows = Customer.objects.visible_to(actor).filter(mobiles__mobile_hash=lead.mobile_hash)
    return list(rows.order_by("-id")[:5])
