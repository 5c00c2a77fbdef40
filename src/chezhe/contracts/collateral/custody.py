"""The vault: what is kept, lent, given back and handed out, each move written down for ever."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from chezhe.contracts.collateral import errors
from chezhe.contracts.collateral.custody_models import CERTIFICATE, CUSTODY_KINDS, CUSTODY_PREFIX, CustodyItem, CustodyMove
from chezhe.contracts.collateral.states import CUSTODY
from chezhe.contracts.models import Contract, Mortgage
from chezhe.kernel import appending, clock, events, moves, numbers, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import Invalid, require_reason
from chezhe.vehicles.models import Vehicle

# While one of these stands the car is not free.
STANDING = ("registered", "release_requested")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What is put into the vault: `serial` is the number printed on a certificate, or which key it is."""

    kind: str
    serial: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """To whom something is given, and why; `due_back` where it is lent."""

    holder: str
    reason: str
    due_back: date | None = None


def items(actor: Actor) -> QuerySet[CustodyItem]:
    """Everything that was ever kept inside somebody's reach, with what a row shows."""
    return CustodyItem.objects.visible_to(actor).select_related("contract__customer", "vehicle", "branch")


def lent(actor: Actor) -> QuerySet[CustodyItem]:
    """待归还, the one that is due first at the top."""
    return items(actor).filter(status="lent").order_by("due_back", "id")


def of_car(contract: Contract, vehicle: Vehicle) -> QuerySet[CustodyItem]:
    """What is or was kept of a contract's car."""
    return CustodyItem.objects.filter(contract=contract, vehicle=vehicle).order_by("pk")


def found_by(code: str, actor: Actor) -> CustodyItem | None:
    """What carries a barcode, or a certificate's printed number; None where nothing does."""
    typed = code.strip().upper()
    rows = items(actor)
    return (rows.filter(number=typed).first() or rows.filter(serial=typed, kind=CERTIFICATE).last()) if typed else None


def held(number: str, by: Actor) -> CustodyItem:
    """Something kept with its contract and itself locked, in the order in which a release locks them. Raises NotFound (404)."""
    rows = CustodyItem.objects.visible_to(by)
    Contract.objects.lock(rows.select_related("contract").fetch(number).contract.number)
    return rows.select_related("contract", "vehicle").lock(number)


def keep(contract: Contract, vehicle: Vehicle, kept: Kept, on: date, *, by: Actor) -> CustodyItem:
    """Put something new into the vault of a locked contract's branch. Raises CertificateKept (409) or Invalid (422)."""
    serial = kept.serial.strip().upper()
    if kept.kind not in dict(CUSTODY_KINDS):
        raise Invalid(field="kind", code="custody_kind_unknown", sentence=_("没有这种权证。"))
    if kept.kind == CERTIFICATE and not serial or len(serial) > 40:
        raise Invalid(field="serial", code="serial_missing", sentence=_("请填写登记证书编号，最多 40 个字符。"))
    twin = CustodyItem.objects.filter(vehicle=vehicle, kind=CERTIFICATE, status__in=["kept", "lent"]).first()
    if kept.kind == CERTIFICATE and twin is not None:
        raise errors.CertificateKept(vehicle=vehicle.number, number=twin.number)
    made = CustodyItem.objects.create(
        number=numbers.next_number(CUSTODY_PREFIX, on), kind=kept.kind, serial=serial, contract=contract, vehicle=vehicle,
        branch_id=contract.branch_id, place=_place(kept.place), kept_on=on)
    moves.record(made.subject, "keep", "", made.status, by=by)
    _write_down(made, "keep", on, by=by)
    return made


def _place(place: str) -> str:
    if len(place.strip()) > 40:
        raise Invalid(field="place", code="place_too_long", sentence=_("库位最多 40 个字。"))
    return place.strip()


def lend(item: CustodyItem, handed: Handed, on: date, *, by: Actor) -> None:
    """Give a locked item to somebody who brings it back, within the days that the house lends for. Raises WrongState (409), ReasonRequired
    or Invalid (422)."""
    CUSTODY.require(item.status, "lend")
    last = on + timedelta(days=parameters.count("CUSTODY_LOAN_DAYS_MAX", on))
    if handed.due_back is None or not on <= handed.due_back <= last:
        raise Invalid(field="due_back", code="due_back_wrong", sentence=_("归还期限须在今天与 %(last)s 之间。"), last=last)
    _hand(item, "lend", handed, on, by=by)


def hand_out(item: CustodyItem, handed: Handed, on: date, *, by: Actor) -> None:
    """A locked item leaves for good; not while a mortgage stands on its car. Raises StillMortgaged or WrongState (409), ReasonRequired or
    Invalid (422)."""
    CUSTODY.require(item.status, "hand_out")
    if Mortgage.objects.filter(Q(contract=item.contract) | Q(further_of=item.contract), vehicle=item.vehicle, status__in=STANDING).exists():
        raise errors.StillMortgaged(vehicle=item.vehicle.number)
    _hand(item, "hand_out", handed, on, by=by)


def _hand(item: CustodyItem, verb: str, handed: Handed, on: date, *, by: Actor) -> None:
    holder, reason = handed.holder.strip(), require_reason(handed.reason, most=200)
    if not holder or len(holder) > 80:
        raise Invalid(field="holder", code="holder_missing", sentence=_("请填写交给谁，最多 80 个字。"))
    item.holder, item.due_back = holder, handed.due_back if verb == "lend" else None
    item.save(update_fields=["holder", "due_back"])
    moves.move(item, CUSTODY, verb, by=by, reason=reason)
    _write_down(item, verb, on, reason=reason, by=by)


def give_back(item: CustodyItem, place: str, reason: str, on: date, *, by: Actor) -> None:
    """A locked item that is not here comes back. Raises WrongState (409) or Invalid (422)."""
    CUSTODY.require(item.status, "give_back")
    came_from, item.holder, item.due_back = item.holder, "", None
    item.place = _place(place) or item.place
    moves.move(item, CUSTODY, "give_back", by=by, reason=reason[:200])
    item.save(update_fields=["holder", "due_back", "place"])
    _write_down(item, "give_back", on, reason=reason[:200], holder=came_from, by=by)


def _write_down(item: CustodyItem, verb: str, on: date, *, by: Actor, reason: str = "", holder: str = "") -> None:
    appending.append(CustodyMove(
        item=item, verb=verb, moved_on=on, moved_at=clock.now(), moved_by_name=by.name, holder=holder or item.holder, reason=reason,
        due_back=item.due_back, place=item.place))
    events.publish("custody.moved", item.subject, {"number": item.number, "verb": verb, "contract": item.contract.number})
