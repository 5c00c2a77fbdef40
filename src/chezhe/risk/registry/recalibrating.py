"""A new version of a model whose probabilities fit what became of the loans."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.risk.registry import errors, evidence, purposes, source, steps, verifying
from chezhe.risk.registry.evidence import TARGET
from chezhe.risk.registry.models import ScoringModel
from chezhe.scorecards import artefact, pipeline
from chezhe.scorecards.artefact import MANIFEST
from chezhe.scorecards.errors import ModelError
from chezhe.scorecards.pipeline import RECALIBRATION_ROWS_MIN


def recalibrate(row: ScoringModel, on: date, by: Actor) -> ScoringModel:
    """Refit slope and shift on the loans that have matured; the new version names its parent and scores nobody until two agree.

    Raises OutcomesTooFew (422), ModelGone or ModelTwice (409).
    """
    model = source.loaded(row)
    if model is None:
        raise errors.ModelGone(number=row.number)
    purpose = purposes.called(row.purpose)
    looked = purpose.matured(on, clock.now())
    period, lent = looked.period, looked.rows
    bads = sum(int(one.outcome or 0) for one in lent)
    if len(lent) < RECALIBRATION_ROWS_MIN or not 0 < bads < len(lent):
        raise errors.OutcomesTooFew(
            first=period.first, last=period.last, rows=len(lent), bads=bads, rows_min=RECALIBRATION_ROWS_MIN)
    try:
        files, before, after = pipeline.recalibrated(model, evidence.table_of(lent, model.columns, purpose.types), TARGET)
    except ModelError as fault:
        raise errors.of_artefact(fault) from None
    whole = files | {MANIFEST: artefact.manifest(model.kind, files, model.hash)}
    note = _(
        "按 %(first)s 至 %(last)s 决策的 %(rows)s 笔结果（不良 %(bads)s 笔）重新校准 %(number)s：校准误差由 %(before)s 降至 %(after)s",
    ) % {
        "first": period.first, "last": period.last, "rows": len(lent), "bads": bads, "number": row.number,
        "before": f"{before['ece']:.4f}", "after": f"{after['ece']:.4f}",
    }
    return steps.keep(
        verifying.verify_files(whole, purpose), name=row.name, purpose=row.purpose, note=note, verb="recalibrate_model", by=by)
