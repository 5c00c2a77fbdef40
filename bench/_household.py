"""One application as the worker gathers it: the borrower, whoever borrows with them, and a car that nobody has valued yet.

Everything is asked by `deciding.steps.gather` in one transaction; a worker of its own process, begun as always, asks and writes down.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from statistics import median
from time import perf_counter, sleep
from typing import Any

from chezhe.cli.commands._surroundings import ROOT, VAR

PATIENCE_SECONDS = 120
LOOK_SECONDS = 0.005
WARM = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as a source saw it: its path, and when it came and was answered on the clock of `perf_counter`."""

    path: str
    came: float
    left: float


def measure(rounds: int, seen: list[Seen], allowed_ms: float) -> dict[str, Any]:
    """The figures of so many applications, one after the other; sources append to `seen` what they were asked. A worker is running."""
    from chezhe.kernel import clock
    from chezhe.simulation import people
    from chezhe.staff import steps as staff_steps
    from chezhe.staff.models import User

    list(people.settle_in(clock.now()))
    seller = staff_steps.actor_for(User.objects.get(username="hz.sales"), clock.now())
    lines = [_gathered(asking, seller, seen) for asking in _applications(rounds + WARM, seller)][WARM:]
    found = {
        "rounds": rounds, "sources": max(line["sources"] for line in lines), "answered": sum(line["answered"] for line in lines),
        **{f"{name}_ms_p50": _milliseconds(line[name] for line in lines) for name in ("total", "slowest", "begun_within")},
        "one_after_the_other_ms_p50": _milliseconds(line["sum"] for line in lines),
        "excess_ms_p50": _milliseconds(line["total"] - line["slowest"] for line in lines),
        "excess_ms_max": round(max(line["total"] - line["slowest"] for line in lines) * 1000, 1), "allowed_ms": allowed_ms,
        "load": round(os.getloadavg()[0], 1),
    }
    print("one application: " + ", ".join(f"{name} {value}" for name, value in found.items()))
    missing = sum(line["sources"] - line["answered"] for line in lines)
    return {**found, "failures": [f"{missing} sources of whole applications did not answer"] if missing else []}


def _milliseconds(seconds: Any) -> float:
    return round(median(seconds) * 1000, 1)


def _gathered(asking: Any, seller: Any, seen: list[Seen]) -> dict[str, Any]:
    """From the moment at which the application is handed in until the last answer is written down."""
    from django.db import transaction

    from chezhe.risk.deciding import steps, tracing
    from chezhe.risk.facts.models import Enquiry
    from chezhe.risk.valuing.models import Valuing

    seen.clear()
    with transaction.atomic():
        steps.gather(asking, tracing.cars_of(asking), by=seller)
    begun = perf_counter()
    while Enquiry.objects.filter(status="waiting").exists() or Valuing.objects.filter(status="gathering").exists():
        if perf_counter() - begun > PATIENCE_SECONDS:
            raise SystemExit("nobody answers: is the worker running?")
        sleep(LOOK_SECONDS)
    total = perf_counter() - begun
    took = [one.left - one.came for one in seen]
    about = [asking.customer.subject, asking.vehicle, *(subject for _role, subject in asking.parties)]
    answered = Enquiry.objects.filter(subject__in=about, status="answered").count()
    valuing = Valuing.objects.get(asked_for=asking.subject)
    quoted = valuing.estimates.exclude(amount=None).filter(source__in=_providers()).count()
    came = [one.came for one in seen]
    return {
        "total": total, "slowest": max(took), "sum": sum(took), "begun_within": max(came) - min(came),
        "sources": Enquiry.objects.filter(subject__in=about).count() + len(_providers()), "answered": answered + quoted,
    }


def _providers() -> Sequence[str]:
    from chezhe.risk.vendors.valuers import client as valuers

    return list(valuers.PROVIDERS)


def _applications(count: int, seller: Any) -> Iterator[Any]:
    """Two people and a car each, of whom nothing is known yet: nine sources each of the people, two of the car, and two valuers."""
    from chezhe.invented import fates
    from chezhe.kernel import clock
    from chezhe.risk.deciding.asking import Asking

    today = clock.today()
    for serial in range(count):
        numbers = (fates.id_number(fates.GOOD, born_on=date(year + serial, 6, 15)) for year in (1970, 1985))
        borrower, beside = (_person(number, seller, today) for number in numbers)
        yield Asking(
            subject=f"application:A26-9{serial:05d}-0", customer=borrower, vehicle=_car(serial, borrower, seller, today).subject,
            branch_id=seller.branch_id, owner_id=seller.user_id, on=today, licence_type="mcc", region="", figures={},
            parties=(("co_borrower", beside.subject),))


def _person(id_number: str, seller: Any, today: date) -> Any:
    """On file with a card, the picture of their identity card, and every consent."""
    from chezhe.compliance import steps as compliance_steps
    from chezhe.customers import steps
    from chezhe.customers.values import PersonFacts
    from chezhe.documents import steps as document_steps
    from chezhe.documents.tests.corpus import image
    from chezhe.invented import person
    from chezhe.origination import rules

    life = person(id_number)
    customer = steps.create_person(
        PersonFacts(name=life.name, id_number=id_number, mobile=life.mobile), branch_id=seller.branch_id, owner_id=seller.user_id, on=today,
        by=seller)
    steps.add_account(customer, kind="debit", card_number="6228480402564890018", bank_name="澄江银行")
    for kind in rules.consents_needed(is_person=True, is_borrower=True):
        compliance_steps.grant(subject=customer.subject, kind=kind, on=today, channel="paper", evidence="SQ-1", by=seller)
    document_steps.store_bytes(
        image(), name="id.jpg", subject=customer.subject, category="id_front", branch_id=seller.branch_id, by=seller)
    return customer


def _car(serial: int, owner: Any, seller: Any, today: date) -> Any:
    from chezhe.finmath.money import Money
    from chezhe.invented import car, fates
    from chezhe.vehicles import steps
    from chezhe.vehicles.values import VehicleFacts

    vin = fates.car_vin(fates.GOOD, serial=serial)
    life = car(vin)
    return steps.register(VehicleFacts(
        vin=vin, brand=life.model.brand, series=life.model.series, model=life.model.name, condition="used", energy_type=life.model.energy,
        plate=f"沪A12{serial:03d}", engine_no="EA888-77", first_registered_on=life.registered_on, mileage_km=life.odometer_on(today),
        colour="白", invoice_price=None, guide_price=Money(life.model.price_fen), usage_nature=life.usage,
    ), owner=owner, on=today, by=seller)


@contextmanager
def worker() -> Iterator[None]:
    """`chezhe worker` on this process's database, in a process of its own."""
    log = VAR / "bench_gathering" / "worker.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    with open(log, "wb") as out:
        child = subprocess.Popen([sys.executable, "-m", "chezhe.cli.main", "worker"], cwd=ROOT, stdout=out, stderr=out)
        try:
            yield
        finally:
            child.terminate()
            child.wait(PATIENCE_SECONDS)
