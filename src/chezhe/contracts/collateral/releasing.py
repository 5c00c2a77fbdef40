"""From the paid-off loan to the borrower's door: both registries, the vault, the parcel or the counter, received."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from chezhe.contracts import casework
from chezhe.contracts.collateral import custody, errors, registering
from chezhe.contracts.collateral.custody import Handed
from chezhe.contracts.collateral.custody_models import CustodyItem
from chezhe.contracts.collateral.models import UNIFIED, VEHICLE_OFFICE, RegistrationOrder
from chezhe.contracts.collateral.release_models import (
    HANDED_OVER,
    OFFICE_OFF,
    OPEN_RELEASES,
    ORDERED,
    PAPERS_OUT,
    RECEIVED,
    RELEASE_PREFIX,
    RELEASE_STEPS,
    SENT,
    UNIFIED_OFF,
    Release,
    ReleaseStep,
)
from chezhe.contracts.collateral.states import REGISTRATION, RELEASE
from chezhe.contracts.models import Contract, Mortgage
from chezhe.documents.models import StoredFile
from chezhe.identifiers import id_card
from chezhe.kernel import business_date, clock, events, moves, numbers, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid

LABELS = dict(RELEASE_STEPS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One step as people read it: `state` is done, current or todo."""

    code: str
    label: Any
    state: str
    done_on: date | None = None
    by: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """The release of one car in order, and until when it should be over."""

    car: str
    status: str
    due_on: date | None
    steps: tuple[Seen, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Who stands at the counter, and the number on the paper they show."""

    recipient: str
    id_number: str
    handed_on: date


def releases(actor: Actor) -> QuerySet[Release]:
    """Every release inside somebody's reach, with what a row shows."""
    return Release.objects.visible_to(actor).select_related("contract__customer", "contract__branch", "mortgage__vehicle__owner")


def open_releases(actor: Actor) -> QuerySet[Release]:
    """解押交证待办, the one that is due first at the top."""
    return releases(actor).filter(status__in=OPEN_RELEASES).order_by("due_on", "id")


def held(number: str, by: Actor) -> Release:
    """A release with its contract and itself locked. Raises NotFound (404)."""
    rows = Release.objects.visible_to(by)
    Contract.objects.lock(rows.select_related("contract").fetch(number).contract.number)
    return rows.select_related("contract__customer", "mortgage__vehicle__owner").lock(number)


def order(secured: Mortgage, reason: str, *, by: Actor) -> Release:
    """A locked mortgage is to come off its car, by a day. Asked again it is the same."""
    standing = Release.objects.select_for_update(no_key=True).filter(mortgage=secured).exclude(status="withdrawn").first()
    if standing is not None:
        return standing
    today = business_date.current()
    days = parameters.find("RELEASE_DAYS", today)
    made = Release.objects.create(
        number=numbers.next_number(RELEASE_PREFIX, today), contract=secured.of, mortgage=secured, ordered_on=today,
        due_on=today + timedelta(days=int(days.value)) if days else None)
    moves.record(made.subject, "order", "", made.status, by=by, reason=reason[:200])
    note(made, ORDERED, today, by=by, detail=reason)
    return made


def withdraw(secured: Mortgage, reason: str, *, by: Actor) -> None:
    """The loan was not paid off after all; what has left the house is not called back."""
    found = Release.objects.select_for_update(no_key=True).filter(mortgage=secured, status="ordered").first()
    if found is not None:
        moves.move(found, RELEASE, "withdraw", by=by, reason=reason[:200])


def note(release: Release, code: str, on: date, *, by: Actor, detail: str = "", file: StoredFile | None = None) -> None:
    """Write down a step of a release for ever."""
    ReleaseStep.objects.create(  # read again in the same action: not appended at its end
        release=release, code=code, done_on=on, done_at=clock.now(), done_by_name=by.name, detail=detail[:200], file=file)


def office_done(secured: Mortgage, on: date, receipt_number: str, file: StoredFile, *, by: Actor) -> None:
    """The vehicle office has taken a locked mortgage off its car."""
    release = order(secured, secured.release_reason, by=by)
    if release.status != "ordered":
        return
    for entry in _entries(secured, VEHICLE_OFFICE):
        _cancel(entry, on, receipt_number, by=by)
    registering.drop(secured, receipt_number, by=by)
    note(release, OFFICE_OFF, on, by=by, detail=receipt_number, file=file)
    advance(release, on, by=by)


def unified_done(entry: RegistrationOrder, on: date, receipt_number: str, file: StoredFile, *, by: Actor) -> None:
    """The unified registry has taken the record of a locked order out. Raises NotReleasing or WrongState (409)."""
    REGISTRATION.require(entry.status, "cancel")
    rows = Release.objects.select_for_update(of=("self",), no_key=True).select_related("contract", "mortgage__vehicle")
    release = rows.filter(mortgage=entry.mortgage, status="ordered").first()
    if release is None or entry.registry != UNIFIED:
        raise errors.NotReleasing()
    _cancel(entry, on, receipt_number, by=by)
    note(release, UNIFIED_OFF, on, by=by, detail=receipt_number, file=file)
    advance(release, on, by=by)


def _entries(secured: Mortgage, registry: str) -> QuerySet[RegistrationOrder]:
    return RegistrationOrder.objects.select_for_update(no_key=True).filter(mortgage=secured, registry=registry, status="accepted")


def _cancel(entry: RegistrationOrder, on: date, receipt_number: str, *, by: Actor) -> None:
    entry.cancelled_on, entry.cancel_receipt_number = on, receipt_number
    entry.save(update_fields=["cancelled_on", "cancel_receipt_number"])
    moves.move(entry, REGISTRATION, "cancel", by=by, reason=receipt_number)


def advance(release: Release, on: date, *, by: Actor) -> None:
    """With both registries behind it and nothing to hand over a locked release is done."""
    known = done_steps(release)
    if release.status == "ordered" and all(code in known for code in _asked(release, known)):
        _finish(release, "finish", on, by=by)


def take_out(release: Release, on: date, *, by: Actor) -> list[CustodyItem]:
    """What is kept of the car of a locked release leaves the vault. Raises StepsBefore, PaperLent, NothingToHandOver, StillMortgaged or
    WrongState (409)."""
    RELEASE.require(release.status, "send")
    kept = list(here(release).select_for_update(of=("self",), no_key=True).select_related("contract", "vehicle"))
    if not kept:
        raise errors.NothingToHandOver(number=release.number)
    require_before(release, PAPERS_OUT)
    for item in kept:
        if item.status == "lent":
            raise errors.PaperLent(kind=item.get_kind_display(), number=item.number, holder=item.holder)
    for item in kept:
        custody.hand_out(item, Handed(holder=release.contract.customer.masked_name, reason=release.number), on, by=by)
    if PAPERS_OUT not in done_steps(release):
        note(release, PAPERS_OUT, on, by=by, detail=" ".join(item.number for item in kept))
    return kept


def papers_left(item: CustodyItem, on: date, *, by: Actor) -> None:
    """Something of a car left the vault by itself: the last one is the release's step."""
    rows = Release.objects.select_for_update(of=("self",), no_key=True).select_related("contract", "mortgage__vehicle")
    release = rows.filter(contract=item.contract, mortgage__vehicle=item.vehicle, status="ordered").first()
    if release is not None and PAPERS_OUT not in done_steps(release) and not here(release).exists():
        note(release, PAPERS_OUT, on, by=by, detail=item.number)


def send(release: Release, carrier: str, tracking_number: str, on: date, *, by: Actor) -> None:
    """The papers of a locked release are with a courier. Raises StepsBefore or WrongState (409), or Invalid (422)."""
    RELEASE.require(release.status, "send")
    require_before(release, SENT)
    for field, value in (("carrier", carrier), ("tracking_number", tracking_number)):
        if not value.strip() or len(value) > 40:
            raise Invalid(field=field, code=f"{field}_missing", sentence=_("请按快递单填写。"))
    release.carrier, release.tracking_number = carrier.strip(), tracking_number.strip().upper()
    release.save(update_fields=["carrier", "tracking_number"])
    note(release, SENT, on, by=by, detail=f"{release.carrier} {release.tracking_number}")
    moves.move(release, RELEASE, "send", by=by, reason=f"{release.carrier} {release.tracking_number}")
    events.publish("release.sent", release.subject, {
        "contract": release.contract.number, "carrier": release.carrier, "tracking_number": release.tracking_number})


def hand_over(release: Release, said: Handover, authority: StoredFile | None, *, by: Actor) -> None:
    """Somebody took the papers of a locked release at the counter and showed who they are: the borrower, the car's owner, or an agent
    with a written authority. Raises StepsBefore or WrongState (409), WrongRecipient or Invalid (422)."""
    RELEASE.require(release.status, "hand_over")
    require_before(release, HANDED_OVER)
    shown, recipient = said.id_number.strip().upper(), said.recipient.strip()
    if not recipient or len(recipient) > 80:
        raise Invalid(field="recipient", code="recipient_missing", sentence=_("请填写领取人姓名。"))
    owner = release.mortgage.vehicle.owner
    is_known = shown != "" and shown in {casework.paper_number(one).upper() for one in (release.contract.customer, owner)}
    if not is_known and (authority is None or id_card.judge(shown).errors):
        raise errors.WrongRecipient()
    release.recipient = recipient
    release.save(update_fields=["recipient"])
    note(release, HANDED_OVER, said.handed_on, by=by, detail=f"{recipient} ****{shown[-4:]}", file=authority)
    note(release, RECEIVED, said.handed_on, by=by, detail=recipient)
    _finish(release, "hand_over", said.handed_on, by=by)


def confirm(release: Release, on: date, *, by: Actor) -> None:
    """The parcel of a locked release has arrived. Raises WrongState (409)."""
    RELEASE.require(release.status, "confirm")
    note(release, RECEIVED, on, by=by)
    _finish(release, "confirm", on, by=by)


def _finish(release: Release, verb: str, on: date, *, by: Actor) -> None:
    release.done_on = on
    release.save(update_fields=["done_on"])
    moves.move(release, RELEASE, verb, by=by)
    events.publish("release.done", release.subject, {"contract": release.contract.number, "on": on.isoformat()})


def here(release: Release) -> QuerySet[CustodyItem]:
    """What of its car is still ours to give: in the vault, or lent."""
    return custody.of_car(release.contract, release.mortgage.vehicle).exclude(status="out")


def done_steps(release: Release) -> dict[str, ReleaseStep]:
    """What was done, by its code."""
    return {step.code: step for step in release.steps.all()}


def require_before(release: Release, code: str) -> None:
    """Raises StepsBefore (409) naming what has to be done first, or NothingToHandOver (409) where no paper is kept."""
    known, sought = done_steps(release), SENT if code == HANDED_OVER else code
    asked = _asked(release, known)
    if sought not in asked:
        raise errors.NothingToHandOver(number=release.number)
    open_ones = [str(LABELS[one]) for one in asked[:asked.index(sought)] if one not in known]
    if open_ones:
        raise errors.StepsBefore(steps=_("、").join(open_ones))


def _asked(release: Release, known: dict[str, ReleaseStep]) -> list[str]:
    """The steps of this release in order: the unified registry where it has a record, the papers where some are kept. Handing over stands
    in the place of the parcel."""
    has_record = UNIFIED_OFF in known or _entries_of(release).exists()
    has_papers = PAPERS_OUT in known or here(release).exists()
    return [
        ORDERED, OFFICE_OFF, *([UNIFIED_OFF] if has_record else []),
        *([PAPERS_OUT, HANDED_OVER if HANDED_OVER in known else SENT, RECEIVED] if has_papers else []),
    ]


def unified_entry(release: Release) -> RegistrationOrder | None:
    """Its record in the unified registry, as long as it stands there."""
    return _entries_of(release).first()


def _entries_of(release: Release) -> QuerySet[RegistrationOrder]:
    return RegistrationOrder.objects.filter(mortgage=release.mortgage, registry=UNIFIED, status="accepted")


def progress(release: Release, *, with_people: bool = True) -> Progress:
    """Its steps in order; without the names of ours where the borrower reads them."""
    known = done_steps(release)
    asked = _asked(release, known)
    current = next((code for code in asked if code not in known), "")
    seen = tuple(_seen(code, known.get(code), code == current and release.is_open, with_people) for code in asked)
    return Progress(release.mortgage.vehicle.title, release.status, release.due_on, seen)


def _seen(code: str, step: ReleaseStep | None, is_current: bool, with_people: bool) -> Seen:
    label = _("交还权证（寄送或柜面）") if code == SENT and step is None else LABELS[code]
    if step is None:
        return Seen(code=code, label=label, state="current" if is_current else "todo")
    tells = with_people or code == SENT
    return Seen(code=code, label=label, state="done", done_on=step.done_on, by=step.done_by_name if with_people else "",
                detail=step.detail if tells else "")


def of_loan(contract_number: str, actor: Actor) -> list[Progress]:
    """How far each car of a contract is, for the borrower: withdrawn ones are not told of."""
    rows = Release.objects.visible_to(actor).filter(Q(contract__number=contract_number)).exclude(status="withdrawn")
    return [progress(row, with_people=False) for row in rows.select_related("contract", "mortgage__vehicle").prefetch_related("steps")]
