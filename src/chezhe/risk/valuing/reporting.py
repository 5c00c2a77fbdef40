"""An appraiser's report: begun in the yard, photographed, graded, and submitted when nothing is missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from chezhe.documents import catalogue, vault
from chezhe.documents import steps as document_steps
from chezhe.documents.models import StoredFile
from chezhe.documents.steps import Upload
from chezhe.finmath.money import Money
from chezhe.kernel import appending, bulk, clock, moves, numbers
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.errors import require_reason
from chezhe.kernel.scope import Locking
from chezhe.risk.valuing import choices, errors, looks, recording
from chezhe.risk.valuing.flags import Word
from chezhe.risk.valuing.models import REPORT_PREFIX, AppraiserReport, ReportPhoto
from chezhe.risk.valuing.states import REPORT
from chezhe.risk.valuing.witnesses import SEEN
from chezhe.vehicles.models import Vehicle

_RETAKEN = ("file", "sha256", "look", "look_1", "look_2", "look_3", "look_4")
_LOCKED = Locking(lambda by: AppraiserReport.objects.visible_to(by).select_related("vehicle__owner"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What the appraiser writes down. `grades` by part (A to D), `findings` by point (`witnesses.SEEN`) as yes or no; a part or a point
    that is left out is not looked at yet."""

    valued_on: date | None = None
    amount: Money | None = None
    mileage_km: int | None = None
    grades: Mapping[str, str] = field(default_factory=dict)
    findings: Mapping[str, bool] = field(default_factory=dict)
    note: str = ""


def begin(vehicle: Vehicle, *, on: date, by: Actor) -> AppraiserReport:
    """The appraiser's own draft for this car: the one that is open, or a new one."""
    draft = vehicle.reports.filter(status="draft", appraiser_id=by.user_id).first()
    if draft is not None:
        return draft
    report = AppraiserReport.objects.create(
        number=numbers.next_number(REPORT_PREFIX, on), vehicle=vehicle, appraiser_id=by.user_id, appraiser_name=by.name,
        begun_at=clock.now(), valued_on=on,
    )
    moves.record(report.subject, "begin", "", "draft", by=by)
    return report


def locked(number: str, by: Actor) -> AppraiserReport:
    """The report with its row locked. Raises NotFound (404) when its car is out of reach."""
    return _LOCKED.lock(number, by)


def require_own(report: AppraiserReport, by: Actor) -> None:
    """Raises NotYourReport (403): what an appraiser puts their name to, nobody else writes."""
    if report.appraiser_id not in by.user_ids:
        raise errors.NotYourReport(name=report.appraiser_name)


def put(report: AppraiserReport, seen: Seen, *, on: date, by: Actor) -> None:
    """Keep what was seen so far. Raises NotYourReport (403), WrongState (409), ValuedAhead (422)."""
    require_own(report, by)
    REPORT.require(report.status, "submit")
    if seen.valued_on is not None and seen.valued_on > on:
        raise errors.ValuedAhead(today=on)
    report.valued_on = seen.valued_on or report.valued_on
    report.amount, report.mileage_km, report.note = seen.amount, seen.mileage_km, seen.note
    report.grades = {part: grade for part, grade in seen.grades.items() if part in choices.PARTS and grade in dict(choices.GRADES)}
    report.findings = {point: seen.findings[point] for point in SEEN if point in seen.findings}
    report.save()


def add_photo(report: AppraiserReport, category: str, upload: Upload | None, *, by: Actor) -> ReportPhoto:
    """Keep one photo with the car's papers; a new one of the same place takes the old one's.

    Raises NotYourReport (403), WrongState (409), PhotoOfOtherKind (422), or what the documents room refuses.
    """
    require_own(report, by)
    REPORT.require(report.status, "submit")
    if category not in choices.PHOTOS:
        raise errors.PhotoOfOtherKind()
    branch = report.vehicle.owner.branch_id
    file = document_steps.store(upload, subject=report.vehicle.subject, category=category, branch_id=branch, by=by)
    return _hold(report, category, file)


def _hold(report: AppraiserReport, category: str, file: StoredFile) -> ReportPhoto:
    look = looks.look_of(vault.read(file.key))
    one, two, three, four = looks.quarters(look)
    photo = ReportPhoto(
        report=report, category=category, file=file, sha256=file.source_sha256, look=look, look_1=one, look_2=two, look_3=three,
        look_4=four,
    )
    if not appending.append_once(photo):
        photo.pk = report.photos.values_list("pk", flat=True).get(category=category)
        bulk.update([photo], _RETAKEN)
    repeats = [repeat for repeat in report.repeats if repeat["category"] != category] + repeats_of(photo)
    if repeats != report.repeats:
        report.repeats = repeats
        bulk.update([report], ["repeats"])
    return photo


def repeats_of(photo: ReportPhoto) -> list[dict[str, str]]:
    """Other cars that were shown with the same picture: a sign of fraud. Plain walls look alike and say nothing."""
    quarters = () if looks.is_blank(photo.look) else (photo.look_1, photo.look_2, photo.look_3, photo.look_4)
    others = (_ALIKE if quarters else _SAME).objects(photo.report.vehicle_id, photo.sha256, *quarters)
    found = {}
    for other in others:
        if other.sha256 == photo.sha256 or looks.differing_bits(other.look, photo.look) <= looks.SAME_BITS_MAX:
            found[other.report.vehicle.number] = {
                "category": photo.category, "vehicle": other.report.vehicle.number, "report": other.report.number,
                "kind": "same" if other.sha256 == photo.sha256 else "alike",
            }
    return list(found.values())


def _others(vehicle: int, sha256: str, *quarters: str) -> QuerySet[ReportPhoto]:
    alike = Q(sha256=sha256)
    for place, quarter in enumerate(quarters, 1):
        alike |= Q((f"look_{place}", quarter))
    found = ReportPhoto.objects.exclude(report__vehicle=vehicle).filter(alike).exclude(report__status="discarded")
    return found.select_related("report__vehicle")[:500]


_SAME = Composed(_others, -1, "?")
_ALIKE = Composed(_others, -1, "?", "?1", "?2", "?3", "?4")


def missing_photos(report: AppraiserReport) -> list[str]:
    """The categories of the checklist of which no photo is there."""
    there = set(report.photos.values_list("category", flat=True))
    return [category for category in choices.PHOTOS if category not in there]


def missing_parts(report: AppraiserReport) -> list[str]:
    """What is not filled in yet, in words."""
    absent = [str(label) for part, label in choices.PARTS.items() if part not in report.grades]
    absent += [str(choices.POINTS[point]) for point in SEEN if point not in report.findings]
    if report.amount is None or report.amount.fen <= 0:
        absent.append(str(dict(choices.SOURCES)["appraiser"]))
    if report.mileage_km is None:
        absent.append(str(choices.POINTS["car_mileage_km"]))
    return absent


def submit(report: AppraiserReport, *, by: Actor) -> None:
    """Put one's name to it: from now on it counts and its findings are facts.

    Raises NotYourReport (403), WrongState (409), ReportNotWhole or PhotosMissing (422).
    """
    require_own(report, by)
    REPORT.require(report.status, "submit")
    parts = missing_parts(report)
    if parts:
        raise errors.ReportNotWhole(parts="、".join(parts))
    photos = missing_photos(report)
    if photos:
        raise errors.PhotosMissing(photos="、".join(str(catalogue.BY_CODE[code].label) for code in photos))
    report.submitted_at = clock.now()
    report.save(update_fields=["submitted_at"])
    moves.move(report, REPORT, "submit", by=by)
    words = [Word(point, report.findings[point], "appraiser", report.valued_on) for point in SEEN]
    words.append(Word("car_mileage_km", report.mileage_km, "appraiser", report.valued_on))
    recording.record_words(report.vehicle.subject, words, by=by)


def leave(report: AppraiserReport, verb: str, *, reason: str, by: Actor) -> None:
    """Discard one's own draft, or set a submitted report aside (another person's decision). Raises ReasonRequired (422)."""
    kept = require_reason(reason, most=300)
    if verb == "discard":
        require_own(report, by)
    elif report.appraiser_id in by.user_ids:
        raise errors.SameAppraiser(name=by.name)
    moves.move(report, REPORT, verb, by=by, reason=kept)

