"""What a challenger of the price model says of a car that is valued: beside the estimates, of no weight in the vote."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from chezhe.kernel import appending, clock
from chezhe.risk.registry import source
from chezhe.risk.registry.models import ScoringModel, ShadowAnswer
from chezhe.risk.valuing import own_model
from chezhe.risk.valuing.models import Estimate, Valuing


def answer(valuing: Valuing, estimates: Sequence[Estimate]) -> None:
    """Ask the challenger what the model in force was asked, and write down both figures."""
    live = next((row for row in estimates if row.source == "model" and row.amount is not None), None)
    scorer = source.challenger(own_model.PURPOSE)
    if live is None or live.amount is None or scorer is None:
        return
    said = own_model.estimate(live.inputs["row"], scorer)
    if said is not None:
        appending.insert(ShadowAnswer(
            model=ScoringModel.objects.only("pk").get(content_hash=scorer.content_hash), subject=valuing.subject,
            live_hash=live.inputs["model"], live=Decimal(live.amount.fen) / 100, said=Decimal(said.amount.fen) / 100,
            answered_at=clock.now(),
        ))
