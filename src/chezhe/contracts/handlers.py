"""News from the bank side becomes news of a disbursement."""

from __future__ import annotations

from datetime import date

from chezhe.contracts import steps
from chezhe.contracts.actions.follow_lane import follow_lane
from chezhe.contracts.actions.settle_disbursement import settle_disbursement
from chezhe.contracts.lane import queries as lane_queries
from chezhe.contracts.lane.rules import HEARD
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.events import handles
from chezhe.kernel.models import Event


@handles("payout.sent")
@handles("payout.paid")
@handles("payout.failed")
@handles("payout.returned")
def follow_payout(event: Event) -> None:
    """A payout that this room asked for has moved."""
    kind, _, rest = event.payload["reference"].partition(":")
    if kind != "disbursement":
        return
    number, place, attempt = steps.part_of(rest)
    settle_disbursement(
        disbursement_number=number, place=place, attempt=attempt, outcome=event.name.removeprefix("payout."),  # type: ignore[arg-type]
        on=date.fromisoformat(event.payload["on"]), failure_code=event.payload.get("failure_code", ""), by=SYSTEM,
    )


def time_lane(event: Event) -> None:
    """The clock of an application goes on."""
    number = lane_queries.application_of(event.name, event.payload)
    if number:
        follow_lane(news=event.name, application_number=number, at=event.recorded_at, by=SYSTEM)


for _news in HEARD:
    handles(_news)(time_lane)
