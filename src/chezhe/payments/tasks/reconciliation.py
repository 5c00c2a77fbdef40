"""The worker lays the sides side by side, and fetches the channel's settlement files."""

from __future__ import annotations

from datetime import date, timedelta

import structlog

from chezhe.kernel import business_date, jobs, outside
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job
from chezhe.payments import queries
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.actions.take_settlement_file import take_settlement_file
from chezhe.payments.vendors.bank import settlement

log = structlog.get_logger("chezhe.payments")


@job("payments.reconcile", queue="upkeep", every=timedelta(minutes=10))
def reconcile() -> int:
    """Lay the sides side by side; returns how many items were new."""
    return reconcile_accounts(by=SYSTEM).found.items


@job("payments.fetch_settlement", queue="bank")
def fetch_settlement(day: str) -> int:
    """Download the channel's file of one day and take it in; returns how many lines were new. A garbled one is left alone."""
    try:
        file = settlement.fetch(date.fromisoformat(day))
    except (outside.Unreachable, settlement.Garbled) as failure:
        log.warning("settlement file not taken", day=day, failure=str(failure))
        return 0
    return take_settlement_file(file=file, by=SYSTEM).new_lines if file else 0


@job("payments.fetch_settlements", queue="upkeep", every=timedelta(hours=1))
def fetch_settlements() -> int:
    """The files of the last days that are not here yet; returns how many were asked for."""
    missing = queries.days_without_settlement(business_date.current())
    for day in missing:
        jobs.enqueue("payments.fetch_settlement", day=day.isoformat())
    return len(missing)
