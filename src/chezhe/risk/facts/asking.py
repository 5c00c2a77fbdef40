"""Wishing for facts, and what a wish becomes: asked anew, taken from a fresh answer, or not asked at all for want of consent."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from uuid import uuid4

from django.utils.translation import gettext_lazy as _

from chezhe.compliance import steps as compliance
from chezhe.kernel import bulk, clock, crypto, events, jobs, locks, numbers
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import BusinessError, Invalid
from chezhe.risk.facts import deriving, steps, whom
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.gathering import Asking, Outcome, Service
from chezhe.risk.facts.models import ENQUIRY_PREFIX, QUERY_REASONS, Enquiry
from chezhe.risk.facts.services import SERVICES, services_for
from chezhe.risk.facts.states import ENQUIRY
from chezhe.risk.facts.whom import Subject

_ANSWERED = ("status", "attempts", "answered_at", "error", "answer", "answer_hash")
_LOCKED = Composed(lambda number: Enquiry.objects.select_for_update(no_key=True).filter(number=number), "?")
_WAITING = Composed(lambda batch: Enquiry.objects.filter(batch=batch, status="waiting").order_by().values_list("pk")[:1], "?")


class ServiceUnknown(BusinessError):
    code = "service_unknown"
    http_status = 422
    sentence = _("没有名为“%(service)s”的外部来源，或它不适用于这类对象。")


@dataclass(frozen=True, slots=True)
class Wished:
    """What became of a wish, by service: questions that will be asked, fresh answers that serve again, questions that wait already,
    sources for which the consent of a kind is missing, and those that lack something we would have to tell them."""

    subject: str
    batch: str = ""
    asked: tuple[str, ...] = ()
    reused: Mapping[str, str] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    without_consent: Mapping[str, str] = field(default_factory=dict)
    lacking: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def wish(
    subject: str, *, services: Iterable[str] = (), reason: str, anew: bool = False, by: Actor = SYSTEM
) -> Wished:
    """Note what is to be asked about a subject, and let the worker ask; without `services`, every source that fits it. Raises as `note`."""
    wished = note(subject, services=services, reason=reason, anew=anew, by=by)
    ask([wished])
    return wished


def ask(wished: Iterable[Wished]) -> None:
    """Let the worker ask what was noted, all of it at once: what one decision waits for is one job, however many people it is about."""
    batches = [one.batch for one in wished if one.batch]
    if batches:
        jobs.enqueue("risk.ask_sources", batch=batches[0], also=batches[1:])


def note(
    subject: str, *, services: Iterable[str] = (), also: Iterable[str] = (), reason: str, anew: bool = False, by: Actor = SYSTEM
) -> Wished:
    """Note what is to be asked about a subject, and of the sources that are asked on a wish only those in `also`; it is asked when `ask`
    is called.

    For a car it is the owner's consent that counts. A fresh answer serves again unless `anew`: a query of the bureau hurts the
    borrower. One about whoever our file has not any more (another code, another name) is not fresh, and what it told is taken back.
    Raises ServiceUnknown or Invalid (422), NotFound (404).
    """
    if reason not in dict(QUERY_REASONS):
        raise Invalid(field="reason", code="query_reason_unknown", sentence=_("请选择查询原因。"))
    at, who = clock.now(), whom.of(subject)
    locks.hold(f"enquiries:{subject}")
    sorted_out = _sort(subject, _chosen(who.of, services, also), who, at, anew)
    batch, ready = uuid4().hex, sorted_out.ready
    given = numbers.next_numbers(ENQUIRY_PREFIX, at.date(), len(ready)) if ready else []
    shared = {"batch": batch, "subject": subject, "reason": reason, "asked_at": at, "asked_by_name": by.name}
    rows = [
        Enquiry(number=number, service=service, about=_about(SERVICES[service], who), consent=consent, **shared)
        for number, (service, consent) in zip(given, ready.items(), strict=True)
    ]
    Enquiry.objects.bulk_create(rows)
    for service in sorted_out.of_another:
        steps.refuse_facts(subject, dict.fromkeys(service.codes, "absent"), source=service.source, known_at=at, by=by)
    return Wished(
        subject, batch if rows else "", tuple(sorted_out.ready), sorted_out.reused, tuple(sorted_out.waiting), sorted_out.without_consent,
        sorted_out.lacking)


def preview(subject: str) -> Wished:
    """What would become of a wish for every source; nothing is noted."""
    who = whom.of(subject)
    offered = [service for service in services_for(who.of) if not service.on_wish or not who.lacking(service)]
    found = _sort(subject, offered, who, clock.now(), anew=False)
    return Wished(subject, "", tuple(found.ready), found.reused, tuple(found.waiting), found.without_consent, found.lacking)


def askings_of(batches: Sequence[str]) -> tuple[list[Asking], list[Outcome]]:
    """The questions of these batches that still wait, ready to go; and those that may not go any more because the consent was taken
    back."""
    ready, over, today = [], [], clock.today()
    agreed = cache(lambda consenting, kind: compliance.has_consent(consenting, kind, today))
    subject = cache(whom.of)
    for row in Enquiry.objects.filter(batch__in=batches, status="waiting").order_by("id"):
        service = SERVICES[row.service]
        if not agreed(_consenting(row), service.consent):
            over.append(Outcome(row.number, "refuse", 0, "consent_withdrawn"))
            continue
        ready.append(Asking(row.number, service, subject(row.subject).told, row.consent, row.reason, today))
    return ready, over


def take(outcome: Outcome, *, at: datetime) -> Enquiry:
    """Write down what became of a question, once; the same again changes nothing. The last of a batch announces `facts.gathered`."""
    (row,) = _LOCKED.objects(outcome.number)
    if row.status != "waiting":
        return row
    row.status = ENQUIRY.require(row.status, outcome.verb)
    row.attempts, row.answered_at, row.error = outcome.attempts, at, outcome.error
    row.answer, row.answer_hash = outcome.answer, hashlib.sha256(outcome.answer.encode()).hexdigest() if outcome.answer else ""
    bulk.update([row], _ANSWERED)
    source = SERVICES[row.service].source
    if outcome.facts:
        steps.record_facts(row.subject, outcome.facts, source=source, known_at=at, enquiry=row)
    if outcome.refused:
        steps.refuse_facts(row.subject, outcome.refused, source=source, known_at=at, enquiry=row)
    if not _WAITING.rows(row.batch):
        deriving.derive(row.subject, at=at)
        events.publish("facts.gathered", row.subject, {"batch": row.batch})
    return row


def forgotten(before: datetime) -> list[str]:
    """Batches with questions that have waited since before a moment: their job was lost."""
    rows = Enquiry.objects.filter(status="waiting", asked_at__lt=before).order_by()
    return sorted(set(rows.values_list("batch", flat=True)))


def due_for_review(service: str, before: datetime, most: int) -> list[str]:
    """Subjects whose last answer of a source is from before a moment, oldest first."""
    last = Enquiry.objects.filter(service=service).order_by("subject", "-id").distinct("subject").values("pk")
    rows = Enquiry.objects.filter(pk__in=last, status="answered", answered_at__lt=before).order_by("answered_at")
    return list(rows.values_list("subject", flat=True)[:most])


def fresh_for(service: Service) -> timedelta:
    """How long an answer serves again: as long as the shortest-lived of its facts."""
    days = [definition.valid_days for code in service.codes if (definition := CATALOGUE[code]).valid_days is not None]
    return timedelta(days=min(days, default=30))


@dataclass(slots=True)
class _SortedOut:
    ready: dict[str, str] = field(default_factory=dict)
    reused: dict[str, str] = field(default_factory=dict)
    waiting: list[str] = field(default_factory=list)
    without_consent: dict[str, str] = field(default_factory=dict)
    lacking: dict[str, tuple[str, ...]] = field(default_factory=dict)
    of_another: list[Service] = field(default_factory=list)


def _sort(subject: str, services: Sequence[Service], who: Subject, at: datetime, anew: bool) -> _SortedOut:
    found = _SortedOut()
    before_now = Enquiry.objects.filter(subject=subject).order_by("service", "-id").distinct("service").defer("answer")
    last = {row.service: row for row in before_now}
    consents: dict[str, str] = {}
    for service in services:
        before = last.get(service.code)
        lacking = who.lacking(service)
        is_of_another = before is not None and before.status == "answered" and before.about not in ("", _about(service, who))
        if is_of_another:
            found.of_another.append(service)
        if before is not None and before.status == "waiting":
            found.waiting.append(service.code)
        elif before is not None and not anew and not is_of_another and _is_fresh(before, service, at):
            found.reused[service.code] = before.number
        elif lacking:
            found.lacking[service.code] = lacking
        else:
            if service.consent not in consents:
                consents[service.consent] = _consent(who.consenting, service.consent, at)
            if consents[service.consent]:
                found.ready[service.code] = consents[service.consent]
            else:
                found.without_consent[service.code] = service.consent
    return found


def _is_fresh(row: Enquiry, service: Service, at: datetime) -> bool:
    return row.status == "answered" and row.answered_at is not None and at - row.answered_at < fresh_for(service)


def _about(service: Service, who: Subject) -> str:
    """Whom a question to this source names, as a digest that tells nobody: our file may be corrected before the next one."""
    return crypto.blind_index("\n".join(str(getattr(who.told, name)) for name in service.needs), kind="enquiry")


def _consent(subject: str, kind: str, at: datetime) -> str:
    """The line of the ledger that allows it: `customer:C26-…#17`; empty when there is none."""
    try:
        return f"{subject}#{compliance.require_consent(subject, kind, at.astimezone(clock.SHANGHAI).date()).pk}"
    except compliance.ConsentMissing:
        return ""


def _consenting(row: Enquiry) -> str:
    return row.consent.partition("#")[0]


def _chosen(of: str, services: Iterable[str], also: Iterable[str]) -> list[Service]:
    offered = {service.code: service for service in services_for(of)}
    usual = [code for code, service in offered.items() if not service.on_wish]
    wanted = list(dict.fromkeys([*(services or usual), *also]))
    for code in wanted:
        if code not in offered:
            raise ServiceUnknown(service=code[:40])
    return [offered[code] for code in wanted]
