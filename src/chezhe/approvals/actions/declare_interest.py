"""Declare that a colleague has an interest in a case."""

from __future__ import annotations

from datetime import date

from chezhe.approvals import declaring, permissions
from chezhe.approvals.models import Interest
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor


@action(permissions.DECLARE)
def declare_interest(
    *, subject: str, kind: str, words: str = "", username: str = "", business_date: date, by: Actor
) -> Interest:
    """Say that oneself, or for whoever watches over it a colleague, has an interest in a customer or dealer: they vote on nothing of it."""
    return declaring.declare(subject, kind, words, username, business_date, by)
