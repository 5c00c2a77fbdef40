"""A credit bureau. The digits of the identity number or company code choose what it does (`chezhe.invented.fates`); everybody else
gets the report of the life behind the number, as of the day of the question."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from chezhe.invented import company, person
from chezhe.kernel import clock, simulators
from chezhe.kernel.simulators import Call, Faults
from chezhe.risk.vendors.bureau import company_telling, telling, xml_form
from chezhe.risk.vendors.bureau.answers import REASONS
from chezhe.risk.vendors.bureau.client import XmlReport
from chezhe.risk.vendors.source import BadQuestion, Source, company_number, person_number, text_of


@simulators.register
class BureauSimulator(Source):
    name = service = "bureau"
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.3, 1.6))

    def paths(self) -> Mapping[str, Callable[[Mapping[str, Any], Call], object]]:
        return {"/personal": self._personal, "/company": self._company}

    def _personal(self, body: Mapping[str, Any], call: Call) -> object:
        number, reason = person_number(body), text_of(body, "purpose")
        if reason not in REASONS:
            raise BadQuestion("purpose")
        at = call.at.astimezone(clock.SHANGHAI).replace(microsecond=0)
        report = telling.report_of(
            person(number), at, name=text_of(body, "name"), reason=reason, contradicts=self.contradicts(body))
        if body.get("format") != "xml":
            return report
        written = xml_form.write(report)
        return XmlReport(written, hashlib.sha256(written.encode()).hexdigest())

    def _company(self, body: Mapping[str, Any], call: Call) -> object:
        number, at = company_number(body), call.at.astimezone(clock.SHANGHAI).replace(microsecond=0)
        return company_telling.report_of(company(number), at, name=text_of(body, "name", length=100), contradicts=self.contradicts(body))
