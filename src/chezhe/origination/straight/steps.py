"""A case goes on by itself, arrives, or is handed to people; the rooms above say when."""

from __future__ import annotations

from chezhe.kernel import clock, events
from chezhe.kernel.errors import BusinessError
from chezhe.origination.models import Application
from chezhe.origination.offers import making
from chezhe.origination.straight import rules
from chezhe.origination.straight.models import StraightRun
from chezhe.origination.straight.words import DONE, LEFT, RUNNING
from chezhe.risk.deciding import queries as deciding_queries
from chezhe.risk.screening import freezing

REASON_MAX = 300


def is_by_machine(application: Application) -> bool:
    """Whether the machine alone approved it: nobody was asked to agree, and its last decision says yes."""
    decision = deciding_queries.latest(application.subject)
    return application.approval_id is None and decision is not None and decision.outcome == "approved"


def case_of(application: Application) -> rules.Case:
    """What the rules want to know."""
    return rules.Case(
        acceptance=application.acceptance, tier=application.tier, is_prime=application.is_prime, asked=making.asked_of(application),
        offered=making.terms_of(application), open_conditions=application.conditions.filter(status="open").count(),
    )


def begin(application: Application) -> StraightRun:
    """From now on it goes by itself."""
    return StraightRun.objects.create(application=application, began_at=clock.now())


def decline(application: Application, code: str, reason: str = "") -> StraightRun:
    """It does not even begin; why is written down."""
    now = clock.now()
    run = StraightRun.objects.create(
        application=application, status=LEFT, reason_code=code[:40], reason=reason[:REASON_MAX], began_at=now, ended_at=now)
    return _left(run)


def running(application_number: str) -> StraightRun | None:
    """The run of an application that is still on its way; None for every other one."""
    rows = StraightRun.objects.select_related("application")
    return rows.filter(application__number=application_number, status=RUNNING).first()


def locked(application_number: str) -> StraightRun | None:
    """The same, locked."""
    rows = StraightRun.objects.select_for_update(of=("self",), no_key=True).select_related("application")
    return rows.filter(application__number=application_number, status=RUNNING).first()


def finish(run: StraightRun) -> StraightRun:
    """The papers are signed: nobody was needed."""
    run.status, run.ended_at = DONE, clock.now()
    run.save(update_fields=["status", "ended_at"])
    return run


def leave(run: StraightRun, code: str, reason: str = "") -> StraightRun:
    """From here on it is for people; `code` is one of `words.REASONS` or of a refusal, whose sentence is the `reason`."""
    run.status, run.ended_at, run.reason_code, run.reason = LEFT, clock.now(), code[:40], reason[:REASON_MAX]
    run.save(update_fields=["status", "ended_at", "reason_code", "reason"])
    return _left(run)


def sentence_of(refusal: BusinessError) -> str:
    """What people read of a refusal. The system is told of a freeze by name, and whoever reads this may not be."""
    return str(freezing.BusinessHeld() if isinstance(refusal, freezing.BusinessHeld) else refusal)


def _left(run: StraightRun) -> StraightRun:
    application = run.application
    events.publish("application.handed_over", application.subject, {"number": application.number, "reason": run.reason_code})
    return run
