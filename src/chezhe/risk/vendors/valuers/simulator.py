"""Two valuation providers with habits of their own: one a little low, one a little high, careless with electric cars and sometimes far
off. Digits of the VIN choose more (`chezhe.invented.fates`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from chezhe.invented.cars import CarLife, car
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Call, Faults
from chezhe.risk.vendors.source import BadQuestion, NoRecord, Source, car_number, day_of, text_of
from chezhe.risk.vendors.valuers import telling


class Valuer(Source):
    """What both have in common."""

    service = "valuers"

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        return {"/identify": self._identify, "/value": self._value}

    def _identify(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.model_of(self._life(body))

    def _value(self, body: Mapping[str, Any], call: Call) -> object:
        life, mileage, price = self._life(body), body.get("mileage_km"), body.get("new_price_fen")
        condition, registered_on = body.get("condition"), date.fromisoformat(text_of(body, "registered_on"))
        if not _is_whole(mileage, 3_000_000) or condition not in ("A", "B", "C", "D") or not (price is None or _is_whole(price, 10**10)):
            raise BadQuestion("car")
        if registered_on > day_of(call):
            raise BadQuestion("registered_on")
        return telling.value_of(
            self.name, life, day_of(call), city=text_of(body, "city"), registered_on=registered_on,
            mileage_km=mileage, condition=condition, new_price_fen=price, contradicts=self.contradicts(body))  # type: ignore[arg-type]

    def _life(self, body: Mapping[str, Any]) -> CarLife:
        life = car(car_number(body))
        if not telling.knows(self.name, life):
            raise NoRecord
        return life


@simulators.register
class JingzhenguSimulator(Valuer):
    name = "jingzhengu"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.2, 0.9))


@simulators.register
class Che300Simulator(Valuer):
    name = "che300"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.3, 1.8), error_before_rate=0.01)


def _is_whole(value: object, highest: int) -> bool:
    return type(value) is int and 0 <= value <= highest
