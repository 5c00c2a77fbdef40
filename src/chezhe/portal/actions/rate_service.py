"""A customer says how it was."""

from __future__ import annotations

from datetime import date

from chezhe.compliance.models import Rating
from chezhe.compliance.steps import voices
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.portal import permissions, queries, voicing
from chezhe.servicing import queries as loan_queries


@action(permissions.RATE)
def rate_service(*, loan_number: str, occasion: str, stars: int, words: str, business_date: date, by: Actor) -> Rating:
    """Keep one to five and a few words about a loan's payout or settlement, once each.

    Raises NotFound (404), Invalid (422), NotYetRated or RatedAlready (409).
    """
    loan = queries.loan(by, loan_number)
    loan_queries.require_own(loan, by)
    if occasion not in voicing.occasions_of(loan):
        raise voicing.NotYetRated()
    return voices.rate(subject=loan.customer.subject, about=loan.subject, occasion=occasion, stars=stars, words=words, on=business_date)
