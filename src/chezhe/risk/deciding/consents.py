"""On which consents the facts of a decision had been asked for. The record does not say: the facts it was made of do."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from chezhe.risk.deciding import record
from chezhe.risk.deciding.models import Decision
from chezhe.risk.facts import consents
from chezhe.risk.facts import queries as fact_queries
from chezhe.risk.facts.consents import Agreed


def of(decision: Decision, told: Mapping[str, Any]) -> dict[str, Agreed]:
    """By code what the borrower, or the owner of the car, had agreed to; without what nobody outside was asked for."""
    told_at = {code: (one.source, datetime.fromisoformat(one.known_at)) for code, one in record.facts_of(told).items()}
    subjects = decision.round.asked["subjects"] if decision.round else [decision.subject, decision.customer.subject]
    rows = fact_queries.asked_on(subjects, told_at)
    asked = {code: line for code, source, known_at, line in rows if told_at[code] == (source, known_at)}
    agreed = consents.named(asked.values())
    return {code: agreed[line] for code, line in asked.items() if line in agreed}
