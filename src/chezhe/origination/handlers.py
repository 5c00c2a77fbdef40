"""What the machine decided becomes of an application, and what it approved goes on by itself."""

from __future__ import annotations

from chezhe.kernel import business_date
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.events import handles
from chezhe.kernel.models import Event
from chezhe.origination.actions.apply_decision import apply_decision
from chezhe.origination.actions.pass_straight_through import pass_straight_through


@handles("decision.made")
def follow_decision(event: Event) -> None:
    """A decision about one of our applications."""
    if event.subject.startswith("application:"):
        apply_decision(decision_number=event.payload["number"], business_date=business_date.current(), by=SYSTEM)


@handles("application.approved")
def go_straight_through(event: Event) -> None:
    """What the machine approved as it was asked for waits for nobody."""
    pass_straight_through(application_number=event.payload["number"], business_date=business_date.current(), by=SYSTEM)
