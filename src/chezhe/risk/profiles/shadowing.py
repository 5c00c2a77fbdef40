"""What challengers of the two models say of the customers who are scored: beside the scores, of no effect on anybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from chezhe.kernel import clock
from chezhe.risk.profiles import scoring
from chezhe.risk.profiles.choices import LATE
from chezhe.risk.profiles.models import BehaviourScore
from chezhe.risk.registry import source
from chezhe.risk.registry.models import ScoringModel, ShadowAnswer
from chezhe.scorecards.artefact import Model
from chezhe.scorecards.scored import Scored


def answer(made: Sequence[BehaviourScore], on: date) -> None:
    """Write down what the challengers say of the same facts; who is thirty days late already is no forecast."""
    digests = {(row.customer_id, row.digest) for row in made}
    for purpose in ("behaviour", "warning"):
        scorer = source.challenger(purpose)
        if scorer is None or not digests:
            continue
        kept = BehaviourScore.objects.filter(on=on, customer__in={row.customer_id for row in made}).exclude(level=LATE)
        rows = [row for row in kept if (row.customer_id, row.digest) in digests]
        challenger = ScoringModel.objects.only("pk").get(content_hash=scorer.content_hash)
        ShadowAnswer.objects.bulk_create(
            [_answer(row, purpose, scorer.model, challenger) for row in rows], ignore_conflicts=True)


def _answer(row: BehaviourScore, purpose: str, model: Model, challenger: ScoringModel) -> ShadowAnswer:
    said = model.score(scoring.given(row.facts))
    assert isinstance(said, Scored)
    is_card = purpose == "behaviour"
    return ShadowAnswer(
        model=challenger, subject=f"behaviour_score:{row.pk}", live_hash=row.card_hash if is_card else row.warning_hash,
        live=Decimal(row.score) if is_card else row.probability, said=Decimal(said.score) if is_card else scoring.chance_of(said),
        answered_at=clock.now(),
    )
