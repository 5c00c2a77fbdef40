"""What the rooms of contracts and payments hold in the sample beside what the simulation brings: two of everything."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from chezhe.contracts.actions.propose_payee import NewPayee, propose_payee
from chezhe.contracts.actions.propose_payout_limit import NewLimit, propose_payout_limit
from chezhe.finmath.money import Money
from chezhe.identifiers import bank_card
from chezhe.kernel.actor import SYSTEM, Actor
from chezhe.payments import guards
from chezhe.payments.actions.make_batch import make_batch
from chezhe.payments.models import Payout
from chezhe.payments.steps import Payee, request_payout
from chezhe.staff.models import Branch


def secure(by: Actor, today: date) -> None:
    """Payees and limits to be agreed on, and files of payouts that have not left."""
    for turn in (1, 2):
        propose_payee(by=by, proposed=NewPayee(
            kind="insurer", name=f"示例财产保险公司{turn}", bank_name="某行", account=_account(turn)))
        propose_payout_limit(
            limit=NewLimit(effective_from=today, per_payout=Money(500_000_00 * turn), per_day=Money(9_000_000_00 * turn)), reason="头寸安排",
            business_date=today, by=by)
        _batch(turn, by)


def _account(turn: int) -> str:
    body = f"62170000000000{turn:04d}"
    return body + bank_card.luhn_digit(body)


def _batch(turn: int, by: Actor) -> None:
    """Two payouts of a room that lets everything go."""
    guards.register("sample", lambda rest, by: None)
    try:
        with transaction.atomic():
            for place in (1, 2):
                request_payout(
                    reference=f"sample:{turn}.{place}", amount=Money(100_00 * turn), payee=Payee("张三丰", _account(turn)), memo="示例",
                    way="file", branch_id=Branch.objects.order_by("pk")[0].pk, by=SYSTEM)
        make_batch(by=by)
    finally:
        guards._guards.pop("sample", None)
    assert Payout.objects.filter(way="file", status="requested").exists()
