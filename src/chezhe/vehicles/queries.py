"""Finding and reading vehicles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from chezhe.customers.values import Hit
from chezhe.finmath.money import Money
from chezhe.identifiers import masks, plate, vin
from chezhe.identifiers.text import clean_code
from chezhe.kernel.actor import Actor
from chezhe.kernel.composed import Composed
from chezhe.kernel.readings import Kinds, Meaning, Reading, Readings, Searched
from chezhe.kernel.scope import Fetching
from chezhe.kernel.subjects import Subject
from chezhe.ui import formats
from chezhe.vehicles import choices, rules
from chezhe.vehicles.models import Valuation, Vehicle, VehicleChange, VehiclePaper

HITS_MAX = 10
_OPENED = Fetching(lambda by: Vehicle.objects.visible_to(by).select_related("owner"))


def open_subject(actor: Actor, number: str) -> Subject:
    """A vehicle as other rooms see it; raises NotFound (404)."""
    vehicle = _OPENED.fetch(number, actor)
    label = f"{vehicle.masked_plate or vehicle.masked_vin} {vehicle.title}"
    url = reverse("vehicles:vehicle", args=[number])
    return Subject(vehicle.subject, label, url, vehicle.owner.branch_id, vehicle.owner.owner_id)


def search(actor: Actor, text: str, limit: int = HITS_MAX) -> list[Hit]:
    """Vehicles by VIN or its last six characters, plate, or number; masked."""
    if not actor.can("vehicles.view"):
        return []
    return [hit(vehicle) for vehicle in _SEARCHED.objects(actor, meaning_of(text))[:limit]]


def hit(vehicle: Vehicle) -> Hit:
    """One line of a search."""
    detail = " · ".join(filter(None, [vehicle.title, vehicle.masked_vin, vehicle.owner.masked_name]))
    url = reverse("vehicles:vehicle", args=[vehicle.number])
    return Hit("vehicle", vehicle.number, vehicle.masked_plate or _("未上牌"), detail, url)


def narrowed(vehicles: QuerySet[Vehicle], text: str) -> QuerySet[Vehicle]:
    """Only the vehicles that what was typed can mean."""
    return vehicles.filter(condition(*meaning_of(text)))


def meaning_of(text: str) -> Meaning:
    """What was typed, as `condition` takes it."""
    return _READINGS.of(clean_code(text))


def condition(kinds: Kinds, values: Sequence[str]) -> Q:
    """The vehicles of a meaning, or of stand-ins for its values."""
    return _READINGS.condition(kinds, values)


_READINGS = Readings(
    Reading(
        lambda code: code[:1] == "V" and code[1:3].isdigit(), lambda code: [_number(code)], lambda number: Q(number__startswith=number)),
    Reading(lambda code: vin.judge(code).form_ok, lambda code: [code], lambda code: Q(vin=code)),
    Reading(lambda code: len(code) == 6 and code.isascii() and code.isalnum(), lambda code: [code], lambda code: Q(vin_tail=code)),
    Reading(lambda code: plate.judge(code).valid, lambda code: [code], lambda code: Q(plate=code)),
    Reading(
        lambda code: 5 <= len(code) <= 7 and code.isascii() and code.isalnum(), lambda code: [code], lambda code: Q(plate__endswith=code)),
)
_SEARCHED = Searched(
    condition, lambda by, meant: Vehicle.objects.visible_to(by).filter(meant).select_related("owner").order_by("-id")[:HITS_MAX])


def _number(code: str) -> str:
    return "-".join(part for part in (code[:3], code[3:9], code[9:10]) if part)


def of_customer(customer_number: str, actor: Actor) -> QuerySet[Vehicle]:
    """The vehicles of one customer in the actor's reach."""
    return Vehicle.objects.visible_to(actor).filter(owner__number=customer_number).order_by("-id")


def latest_valuation(vehicle: Vehicle, on: date | None = None) -> Valuation | None:
    """The valuation that counts: the latest day, and on that day the last recorded; with `on`, none after that day."""
    return next(iter(_VALUED_BY.objects(vehicle.pk, on) if on else _VALUED.objects(vehicle.pk)), None)


_VALUED = Composed(lambda vehicle: Valuation.objects.filter(vehicle=vehicle)[:1], -1)
_VALUED_BY = Composed(lambda vehicle, on: Valuation.objects.filter(vehicle=vehicle, valued_on__lte=on)[:1], -1, date(1900, 1, 1))


def price_base(vehicle: Vehicle, on: date | None = None, *, price: Money | None = None) -> Money | None:
    """The loan-to-value denominator now; `price` is the deal's own price when it differs from the file's."""
    valuation = latest_valuation(vehicle, on)
    return rules.price_base(
        condition=vehicle.condition, price=price if price is not None else vehicle.invoice_price,
        guide_price=vehicle.guide_price, valuation=valuation.amount if valuation else None,
    )


def paper(vehicle: Vehicle, kind: str) -> VehiclePaper | None:
    """The newest paper of a kind."""
    return next(iter(_PAPER.objects(vehicle.pk, kind)), None)


_PAPER = Composed(lambda vehicle, kind: VehiclePaper.objects.filter(vehicle=vehicle, kind=kind)[:1], -1, "?")


def paper_findings(vehicle: Vehicle) -> list[rules.Fault]:
    """Where the newest papers contradict the file."""
    found: list[rules.Fault] = []
    for kind, _label in choices.PAPER_KINDS:
        newest = paper(vehicle, kind)
        if newest is not None:
            found += rules.paper_findings(vehicle.facts, _typed(newest))
    return found


def differing(vehicle: Vehicle, newest: VehiclePaper) -> set[str]:
    """The fields in which a paper contradicts the file."""
    return {fault.field for fault in rules.paper_findings(vehicle.facts, _typed(newest))}


def _typed(newest: VehiclePaper) -> dict[str, Any]:
    shapes = choices.PAPER_FIELDS[newest.kind]
    return {n: date.fromisoformat(v) if shapes[n][1] == "day" else v for n, v in newest.content.items() if n in shapes}


@dataclass(frozen=True, slots=True)
class PaperLine:
    label: Any
    text: str


def paper_lines(newest: VehiclePaper) -> list[PaperLine]:
    """What a paper says, masked, in the order in which it is printed."""
    shapes, content = choices.PAPER_FIELDS[newest.kind], newest.content
    return [PaperLine(shapes[name][0], _paper_text(name, shapes[name][1], content[name])) for name in shapes if name in content]


def _paper_text(name: str, shape: str, stored: Any) -> str:
    if name in _PAPER_MASKS:
        return _PAPER_MASKS[name](str(stored))
    if shape == "usage":
        return str(dict(choices.USAGE_NATURES).get(stored, stored))
    if shape == "origin":
        return str(dict(choices.ORIGINS).get(stored, stored))
    return str(stored)


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of the history, masked as the field is."""

    at: Any
    who: str
    version: int
    label: Any
    before: str
    after: str


def history(vehicle: Vehicle) -> list[ChangeLine]:
    """What was edited, newest first."""
    rows = VehicleChange.objects.filter(vehicle=vehicle)[:200]
    return [
        ChangeLine(r.changed_at, r.changed_by_name, r.version, r.label, _shown(r.field, r.before), _shown(r.field, r.after))
        for r in rows
    ]


_PAPER_MASKS: dict[str, Callable[[str], str]] = {
    "holder_name": masks.mask_name, "holder_id": masks.mask_id_number, "address": masks.mask_address, "vin": masks.mask_vin,
    "plate": masks.mask_plate, "engine_no": lambda text: f"****{text[-3:]}",
}
_MASKS: dict[str, Callable[[str], str]] = {
    "vin": masks.mask_vin, "plate": masks.mask_plate, "engine_no": lambda text: f"****{text[-3:]}",
    "invoice_price": lambda text: formats.money(int(text.split()[0])), "guide_price": lambda text: formats.money(int(text.split()[0])),
    "energy_type": lambda text: str(dict(choices.ENERGY_TYPES).get(text, text)),
    "usage_nature": lambda text: str(dict(choices.USAGE_NATURES).get(text, text)),
    "condition": lambda text: str(dict(choices.CONDITIONS).get(text, text)),
}


def _shown(field: str, text: str) -> str:
    return _MASKS.get(field, str)(text) if text else formats.MISSING
