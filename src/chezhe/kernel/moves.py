"""Move a row from one status to the next, and keep the track."""

from __future__ import annotations

from typing import Any

from chezhe.kernel import appending, bulk, clock
from chezhe.kernel.actor import Actor
from chezhe.kernel.machine import Machine
from chezhe.kernel.models import StatusMove


def move(row: Any, machine: Machine, verb: str, *, by: Actor, reason: str = "") -> str:
    """Set `row.status` by the machine, save it and append the StatusMove; raises WrongState (409).

    `row` is locked by the caller, has `status` and a text `subject` such as `loan:L26-000123-7`.
    """
    status_from, status_to = row.status, machine.require(row.status, verb)
    row.status = status_to
    bulk.update([row], ["status"])
    record(row.subject, verb, status_from, status_to, by=by, reason=reason)
    return status_to


def record(subject: str, verb: str, status_from: str, status_to: str, *, by: Actor, reason: str = "") -> None:
    """Append a move, for the first status of a new row among others (`status_from` is then empty)."""
    appending.append(StatusMove(
        subject=subject, verb=verb, status_from=status_from, status_to=status_to,
        actor_key=by.key, actor_name=by.name, reason=reason, moved_at=clock.now(),
    ))


def history(subject: str) -> list[StatusMove]:
    """The track of one subject, oldest first."""
    return list(StatusMove.objects.filter(subject=subject).order_by("id"))
