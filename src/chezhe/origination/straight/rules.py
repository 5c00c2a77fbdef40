"""Whether a case may go on by itself. Pure values."""

from __future__ import annotations

from dataclasses import dataclass

from chezhe.origination.offers.rules import Terms

AHEAD = "ahead"
TIER = "A"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """What is known of an application that the machine has just approved."""

    acceptance: str
    tier: str
    is_prime: bool
    asked: Terms
    offered: Terms
    open_conditions: int


def hindrance(case: Case) -> str:
    """The code of the first thing for which people are needed; empty where none is.

    On somebody's behalf only that is accepted which was asked for: the same sum over the same months at the rate that was applied for, or
    a lower one. Less money would be an answer to another question.
    """
    if case.acceptance != AHEAD:
        return "not_agreed"
    if case.tier != TIER or not case.is_prime:
        return "not_prime"
    if not is_as_asked(case.asked, case.offered):
        return "offer_differs"
    return "conditions_open" if case.open_conditions else ""


def is_as_asked(asked: Terms, offered: Terms) -> bool:
    """Nothing differs, but for a rate that is better for the customer."""
    same = (asked.amount, asked.periods) == (offered.amount, offered.periods)
    return same and offered.annual_rate <= asked.annual_rate
