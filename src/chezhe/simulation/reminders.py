"""Somebody who does not pay is written to and called, inside the hours and counts that the law allows."""

from __future__ import annotations

from chezhe.compliance import permissions as compliance_permissions
from chezhe.compliance.actions.record_contact_outcome import record_contact_outcome
from chezhe.compliance.actions.reserve_contact import reserve_contact
from chezhe.finmath.money import Money
from chezhe.identifiers.masks import mask_name
from chezhe.kernel import roles
from chezhe.messaging import permissions
from chezhe.messaging.actions.send_message import send_message
from chezhe.servicing import queries
from chezhe.servicing.models import Loan
from chezhe.simulation.chance import pick
from chezhe.simulation.scene import Scene
from chezhe.simulation.tracks import Track


def remind(track: Track, loan: Loan, scene: Scene) -> None:
    """A message the first time, calls afterwards."""
    if track.memory.get("reminded") != loan.oldest_due_on:
        track.memory["reminded"] = loan.oldest_due_on
        _write(track, loan, scene)
    else:
        _call(track, scene)


def _write(track: Track, loan: Loan, scene: Scene) -> None:
    owed = Money(queries.current_position(loan, scene.today).due_total_fen)
    facts = {
        "name": track.life.name if track.life.company else mask_name(track.life.name), "loan": loan.number,
        "days": str(loan.days_past_due(scene.today)), "amount": owed.format(grouped=True), "phone": "400-000-0000",
    }
    send_message(
        template_code="overdue_notice", subject=f"customer:{track.customer}", address=track.life.mobile, facts=facts,
        reference=f"overdue_notice:{loan.number}:{loan.oldest_due_on}",
        by=scene.who(permissions.SEND, track.branch_code, role=roles.SERVICING),
    )
    scene.note("messages")


def _call(track: Track, scene: Scene) -> None:
    caller = scene.who(compliance_permissions.RESERVE_CONTACT, track.branch_code, role=roles.SERVICING)
    reserved = reserve_contact(
        subject=f"customer:{track.customer}", channel="voice", purpose="collection", address=track.life.mobile, by=caller,
    )
    outcome = pick(scene.rng, {"effective": 2, "connected": 3, "unanswered": 5})
    record_contact_outcome(contact_number=reserved.number, outcome=outcome, by=caller)
    scene.note("calls")
