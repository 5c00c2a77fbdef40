"""Writing facts down: what other rooms and our own actions call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import appending, clock
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.kernel.errors import BusinessError
from chezhe.risk.facts.catalogue import CATALOGUE
from chezhe.risk.facts.definitions import KINDS, SOURCES, NotAFact, stored
from chezhe.risk.facts.models import Enquiry, Fact


class FactUnknown(BusinessError):
    code = "fact_unknown"
    http_status = 422
    sentence = _("特征目录中没有“%(codes)s”。请先在目录中登记，再写入。")


class FactElsewhere(BusinessError):
    code = "fact_of_another_kind"
    http_status = 422
    sentence = _("“%(codes)s”不是关于 %(subject)s 这类对象的特征。")


class SourceUnknown(BusinessError):
    code = "fact_source_unknown"
    http_status = 422
    sentence = _("没有名为“%(source)s”的信息来源。")


class KnownTooLate(BusinessError):
    code = "fact_from_the_future"
    http_status = 422
    sentence = _("获知时间 %(known_at)s 晚于现在，不能写入。请核对时间。")


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written: the codes that have a value now, and the others with the reason why what was told is none."""

    subject: str
    accepted: tuple[str, ...] = ()
    refused: Mapping[str, str] = field(default_factory=dict)


def record_facts(
    subject: str, facts: Mapping[str, Any], *, source: str, known_at: datetime, enquiry: Enquiry | None = None, by: Actor = SYSTEM
) -> Recorded:
    """Write down what a source told of a subject. The same again changes nothing.

    What cannot be a value (wrong type, out of range, nothing) is kept as the reason why the fact is unknown, and listed as refused.
    Raises FactUnknown, FactElsewhere, SourceUnknown, KnownTooLate (422); nothing is written then.
    """
    _require_possible(subject, facts, source, known_at)
    rows = [_row(subject, code, given, source, known_at, enquiry, by) for code, given in facts.items()]
    appending.insert_new(rows)
    return Recorded(
        subject, tuple(row.code for row in rows if not row.reason), {row.code: row.reason for row in rows if row.reason}
    )


def record_many(told: Mapping[str, Mapping[str, Any]], *, source: str, known_at: datetime, by: Actor = SYSTEM) -> int:
    """`record_facts` of many subjects in one statement; returns how many rows were made. Raises what `record_facts` raises."""
    for subject, facts in told.items():
        _require_possible(subject, facts, source, known_at)
    rows = [_row(subject, code, given, source, known_at, None, by) for subject, facts in told.items() for code, given in facts.items()]
    appending.insert_new(rows)
    return len(rows)


def refuse_facts(
    subject: str, codes: Mapping[str, str], *, source: str, known_at: datetime, enquiry: Enquiry | None = None, by: Actor = SYSTEM
) -> Recorded:
    """Write down why what a source told of these codes is no value, by code (`definitions.REASONS`)."""
    _require_possible(subject, codes, source, known_at)
    rows = [_bare(subject, code, source, known_at, enquiry, by, reason=reason) for code, reason in codes.items()]
    appending.insert_new(rows)
    return Recorded(subject, refused=dict(codes))


def confirm(fact: Fact, *, at: datetime, by: Actor) -> Fact:
    """A person chose one of several values: it is told once more, by them."""
    row = _bare(fact.subject, fact.code, "confirmed", at, None, by, value=fact.value, confirms=fact)
    row.save(force_insert=True)
    return row


def _require_possible(subject: str, codes: Mapping[str, Any], source: str, known_at: datetime) -> None:
    strange = sorted(code for code in codes if code not in CATALOGUE)
    if strange:
        raise FactUnknown(codes="、".join(strange)[:200])
    kind = subject.partition(":")[0]
    elsewhere = sorted(code for code in codes if kind not in KINDS[CATALOGUE[code].of])
    if elsewhere:
        raise FactElsewhere(codes="、".join(elsewhere)[:200], subject=subject[:80])
    if source not in SOURCES:
        raise SourceUnknown(source=source[:40])
    if known_at > clock.now() + clock.SKEW_MAX:
        raise KnownTooLate(known_at=known_at.astimezone(clock.SHANGHAI).strftime("%Y-%m-%d %H:%M:%S"))


def _row(
    subject: str, code: str, given: Any, source: str, known_at: datetime, enquiry: Enquiry | None, by: Actor
) -> Fact:
    try:
        value = stored(CATALOGUE[code].read(given))
    except NotAFact as refusal:
        return _bare(subject, code, source, known_at, enquiry, by, reason=refusal.reason)
    return _bare(subject, code, source, known_at, enquiry, by, value=value)


def _bare(
    subject: str, code: str, source: str, known_at: datetime, enquiry: Enquiry | None, by: Actor, *, value: Any = None, reason: str = "",
    confirms: Fact | None = None,
) -> Fact:
    asked = enquiry or confirms
    return Fact(
        subject=subject, code=code, source=source, value=value, reason=reason, known_at=known_at, enquiry=enquiry,
        consent=asked.consent if asked else "", confirms=confirms, recorded_at=clock.now(), recorded_by_name=by.name,
    )
