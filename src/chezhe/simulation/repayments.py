"""Loans live on: people pay as their hidden life lets them, some settle early, and every touched loan is proved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from random import Random

from django.db.models import F, Q
from django.db.models.functions import Mod

from chezhe.finmath.money import Money
from chezhe.servicing import permissions, proof, queries
from chezhe.servicing.actions.record_repayment import record_repayment
from chezhe.servicing.actions.settle_loan import settle_loan
from chezhe.servicing.models import Loan
from chezhe.servicing.receipts import CounterReceipt
from chezhe.simulation.cast import Cast
from chezhe.simulation.lives import Life, Payer

EARLY_CHANCE = 0.01


def collect(lives: Mapping[str, Life], cast: Cast, rng: Random, today: date) -> int:
    """Everybody who pays today pays; `lives` maps contract numbers to their borrower. Returns how many did."""
    paid = 0
    owing = Loan.objects.filter(status="active", oldest_due_on__lte=today).select_related("contract").order_by("pk")
    for loan in owing:
        life = lives.get(loan.contract.number)
        if life is not None and _pays_today(life, loan, rng, today):
            paid += _pay(loan, life, cast, rng, today)
    return paid


def settle_some(lives: Mapping[str, Life], cast: Cast, rng: Random, today: date) -> int:
    """Now and then somebody without arrears closes the loan early, for the sum quoted that day."""
    settled = 0
    for loan in Loan.objects.filter(status="active", oldest_due_on=None, paid_out_on__lt=today).select_related("contract").order_by("pk"):
        if loan.contract.number in lives and rng.random() < EARLY_CHANCE:
            clerk = cast.who(permissions.SETTLE, lives[loan.contract.number].branch_code, rng)
            payoff = queries.settlement_quote(loan, today)
            receipt = CounterReceipt(
                amount=payoff.to_pay, paid_on=today, channel="bank", reference=f"S{loan.number}-{today:%Y%m%d}", kind="settled",
            )
            settle_loan(loan_number=loan.number, receipt=receipt, by=clerk)
            settled += 1
    return settled


def differences(today: date) -> str:
    """The first loan whose fold, row and ledger disagree; empty when all agree. Asked are all loans on which something
    was booked today and a thirtieth of the others, every other day's thirtieth another one."""
    touched = Q(events__posted_on=today)
    turn = Loan.objects.annotate(turn=Mod(F("pk"), 30)).filter(touched | Q(turn=today.toordinal() % 30))
    return next(proof.differences(turn.distinct().select_related("product_version").order_by("pk")), "")


def _pays_today(life: Life, loan: Loan, rng: Random, today: date) -> bool:
    assert loan.oldest_due_on is not None
    late = (today - loan.oldest_due_on).days
    if life.payer is Payer.PROMPT:
        return rng.random() < 0.9
    if life.payer is Payer.FORGETFUL:
        return late > 2 and rng.random() < 0.3
    if life.payer is Payer.STRAINED:
        return rng.random() < 0.06
    return False


def _pay(loan: Loan, life: Life, cast: Cast, rng: Random, today: date) -> int:
    owed = queries.current_position(loan, today).due_total_fen
    if not owed:
        return 0
    share = rng.choice((30, 50, 100)) if life.payer is Payer.STRAINED else 100
    extra = rng.choice((0, 0, 0, 1_000)) if life.payer is Payer.FORGETFUL else 0
    receipt = CounterReceipt(
        amount=Money(max(1, owed * share // 100) + extra), paid_on=today, channel=rng.choice(("bank", "bank", "cash")),
        reference=f"R{loan.number}-{today:%Y%m%d}", payer=life.name,
    )
    record_repayment(loan_number=loan.number, receipt=receipt, by=cast.who(permissions.RECORD_REPAYMENT, life.branch_code, rng))
    return 1
