"""Finding live trials, what they hold, and who belongs to one."""

from __future__ import annotations

from datetime import date

from django.db.models import Prefetch, QuerySet

from chezhe.kernel.errors import NotFound
from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding.models import Decision
from chezhe.risk.lab.models import Backtest
from chezhe.risk.lab.trying import MODEL
from chezhe.risk.trials.models import LiveTrial, TrialTable
from chezhe.risk.trials.states import DRAFT, RUNNING

_MODEL_HELD = ("model__content", "model__inputs", "model__metrics", "model__card", "model__note", "model__maker_ids")


def light() -> QuerySet[LiveTrial]:
    """Every trial, its model named only."""
    return LiveTrial.objects.select_related("model").defer(*_MODEL_HELD)


def with_tables() -> QuerySet[LiveTrial]:
    """Every trial with the hashes of what it holds."""
    return light().prefetch_related(Prefetch("tables", TrialTable.objects.defer("content")))


def called(number: str) -> LiveTrial:
    """The trial with this number; NotFound (404) otherwise."""
    found = light().filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


def running() -> LiveTrial | None:
    """The trial that was agreed to and is not over; it may not have begun, or its last day may have passed."""
    return light().filter(status=RUNNING).first()


def is_open(trial: LiveTrial, on: date) -> bool:
    """Whether the calendar lets a running trial judge on a business date: its first day has come, its last has not passed."""
    return trial.begins_on <= on < trial.ends_on


def decisions(trial: LiveTrial) -> QuerySet[Decision]:
    """Every decision made in a trial, without records; what a model in the shadow said of them is none."""
    return Decision.objects.filter(trial=trial.number).exclude(kind="shadow").defer("record")


def first_decisions(trial: LiveTrial) -> QuerySet[Decision]:
    """Of every application in a trial the first decision: the answer that the split gave it."""
    firsts = decisions(trial).order_by("subject", "id").distinct("subject").values("pk")
    return Decision.objects.filter(pk__in=firsts).defer("record").order_by("id")


def applications(trial: LiveTrial) -> int:
    """How many applications a trial has judged."""
    return decisions(trial).order_by().values("subject").distinct().count()


def is_full(trial: LiveTrial) -> bool:
    """Whether a trial has judged as many applications as were agreed."""
    return trial.applications_max is not None and applications(trial) >= trial.applications_max


def tables(trial: LiveTrial) -> QuerySet[TrialTable]:
    """The tables that a trial tries, as they were handed in."""
    return trial.tables.filter(submission=trial.submission)


def hashes(trial: LiveTrial) -> dict[str, str]:
    """What a trial tries by table: of a draft as its versions are now, else as they were handed in."""
    if trial.status == DRAFT:
        versions = PolicyVersion.objects.filter(number__in=trial.versions.values())
        return dict(versions.values_list("policy__code", "content_hash"))
    return dict(tables(trial).values_list("table", "content_hash"))


def backtest_of(trial: LiveTrial) -> Backtest | None:
    """The newest backtest that is done and tried just what a trial tries; None when nobody ran one."""
    tried = hashes(trial)
    tests = Backtest.objects.filter(status="done").only("number", "title", "champion", "challenger").order_by("-id")
    for name, content_hash in tried.items():
        tests = tests.filter(**{f"challenger__{name}__hash": content_hash})
    return next((test for test in tests[:50] if _changes(test) == tried | _model(trial)), None)


def _changes(test: Backtest) -> dict[str, str]:
    """What a backtest tried in the place of what was in force, by hash."""
    model = {MODEL: test.challenger[MODEL]} if test.challenger[MODEL] != test.champion[MODEL] else {}
    return {
        name: kept["hash"] for name, kept in test.challenger.items()
        if name != MODEL and kept is not None and kept != test.champion.get(name)
    } | model


def _model(trial: LiveTrial) -> dict[str, str]:
    return {MODEL: trial.model_hash} if trial.model_hash else {}
