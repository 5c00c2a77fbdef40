"""The customer takes what was approved, by saying so or by having said so beforehand."""

from __future__ import annotations

from datetime import date

from chezhe.kernel import moves
from chezhe.kernel.actor import Actor
from chezhe.origination import agreeing, errors, rules, steps
from chezhe.origination.models import Application
from chezhe.origination.offers import making
from chezhe.origination.states import APPLICATION


def accept(application: Application, on: date, *, reason: str = "", by: Actor) -> None:
    """Let the offer on a locked application be taken. Raises WrongState, OfferExpired or BusinessHeld (409), with nothing written."""
    APPLICATION.require(application.status, "accept")
    if rules.has_lapsed(application.approval_expires_on, on):
        raise errors.OfferExpired(until=application.approval_expires_on)
    agreeing.require_free(application, by=by)
    application.touch(by)
    application.save()
    moves.move(application, APPLICATION, "accept", by=by, reason=reason)
    making.close(application, "accept", by=by)
    steps.announce(application, "accepted")
