"""Register, tax office and filed statements. Digits of the company code choose false books, an owner who hides, or a company struck off
(`chezhe.invented.fates`)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from chezhe.invented import CompanyLife, company, person
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Call, Faults
from chezhe.risk.vendors.enterprise import telling
from chezhe.risk.vendors.source import NoRecord, Source, company_number, day_of, person_number, text_of


@simulators.register
class EnterpriseSimulator(Source):
    name = service = "enterprise"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.3, 2.5))

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        return {
            "/registration": self._registration, "/ownership": self._ownership, "/tax": self._tax, "/statements": self._statements,
            "/invoices": self._invoices, "/trade": self._trade,
        }

    def _registration(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.registration_of(_life(body, call), day_of(call), text_of(body, "name", length=100))

    def _trade(self, body: Mapping[str, Any], call: Call) -> object:
        code = company_number(body)
        found = telling.trade_of(person(person_number(body)), code, day_of(call), contradicts=self.contradicts(body))
        if found is None:
            raise NoRecord
        return found

    def _ownership(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.ownership_of(_life(body, call), day_of(call), contradicts=self.contradicts(body))

    def _tax(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.tax_of(_life(body, call), day_of(call), contradicts=self.contradicts(body))

    def _statements(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.statements_of(_life(body, call), day_of(call), contradicts=self.contradicts(body))

    def _invoices(self, body: Mapping[str, Any], call: Call) -> object:
        return telling.invoices_of(_life(body, call), day_of(call))


def _life(body: Mapping[str, Any], call: Call) -> CompanyLife:
    """A company that does not exist yet has no record."""
    life = company(company_number(body))
    if life.established_on > day_of(call):
        raise NoRecord
    return life
