"""The worker's door to signatures: made outside every transaction, recorded by an action."""

from __future__ import annotations

from datetime import timedelta

import structlog

from chezhe.contracts.actions.fail_signing import fail_signing
from chezhe.contracts.actions.record_signatures import record_signatures
from chezhe.contracts.signing import making, queries, steps
from chezhe.contracts.signing.authority import AuthorityRefused
from chezhe.kernel import business_date, clock, jobs, outside
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.jobs import job

log = structlog.get_logger("chezhe.contracts")
PATIENCE, GIVEN_UP_AFTER = timedelta(minutes=2), timedelta(days=1)
TIMES_MAX, PAUSE_SECONDS = 5, 30


@job(steps.JOB)
def sign_papers(number: str, times: int = 0) -> None:
    """Sign what a sitting asks for. Running it twice records once; while an outsider is silent it is tried again, later and later."""
    signing = queries.asked(number)
    if signing is None:
        return
    try:
        made = making.make(signing, queries.sheets(signing))
    except outside.Unreachable as silence:
        log.warning("signature not made yet", signing=number, failure=str(silence))
        if times < TIMES_MAX:
            jobs.enqueue(steps.JOB, after_seconds=PAUSE_SECONDS * 2**times, number=number, times=times + 1)
        return
    except (making.Failed, AuthorityRefused) as failure:
        fail_signing(signing_number=number, attempt=signing.attempt, failure_code=failure.code, by=SYSTEM)
        return
    if made:
        record_signatures(
            signing_number=number, attempt=signing.attempt, signed=made, business_date=business_date.current(), by=SYSTEM)


@job("contracts.open_signings", queue="upkeep", every=timedelta(minutes=5))
def open_signings() -> int:
    """The net under the job above, for sittings whose own job was lost and for providers that do not call back; after a day
    it is for somebody to decide. Returns how many."""
    now = clock.now()
    forgotten = queries.forgotten(now - PATIENCE)
    for signing in forgotten:
        if now - signing.asked_at > GIVEN_UP_AFTER:
            fail_signing(signing_number=signing.number, attempt=signing.attempt, failure_code="no_answer", by=SYSTEM)
        else:
            jobs.enqueue(steps.JOB, number=signing.number)
    return len(forgotten)
