"""Payouts that wait for a file: one of funding makes it each working morning, another lets it go, and the bank answers every line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from chezhe.payments import permissions
from chezhe.payments.actions.make_batch import make_batch
from chezhe.payments.actions.send_batch import send_batch
from chezhe.payments.batches import queries
from chezhe.simulation.people import BRANCHES
from chezhe.simulation.scene import Scene

OFFICE = BRANCHES[0][0]


@dataclass(slots=True)
class Desk:
    """The desk at which the bank's files are made."""

    serial: int
    next_on: date
    stage: str = "batching"


def send(desk: Desk, scene: Scene) -> None:
    """Whatever waits goes into one file."""
    maker = scene.who(permissions.MAKE_BATCH, OFFICE)
    if queries.waiting(maker).exists():
        made = make_batch(by=maker)
        if made.count:
            send_batch(batch_number=made.number, by=scene.who(permissions.SEND_BATCH, OFFICE, apart_from=maker.user_ids))
            scene.note("bank_batches")
            scene.note("paid_by_batch", made.count)
    desk.next_on = scene.today + timedelta(days=1)


STAGES = {"batching": send}
