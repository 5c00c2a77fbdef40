"""Whose behaviour is to be told, and scoring whom it was told of: what servicing and our own actions call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from chezhe.customers.models import Customer
from chezhe.kernel import clock, events, jobs, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError, Invalid, require_reason
from chezhe.risk.facts import queries as facts
from chezhe.risk.facts import steps as fact_steps
from chezhe.risk.profiles import scoring, shadowing
from chezhe.risk.profiles.behaviour import FEATURES
from chezhe.risk.profiles.choices import LOW, MEASURES, RANKS
from chezhe.risk.profiles.models import BehaviourScore, Profile, ProfileDue, WarningReview
from chezhe.risk.profiles.queries import WARNED
from chezhe.risk.profiles.scoring import Judged, Pair, Thresholds
from chezhe.risk.registry import source

JOB: Final = "risk.score_customers"
SOURCE: Final = "ledger"
WATCH, HIGH = "EARLY_WARNING_WATCH", "EARLY_WARNING_HIGH"
NOTE_MAX: Final = 1000
_ASKED_AT_ONCE = 5_000
# Nothing is deciphered for a number.
_OWN_HEAVY: Final = ("address", "id_number", "employer", "grams", "name", "pinyin", "initials")
_HEAVY: Final = tuple(f"customer__{name}" for name in _OWN_HEAVY)


class NotWarned(BusinessError):
    code = "customer_not_warned"
    sentence = _("客户 %(number)s 目前没有预警，不需要处理。")


@dataclass(frozen=True, slots=True)
class ScoredCustomers:
    """How many new scores were written, and for how many the level rose."""

    scored: int
    warned: int


def ask(customers: Iterable[int]) -> None:
    """The behaviour of these customers (ids) is to be told again after the next close; who waits already waits once."""
    now = clock.now()
    waiting = [ProfileDue(customer_id=pk, since_at=now) for pk in sorted(set(customers))]
    ProfileDue.objects.bulk_create(waiting, ignore_conflicts=True, batch_size=_ASKED_AT_ONCE)


def take(most: int) -> list[Customer]:
    """Some of those who wait, no longer waiting when the transaction commits; what another worker has is passed over."""
    rows = ProfileDue.objects.select_for_update(skip_locked=True, of=("self",)).order_by("customer_id")
    taken = list(rows.select_related("customer").defer(*_HEAVY)[:most])
    ProfileDue.objects.filter(pk__in=[row.pk for row in taken]).delete()
    return [row.customer for row in taken]


def tell(told: Mapping[Customer, Mapping[str, Any]]) -> int:
    """Write down the behaviour and history of customers where it is another than was told, or was told so long ago that it is about to
    go stale; their scores follow. Returns how many facts were written: the same again writes nothing."""
    now, subjects = clock.now(), [customer.subject for customer in told]
    known = facts.told_by(SOURCE, subjects, sorted({code for values in told.values() for code in values}), now)
    written = fact_steps.record_many({
        customer.subject: {
            code: value for code, value in values.items() if not _is_fresh(known.get((customer.subject, code)), value, now)
        } for customer, values in told.items()
    }, source=SOURCE, known_at=now)
    if told:
        jobs.enqueue(JOB, customers=[customer.pk for customer in told])
    return written


def score(customers: Sequence[int], on: date) -> ScoredCustomers:
    """Score customers (ids) by what is known of their behaviour now. A score is written when it is another one, and once a month; who
    has no running loan any more has no profile. `customer.warned` tells of each whose level rose."""
    models = in_force()
    if models is None:
        return ScoredCustomers(0, 0)
    rows = list(Customer.objects.filter(pk__in=customers).order_by("pk").defer(*_OWN_HEAVY))
    seen = facts.values_by(SOURCE, [row.subject for row in rows], FEATURES, clock.now())
    before = {profile.customer_id: profile for profile in Profile.objects.filter(customer__in=rows).select_for_update(no_key=True)}
    limits = thresholds(on)
    judged = {row: scoring.judge(seen.get(row.subject, {}), limits, models) for row in rows}
    Profile.objects.filter(customer__in=[row.pk for row, found in judged.items() if found is None]).delete()
    made = [_made(row, found, on) for row, found in judged.items() if found is not None and _is_news(before.get(row.pk), found, on)]
    BehaviourScore.objects.bulk_create(made, ignore_conflicts=True)
    warned = _stand(made, before, on)
    shadowing.answer(made, on)
    return ScoredCustomers(len(made), warned)


def in_force() -> Pair | None:
    """The pair of models that judges now, as the registry has it; None, and a line in its log, while one of them cannot be believed:
    nobody is scored then, and everybody stands as they stood."""
    card, warning = source.active("behaviour"), source.active("warning")
    return Pair(card.model, warning.model) if card is not None and warning is not None else None


def review(number: str, measure: str, note: str, on: date, by: Actor) -> WarningReview:
    """Keep what somebody did about the warning of a customer; it waits no longer until the level rises again.

    Raises NotFound (404), NotWarned (409), Invalid, ReasonRequired (422).
    """
    customer = Customer.objects.visible_to(by).fetch(number)
    profile = Profile.objects.select_for_update(no_key=True).filter(customer=customer, level__in=WARNED).first()
    if profile is None:
        raise NotWarned(number=number)
    if measure not in dict(MEASURES):
        raise Invalid(field="measure", code="measure_unknown", sentence=_("没有这个选项，请从列表中选择。"))
    made = WarningReview.objects.create(
        customer=customer, level=profile.level, probability=profile.probability, measure=measure,
        note=require_reason(note, most=NOTE_MAX), reviewed_on=on, reviewed_at=clock.now(), reviewed_by_name=by.name,
    )
    profile.reviewed_on = on
    profile.save(update_fields=["reviewed_on"])
    return made


def thresholds(on: date) -> Thresholds:
    """From which probability on a customer is watched and warned of (parameters)."""
    return Thresholds(parameters.rate(WATCH, on), parameters.rate(HIGH, on))


def _is_fresh(known: Any, value: Any, now: Any) -> bool:
    return known is not None and known.value == value and (now - known.known_at).days < facts.RETOLD_AFTER_DAYS


def _is_news(before: Profile | None, found: Judged, on: date) -> bool:
    if before is None or (before.on.year, before.on.month) != (on.year, on.month):
        return True
    return (before.score, before.probability, before.level) != (found.score, found.probability, found.level)


def _made(customer: Customer, found: Judged, on: date) -> BehaviourScore:
    return BehaviourScore(
        customer=customer, on=on, scored_at=clock.now(), score=found.score, base=found.base, probability=found.probability,
        level=found.level, parts=[list(part) for part in found.parts], reasons=[list(reason) for reason in found.reasons],
        card_hash=found.card_hash, warning_hash=found.warning_hash, digest=found.digest, facts=dict(found.facts),
    )


def _stand(made: Sequence[BehaviourScore], before: Mapping[int, Profile], on: date) -> int:
    """Each customer stands as the newest score says; returns for how many the level rose."""
    rows = BehaviourScore.objects.filter(on=on, customer__in=[one.customer_id for one in made])
    kept = {(row.customer_id, row.digest): row for row in rows}
    profiles, warned = [], 0
    for one in made:
        old, row = before.get(one.customer_id), kept[(one.customer_id, one.digest)]
        profiles.append(Profile(
            customer_id=row.customer_id, newest=row, on=on, score=row.score, probability=row.probability, level=row.level,
            level_since=old.level_since if old is not None and old.level == row.level else on,
            reviewed_on=None if old is None or RANKS[row.level] > RANKS[old.level] else old.reviewed_on,
        ))
        warned += _warn(one.customer.subject, row, old.level if old is not None else "")
    Profile.objects.bulk_create(
        profiles, update_conflicts=True, unique_fields=["customer"],
        update_fields=["newest", "on", "score", "probability", "level", "level_since", "reviewed_on"],
    )
    return warned


def _warn(subject: str, row: BehaviourScore, before: str) -> bool:
    """Tell it when the level rose."""
    rises = RANKS[row.level] > RANKS[before or LOW]
    if rises:
        told = {"level": row.level, "before": before, "probability": str(row.probability), "on": row.on.isoformat()}
        events.publish("customer.warned", subject, told)
    return rises
