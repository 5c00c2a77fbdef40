"""Score existing customers by how they pay."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.risk.profiles import permissions, steps
from chezhe.risk.profiles.steps import ScoredCustomers


@action(permissions.SCORE)
def score_customers(*, customers: Sequence[int], business_date: date, by: Actor) -> ScoredCustomers:
    """Write the behaviour score and the early warning of these customers (ids); the same again writes nothing."""
    return steps.score(customers, business_date)
