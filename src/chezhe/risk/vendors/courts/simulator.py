"""The courts' lists. Digit code 96 of a number puts it on all of them (`chezhe.invented.fates`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from chezhe.invented import company, person
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Call, Faults
from chezhe.risk.vendors.courts import telling
from chezhe.risk.vendors.source import Source, company_number, day_of, person_number


@simulators.register
class CourtsSimulator(Source):
    name = service = "courts"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.2, 1.5))

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        return {"/person": self._person, "/company": self._company}

    def _person(self, body: Mapping[str, Any], call: Call) -> object:
        life = person(person_number(body))
        return telling.entries_of(life.cases, life.chance, day_of(call), contradicts=self.contradicts(body))

    def _company(self, body: Mapping[str, Any], call: Call) -> object:
        life = company(company_number(body))
        return telling.entries_of(life.cases, life.chance, day_of(call), contradicts=self.contradicts(body))
