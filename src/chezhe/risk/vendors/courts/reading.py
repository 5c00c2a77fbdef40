"""What the courts' answer means as facts. A closed entry counts no more: it was paid, or the list has let it go."""

from __future__ import annotations

from chezhe.risk.vendors.courts.answers import CourtAnswer


def person_facts(answer: CourtAnswer) -> dict[str, object]:
    """失信, 限高 and lawsuits that are still open."""
    open_kinds = {entry.kind for entry in answer.entries if entry.closed_on is None}
    return {
        "has_enforcement": "enforcement" in open_kinds, "has_consumption_ban": "ban" in open_kinds, "has_court_case": "civil" in open_kinds,
    }


def company_facts(answer: CourtAnswer) -> dict[str, object]:
    """失信 of the company itself."""
    return {"company_has_enforcement": any(entry.kind == "enforcement" and entry.closed_on is None for entry in answer.entries)}
