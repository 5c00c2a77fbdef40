"""Requests are claimed, handed on and signed by one more; printed contracts get the lender's seal: in lives in a hurry."""

from __future__ import annotations

from datetime import date, datetime, time
from random import Random

import pytest

from chezhe.approvals.models import ApprovalRequest
from chezhe.contracts.models import SealUse
from chezhe.kernel import business_date, clock
from chezhe.kernel.models import AuditEntry
from chezhe.simulation import passing, seals
from chezhe.simulation.crew import Alone
from chezhe.simulation.lives import Life
from chezhe.simulation.scene import Scene
from chezhe.simulation.tests.living import hurry, rushed
from chezhe.staff.models import User

START = date(2026, 3, 2)


def chances(monkeypatch: pytest.MonkeyPatch, claimed: float = 0.0, handed_on: float = 0.0, signed_too: float = 0.0) -> None:
    for name, chance in (("CLAIMED", claimed), ("HANDED_ON", handed_on), ("SIGNED_TOO", signed_too)):
        monkeypatch.setattr(passing, name, chance)


def request_of(number: str) -> ApprovalRequest:
    found = ApprovalRequest.objects.filter(subject_text=f"application:{number}").order_by("-id").first()
    assert found is not None
    return found


def test_a_request_is_claimed_before_it_is_decided(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    chances(monkeypatch, claimed=1.0)
    track = rushed(crew, START, wants="requests_claimed")
    assert AuditEntry.objects.filter(verb="approvals.claim_request").exists() and request_of(track.application).votes.exists()


def test_a_reviewer_hands_a_request_to_the_other(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    chances(monkeypatch, handed_on=1.0)
    track = rushed(crew, START, wants="requests_transferred")
    vote = request_of(track.application).votes.order_by("id")[0]
    handed = AuditEntry.objects.filter(verb="approvals.transfer_request").order_by("id")[0]
    assert handed.actor_key != f"user:{vote.user_id}" and vote.user_id in reviewers()


def test_one_more_reviewer_signs_before_the_first(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    chances(monkeypatch, signed_too=1.0)
    track = rushed(crew, START, wants="signers_added", ends=("repaying",))
    first = [vote for vote in request_of(track.application).votes.order_by("id") if vote.stage == 0]
    assert [vote.counts for vote in first] == [False, True] and {vote.user_id for vote in first} == reviewers()


def reviewers() -> set[int]:
    return set(User.objects.filter(username__in=["reviewer", "reviewer2"]).values_list("pk", flat=True))


def on_paper(life: Life) -> bool:
    """Signs at the counter."""
    return life.company is not None


def test_a_contract_signed_on_paper_gets_the_seal_after_a_request_that_said_too_little(
    crew: Alone, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(seals, "STAMPED", 1.0)
    monkeypatch.setattr(seals, "REFUSED", 1.0)
    business_date.open_day(START)
    with clock.at(datetime.combine(START, time(9), clock.SHANGHAI)):
        seals.register_seals(Scene(START, True, crew.workplace._people(), Random(1)))
    track, _loan = hurry(crew, START, suits=on_paper)
    uses = SealUse.objects.filter(paper__contract__number=track.contract).order_by("id")
    assert [(use.status, use.seal.code) for use in uses] == [("refused", "HT-HZ01"), ("stamped", "HT-HZ01")]
