"""Holding customers, and who stands behind them, against the lists; what is like enough is kept for a person to judge."""

from __future__ import annotations

from collections.abc import Sequence

from chezhe.customers import search_keys
from chezhe.customers.models import Customer
from chezhe.kernel import appending, bulk, clock, events, moves, numbers, parameters
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.composed import Composed
from chezhe.risk.relations.normalising import identity_key
from chezhe.risk.relations.steps import digest_of
from chezhe.risk.screening import lists, reading, rules, watching
from chezhe.risk.screening.models import (
    FREEZING,
    HIT_PREFIX,
    Hit,
    HitTurn,
    Holding,
    ListEntry,
    ListVersion,
    Screened,
    ScreenedChunk,
)
from chezhe.risk.screening.states import HIT

SCORE_MIN = "SCREENING_SCORE_MIN"


def screen(customers: Sequence[Customer], versions: Sequence[ListVersion]) -> int:
    """Hold these customers against these versions and note that it was done; returns how many hits are new or open again."""
    if not customers or not versions:
        return 0
    at, least = clock.now(), parameters.count(SCORE_MIN, clock.today())
    by_number = {customer.number: customer for customer in customers}
    named = _named(customers)
    found = 0
    for one, entry, likeness in _matches(named, versions):
        if likeness.score >= least:
            found += _keep(by_number[one.customer], one, entry, likeness)
    done = [version.number for version in versions]
    bulk.insert([Screened(customer=customer, versions=done, screened_at=at) for customer in customers])
    return found


def screen_chunk(version: ListVersion, chunk: int) -> bool:
    """The customers of one chunk against one version, once whatever the queue repeats; the last chunk ends the round."""
    first = chunk * lists.CHUNK
    customers = _CUSTOMERS.objects(first, first + lists.CHUNK)
    mark = ScreenedChunk(version=version, chunk=chunk, customers=len(customers), found=0, screened_at=clock.now())
    if not appending.append_once(mark):
        return False
    if version.is_current:
        mark.found = screen(customers, [version])
        mark.save(update_fields=["found"])
    # Whoever waits here sees the chunk of whoever held the lock: the last one ends the round, whichever it is.
    locked = ListVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if locked.screened_at is None and locked.done.count() == locked.chunks:
        locked.screened_at = clock.now()
        locked.save(update_fields=["screened_at"])
        events.publish("watchlist.screened", locked.subject, {"number": locked.number})
    return True


# Only what is compared: whatever else is encrypted stays closed.
_CUSTOMERS = Composed(
    lambda first, end: Customer.objects.filter(pk__gte=first, pk__lt=end).order_by("pk").only(
        "number", "kind", "name", "pinyin", "birth_date", "id_number", "id_number_tail", "uscc", "legal_representative",
        "actual_controller",
    ), -1, -2,
)


def _named(customers: Sequence[Customer]) -> list[rules.Named]:
    """The customers, their representatives and controllers, and the holders of their shares who are no customers themselves."""
    found = []
    for one in customers:
        number = identity_key(one.id_number if one.is_person else one.uscc)
        found.append(rules.Named(
            one.number, "customer", one.is_person, one.name, rules.sound_key(one.pinyin), one.birth_date, one.id_number_tail,
            digest_of("id", number),
        ))
        for role in ("legal_representative", "actual_controller"):
            if getattr(one, role):
                found.append(_behind(one, role, getattr(one, role), is_person=True))
    held = Holding.objects.filter(company__in=customers, holder__isnull=True, ended_at__isnull=True).select_related("company")
    found += [_behind(holding.company, "holder", holding.holder_name, is_person=holding.holder_kind == "person") for holding in held]
    return found


def _behind(customer: Customer, role: str, name: str, *, is_person: bool) -> rules.Named:
    sound = rules.sound_key(search_keys.pinyin(name, is_person=is_person)) if is_person else ""
    return rules.Named(customer.number, role, is_person, name, sound)


def _matches(
    named: Sequence[rules.Named], versions: Sequence[ListVersion]
) -> list[tuple[rules.Named, ListEntry, rules.Likeness]]:
    keys = {place: lists.keys_of(one) for place, one in enumerate(named)}
    wanted = sorted({key for mine in keys.values() for key in mine})
    by_key: dict[str, list[int]] = {}
    for key, entry_id in reading.entries_by_key([version.pk for version in versions], wanted):
        by_key.setdefault(key, []).append(entry_id)
    ids = {entry_id for found in by_key.values() for entry_id in found}
    entries = {row.pk: row for row in ListEntry.objects.filter(pk__in=ids).select_related("version")}
    listed = {pk: lists.listed_of(row) for pk, row in entries.items()}
    return [
        (one, entries[pk], rules.likeness(one, listed[pk]))
        for place, one in enumerate(named)
        for pk in sorted({pk for key in keys[place] for pk in by_key.get(key, ())})
    ]


def _keep(customer: Customer, one: rules.Named, entry: ListEntry, likeness: rules.Likeness) -> int:
    """1 for a hit that is new, or open again since the list says something else of the entry than when it was judged."""
    known = Hit.objects.select_for_update(no_key=True).filter(
        customer=customer, role=one.role, matched=one.name, list_code=entry.version.code, entry_code=entry.code,
    ).first()
    if known is None:
        hit = Hit(
            number=numbers.next_number(HIT_PREFIX, clock.today()), customer=customer, role=one.role, list_code=entry.version.code,
            list_kind=entry.version.kind, entry_code=entry.code, entry=entry, content=entry.content, matched=one.name,
            score=likeness.score, reasons=[list(reason) for reason in likeness.reasons], found_at=clock.now(),
        )
        if not appending.append_once(hit):
            return 0
        moves.record(hit.subject, "find", "", "open", by=SYSTEM)
        announce(hit, counts=True)
        return 1
    if known.content == entry.content:
        return 0
    known.entry, known.content, known.score = entry, entry.content, likeness.score
    known.reasons = [list(reason) for reason in likeness.reasons]
    known.save(update_fields=["entry", "content", "score", "reasons"])
    if not HIT.allows(known.status, "reopen"):
        return 0
    moves.move(known, HIT, "reopen", by=SYSTEM)
    announce(known, counts=True)
    return 1


def announce(hit: Hit, *, counts: bool) -> None:
    """From now on the hit stands for its customer, or no longer; rooms above hear of it, with whether to freeze."""
    appending.insert(HitTurn(hit=hit, customer=hit.customer, counts=counts, turned_at=clock.now()))
    watching.write_watch_fact(hit.customer)
    if counts:
        events.publish("screening.hit", hit.customer.subject, {"hit": hit.number, "list": hit.list_code, "freeze": hit.freezes})
        return
    frozen = Hit.objects.filter(customer=hit.customer, list_kind__in=FREEZING, status__in=["open", "confirmed", "release_proposed"])
    events.publish("screening.cleared", hit.customer.subject, {"hit": hit.number, "list": hit.list_code, "freeze": frozen.exists()})
