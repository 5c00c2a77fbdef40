"""Reading what the compliance room keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Avg, Count, DecimalField, QuerySet
from django.db.models.functions import TruncMonth
from django.utils.translation import gettext_lazy as _

from chezhe.compliance import contact_rules, labels
from chezhe.compliance.models import (
    Complaint,
    Consent,
    ConsentText,
    ContactAttempt,
    ContactBlock,
    LenderChange,
    LenderProfile,
    ParameterChange,
    Rating,
)
from chezhe.kernel import privacy, subjects
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import BusinessError, NotFound
from chezhe.kernel.models import Holiday, Parameter


class LenderUnknown(BusinessError):
    code = "lender_unknown"
    http_status = 409
    sentence = _("尚未登记贷款机构资料，请合规岗先在“机构资料”中登记。")


def lender() -> LenderProfile:
    """Who lends, with the licence that decides the rules. Raises LenderUnknown (409) before it is registered."""
    profile = _LENDER.objects()
    if not profile:
        raise LenderUnknown()
    return profile[0]


_LENDER = Composed(lambda: LenderProfile.objects.filter(pk=1))


@dataclass(frozen=True, slots=True)
class FigureNow:
    """One code and scope with the row in force, the next one, and how many rows stand behind it."""

    row: Parameter
    status: str
    next_row: Parameter | None
    rows: int

    @property
    def label(self) -> Any:
        return labels.label_of(self.row.code)


def figures(on: date, *, text: str = "") -> list[FigureNow]:
    """Every code and scope as it stands on a day: `in_force`, `ahead` (not begun) or `ended`."""
    groups: dict[tuple[str, str, str, str], list[Parameter]] = {}
    for row in Parameter.objects.order_by("code", "licence_type", "region", "product", "effective_from"):
        groups.setdefault((row.code, row.licence_type, row.region, row.product), []).append(row)
    found = [_figure_now(rows, on) for rows in groups.values()]
    wanted = text.strip().lower()
    return [f for f in found if not wanted or wanted in f"{f.row.code} {f.label} {f.row.source}".lower()]


def _figure_now(rows: list[Parameter], on: date) -> FigureNow:
    begun = [r for r in rows if r.effective_from <= on]
    in_force = [r for r in begun if r.effective_to is None or r.effective_to >= on]
    ahead = [r for r in rows if r.effective_from > on]
    if in_force:
        return FigureNow(in_force[-1], "in_force", ahead[0] if ahead else None, len(rows))
    if ahead:
        return FigureNow(ahead[0], "ahead", None, len(rows))
    return FigureNow(begun[-1], "ended", None, len(rows))


def history_of(code: str) -> list[Parameter]:
    """Every row of a code, newest first within each scope."""
    return list(Parameter.objects.filter(code=code).order_by("licence_type", "region", "product", "-effective_from"))


@dataclass(frozen=True, slots=True)
class Standing:
    """One kind of consent of a subject: the last entry of the ledger and whether it counts on the day."""

    kind: str
    label: Any
    entry: Consent | None
    is_in_force: bool
    text: ConsentText | None


def consents_of(subject: str, on: date) -> list[Standing]:
    """Every kind with its state on a day, in three queries."""
    last: dict[str, Consent] = {}
    for entry in Consent.objects.filter(subject=subject, given_on__lte=on).order_by("id"):
        last[entry.kind] = entry
    texts = {t.kind: t for t in ConsentText.objects.filter(effective_from__lte=on).order_by("version")}
    return [
        Standing(kind, label, last.get(kind), _counts(last.get(kind), on), texts.get(kind)) for kind, label in labels.CONSENT_KINDS
    ]


def _counts(entry: Consent | None, on: date) -> bool:
    return entry is not None and entry.is_granted and (entry.expires_on is None or on <= entry.expires_on)


def consent_history(subject: str) -> QuerySet[Consent]:
    return Consent.objects.filter(subject=subject).select_related("text").order_by("-id")


def consents_at(places: Iterable[int]) -> dict[int, Consent]:
    """Lines of the ledger by their places in it."""
    return Consent.objects.in_bulk(set(places))


def contacts_of(subject: str) -> QuerySet[ContactAttempt]:
    return ContactAttempt.objects.filter(subject_text=subject).order_by("-id")


def blocks_of(subject: str) -> QuerySet[ContactBlock]:
    """Standing blocks first, then the lifted ones."""
    return ContactBlock.objects.filter(subject_text=subject).order_by("lifted_on", "-id")


@dataclass(frozen=True, slots=True)
class Clock:
    """How much of the day's contact allowance is used: effective calls, connected notices, attempts in all."""

    effective: int
    connected: int
    attempts: int


def contact_clock(subject: str, day: date) -> Clock:
    """The counts of one debtor on a day, open reservations included."""
    rows = list(ContactAttempt.objects.filter(subject_text=subject, day=day).exclude(status="cancelled"))
    calls = [r for r in rows if r.channel == contact_rules.VOICE]
    effective = sum(r.purpose == contact_rules.COLLECTION and r.outcome in ("", contact_rules.EFFECTIVE) for r in calls)
    connected = sum(
        r.purpose == contact_rules.NOTICE and r.outcome in ("", contact_rules.CONNECTED, contact_rules.EFFECTIVE) for r in calls
    )
    return Clock(effective, connected, sum(r.purpose != contact_rules.SERVICE for r in rows))


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """`kind` is work, weekend, holiday or shift (working weekend); `day` is None for the gaps of the grid."""

    day: date | None
    kind: str = ""
    name: str = ""
    is_provisional: bool = False


def calendar_year(year: int) -> list[tuple[int, list[CalendarDay]]]:
    """Twelve months, each padded to begin on a Monday."""
    listed = {row.day: row for row in Holiday.objects.filter(day__year=year)}
    months: list[tuple[int, list[CalendarDay]]] = []
    day = date(year, 1, 1)
    while day.year == year:
        if day.day == 1:
            months.append((day.month, [CalendarDay(None)] * day.weekday()))
        months[-1][1].append(_calendar_day(day, listed.get(day)))
        day += timedelta(days=1)
    return months


def _calendar_day(day: date, row: Holiday | None) -> CalendarDay:
    if row is None:
        return CalendarDay(day, "work" if day.weekday() < 5 else "weekend")
    return CalendarDay(day, "shift" if row.is_working else "holiday", row.name, row.is_provisional)


def field_register(*, room: str = "", privacy_class: str = "") -> list[privacy.FieldTag]:
    """The register of personal data, made from the models themselves."""
    tags: Iterable[privacy.FieldTag] = privacy.register()
    return [t for t in tags if (not room or t.room == room) and (not privacy_class or t.privacy_class == privacy_class)]


def contact(number: str) -> ContactAttempt:
    """One contact by its number; raises NotFound (404). The caller opens its subject before acting on it."""
    attempt = ContactAttempt.objects.filter(number=number).first()
    if attempt is None:
        raise NotFound(what=number)
    return attempt


def parameter_change(number: str) -> ParameterChange:
    """One proposed figure. Raises NotFound (404)."""
    found = ParameterChange.objects.filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


def lender_change(number: str) -> LenderChange:
    """One proposal of new particulars. Raises NotFound (404)."""
    found = LenderChange.objects.filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


# ---- complaints and ratings ------------------------------------------------------------------------------------

RATED_MONTHS = 6


def complaint(number: str) -> Complaint:
    """One complaint. Raises NotFound (404). The caller has asked whether it may be read."""
    found = Complaint.objects.filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


def locked_complaint(number: str, by: Actor) -> Complaint:
    """The same, locked, for whoever may open the customer. Raises NotFound (404)."""
    found = Complaint.objects.select_for_update(no_key=True).filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    subjects.open_subject(found.subject_text, by)
    return found


def complaints_of(subject: str) -> QuerySet[Complaint]:
    """A customer's complaints, newest first. For code that has opened the customer."""
    return Complaint.objects.filter(subject_text=subject).order_by("-id")


def unanswered() -> QuerySet[Complaint]:
    """Complaints that wait for an answer, the most urgent first."""
    return Complaint.objects.filter(status="received").order_by("due_on", "id")


@dataclass(frozen=True, slots=True)
class Rated:
    """What customers gave for an occasion in a month: how many, and on average (one to five, three decimals)."""

    month: str
    occasion: str
    count: int
    average: Decimal


def rated_by_month(until: date) -> list[Rated]:
    """The last months, the oldest first; what nobody rated is not there."""
    first = date(until.year, until.month, 1)
    for _month in range(RATED_MONTHS - 1):
        first = (first - timedelta(days=1)).replace(day=1)
    rows = Rating.objects.filter(rated_on__gte=first, rated_on__lte=until).annotate(month=TruncMonth("rated_on"))
    told = rows.order_by().values("month", "occasion").annotate(ratings=Count("pk"), average=Avg("stars", output_field=DecimalField()))
    found = [Rated(f"{row['month']:%Y-%m}", row["occasion"], row["ratings"], round(Decimal(row["average"]), 3)) for row in told]
    return sorted(found, key=lambda one: (one.month, one.occasion))
