"""The inquiry into social insurance and housing fund. Digits of the identity number choose what goes wrong (`chezhe.invented.fates`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from chezhe.invented import person
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Call, Faults
from chezhe.risk.vendors.social_insurance import telling
from chezhe.risk.vendors.source import NoRecord, Source, day_of, person_number


@simulators.register
class SocialInsuranceSimulator(Source):
    name = service = "social_insurance"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.3, 1.5), error_before_rate=0.005)

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        return {"/person": self._person}

    def _person(self, body: Mapping[str, Any], call: Call) -> object:
        found = telling.insurance_of(person(person_number(body)), day_of(call), contradicts=self.contradicts(body))
        if found is None:
            raise NoRecord
        return found
