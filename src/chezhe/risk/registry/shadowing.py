"""The challenger's answer to a decision that was made without it: the same facts, tables and limits, only the model is another."""

from __future__ import annotations

from dataclasses import replace

from chezhe.kernel import appending, clock, numbers
from chezhe.kernel.errors import NotFound
from chezhe.risk.deciding import champion, record, replaying, rules, steps
from chezhe.risk.deciding.models import PREFIX, Decision
from chezhe.risk.deciding.record import Heading
from chezhe.risk.registry import queries, source
from chezhe.risk.registry.models import ModelScore

SHADOW = "shadow"


def score(live: Decision) -> ModelScore | None:
    """Write down what the challenger says of a live decision; nothing is asked of the world, nothing moves.

    None where there is no challenger for this kind of borrower, where it has answered already, or where the record proves nothing.
    """
    try:
        kept = replaying.told(live)
        case = replaying.case_of(kept)
    except (replaying.Altered, ValueError, KeyError, NotFound):
        return None
    model = queries.challenger(champion.scored_as(str(case.value("borrower_kind") or "")))
    scorer = None if model is None else source.by_hash(model.content_hash)
    if model is None or scorer is None or ModelScore.objects.filter(model=model, decision=live).exists():
        return None
    case = replace(case, strategy=replace(case.strategy, scorer=scorer))
    verdict, at = rules.decide(case), clock.now()
    heading = Heading(
        number=numbers.next_number(PREFIX, live.business_date), subject=live.subject, kind=SHADOW, decided_at=at.isoformat(),
        on=live.business_date,
    )
    written = record.write(heading, case, record.figures_of(kept), verdict)
    shadow = Decision(
        number=heading.number, subject=live.subject, kind=SHADOW, round_id=live.round_id, branch_id=live.branch_id, owner_id=live.owner_id,
        customer_id=live.customer_id, decided_at=at, business_date=live.business_date, record=written.body.decode(),
        digest=written.digest, **steps.columns(case, verdict),
    )
    appending.insert(shadow)
    found = ModelScore(
        model=model, decision=live, shadow=shadow, live_hash=(kept["model"] or {}).get("hash", ""), live_score=live.score,
        live_tier=live.tier, live_outcome=live.outcome, score=shadow.score, tier=shadow.tier, outcome=shadow.outcome, scored_at=at,
    )
    appending.insert(found)
    return found
