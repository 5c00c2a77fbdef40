"""The courts' public lists, through an agency.

    POST /person  {…,"name","id_number"}
    POST /company {…,"name","uscc"}

No entry is an answer with an empty list; a number the agency does not know is None, and that is not the same.
"""

from __future__ import annotations

from chezhe.risk.vendors.asking import Question, WrongAnswer, ask
from chezhe.risk.vendors.courts.answers import CourtAnswer
from chezhe.risk.vendors.shapes import not_after

SERVICE = "courts"
TIMEOUT_SECONDS = 6


def person_entries(question: Question, *, name: str, id_number: str) -> CourtAnswer | None:
    """What stands of a person. Raises as `asking.ask` does."""
    return _sound(ask(SERVICE, "/person", question, CourtAnswer, timeout_seconds=TIMEOUT_SECONDS, name=name, id_number=id_number))


def company_entries(question: Question, *, name: str, uscc: str) -> CourtAnswer | None:
    """What stands of a company. Raises as `asking.ask` does."""
    return _sound(ask(SERVICE, "/company", question, CourtAnswer, timeout_seconds=TIMEOUT_SECONDS, name=name, uscc=uscc))


def _sound(found: CourtAnswer | None) -> CourtAnswer | None:
    if found is None:
        return None
    if len({(entry.kind, entry.number) for entry in found.entries}) != len(found.entries):
        raise WrongAnswer("courts: an entry stands there twice")
    for entry in found.entries:
        if not not_after(found.as_of, entry.filed_on, entry.closed_on) or (entry.closed_on and entry.closed_on < entry.filed_on):
            raise WrongAnswer("courts: an entry's days cannot be")
    return found
