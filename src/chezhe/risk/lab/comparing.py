"""Champion and challenger over the same past applications: figures side by side, and what would have been decided otherwise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import ibis  # type: ignore[import-untyped]
import pyarrow.parquet as files  # type: ignore[import-untyped]

from chezhe.risk.deciding.values import Strategy
from chezhe.risk.lab import bulk, engines, figures, scoring
from chezhe.risk.lab.bulk import KEY, Judge
from chezhe.risk.lab.engines import Engine
from chezhe.risk.lab.figures import Parameters

CHAMPION, CHALLENGER = "champion", "challenger"
SIDES: Final = (CHAMPION, CHALLENGER)
SHOWN: Final = ("outcome", "route", "tier", "score", "annual_rate", "amount_max", "reasons")
OWN: Final = (KEY, "decision", "amount", "periods", "annual_rate", "bad")
Progress = Callable[[int], None]
_KEPT_MAX: Final = 16
_written: dict[tuple[Any, ...], str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """The two strategies, ready to be asked."""

    champion: Judge
    challenger: Judge

    def of(self, side: str) -> Judge:
        return self.champion if side == CHAMPION else self.challenger


def sides(champion: Strategy, challenger: Strategy) -> Sides:
    """Raises NotInEngine."""
    return Sides(champion=bulk.judge(champion), challenger=bulk.judge(challenger))


def compared(
    engine: Engine, book: Path, both: Sides, parameters: Parameters, changed: Path, progress: Progress = lambda _done: None,
) -> dict[str, Any]:
    """Judge the book by both, write what changed to a Parquet file, and say the figures of both sides as JSON holds them."""
    relation = engine.read(book)
    judged = {}
    for place, side in enumerate(SIDES):
        judge = both.of(side)
        scored = _with_scores(engine, relation, book, judge, changed.with_name(f"{side}_scores.parquet")) if judge.scored else relation
        judged[side] = engine.keep(side, written(judge, scored, f"{side}_", engine.dialect))
        progress(40 + 20 * place)
    own = relation.select([name for name in OWN if name in relation.columns])
    together = own.inner_join(judged[CHAMPION], KEY).inner_join(judged[CHALLENGER], KEY)
    joined = engine.keep("joined", engines.statement(together, engine.dialect))
    progress(80)
    found: dict[str, Any] = {
        side: figures.told(engine.rows(figures.grouped(joined, f"{side}_", parameters)), parameters) for side in SIDES
    }
    moves = joined.group_by(["champion_outcome", "challenger_outcome"]).aggregate(applications=joined.count())
    found["moves"] = sorted(engine.rows(moves), key=lambda row: (row["champion_outcome"], row["challenger_outcome"]))
    differs = (joined["champion_outcome"] != joined["challenger_outcome"]) | (joined["champion_route"] != joined["challenger_route"])
    wanted = [*own.columns, *(f"{side}_{name}" for side in SIDES for name in SHOWN)]
    engine.write(joined.filter(differs).select(wanted).order_by(KEY), changed)
    found["changed"] = engine.rows(joined.filter(differs).aggregate(applications=ibis._.count()))[0]["applications"]
    found["reason_codes"] = {side: both.of(side).reasons for side in SIDES}
    return found


def written(judge: Judge, relation: Any, prefix: str, dialect: str) -> str:
    """The statement of a strategy over a relation. Writing it takes seconds, so the last ones are kept in the process."""
    told = tuple(code for code in judge.codes() if code in relation.columns)
    key = (judge.identity, told, "scored" if judge.scored else str(relation.op().name), prefix, dialect)
    if key not in _written:
        if len(_written) >= _KEPT_MAX:
            _written.pop(next(iter(_written)))
        _written[key] = judge.statement(relation, dialect, prefix)
    return _written[key]


def _with_scores(engine: Engine, relation: Any, book: Path, judge: Judge, scores: Path) -> Any:
    """The book with the scores of a boosted model beside it, which no engine can work out."""
    scorer = judge.strategy.scorer
    assert scorer is not None
    table = files.read_table(str(book), columns=[KEY, *scorer.inputs])
    engine_of: Any = scorer.model
    found = scoring.scored(getattr(engine_of, "engine", engine_of), table)
    files.write_table(found.append_column(KEY, table[KEY]), str(scores))
    return relation.inner_join(engine.read(scores), KEY)
