"""What is known of a subject at a moment: only what had been told by then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from django.db.models import QuerySet

from chezhe.kernel.clock import SHANGHAI
from chezhe.kernel.composed import composed_for
from chezhe.risk.facts import rules
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import NotAFact, Value
from chezhe.risk.facts.models import Enquiry, Fact
from chezhe.risk.facts.rules import Known, Told, Unknown

Newest = dict[str, list[Told]]
# Facts of our own that hold for 45 days are told again after so many, changed or not.
RETOLD_AFTER_DAYS = 25


@dataclass(frozen=True, slots=True)
class Assembled:
    """What a decision sees: values by code, where each is from, and what is not known with the reason."""

    values: Mapping[str, Value] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)
    unknown: Mapping[str, Unknown] = field(default_factory=dict)

    def codes(self, why: str) -> list[str]:
        """The codes that are unknown for one reason: missing, stale, contradicted or wrong."""
        return sorted(code for code, one in self.unknown.items() if one.why == why)


def known(subjects: Sequence[str], at: datetime) -> dict[str, Known]:
    """What is known of the subjects at a moment, by code. Where two subjects are told the same code, the first one's counts.

    What is stale, contradicted or wrong is not known: `assembled` says so.
    """
    return dict(assembled(subjects, at).known)


def assembled_each(subjects: Sequence[str], at: datetime) -> dict[str, Assembled]:
    """`assembled` of each subject on its own, by one statement, of whatever it was told."""
    return {subject: _assembled(told, told, at) for subject, told in _by_subject(subjects, at).items()}


def assembled(subjects: Sequence[str], at: datetime, codes: Iterable[str] | None = None) -> Assembled:
    """One flat mapping over all subjects, with what is missing among `codes` (without them, only what was told is looked at)."""
    told = newest(subjects, at)
    return _assembled(told, told if codes is None else dict.fromkeys(codes), at)


def _assembled(told: Newest, wanted: Iterable[str], at: datetime) -> Assembled:
    seen = {code: _judged(code, told.get(code, []), at) for code in wanted if code in CATALOGUE}
    found = {code: one for code, one in seen.items() if isinstance(one, Known)}
    lost = {code: one for code, one in seen.items() if isinstance(one, Unknown)}
    return Assembled({code: one.value for code, one in found.items()}, found, lost)


def newest(subjects: Sequence[str], at: datetime) -> Newest:
    """The newest of each source for each code, of the first subject that was told of it."""
    by_subject = _by_subject(subjects, at)
    merged: Newest = {}
    for subject in reversed(subjects):
        merged |= by_subject[subject]
    return merged


def _by_subject(subjects: Sequence[str], at: datetime) -> dict[str, Newest]:
    rows = _NEWEST(len(subjects)).rows(at, *subjects) if subjects else []
    by_subject: dict[str, Newest] = {subject: defaultdict(list) for subject in subjects}
    for pk, subject, code, source, value, reason, known_at, enquiry_id, consent in rows:
        by_subject[subject][code].append(_told(code, Told(value, source, known_at, reason, enquiry_id, pk, consent)))
    return by_subject


def told_by(source: str, subjects: Sequence[str], codes: Sequence[str], at: datetime) -> dict[tuple[str, str], Told]:
    """The newest that one source told of these codes, by subject and code; one statement, however many subjects there are."""
    rows = Fact.objects.filter(subject__in=subjects, code__in=codes, source=source, known_at__lte=at)
    newest_first = rows.order_by("-subject", "-code", "-source", "-known_at", "-id").distinct("subject", "code", "source")
    found = newest_first.values_list("id", "subject", "code", "value", "reason", "known_at")
    return {
        (subject, code): _told(code, Told(value, source, known_at, reason, None, pk))
        for pk, subject, code, value, reason, known_at in found
    }


def values_by(source: str, subjects: Sequence[str], codes: Sequence[str], at: datetime) -> dict[str, dict[str, Value]]:
    """By subject the values of `told_by` that still hold."""
    found: dict[str, dict[str, Value]] = {}
    for (subject, code), one in told_by(source, subjects, codes, at).items():
        if isinstance(seen := _judged(code, [one], at), Known):
            found.setdefault(subject, {})[code] = seen.value
    return found


def asked_on(subjects: Sequence[str], codes: Iterable[str]) -> list[tuple[str, str, datetime, str]]:
    """(code, source, known at, line of the consent ledger) of every fact that somebody outside was asked for."""
    rows = Fact.objects.filter(subject__in=list(subjects), code__in=list(codes)).exclude(consent="").order_by("id")
    return list(rows.values_list("code", "source", "known_at", "consent"))


def failures(subjects: Sequence[str], at: datetime) -> dict[str, Enquiry]:
    """By service: the last question about the subjects, where it came to nothing. Its facts are unknown for that reason."""
    asked = Enquiry.objects.filter(subject__in=list(subjects), asked_at__lte=at).order_by("service", "-asked_at", "-id")
    last = asked.distinct("service").defer("answer")
    return {one.service: one for one in last if one.status not in ("waiting", "answered")}


def with_told(seen: Assembled, code: str, one: Told, at: datetime) -> Assembled:
    """The same with one thing more, which no fact is kept of; it is judged as a fact would be."""
    found, others = _judged(code, [one], at), {name: lost for name, lost in seen.unknown.items() if name != code}
    if isinstance(found, Unknown):
        return replace(seen, unknown={**others, code: found})
    return Assembled({**seen.values, code: found.value}, {**seen.known, code: found}, others)


def with_lost(seen: Assembled, lost: Unknown) -> Assembled:
    """The same with one thing that is not known, whatever was told of it."""
    values, known = ({code: one for code, one in kept.items() if code != lost.code} for kept in (seen.values, seen.known))
    return Assembled(values, known, {**seen.unknown, lost.code: lost})


def _judged(code: str, told: Sequence[Told], at: datetime) -> Known | Unknown:
    definition = CATALOGUE[code]
    return rules.judged(code, told, at, definition.valid_days, definition.agrees, _day)


def _day(moment: datetime) -> date:
    return moment.astimezone(SHANGHAI).date()


def _told(code: str, one: Told) -> Told:
    """With the value as Python has it. A definition that was narrowed later makes an old value a wrong one."""
    if one.reason or code not in CATALOGUE:
        return one
    try:
        value = CATALOGUE[code].read(one.value)
    except NotAFact as refusal:
        return replace(one, value=None, reason=refusal.reason)
    return replace(one, value=value)


def _newest(at: datetime, *subjects: str) -> QuerySet[Fact, tuple[object, ...]]:
    """One row a source, found by reading the unique index backwards."""
    rows = Fact.objects.filter(subject__in=subjects, known_at__lte=at).order_by("-subject", "-code", "-source", "-known_at", "-id")
    return rows.distinct("subject", "code", "source").values_list(
        "id", "subject", "code", "source", "value", "reason", "known_at", "enquiry_id", "consent"
    )


# A moment of no business of ours.
_NEWEST = composed_for(_newest, datetime(2999, 1, 1, tzinfo=SHANGHAI))
