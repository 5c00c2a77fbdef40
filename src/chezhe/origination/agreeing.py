"""What has to hold before somebody agrees to an application, beside its product and the law."""

from __future__ import annotations

from datetime import date

from chezhe.kernel.actor import Actor
from chezhe.origination import errors
from chezhe.origination.models import Application
from chezhe.risk.deciding import conditions
from chezhe.risk.guarantees import queries as guarantee_queries
from chezhe.risk.guarantees import steps as guarantee_steps
from chezhe.risk.screening import freezing


def require(application: Application, on: date, *, by: Actor) -> None:
    """Nobody frozen, a guarantor where the decision asks for one, and enough behind the loan as it is measured now.

    Raises BusinessHeld, GuarantorNeeded, CoverageShort, LendingValueMissing or ProposalMissing (409).
    """
    require_free(application, by=by)
    require_guarantor(application)
    guarantee_steps.require_covered(application.subject, on=on, by=by)


def require_free(application: Application, *, by: Actor) -> None:
    """Raises BusinessHeld (409) while the borrower, or anybody else who stands for the loan, is frozen."""
    parties = [party.customer for party in application.parties.select_related("customer")]
    named = (application.customer, *parties, *guarantee_queries.guarantors_of(application.subject))
    freezing.require_free({one.pk: one for one in named}.values(), by=by)


def require_guarantor(application: Application) -> None:
    """Raises GuarantorNeeded (409) where the last decision makes one a condition and nobody stands surety."""
    if conditions.of_subject(application.subject).guarantor_needed and not has_guarantor(application):
        raise errors.GuarantorNeeded(number=application.number)


def has_guarantor(application: Application) -> bool:
    """Somebody stands surety as a party of the application, or by a guarantee that was accepted."""
    is_party = application.parties.filter(role="guarantor").exists()
    return is_party or bool(guarantee_queries.guarantors_of(application.subject))
