"""News from the bank side becomes news of a disbursement."""

from __future__ import annotations

from datetime import date

from chezhe.contracts.actions.settle_disbursement import settle_disbursement
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
    number, _, attempt = rest.rpartition(".")
    settle_disbursement(
        disbursement_number=number, attempt=int(attempt), outcome=event.name.removeprefix("payout."),  # type: ignore[arg-type]
        on=date.fromisoformat(event.payload["on"]), failure_code=event.payload.get("failure_code", ""), by=SYSTEM,
    )
