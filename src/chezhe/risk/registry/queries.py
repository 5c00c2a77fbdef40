"""Finding models: by number, by role now and at a past moment, and what was said of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, QuerySet

from chezhe.kernel.errors import NotFound
from chezhe.risk.registry.models import ModelScore, ModelTurn, ModelWatch, ScoringModel, ShadowAnswer
from chezhe.risk.registry.states import ACTIVE, CHALLENGING, OPEN


def light() -> QuerySet[ScoringModel]:
    """Every model without its content: what lists and pages show."""
    return ScoringModel.objects.defer("content").select_related("parent")


def called(number: str) -> ScoringModel:
    """The model with this number, without its content; NotFound (404) otherwise."""
    found = light().defer("content", "parent__content").filter(number=number).first()
    if found is None:
        raise NotFound(what=number)
    return found


def active(purpose: str) -> ScoringModel | None:
    """The model in force for a purpose."""
    return light().filter(purpose=purpose, status=ACTIVE).first()


def challenger(purpose: str) -> ScoringModel | None:
    """The model that scores beside it."""
    return light().filter(purpose=purpose, status__in=CHALLENGING).first()


def at_work() -> QuerySet[ScoringModel]:
    """Every model that scores now, in force or in the shadow."""
    return ScoringModel.objects.filter(status__in=(ACTIVE, *CHALLENGING)).order_by("purpose", "id")


def in_role_at(purpose: str, role: str, at: datetime) -> ScoringModel | None:
    """The model that stood in a role at a past moment; None when none did."""
    turn = ModelTurn.objects.filter(purpose=purpose, role=role, turned_at__lte=at).select_related("model").defer("model__content")
    newest = turn.order_by("-turned_at", "-id").first()
    return newest.model if newest is not None else None


def before(purpose: str) -> ScoringModel | None:
    """The model that a roll-back brings back: activations pile up, every roll-back has taken the newest away."""
    piled: list[int] = []
    rows = ModelTurn.objects.filter(purpose=purpose, role="active", model__isnull=False).order_by("id").values_list("model_id", "verb")
    for model_id, verb in rows:
        if verb == "roll_back_model":
            piled.pop()
        elif not piled or piled[-1] != model_id:
            piled.append(model_id)
    return light().filter(pk=piled[-2]).first() if len(piled) > 1 else None


def turns(model: ScoringModel) -> QuerySet[ModelTurn]:
    """When a model stood in which role, oldest first."""
    return ModelTurn.objects.filter(purpose=model.purpose).select_related("model").defer("model__content").order_by("id")


def watches(model: ScoringModel) -> QuerySet[ModelWatch]:
    """Every look at a model, newest first."""
    return ModelWatch.objects.filter(model=model).select_related("model").defer("model__content")


def alerts() -> QuerySet[ModelWatch]:
    """Drift that nobody has answered."""
    return ModelWatch.objects.filter(status=OPEN).select_related("model").defer("model__content").order_by("watched_at")


def scores(model: ScoringModel) -> QuerySet[ModelScore]:
    """What a challenger said, newest first."""
    return ModelScore.objects.filter(model=model).order_by("-id")


def answers(model: ScoringModel) -> QuerySet[ShadowAnswer]:
    """What a challenger said of customers or cars, newest first."""
    return ShadowAnswer.objects.filter(model=model).order_by("-id")


def agreement(model: ScoringModel) -> dict[tuple[str, str], int]:
    """How many decisions came to (what the model in force said, what the challenger said)."""
    rows = ModelScore.objects.filter(model=model).values("live_outcome", "outcome").annotate(count=Count("pk")).order_by()
    return {(row["live_outcome"], row["outcome"]): row["count"] for row in rows}


def tier_moves(model: ScoringModel) -> dict[tuple[str, str], int]:
    """The same for tiers; empty text where there was none."""
    rows = ModelScore.objects.filter(model=model).values("live_tier", "tier").annotate(count=Count("pk")).order_by()
    return {(row["live_tier"], row["tier"]): row["count"] for row in rows}
