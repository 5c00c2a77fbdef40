"""Shared work on live trials: writing one down, handing it in, carrying out what a vote came to, and ending it."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import Q
from django.utils.translation import gettext as _

from chezhe.approvals import steps as approvals
from chezhe.finmath.money import Money
from chezhe.kernel import appending, business_date, clock, events, moves, numbers, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound, require_reason
from chezhe.policies import steps as policy_steps
from chezhe.policies.judging import fingerprint
from chezhe.risk.deciding.models import Decision
from chezhe.risk.trials import errors, planning, queries, source
from chezhe.risk.trials.models import PREFIX, LiveTrial, TrialLoan, TrialTable
from chezhe.risk.trials.planning import Plan
from chezhe.risk.trials.states import DRAFT, LIVE_TRIAL, PROPOSED, RUNNING

KIND: Final = "risk.live_trial"
REASON_MAX: Final = 1000


def lock(number: str) -> LiveTrial:
    """The trial, locked until the transaction ends, and with it whichever waits or runs: one begins after another. NotFound (404)."""
    rows = queries.light().select_for_update(of=("self",), no_key=True)
    held = rows.filter(Q(number=number) | Q(status__in=(PROPOSED, RUNNING))).order_by("pk")
    found = next((row for row in held if row.number == number), None)
    if found is None:
        raise NotFound(what=number)
    return found


def draft(plan: Plan, on: date, *, by: Actor) -> LiveTrial:
    """Write a new trial down; it judges nobody. Raises what `planning` refuses."""
    trial = LiveTrial(
        number=numbers.next_number(PREFIX, on), maker_ids=sorted(by.user_ids), drafted_by_name=by.name, drafted_at=clock.now())
    fill(trial, plan, on)
    moves.record(trial.subject, "draft_live_trial", "", trial.status, by=by)
    return trial


def edit(trial: LiveTrial, plan: Plan, on: date, *, by: Actor) -> None:
    """Write a locked draft anew. Whoever did may not agree to it. Raises WrongState (409) for what was handed in."""
    LIVE_TRIAL.require(trial.status, "submit_live_trial")
    trial.maker_ids = sorted({*trial.maker_ids, *by.user_ids})
    fill(trial, plan, on)
    moves.record(trial.subject, "edit_live_trial", DRAFT, DRAFT, by=by)


def fill(trial: LiveTrial, plan: Plan, on: date) -> None:
    """Give a draft this plan, and save it."""
    versions, model = planning.chosen(plan, on)
    trial.title, trial.hypothesis = plan.title.strip()[:planning.TITLE_MAX], plan.hypothesis.strip()[:planning.HYPOTHESIS_MAX]
    trial.purpose, trial.model = plan.purpose, model
    trial.versions = {name: version.number for name, version in versions.items()}
    trial.share, trial.begins_on, trial.ends_on = plan.share, plan.begins_on, plan.ends_on
    trial.applications_max, trial.applications_min, trial.loans_min = plan.applications_max, plan.applications_min, plan.loans_min
    trial.approval_gap_max, trial.bad_rate_max = plan.approval_gap_max, plan.bad_rate_max
    trial.save()


def submit(trial: LiveTrial, on: date, *, by: Actor) -> None:
    """Hand a locked draft in: copy what it tries, so that it can never change, and ask a second person.

    Nobody may agree who wrote the trial, one of its tables, or brought its model in.
    """
    LIVE_TRIAL.require(trial.status, "submit_live_trial")
    versions, model = planning.chosen(planning.plan_of(trial), on)
    writers = {writer for version in versions.values() for writer in policy_steps.writers_of(version)}
    trial.maker_ids = sorted({*trial.maker_ids, *by.user_ids, *writers, *(model.maker_ids if model else ())})
    trial.submission += 1
    trial.champion = planning.in_force(trial.purpose, on)
    request = approvals.open_request(
        kind=KIND, subject=trial.subject, title=_("开始分流试验 %(trial)s") % {"trial": str(trial)}, stages=_stages(bool(versions), by),
        maker_ids=trial.maker_ids, branch_id=None, by=by,
    )
    trial.request_number = request.number
    trial.save()
    TrialTable.objects.bulk_create([
        TrialTable(
            trial=trial, submission=trial.submission, table=name, number=version.number, version=version.version, content=version.content,
            content_hash=version.content_hash,
        ) for name, version in versions.items()
    ])
    moves.move(trial, LIVE_TRIAL, "submit_live_trial", by=by)


def _stages(tries_tables: bool, by: Actor) -> list[dict[str, str]]:
    """Who agrees, one after another. What checks on a risk manager is compliance, and the other way round. A table decides about real
    people only where compliance has agreed to it, tried or published."""
    asked = [roles.COMPLIANCE if roles.RISK_MANAGER in by.roles else roles.RISK_MANAGER]
    if tries_tables and roles.COMPLIANCE not in asked:
        asked.append(roles.COMPLIANCE)
    return [{"role": role} for role in asked]


_VERBS = {"returned": "return_live_trial", "rejected": "refuse_live_trial", "withdrawn": "withdraw_live_trial"}


def settle(subject: str, outcome: str, by: Actor) -> None:
    """Carry out what the vote came to, in the transaction of the deciding vote."""
    trial = lock(subject.partition(":")[2])
    if outcome == "approved":
        activate(trial, by)
    else:
        moves.move(trial, LIVE_TRIAL, _VERBS[outcome], by=by)


def activate(trial: LiveTrial, by: Actor) -> None:
    """From now on, or from its first day, a locked trial judges its share. Raises AnotherRuns, TooLate, CopyAltered,
    VersionCancelled, ModelTakenBack (409), TableFaulty, ModelUnusable or NothingDiffers (422)."""
    LIVE_TRIAL.require(trial.status, "activate_live_trial")
    other, on = queries.running(), business_date.current()
    if other is not None:
        raise errors.AnotherRuns(number=other.number)
    if trial.ends_on <= on:
        raise errors.TooLate(number=trial.number, ends_on=trial.ends_on)
    held = {row.table: row for row in queries.tables(trial)}
    for name, row in held.items():
        if fingerprint(row.content) != row.content_hash or source.table_called(row.content_hash) is None:
            raise errors.CopyAltered(number=trial.number, table=name)
    planning.require_upheld(trial, held.values())
    planning.model_of(trial.model.number if trial.model else "", trial.purpose)
    planning.require_differs({name: row.content_hash for name, row in held.items()}, trial.model_hash, trial.purpose, on)
    trial.began_at = clock.now()
    trial.save(update_fields=["began_at"])
    moves.move(trial, LIVE_TRIAL, "activate_live_trial", by=by)
    announce("live_trial.started", trial)


def end(trial: LiveTrial, why: str, *, by: Actor, reason: str = "") -> None:
    """A locked trial is over: the champion decides everything again. Why: a person, the date or the number ends it as it was agreed or
    stops it; a broken guard stops it."""
    verb = "end_live_trial" if why in ("date", "number") else "stop_live_trial"
    LIVE_TRIAL.require(trial.status, verb)
    trial.over_at, trial.over_why = clock.now(), why
    # The database wants status, moment and reason together.
    before, trial.status = trial.status, LIVE_TRIAL.require(trial.status, verb)
    trial.save(update_fields=["status", "over_at", "over_why"])
    moves.record(trial.subject, verb, before, trial.status, by=by, reason=reason or str(trial.get_over_why_display()))
    announce("live_trial.over", trial)


def stop(trial: LiveTrial, reason: str, *, by: Actor) -> None:
    """Somebody stops a locked trial at once. Raises ReasonRequired (422) or WrongState (409)."""
    kept = require_reason(reason, most=REASON_MAX)
    end(trial, "person", by=by, reason=kept)


def note_loan(subject: str, loan: str, amount: Money, paid_on: date) -> TrialLoan | None:
    """Keep that money was lent on an application of a trial; None where it belongs to none. Told twice it is kept once."""
    first = Decision.objects.filter(subject=subject).exclude(trial="").exclude(kind="shadow").defer("record").order_by("id").first()
    if first is None:
        return None
    kept = TrialLoan(trial=queries.called(first.trial), decision=first, arm=first.arm, loan=loan, amount=amount, paid_on=paid_on)
    return kept if appending.append_once(kept) else None


def announce(name: str, trial: LiveTrial) -> None:
    """Tell the rooms above which trial begins or is over, and why."""
    events.publish(name, trial.subject, {
        "number": trial.number, "status": trial.status, "why": trial.over_why, "share": str(trial.agreed_share),
        "begins_on": trial.begins_on.isoformat(), "ends_on": trial.ends_on.isoformat(),
    })
