"""A dealer brings a customer: one short form."""

from __future__ import annotations

from datetime import date

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.origination.models import Application
from chezhe.portal import filing, permissions
from chezhe.portal.filing import NewCase


@action(permissions.FILE_CASE)
def file_case(*, case: NewCase, business_date: date, by: Actor) -> Application:
    """Take a customer, the car and what is wanted from a dealer's person, with the number of the consents that the customer signed: a draft
    of the dealer's. Raises Invalid (422), DealerClosed, CustomerOfOthers, VinExists … (409), and what the product refuses."""
    return filing.file(case, on=business_date, by=by)
