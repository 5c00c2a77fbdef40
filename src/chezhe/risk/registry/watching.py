"""Has a model drifted: who applies, and whether its probabilities came true. What has moved becomes an alert for a person."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from chezhe.kernel import clock, events, moves, parameters
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound, require_reason
from chezhe.risk.registry import errors, evidence, purposes, source
from chezhe.risk.registry.evidence import TARGET, Seen
from chezhe.risk.registry.models import ModelWatch, ScoringModel
from chezhe.risk.registry.purposes import Purpose
from chezhe.risk.registry.states import ALERT, OPEN, QUIET
from chezhe.scorecards import monitoring, pipeline
from chezhe.scorecards.artefact import Model
from chezhe.scorecards.monitoring import Limits, Verdict

PSI_WATCH, PSI_MOVED, ROWS_MIN = "MODEL_PSI_WATCH", "MODEL_PSI_MOVED", "MODEL_WATCH_ROWS_MIN"
ANSWER_MAX: Final = 1000
# What somebody has answered is not asked again for so long, unless it has become worse.
PEACE: Final = timedelta(days=30)
_SEVERITY: Final = {"not_judged": 0, "stable": 0, "watch": 1, "moved": 2}
_PLACES: Final = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the figures that it stands on; `columns` are those of `ModelWatch`."""

    verdict: Verdict
    csi: dict[str, float]
    columns: dict[str, Any]


def watch(row: ScoringModel, on: date, by: Actor) -> ModelWatch:
    """Look at a model now and write down what was found. Raises ModelGone (409) when its content cannot be believed."""
    model = source.loaded(row)
    if model is None:
        raise errors.ModelGone(number=row.number)
    purpose = purposes.called(row.purpose)
    recent, cohort = purpose.recent(on), purpose.matured(on, clock.now())
    judged = judge(model, purpose, recent.rows, cohort.rows, on)
    verdict = judged.verdict
    found = ModelWatch(
        model=row, on=on, first_on=recent.period.first, last_on=recent.period.last, rows=len(recent.rows),
        csi={name: round(value, 6) for name, value in judged.csi.items()}, cohort_first_on=cohort.period.first,
        cohort_last_on=cohort.period.last, outcome_rows=len(cohort.rows), population=verdict.population, outcome=verdict.outcome,
        level=verdict.overall, findings=[_told(one) for one in verdict.findings], watched_at=clock.now(), asked_by_name=by.name,
        **judged.columns,
    )
    _write(found, by)
    return found


def judge(model: Model, purpose: Purpose, people: Sequence[Seen], ended: Sequence[Seen], on: date) -> Judged:
    """The verdict by the limits in force on a day. Too few rows are not judged: a spread of a handful looks moved whatever it is."""
    limits = Limits(
        float(parameters.rate(PSI_WATCH, on)), float(parameters.rate(PSI_MOVED, on)),
        outcomes_min=parameters.count(purpose.outcomes_min, on))
    score_psi: float | None = None
    csi: dict[str, float] = {}
    if len(people) >= parameters.count(ROWS_MIN, on):
        score_psi, csi = pipeline.drift(model, evidence.table_of(people, model.columns, purpose.types))
    judged = _of_prices if model.kind == "valuation" else _of_risks
    verdict, columns = judged(model, purpose, ended, score_psi, csi, limits)
    return Judged(verdict, csi, {"psi": _figure(score_psi), **columns})


def _of_risks(
    model: Model, purpose: Purpose, lent: Sequence[Seen], score_psi: float | None, csi: dict[str, float], limits: Limits,
) -> tuple[Verdict, dict[str, Any]]:
    """Whether probabilities came true."""
    seen, auc_trained, auc = None, None, None
    if {one.outcome for one in lent} == {0, 1}:
        seen, auc_trained, auc = pipeline.came_true(model, evidence.table_of(lent, model.columns, purpose.types), TARGET)
    return monitoring.judge(score_psi, csi, seen, auc_trained, auc, limits), {
        "bads": sum(int(one.outcome or 0) for one in lent), "expected_bads": _figure(seen.expected) if seen else None,
        "ece": _figure(seen.ece) if seen else None, "auc": _figure(auc),
    }


def _of_prices(
    model: Model, purpose: Purpose, deals: Sequence[Seen], value_psi: float | None, csi: dict[str, float], limits: Limits,
) -> tuple[Verdict, dict[str, Any]]:
    """Whether cars fetched what was said: `bads` are the deals outside the interval."""
    mape, coverage = pipeline.promised(model)
    seen = None
    if len({one.outcome for one in deals}) > 1:
        seen = pipeline.prices_came_true(model, evidence.table_of(deals, model.columns, purpose.types), TARGET)
    columns = {
        "bads": seen.outside, "expected_bads": _figure(seen.rows * (1 - coverage)), "mape": _figure(seen.mape),
        "coverage": _figure(seen.coverage),
    } if seen else {"bads": 0}
    return monitoring.judge_prices(value_psi, csi, seen, (mape, coverage), limits), columns


def _write(found: ModelWatch, by: Actor) -> None:
    """Keep it; an alert takes the place of a milder one, and is raised once, not every day."""
    last = ModelWatch.objects.filter(model=found.model).exclude(status=QUIET).order_by("-id").first()
    is_alert = _SEVERITY[found.level] > 0 and not _is_known(found, last)
    if is_alert and last is not None and last.status == OPEN:
        answer_with(last, found.get_level_display(), by)
    found.status = OPEN if is_alert else QUIET
    found.save()
    moves.record(found.subject, "watch_model", "", found.status, by=by)
    if is_alert:
        events.publish("model.drifted", found.model.subject, {
            "number": found.model.number, "purpose": found.model.purpose, "level": found.level, "population": found.population,
            "outcome": found.outcome,
        })


def _is_known(found: ModelWatch, last: ModelWatch | None) -> bool:
    """Whether the last alert says the same or worse, and still waits or was answered not long ago."""
    if last is None or _SEVERITY[found.level] > _SEVERITY[last.level]:
        return False
    return last.status == OPEN or (last.answered_at is not None and found.watched_at - last.answered_at < PEACE)


def lock_alert(number: str) -> ModelWatch:
    """The open alert of a model, locked; NotFound (404) when there is none."""
    rows = ModelWatch.objects.select_for_update(of=("self",), no_key=True).filter(model__number=number, status=OPEN)
    found = rows.select_related("model").defer("model__content").first()
    if found is None:
        raise NotFound(what=number)
    return found


def answer_with(alert: ModelWatch, words: str, by: Actor) -> None:
    """Somebody has seen a locked alert and says what is done about it."""
    kept = require_reason(words, most=ANSWER_MAX)
    moves.move(alert, ALERT, "answer_drift", by=by, reason=kept)
    alert.answer, alert.answered_at, alert.answered_by_name = kept, clock.now(), by.name
    alert.save(update_fields=["answer", "answered_at", "answered_by_name"])


def _told(found: monitoring.Finding) -> dict[str, Any]:
    return {"what": found.what, "of": found.of, "value": round(found.value, 6) if math.isfinite(found.value) else None,
            "verdict": found.verdict}


def _figure(value: float | None) -> Decimal | None:
    return None if value is None or not math.isfinite(value) else Decimal(repr(value)).quantize(_PLACES)
