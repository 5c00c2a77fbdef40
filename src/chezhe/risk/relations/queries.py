"""Asking who belongs together: the facts for a decision, and the ring as one person may see it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from chezhe.channels.models import Dealer
from chezhe.customers.models import BankAccount, Customer, CustomerMobile, Relation
from chezhe.kernel import business_date, clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.risk.relations import reading, rules
from chezhe.risk.relations.models import BlacklistEntry, Candidate, Outcome, Trace, Traced
from chezhe.vehicles.models import Vehicle

# The kind under which the person themselves left the value, and the fact that counts who else left it.
_SHARING = (
    ("phone", "same_phone_people"), ("address", "same_address_people"), ("device", "same_device_people"),
    ("bank_card", "same_card_people"), ("employer_phone", "same_employer_phone_people"),
)
PARTIES_MAX = 10
# An application filed longer ago is no longer open, and what came of it is told by guarantees (`guarantees.queries`).
GUARANTEED_DAYS = 365


def person_facts(party: str, at: datetime) -> dict[str, Any]:
    """The relation facts of one person or company as known at a moment: `same_…_people` count others, `ring_size` includes them.

    `ring_bad_rate` is decimal text. Whoever was looked for and not found is 0 and not unknown.
    """
    reached = reading.reach(party, at)
    people = [one for one in reached.parties if one.startswith("customer:")]
    facts: dict[str, Any] = {}
    for kind, name in _SHARING:
        others = {step.other for step in reached.first if step.kind == kind and step.other.startswith("customer:")}
        facts[name] = min(len(others), rules.COUNT_MAX)
    rate = rules.bad_rate(people, party, reading.turned_bad(people, at))
    return facts | {"ring_size": max(1, len(people)), "ring_bad_rate": f"{rate.normalize():f}"} | _employer_facts(party, at)


def _employer_facts(party: str, at: datetime) -> dict[str, Any]:
    """How many of those with the same employer had turned bad, and which share of them."""
    colleagues = reading.colleagues(party, at)
    bad = reading.turned_bad(colleagues, at)
    rate = rules.bad_rate(colleagues, party, bad)
    return {"employer_bad_people": min(len(bad), rules.COUNT_MAX), "employer_bad_rate": f"{rate.normalize():f}"}


def application_facts(application: str, at: datetime) -> dict[str, Any]:
    """What an application shares with others: its car, the plate of its car on another one, and its sureties (those of a year back)."""
    return {
        "same_vin_applications": reading.applications_on_same_vin(application, at),
        "plate_other_vins": min(reading.other_vins_of_plate(application, at), rules.COUNT_MAX),
        "guarantor_applications": min(
            reading.applications_of_guarantors(application, at, at - timedelta(days=GUARANTEED_DAYS)), rules.COUNT_MAX),
    }


def company_facts(company: Customer, at: datetime, behind: Sequence[str]) -> dict[str, Any]:
    """What is asked of companies alone: how many other companies left its phone (a clerk's or an owner's own phone joins people, and says
    little), and whether something that one of those `behind` it had left by then is listed."""
    steps = reading.level([company.subject], at)
    others = {step.other.partition(":")[2] for step in steps if step.kind == "phone" and step.other.startswith("customer:")}
    companies = Customer.objects.filter(number__in=sorted(others), kind="company").count()
    return {"same_phone_companies": min(companies, rules.COUNT_MAX), "owners_on_blacklist": bool(blacklist_hits(behind, at))}


def blacklist_facts(parties: Sequence[str], at: datetime) -> dict[str, Any]:
    """`on_blacklist`, and if so the sorted reason codes joined by commas, over everything these parties had left by then."""
    reasons = sorted({entry.reason_code for entry in blacklist_hits(parties, at)})
    return {"on_blacklist": True, "blacklist_reasons": ",".join(reasons)} if reasons else {"on_blacklist": False}


def blacklist_hits(parties: Sequence[str], at: datetime) -> list[BlacklistEntry]:
    """The entries in force at `at` whose value one of these had left, or was left in it (an application), by then."""
    digests = Trace.objects.filter(Q(party__in=list(parties)) | Q(subject__in=list(parties)), known_at__lte=at).values("digest")
    entries = BlacklistEntry.objects.filter(digest__in=digests, in_force_at__lte=at).order_by("id")
    on = at.astimezone(clock.SHANGHAI).date()
    return [entry for entry in entries if entry.counts_at(at, on)]


def ring_of(party: str, at: datetime) -> rules.Ring:
    """The whole ring with the values that join it; unmasked by scope, for rules and for `seen_by`."""
    reached = reading.reach(party, at)
    grouped: dict[tuple[str, str], tuple[list[str], str]] = {}
    digests = [digest for digest in reached.digests if not digest.startswith(f"{reading.CONFIRMED}:")]
    for one, digest, kind, masked in reading.details(reached.parties, digests, at):
        kinds, _shown = grouped.setdefault((digest, one), ([], masked))
        kinds.append(kind)
    links = [
        rules.Link(one, rules.family_of(kinds[0]), digest, tuple(kinds), masked) for (digest, one), (kinds, masked) in grouped.items()
    ]
    for candidate in _confirmed(reached.parties, at):
        both = (candidate.first, candidate.second)
        links += [rules.Link(one, reading.CONFIRMED, candidate.number, (candidate.kind,), "") for one in both]
    common = tuple((family, count) for family, _digest, count in reached.common)
    return rules.Ring(party, reached.parties, tuple(links), common, reached.is_cut)


def _confirmed(parties: Sequence[str], at: datetime) -> Iterable[Candidate]:
    still = Q(ended_at__isnull=True) | Q(ended_at__gt=at)
    rows = Candidate.objects.filter(still, first__in=parties, second__in=parties, status__in=["confirmed", "ended"], decided_at__lte=at)
    return rows.order_by("id")


@dataclass(frozen=True, slots=True)
class SeenValue:
    """A value that somebody in reach left: who in reach carries it, and how many others do."""

    family: str
    digest: str
    kinds: tuple[str, ...]
    masked: str
    carriers: tuple[str, ...]
    hidden: int


@dataclass(frozen=True, slots=True)
class SeenRing:
    """A ring within somebody's reach. `hidden` counts the people outside it: no name, number, value or tie of theirs alone is told."""

    centre: Customer
    people: tuple[Customer, ...]
    dealers: tuple[Dealer, ...]
    values: tuple[SeenValue, ...]
    hidden: int
    bad: frozenset[str]
    size: int
    common: tuple[tuple[str, int], ...]
    is_cut: bool
    at: datetime


def seen_by(customer: Customer, at: datetime, by: Actor) -> SeenRing:
    """The customer's ring as `by` may see it."""
    ring = ring_of(customer.subject, at)
    numbers = [party.partition(":")[2] for party in ring.people]
    people = {one.subject: one for one in Customer.objects.visible_to(by).filter(number__in=numbers)}
    people[customer.subject] = customer
    dealers = Dealer.objects.visible_to(by).filter(number__in=[p.partition(":")[2] for p in ring.parties if p.startswith("dealer:")])
    values = _seen_values(ring, {*people, *(dealer.subject for dealer in dealers)})
    return SeenRing(
        centre=customer, people=tuple(people[party] for party in ring.people if party in people), dealers=tuple(dealers),
        values=values, hidden=len(set(ring.people) - set(people)), bad=frozenset(reading.turned_bad(list(people), at)), size=ring.size,
        common=ring.common, is_cut=ring.is_cut, at=at,
    )


def _seen_values(ring: rules.Ring, seen: set[str]) -> tuple[SeenValue, ...]:
    """Values that somebody in reach left and that join them to anybody else."""
    by_value: dict[tuple[str, str], list[rules.Link]] = {}
    for link in ring.links:
        by_value.setdefault((link.family, link.digest), []).append(link)
    found = []
    for (family, digest), links in by_value.items():
        mine = [link for link in links if link.party in seen]
        if mine and len({link.party for link in links}) > 1:
            kinds = tuple(sorted({kind for link in mine for kind in link.kinds}))
            carriers = tuple(sorted(link.party for link in mine))
            found.append(SeenValue(family, digest, kinds, mine[0].masked, carriers, len({link.party for link in links}) - len(carriers)))
    return tuple(found)


def days_known(seen: SeenRing) -> list[date]:
    """The days on which what may be seen of the ring of now came to be known, the last one today: the stops of the date slider."""
    days = reading.days_of([one.subject for one in seen.people], [value.digest for value in seen.values])
    return sorted({*days, clock.today()})


def end_of(on: date) -> datetime:
    """The last moment of a day."""
    return datetime.combine(on, time.max, clock.SHANGHAI)


def parties_of(subject: str) -> list[str]:
    """Whom a subject tells of: a customer of themselves, an application of everybody who left a trace there."""
    if subject.startswith("customer:"):
        return [subject]
    parties = Trace.objects.filter(subject=subject, party__startswith="customer:").values_list("party", flat=True)
    return sorted(set(parties))[:PARTIES_MAX]


def to_trace(most: int) -> list[str]:
    """Numbers of customers whose file has not been gone through since something was added to it or changed; oldest first."""
    traced = Traced.objects.filter(customer=OuterRef("pk"))
    since = Subquery(traced.values("traced_at")[:1])
    parts = (CustomerMobile, BankAccount, Relation)
    added = [part._default_manager.filter(customer=OuterRef("pk"), added_at__gt=OuterRef("since")) for part in parts]
    cars = Vehicle.objects.filter(owner=OuterRef("pk"), changed_at__gt=OuterRef("since"))
    news = Q(since__isnull=True) | Q(changed_at__gt=F("since")) | Exists(cars)
    for rows in added:
        news |= Q(Exists(rows))
    return list(Customer.objects.annotate(since=since).filter(news).order_by("pk").values_list("number", flat=True)[:most])


def candidates(by: Actor) -> Any:
    """Likenesses of which both customers are within reach: who may not see one of the two is not told of the pair."""
    mine = Customer.objects.visible_to(by)
    rows = Candidate.objects.select_related("first_customer", "second_customer")
    return rows if by.sees_whole_house else rows.filter(first_customer__in=mine, second_customer__in=mine)


def about(party: str) -> Q:
    """The likenesses of one party."""
    return Q(first=party) | Q(second=party)


def candidate(number: str, by: Actor) -> Candidate:
    """One likeness; raises NotFound (404) unless both customers are within reach."""
    found: Candidate | None = candidates(by).filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


def open_candidates(by: Actor) -> Any:
    """Likenesses in reach that nobody has judged."""
    return candidates(by).filter(status="open")


def entries_to_review(on: date | None = None) -> Any:
    """Blacklist entries in force whose review has come."""
    day = on or business_date.current()
    running = Q(expires_on__isnull=True) | Q(expires_on__gte=day)
    return BlacklistEntry.objects.filter(running, status="in_force", review_on__lte=day)


def told_by(at: datetime) -> QuerySet[Outcome]:
    """What was told of loans by a moment and had not been taken back then."""
    return Outcome.objects.filter(known_at__lte=at).exclude(retraction__known_at__lte=at)


def outcomes_of(subjects: Iterable[str], at: datetime) -> dict[str, Outcome]:
    """By subject what was told of its loan by a moment: that it turned bad before anything else, otherwise the newest."""
    rows = told_by(at).filter(subject__in=list(subjects)).order_by("known_at", "id")
    return {row.subject: row for row in sorted(rows, key=lambda row: row.kind == "bad")}
