"""The fact that a watch list names a customer, as decisions read it."""

from __future__ import annotations

from chezhe.customers.models import Customer
from chezhe.kernel import clock
from chezhe.risk.facts import steps as facts
from chezhe.risk.screening import queries


def write_watch_fact(customer: Customer) -> None:
    """`watch_list_hit` as it stands; nothing for a customer who was not held against every list: then it is unknown."""
    at = clock.now()
    hit = queries.watch_hit([customer], at).get(customer.pk)
    if hit is not None:
        facts.record_facts(customer.subject, {"watch_list_hit": hit}, source="screening", known_at=at)
