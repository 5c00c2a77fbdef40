"""The exchange of lenders. Digits of the identity number choose what goes wrong (`chezhe.invented.fates`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from chezhe.invented import person
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Call, Faults
from chezhe.risk.vendors.lenders import telling
from chezhe.risk.vendors.source import Source, day_of, person_number


@simulators.register
class LendersSimulator(Source):
    name = service = "lenders"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.1, 1.0), timeout_rate=0.005)

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        return {"/applications": self._applications}

    def _applications(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.applications_of(person(person_number(body)), day_of(call), contradicts=self.contradicts(body))
