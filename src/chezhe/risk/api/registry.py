"""Models over REST: bring one in, let two people decide, look at drift and at the challenger."""

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, Router, UploadedFile

from chezhe.kernel import business_date
from chezhe.kernel.doors import needs
from chezhe.kernel.rest import PAGE_SIZE, Fraction, In, Out, Page, Text, page_of
from chezhe.risk.actions.answer_drift import answer_drift
from chezhe.risk.actions.recalibrate_model import recalibrate_model
from chezhe.risk.actions.retire_shadow import retire_shadow
from chezhe.risk.actions.roll_back_model import roll_back_model
from chezhe.risk.actions.submit_model import submit_model
from chezhe.risk.actions.upload_model import upload_model
from chezhe.risk.actions.watch_model import watch_model
from chezhe.risk.actions.withdraw_model import withdraw_model
from chezhe.risk.registry import permissions, queries, reading
from chezhe.risk.registry.models import ModelScore, ModelWatch, ScoringModel

router = Router()


class ModelOut(Out):
    """`content_hash` is what decisions keep of the model they were scored by; `metrics` are those of rows that training had not seen."""

    number: str
    name: str
    purpose: str
    kind: str
    status: str
    content_hash: str
    data_hash: str
    inputs: list[str]
    metrics: dict[str, Any]
    parent: str | None
    request_number: str
    uploaded_at: datetime


class WatchOut(Out):
    """`level` is the worst of `population` and `outcome`: stable, watch, moved, or not_judged for want of rows. Of a price model
    `outcome_rows` are deals, `bads` those outside its interval."""

    on: date
    level: str
    population: str
    outcome: str
    status: str
    rows: int
    psi: Fraction | None
    csi: dict[str, float]
    outcome_rows: int
    bads: int
    expected_bads: Fraction | None
    ece: Fraction | None
    mape: Fraction | None
    coverage: Fraction | None
    answer: str


class ShadowScoreOut(Out):
    """What the challenger said (`score`, `tier`, `outcome`) beside what was decided."""

    decision: str
    shadow: str
    live_score: int | None
    score: int | None
    live_tier: str
    tier: str
    live_outcome: str
    outcome: str
    scored_at: datetime


class ModelReasonIn(In):
    reason: Text[1000]


class SubmitIn(In):
    """`wish`: active replaces the model in force, shadow only answers beside it."""

    wish: Text[8]
    reason: Text[1000]


def _model(row: ScoringModel) -> ModelOut:
    return ModelOut(
        number=row.number, name=row.title, purpose=row.purpose, kind=row.kind, status=row.status, content_hash=row.content_hash,
        data_hash=row.data_hash, inputs=row.inputs, metrics=row.metrics.get("test", {}), parent=row.parent.number if row.parent else None,
        request_number=row.request_number, uploaded_at=row.uploaded_at,
    )


def _watch(row: ModelWatch) -> WatchOut:
    return WatchOut(
        on=row.on, level=row.level, population=row.population, outcome=row.outcome, status=row.status, rows=row.rows, psi=row.psi,
        csi=row.csi, outcome_rows=row.outcome_rows, bads=row.bads, expected_bads=row.expected_bads, ece=row.ece, mape=row.mape,
        coverage=row.coverage, answer=row.answer,
    )


def _score(row: ModelScore) -> ShadowScoreOut:
    return ShadowScoreOut(
        decision=row.decision.number, shadow=row.shadow.number, live_score=row.live_score, score=row.score, live_tier=row.live_tier,
        tier=row.tier, live_outcome=row.live_outcome, outcome=row.outcome, scored_at=row.scored_at,
    )


@router.get("/models", response=Page[ModelOut], summary="Every model that was ever registered")
@needs(permissions.VIEW_MODELS)
def models(request: HttpRequest, status: str = "", cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = queries.light().defer("content", "card", "parent__content")
    return page_of(rows.filter(status=status) if status else rows, cursor, limit, _model)


@router.post("/models", response={201: ModelOut}, summary="Register a model (multipart): the zip of the folder that training wrote")
@needs(permissions.MAINTAIN_MODELS)
def register(
    request: HttpRequest, name: Form[str], purpose: Form[str], file: File[UploadedFile], note: Form[str] = "",
) -> tuple[int, ModelOut]:
    return 201, _model(upload_model(data=reading.whole(file), name=name, purpose=purpose, note=note, by=request.actor))


@router.get("/models/{number}", response=ModelOut, summary="One model")
@needs(permissions.VIEW_MODELS)
def model(request: HttpRequest, number: str) -> ModelOut:
    return _model(queries.called(number))


@router.post("/models/{number}/submit", response=ModelOut, summary="Ask a second person to let it score, or answer in the shadow")
@needs(permissions.MAINTAIN_MODELS)
def submit(request: HttpRequest, number: str, payload: SubmitIn) -> ModelOut:
    return _model(submit_model(scoring_model_number=number, wish=payload.wish, reason=payload.reason, by=request.actor))


@router.post("/models/{number}/withdraw", response=ModelOut, summary="Take back what was asked for")
@needs(permissions.MAINTAIN_MODELS)
def withdraw(request: HttpRequest, number: str) -> ModelOut:
    return _model(withdraw_model(scoring_model_number=number, by=request.actor))


@router.post("/models/{number}/roll-back", response=ModelOut, summary="Put the model before this one in its place, at once; gives that one")
@needs(permissions.ROLL_BACK_MODEL)
def roll_back(request: HttpRequest, number: str, payload: ModelReasonIn) -> ModelOut:
    return _model(roll_back_model(scoring_model_number=number, reason=payload.reason, by=request.actor))


@router.post("/models/{number}/retire", response=ModelOut, summary="Let a challenger answer no longer")
@needs(permissions.MAINTAIN_MODELS)
def retire(request: HttpRequest, number: str, payload: ModelReasonIn) -> ModelOut:
    return _model(retire_shadow(scoring_model_number=number, reason=payload.reason, by=request.actor))


@router.post("/models/{number}/recalibrate", response={201: ModelOut}, summary="A new version that fits the loans that have matured")
@needs(permissions.MAINTAIN_MODELS)
def recalibrate(request: HttpRequest, number: str) -> tuple[int, ModelOut]:
    return 201, _model(recalibrate_model(scoring_model_number=number, business_date=business_date.current(), by=request.actor))


@router.get("/models/{number}/watches", response=Page[WatchOut], summary="Every look at a model's drift, newest first")
@needs(permissions.VIEW_MODELS)
def watches(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    return page_of(queries.watches(queries.called(number)), cursor, limit, _watch)


@router.post("/models/{number}/watches", response={201: WatchOut}, summary="Look now whether a model has drifted")
@needs(permissions.WATCH_MODELS)
def watch(request: HttpRequest, number: str) -> tuple[int, WatchOut]:
    return 201, _watch(watch_model(scoring_model_number=number, business_date=business_date.current(), by=request.actor))


@router.post("/models/{number}/watches/answer", response=WatchOut, summary="Say what is done about the open alert")
@needs(permissions.ANSWER_DRIFT)
def answer(request: HttpRequest, number: str, payload: ModelReasonIn) -> WatchOut:
    return _watch(answer_drift(scoring_model_number=number, reason=payload.reason, by=request.actor))


@router.get("/models/{number}/scores", response=Page[ShadowScoreOut], summary="What a challenger said beside the model in force")
@needs(permissions.VIEW_MODELS)
def scores(request: HttpRequest, number: str, cursor: str = "", limit: int = PAGE_SIZE) -> dict[str, Any]:
    rows = queries.scores(queries.called(number)).select_related("decision", "shadow").defer("decision__record", "shadow__record")
    return page_of(rows, cursor, limit, _score)
