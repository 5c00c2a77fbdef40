"""The credit bureau: a person's report as JSON or XML, a company's as JSON.

    POST /personal {…,"name","id_number","format":"json"|"xml"} → "answer" is the report, or {"xml","sha256"}
    POST /company  {…,"name","uscc"}                             → "answer" is the report
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Literal

from chezhe.risk.vendors.asking import Question, WrongAnswer, ask
from chezhe.risk.vendors.bureau import checking, xml_form
from chezhe.risk.vendors.bureau.answers import CompanyReport, PersonalReport

SERVICE = "bureau"
TIMEOUT_SECONDS = 8


@dataclass(frozen=True, slots=True)
class XmlReport:
    """A report in XML, with its digest."""

    xml: str
    sha256: str


def personal_report(question: Question, *, name: str, id_number: str, form: Literal["json", "xml"] = "json") -> PersonalReport | None:
    """A person's report; None when the bureau has nobody of this number. Raises as `asking.ask` does."""
    asked = {"name": name, "id_number": id_number, "format": form}
    if form == "xml":
        found = ask(SERVICE, "/personal", question, XmlReport, timeout_seconds=TIMEOUT_SECONDS, **asked)
        report = None if found is None else _from_xml(found)
    else:
        report = ask(SERVICE, "/personal", question, PersonalReport, timeout_seconds=TIMEOUT_SECONDS, **asked)
    if report is not None:
        checking.require_sound(report, id_number=id_number)
    return report


def company_report(question: Question, *, name: str, uscc: str) -> CompanyReport | None:
    """A company's report; None when the bureau knows no such company. Raises as `asking.ask` does."""
    report = ask(SERVICE, "/company", question, CompanyReport, timeout_seconds=TIMEOUT_SECONDS, name=name, uscc=uscc)
    if report is not None:
        checking.require_sound_company(report, uscc=uscc)
    return report


def _from_xml(found: XmlReport) -> PersonalReport:
    if hashlib.sha256(found.xml.encode()).hexdigest() != found.sha256:
        raise WrongAnswer("bureau: the digest does not fit the report")
    return xml_form.read(found.xml.encode())
