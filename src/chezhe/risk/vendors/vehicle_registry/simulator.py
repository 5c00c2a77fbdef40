"""The vehicle registry with insurers and workshops behind it. Digits of the VIN choose a mortgage elsewhere, an odometer turned back, a
flood, or an answer against itself (`chezhe.invented.fates`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from chezhe.invented import fates
from chezhe.invented.cars import CarLife, car
from chezhe.invented.fates import Fate
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Call, Faults
from chezhe.risk.vendors.source import NoRecord, Source, car_number, day_of
from chezhe.risk.vendors.vehicle_registry import telling


@simulators.register
class VehicleRegistrySimulator(Source):
    name = service = "vehicle_registry"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.4, 2.2), error_before_rate=0.005)

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        return {"/title": self._title, "/history": self._history}

    def fate(self, body: Mapping[str, Any]) -> Fate:
        return fates.of_car(str(body.get("vin", "")))

    def _title(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.title_of(
            _registered(body, call), day_of(call), plate=str(body.get("plate", "")), owner_number=str(body.get("owner_id_number", "")),
            contradicts=self.contradicts(body))

    def _history(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.history_of(_registered(body, call), day_of(call), contradicts=self.contradicts(body))


def _registered(body: Mapping[str, Any], call: Call) -> CarLife:
    """A car that is not registered yet is not in the register."""
    life = car(car_number(body))
    if life.registered_on > day_of(call):
        raise NoRecord
    return life
