"""Short ways to send in tests."""

from __future__ import annotations

from typing import Any

from chezhe.kernel import clock, jobs
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.simulators import World
from chezhe.messaging import steps
from chezhe.messaging.models import Message

FACTS = {"name": "王*明", "loan": "L26-000123-7", "amount": "3,321.43", "due_on": "2026-03-20"}
OVERDUE = {"name": "王*明", "loan": "L26-000123-7", "days": "12", "amount": "3,321.43", "phone": "400-000-0000"}
CAMPAIGN = {"name": "王*明", "branch": "上海一店", "rate": "8.88%"}


def send(template: str = "repayment_reminder", address: str = "15400000001", facts: dict[str, str] | None = None, **more: Any) -> Message:
    said = {"recipient_subject": "probe:P1", "by": SYSTEM, **more}
    return steps.send(template_code=template, address=address, facts=FACTS if facts is None else facts, **said)


def run(world: World, seconds: float = 10) -> int:
    """Do the waiting jobs, let time pass, deliver the callbacks; returns how many were answered with 2xx."""
    jobs.run_due()
    clock.tick(seconds)
    return world.pump()


def again(message: Message) -> Message:
    message.refresh_from_db()
    return message
