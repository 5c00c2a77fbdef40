"""Asking many outside sources at once: as slow as the slowest, and none of them spoils the others.

Nothing here touches the database: what is asked was read before, and what is answered is written afterwards.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextvars import copy_context
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import msgspec
import structlog

from chezhe.kernel import outside
from chezhe.risk.vendors.asking import Question, Refused, WrongAnswer

log = structlog.get_logger("chezhe.risk")
# A borrower, half a dozen who stand beside them, and the car.
SOURCES_AT_ONCE: Final = 64
ATTEMPTS_MAX: Final = 3
# After the last time-out of a client, so much is left to take its answer.
_GRACE_SECONDS: Final = 0.15


@dataclass(frozen=True, slots=True)
class Whom:
    """What a question says of its subject; empty where we do not know it."""

    name: str = ""
    id_number: str = ""
    mobile: str = ""
    card: str = ""
    photo_sha256: str = ""
    uscc: str = ""
    trade_uscc: str = ""
    vin: str = ""
    plate: str = ""
    born_on: date | None = None
    mileage_km: int | None = None
    employer: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """An outside source: `needs` are the fields of Whom without which it cannot be asked, `codes` the facts it tells.

    One that is `on_wish` is asked only when it is named. `ask` sends one question (raising as `vendors.asking.ask` does), `facts` reads an
    answer, also None: the source has no record.
    """

    code: str
    title: Any
    source: str
    of: str
    consent: str
    needs: tuple[str, ...]
    codes: tuple[str, ...]
    timeout_seconds: float
    ask: Callable[[Question, Whom], Any]
    facts: Callable[[Any, Whom, date], Mapping[str, Any]]
    on_wish: bool = False


@dataclass(frozen=True, slots=True)
class Asking:
    """One question ready to go: `number` is the enquiry's own, so that the source knows a repeated one."""

    number: str
    service: Service
    whom: Whom
    consent: str
    purpose: str
    on: date


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a question: the enquiry's verb, and for an answer its text and facts; `refused` are facts that it told wrong."""

    number: str
    verb: str
    attempts: int = 1
    error: str = ""
    answer: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    refused: Mapping[str, str] = field(default_factory=dict)


def ask_all(askings: Sequence[Asking]) -> list[Outcome]:
    """One outcome for each question, in order; as slow as the slowest source."""
    found = {outcome.number: outcome for outcome in answers(askings)}
    return [found[one.number] for one in askings]


def answers(askings: Sequence[Asking]) -> Iterator[Outcome]:
    """Ask every source in a thread of its own; each outcome as soon as it is there, and none later than its source's own time-out."""
    if not askings:
        return
    begun = time.monotonic()
    pool = ThreadPoolExecutor(max_workers=min(len(askings), SOURCES_AT_ONCE), thread_name_prefix="source")
    try:
        running = {pool.submit(copy_context().run, _ask, one): one for one in askings}
        over_at = {future: begun + one.service.timeout_seconds + _GRACE_SECONDS for future, one in running.items()}
        while running:
            left = min(over_at[future] for future in running) - time.monotonic()
            done = wait(running, timeout=max(0.0, left), return_when=FIRST_COMPLETED).done
            at = time.monotonic()
            for future in [one for one in running if one in done or over_at[one] <= at]:
                yield _outcome(running.pop(future), future)
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _outcome(asking: Asking, future: Future[Outcome]) -> Outcome:
    """What an asking that is over, or has taken too long, came to."""
    try:
        return future.result(timeout=0)
    except TimeoutError:
        return Outcome(asking.number, "time_out", error="timeout")
    except Exception:
        # A fault of ours in reading one source: it is told, and the other sources are still recorded.
        log.exception("source could not be read", enquiry=asking.number, service=asking.service.code)
        return Outcome(asking.number, "fail", error="internal")


def _ask(asking: Asking) -> Outcome:
    """Ask again after a broken line, as long as most of the time is left; a no and a wrong answer are final."""
    begun, attempts = time.monotonic(), 0
    question = Question(reference=asking.number, consent=asking.consent, purpose=asking.purpose)
    while True:
        attempts += 1
        try:
            return _answered(asking, asking.service.ask(question, asking.whom), attempts)
        except Refused as refusal:
            return Outcome(asking.number, "refuse", attempts, refusal.code)
        except WrongAnswer as failure:
            log.warning("source answered wrong", enquiry=asking.number, service=asking.service.code, failure=str(failure))
            return Outcome(
                asking.number, "fail", attempts, "wrong_answer", refused=dict.fromkeys(asking.service.codes, "unreadable"))
        except outside.TimedOut:
            return Outcome(asking.number, "time_out", attempts, "timeout")
        except outside.Unreachable:
            if attempts >= ATTEMPTS_MAX or time.monotonic() - begun > asking.service.timeout_seconds / 4:
                return Outcome(asking.number, "fail", attempts, "unreachable")


def _answered(asking: Asking, answer: Any, attempts: int) -> Outcome:
    text = "" if answer is None else msgspec.json.encode(answer).decode()
    return Outcome(asking.number, "answer", attempts, answer=text, facts=asking.service.facts(answer, asking.whom, asking.on))
