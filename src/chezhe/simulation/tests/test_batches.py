"""Payouts by the bank's file: they wait for the desk, leave in one file, and the bank's answer pays them."""

from __future__ import annotations

from datetime import date
from random import Random

import pytest

from chezhe.contracts.models import Disbursement
from chezhe.kernel import business_date
from chezhe.payments.models import PayoutBatch
from chezhe.servicing import proof
from chezhe.servicing.models import Loan
from chezhe.simulation import closings, lives
from chezhe.simulation.batches import Desk
from chezhe.simulation.crew import Alone
from chezhe.simulation.tests.living import SOURCES, evening
from chezhe.simulation.tracks import Track
from chezhe.simulation.workplace import Turn

DAY = date(2026, 3, 2)


def turned(crew: Alone, living: Track | Desk) -> None:
    (after,) = crew.each("take", [Turn(DAY, True, living)])
    assert not after.refused, after.refused
    evening(crew, DAY)


def test_a_payout_waits_for_the_file_and_the_banks_answer_begins_the_loan(crew: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(closings, "BATCHED_EVERY", 1)
    business_date.open_day(DAY)
    desk = Desk(4, DAY)
    turned(crew, desk)
    assert not PayoutBatch.objects.exists()
    for serial in range(1, 400):
        track = Track(serial, lives.invent(Random(serial), "HZ01", DAY, SOURCES), DAY)
        for _turn in range(40):
            if track.stage in ("", "lapsing", "forgotten", "ordered"):
                break
            turned(crew, track)
        if track.stage == "ordered" and closings.way_of(track) == "file":
            break
    waiting = Disbursement.objects.get(number=track.disbursement)
    assert (waiting.way, waiting.status) == ("file", "checked") and not Loan.objects.filter(contract__number=track.contract).exists()
    turned(crew, desk)
    batch = PayoutBatch.objects.get()
    assert batch.status == "answered" and batch.count == 1
    turned(crew, track)
    loan = Loan.objects.get(contract__number=track.contract)
    assert track.stage == "repaying" and proof.first_difference(loan) == ""
