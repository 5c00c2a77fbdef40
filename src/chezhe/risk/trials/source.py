"""The arm that judges an application, out of the running trial; and the tables that trials hold, kept in the process by their hash."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import structlog

from chezhe.decisiontables import closures, files
from chezhe.decisiontables.closures import Compiled
from chezhe.decisiontables.values import TableError
from chezhe.kernel import business_date
from chezhe.policies.judging import fingerprint
from chezhe.risk.deciding import arms
from chezhe.risk.deciding.arms import Applicant
from chezhe.risk.deciding.models import Decision
from chezhe.risk.deciding.values import Arm, Policy, Strategy
from chezhe.risk.registry import source as models
from chezhe.risk.trials import queries, rules
from chezhe.risk.trials.models import LiveTrial, TrialTable
from chezhe.risk.trials.states import RUNNING

KEPT_MAX: Final = 64
log = structlog.get_logger("chezhe.risk")
_kept: dict[str, Compiled] = {}


def register() -> None:
    """Let the trials answer which arm judges whom; called once at start-up."""
    arms.register(arms.Source(judging, table_called))


def judging(in_force: Strategy, applicant: Applicant) -> Strategy:
    """The strategy of the arm that the running trial puts an application into; the one in force where it belongs to none."""
    trial = queries.running()
    if trial is None or trial.purpose != applicant.borrower_kind or not queries.is_open(trial, business_date.current()):
        return in_force
    arm = _arm(trial, applicant)
    if not arm:
        return in_force
    mine = Arm(number=trial.number, arm=arm, share=trial.agreed_share)
    return replace(in_force, trial=mine) if arm == rules.CHAMPION else replace(challenger(trial, in_force), trial=mine)


def challenger(trial: LiveTrial, in_force: Strategy) -> Strategy:
    """The strategy in force with what a trial tries in its place. What cannot be compiled or loaded is None, which refers."""
    policies = {row.table: _policy(row) for row in queries.tables(trial).defer("content")}
    scorer = models.by_hash(trial.model_hash) if trial.model_hash else in_force.scorer
    return replace(in_force, policies={**in_force.policies, **policies}, scorer=scorer)


def _arm(trial: LiveTrial, applicant: Applicant) -> str:
    """The arm of an application, empty outside. Where it was first decided it stays: in its arm, or outside, as everybody is who was
    decided before the trial began or after it was full.

    Otherwise its customer's number says, so that nobody gets another arm by filing anew."""
    decided = Decision.objects.filter(subject=applicant.subject).exclude(kind="shadow").order_by("id")
    first = decided.values_list("trial", "arm").first()
    if first is not None:
        return first[1] if first[0] == trial.number else ""
    if trial.applications_max is not None and not _has_room(trial):
        return ""
    return rules.arm(trial.number, applicant.customer, trial.agreed_share)


def _has_room(trial: LiveTrial) -> bool:
    """Asked by one decision after another, so that two at once do not both take the last place; a trial stopped meanwhile has none."""
    LiveTrial.objects.select_for_update(no_key=True).only("pk").get(pk=trial.pk)
    return LiveTrial.objects.filter(pk=trial.pk, status=RUNNING).exists() and not queries.is_full(trial)


def _policy(row: TrialTable) -> Policy | None:
    table = table_called(row.content_hash)
    if table is None:
        return None
    return Policy(
        code=row.table, version=row.version, content_hash=row.content_hash, table=table, collects=table.table.hit_policy.is_collecting)


def table_called(content_hash: str) -> Compiled | None:
    """A table that any trial ever held, ready to be asked; None, and a line in the log, for one that is not what was handed in."""
    if content_hash in _kept:
        return _kept[content_hash]
    row = TrialTable.objects.filter(content_hash=content_hash).only("number", "content").first()
    if row is None:
        return None
    try:
        compiled = closures.compile_table(files.from_json(row.content)) if fingerprint(row.content) == content_hash else None
    except TableError:
        compiled = None
    if compiled is None:
        log.error("table of a trial refused", number=row.number, hash=content_hash)
        return None
    if len(_kept) >= KEPT_MAX:
        _kept.clear()
    _kept[content_hash] = compiled
    return compiled
