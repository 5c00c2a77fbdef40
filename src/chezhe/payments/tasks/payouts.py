"""The worker's door to the bank: orders leave, silent orders are asked about. Nothing is sent inside a transaction."""

from __future__ import annotations

from datetime import timedelta

import structlog

from chezhe.kernel import clock, jobs, outside
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job
from chezhe.payments import queries, rules
from chezhe.payments.actions.mark_payout_sent import mark_payout_sent
from chezhe.payments.actions.report_silence import report_silence
from chezhe.payments.actions.resend_payout import resend_payout
from chezhe.payments.actions.settle_payout import settle_payout
from chezhe.payments.models import Payout
from chezhe.payments.steps import BankAnswer
from chezhe.payments.vendors.bank import client

log = structlog.get_logger("chezhe.payments")


@job("payments.send_payout", queue="bank")
def send_payout(number: str) -> None:
    """Order one payout: mark, call, record. Running it twice orders once, because the bank knows our reference."""
    payout = mark_payout_sent(payout_number=number, by=SYSTEM)
    if payout.way != "api" or payout.status != "sent" or payout.acknowledged_at is not None:
        return
    try:
        standing = client.order(order_of(payout))
    except outside.Unreachable as silence:
        log.warning("payout not confirmed", payout=number, failure=str(silence))  # the question that is planned will tell
        return
    _record(payout, standing)


@job("payments.query_payout", queue="bank")
def query_payout(number: str, attempt: int, times: int) -> None:
    """Ask the bank about an order it has not answered; ask again later until it has."""
    payout = queries.waiting_for_bank(number, attempt)
    if payout is None:
        return
    _ask(payout)
    if queries.waiting_for_bank(number, attempt) is None:
        return
    if times + 1 == rules.SILENT_TIMES:
        report_silence(payout_number=number, by=SYSTEM)
    jobs.enqueue(
        "payments.query_payout", number=number, attempt=attempt, times=times + 1, after_seconds=rules.query_pause(times + 1)
    )


@job("payments.query_open_payouts", queue="upkeep", every=timedelta(minutes=5))
def query_open_payouts() -> int:
    """The net under the two jobs above, for orders whose own job was lost; returns how many were taken up."""
    forgotten = queries.forgotten_payouts(clock.now())
    for payout in forgotten:
        if payout.status == "sent":
            _ask(payout)
        else:
            jobs.enqueue("payments.send_payout", number=payout.number)
    return len(forgotten)


def _ask(payout: Payout) -> None:
    try:
        standing = client.query(payout.bank_reference)
    except outside.Unreachable as silence:
        log.warning("bank not reached", payout=payout.number, failure=str(silence))
        return
    if standing.status == "unknown":
        resend_payout(payout_number=payout.number, attempt=payout.attempt, by=SYSTEM)
    else:
        _record(payout, standing)


def order_of(payout: Payout) -> client.Order:
    """What the bank is told."""
    return client.Order(
        reference=payout.bank_reference, amount=payout.amount, payee_name=payout.payee_name,
        payee_account=payout.payee_account, memo=payout.memo,
    )


def _record(payout: Payout, standing: client.Standing) -> None:
    answer = BankAnswer(payout.attempt, standing.status, standing.serial, standing.code)  # type: ignore[arg-type]
    settle_payout(payout_number=payout.number, answer=answer, by=SYSTEM)
