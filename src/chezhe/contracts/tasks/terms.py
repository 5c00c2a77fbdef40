"""Terms of records in the unified registry."""

from __future__ import annotations

from datetime import timedelta

from chezhe.contracts.actions.tell_ending_terms import tell_ending_terms
from chezhe.kernel import business_date
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job


@job("contracts.tell_ending_terms", queue="upkeep", every=timedelta(days=1))
def tell_of_ending_terms() -> int:
    """Returns how many end soon of which nobody had been told."""
    return tell_ending_terms(business_date=business_date.current(), by=SYSTEM)
