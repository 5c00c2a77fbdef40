"""The worker's door to the direct-debit channel: packets of orders leave, silent ones are asked about, days are settled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta

import structlog

from chezhe.kernel import clock, jobs, outside
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job
from chezhe.payments.actions.mark_debits_sent import mark_debits_sent
from chezhe.payments.actions.settle_channel import settle_channel as settle
from chezhe.payments.actions.settle_debits import settle_debits
from chezhe.payments.debits import orders, queries, rules
from chezhe.payments.debits.answers import Answer
from chezhe.payments.vendors.debit import client

log = structlog.get_logger("chezhe.payments")
ASK_AGAIN_SECONDS = 3600


@job("payments.send_debits", queue="bank")
def send_debits(references: list[str]) -> None:
    """Give a packet of orders: mark, call, record. Run twice, or killed between, it gives no order a second time."""
    packet = mark_debits_sent(references=references, by=SYSTEM)
    if packet.debits:
        _record(lambda: client.order(packet.debits), "debits not confirmed")


@job("payments.query_debits", queue="bank")
def query_debits(references: list[str], times: int) -> None:
    """Ask about orders the channel has not answered for good; ask again later until it has."""
    silent = queries.silent(references)
    if not silent:
        return
    _ask(silent)
    left = queries.silent(silent)
    if left:
        pause = rules.query_pause(times + 1)
        jobs.enqueue("payments.query_debits", references=left, times=times + 1, after_seconds=pause)


@job("payments.ask_about_debits", queue="bank")
def ask_about_debits(references: list[str]) -> None:
    """What the channel's register says of orders about which it said something that cannot be."""
    _record(lambda: client.query(references), "channel not reached")


@job("payments.query_open_debits", queue="upkeep", every=timedelta(minutes=5))
def query_open_debits() -> int:
    """The net under the jobs above, for orders whose own job was lost; returns how many were taken up."""
    forgotten = queries.forgotten(clock.now())
    sent = [debit.reference for debit in forgotten if debit.status == "sent"]
    unsent = [debit.reference for debit in forgotten if debit.status == "requested"]
    for packet in _packets(sent):
        _ask(packet)
    for packet in _packets(unsent):
        jobs.enqueue("payments.send_debits", references=packet)
    return len(forgotten)


@job("payments.settle_channel", queue="bank")
def settle_channel(day: str) -> None:
    """Fetch the statement of a day and book it; while it is not ready, or differs, ask again later."""
    if not _settle(date.fromisoformat(day)):
        jobs.enqueue("payments.settle_channel", day=day, after_seconds=ASK_AGAIN_SECONDS)


@job("payments.settle_channel_days", queue="upkeep", every=timedelta(hours=2))
def settle_channel_days() -> int:
    """The net under the job above, for days whose own job was lost; returns how many were settled."""
    return sum(_settle(day) for day in queries.to_settle(clock.today()))


def _settle(day: date) -> bool:
    try:
        lines = client.statement(day)
    except outside.Unreachable as silence:
        log.warning("no statement of the channel", day=day.isoformat(), failure=str(silence))
        return False
    return settle(day=day, lines=lines, by=SYSTEM).status in ("settled", "arrived")


def _ask(references: Sequence[str]) -> None:
    """The register knows an order or does not. One that it never got is closed there: it may still be on its way, and must not
    arrive after another has been given in its place."""
    said = _record(lambda: client.query(references), "channel not reached")
    lost = [answer.reference for answer in said if answer.outcome == "unknown"]
    if lost:
        _record(lambda: client.close(lost), "orders not closed")


def _record(call: Callable[[], list[Answer]], trouble: str) -> list[Answer]:
    try:
        said = call()
    except outside.Unreachable as silence:
        log.warning(trouble, failure=str(silence))  # the question that is planned will tell
        return []
    if said:
        settle_debits(said=said, by=SYSTEM)
    return said


def _packets(references: Sequence[str]) -> list[list[str]]:
    return [list(references[first : first + orders.AT_ONCE]) for first in range(0, len(references), orders.AT_ONCE)]
