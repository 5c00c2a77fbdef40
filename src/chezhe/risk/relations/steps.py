"""Writing traces and outcomes, and finding who looks alike: what rooms above call inside their own actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Q

from chezhe.channels.models import Dealer
from chezhe.customers.models import BankAccount, Customer, CustomerMobile, Relation
from chezhe.identifiers import masks
from chezhe.kernel import appending, clock, crypto, numbers
from chezhe.kernel.composed import Composed
from chezhe.risk.facts import steps as facts
from chezhe.risk.relations import normalising, queries, reading, rules, writing
from chezhe.risk.relations.models import CANDIDATE_PREFIX, Candidate, Outcome, OutcomeRetraction, Trace, Traced
from chezhe.vehicles.models import Vehicle

Values = Mapping[str, str | Iterable[str]]
ALIKE_MAX = 20


def digest_of(kind: str, key: str) -> str:
    """The keyed digest of a comparable value; values of one family have one digest whatever kind they came under."""
    return crypto.blind_index(key, kind=f"trace:{rules.family_of(kind)}")


def trace(subject: str, values: Values, known_at: datetime, *, party: str = "", source: str = "") -> int:
    """Keep that `subject` (`application:A26-…`) left these values: `{"phone": "138…", "device": […]}`; returns how many were new.

    `party` is whom they tell of, without it the subject itself. Values that cannot be compared are left out; the same value of the same
    party and subject is kept once, with the moment at which it was first known. Raises KeyError for a kind that does not exist.
    """
    rows = []
    for kind, given in values.items():
        for text in [given] if isinstance(given, str) else given:
            key = normalising.normalise(kind, text or "")
            if key:
                rows.append(Trace(
                    party=party or subject, subject=subject, kind=kind, digest=digest_of(kind, key), masked=masked(kind, text, key),
                    source=source or subject.partition(":")[0], known_at=known_at, recorded_at=clock.now(),
                ))
    return writing.keep(rows)


def masked(kind: str, text: str, key: str) -> str:
    """How a value may stand on a screen."""
    hide = {
        "phone": masks.mask_mobile, "employer_phone": masks.mask_mobile, "guarantor": masks.mask_id_number, "id": masks.mask_id_number,
        "bank_card": masks.mask_bank_card, "vin": masks.mask_vin, "plate": masks.mask_plate,
    }
    if kind == "address":
        return masks.mask_address(text)[:120]
    if kind == "employer":
        return text.strip()[:120]
    return hide.get(kind, _tail)(key)


def _tail(key: str) -> str:
    """Of a device only its last four."""
    return f"{masks.HIDDEN}{key[-4:]}" if len(key) > 8 else masks.HIDDEN


def trace_customer(customer: Customer, known_at: datetime) -> int:
    """Keep what the customer's own file holds: mobiles, address, employer, cards, cars, number and guarantors; how much was new."""
    values: dict[str, list[str]] = {
        "id": [customer.id_number if customer.is_person else customer.uscc], "address": [customer.address],
        "employer": [customer.employer if customer.is_person else customer.name], "phone": [], "employer_phone": [],
        "bank_card": [account.card_number for account in _ACCOUNTS.objects(customer.pk)],
    }
    for mobile in _MOBILES.objects(customer.pk):
        values["employer_phone" if mobile.purpose == "work" and customer.is_person else "phone"].append(mobile.mobile)
    cars = _CARS.objects(customer.pk)
    values |= {
        "vin": [car.vin for car in cars], "plate": [car.plate for car in cars if car.plate],
        "guarantor": [relation.other.id_number or relation.other.uscc for relation in _GUARANTORS.objects(customer.pk)],
    }
    if not appending.append_once(Traced(customer=customer, traced_at=clock.now())):
        Traced.objects.filter(customer=customer).update(traced_at=clock.now())
    return trace(customer.subject, values, known_at, source="customers")


_ACCOUNTS = Composed(lambda customer: BankAccount.objects.filter(customer=customer, closed_at__isnull=True), -1)
_MOBILES = Composed(lambda customer: CustomerMobile.objects.filter(customer=customer), -1)
_CARS = Composed(lambda customer: Vehicle.objects.filter(owner=customer), -1)
_GUARANTORS = Composed(
    lambda customer: Relation.objects.filter(customer=customer, kind="guarantor", ended_at__isnull=True).select_related("other"), -1)


def trace_dealer(dealer: Dealer, known_at: datetime) -> int:
    """Keep what a dealer's file holds, so that whoever shares its phone, its address or works there is seen; how much was new."""
    values = {"id": dealer.uscc, "phone": dealer.contact_mobile, "address": dealer.address, "employer": dealer.name}
    return trace(dealer.subject, values, known_at, source="channels")


def record_relation_facts(subject: str, known_at: datetime, *, beside: Iterable[str] = (), untold: Iterable[str] = ()) -> None:
    """Write the relation and blacklist facts of a customer, or of an application what else was filed on its car, its plate and by its
    sureties, and whether anything that it or those `beside` it left is listed, as of that moment. Codes in `untold` cannot be known
    this time."""
    if subject.startswith("application:"):
        facts.record_facts(subject, queries.application_facts(subject, known_at), source="relations", known_at=known_at)
    else:
        left_out = dict.fromkeys(untold, "absent")
        found = {code: value for code, value in queries.person_facts(subject, known_at).items() if code not in left_out}
        facts.record_facts(subject, found, source="relations", known_at=known_at)
        facts.refuse_facts(subject, left_out, source="relations", known_at=known_at)
    facts.record_facts(subject, queries.blacklist_facts([subject, *beside], known_at), source="blacklist", known_at=known_at)


def record_company_facts(company: Customer, known_at: datetime, *, behind: Sequence[Customer]) -> None:
    """Write what is asked of companies alone; `behind` speak for it, control it or own it in the end. Their own files are traced first."""
    for one in behind:
        trace_customer(one, known_at)
    found = queries.company_facts(company, known_at, [one.subject for one in behind])
    for code, source in (("same_phone_companies", "relations"), ("owners_on_blacklist", "blacklist")):
        facts.record_facts(company.subject, {code: found[code]}, source=source, known_at=known_at)


def record_outcome(subject: str, kind: str, *, on: date, known_at: datetime, reference: str) -> bool:
    """Keep that a party's loan turned `bad` or ran `good`; `reference` ("loan:L26-…") makes telling it twice harmless,
    as long as it was not taken back in between."""
    if kind not in rules.OUTCOMES:
        raise ValueError(f"unknown outcome: {kind}")
    serial = OutcomeRetraction.objects.filter(outcome__subject=subject, outcome__kind=kind, outcome__reference=reference).count()
    return appending.append_once(Outcome(subject=subject, kind=kind, reference=reference, serial=serial, on=on, known_at=known_at))


def retract_outcome(kind: str, reference: str, *, on: date, known_at: datetime) -> bool:
    """What was told of a loan does not hold any more: from that moment on it counts for nobody. Whether anything was taken back."""
    told = Outcome.objects.filter(kind=kind, reference=reference, retraction=None)
    return bool(appending.insert_new([OutcomeRetraction(outcome=one, on=on, known_at=known_at) for one in told]))


def told_of(kind: str, references: Iterable[str]) -> set[str]:
    """Those of these references of which an outcome of this kind stands already."""
    rows = Outcome.objects.filter(kind=kind, reference__in=list(references), retraction=None)
    return set(rows.values_list("reference", flat=True))


def record_outcomes(told: Iterable[tuple[str, str, date, str]], known_at: datetime) -> None:
    """`record_outcome` of many (subject, kind, on, reference) in one statement; what was told before stays as it is."""
    rows = [Outcome(subject=subject, kind=kind, reference=reference, on=on, known_at=known_at) for subject, kind, on, reference in told]
    unknown = {row.kind for row in rows} - set(rules.OUTCOMES)
    if unknown:
        raise ValueError(f"unknown outcome: {', '.join(sorted(unknown))}")
    Outcome.objects.bulk_create(rows, ignore_conflicts=True)


def find_candidates(customer: Customer) -> list[Candidate]:
    """Compare the customer with those who share values; who is like enough is kept once, open, for a person to judge."""
    known = Candidate.objects.filter(Q(first=customer.subject) | Q(second=customer.subject)).values_list("first", "second")
    met = {party for both in known for party in both}
    others = [party.partition(":")[2] for party in reading.alike(customer.subject, ALIKE_MAX) if party not in met]
    found = {other.number: other for other in Customer.objects.filter(number__in=others)}
    profiles = _profiles([customer, *found.values()])
    mine, kept = profiles[customer.number], []
    for number in others:
        if number not in found:
            continue
        likeness = rules.resemblance(mine, profiles[number])
        if likeness.score >= rules.CANDIDATE_MIN:
            kept += _keep(customer, found[number], likeness)
    return kept


def _profiles(customers: list[Customer]) -> dict[str, rules.Profile]:
    values: dict[str, set[tuple[str, str]]] = {}
    rows = Trace.objects.filter(party__in=[one.subject for one in customers]).values_list("party", "kind", "digest")
    for party, kind, digest in rows:
        values.setdefault(party, set()).add((rules.family_of(kind), digest))
    return {
        one.number: rules.Profile(
            one.subject, one.is_person, one.name, one.pinyin, frozenset(values.get(one.subject, ())), one.birth_date, one.id_number_tail)
        for one in customers
    }


def _keep(one: Customer, other: Customer, likeness: rules.Resemblance) -> list[Candidate]:
    first, second = sorted((one, other), key=lambda customer: customer.subject)
    candidate = Candidate(
        number=numbers.next_number(CANDIDATE_PREFIX, clock.today()), first=first.subject, second=second.subject, first_customer=first,
        second_customer=second, score=likeness.score, reasons=[list(reason) for reason in likeness.reasons],
        suggestion=likeness.suggestion, found_at=clock.now(),
    )
    return [candidate] if appending.append_once(candidate) else []
