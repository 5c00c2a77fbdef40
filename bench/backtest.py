"""A strategy over a million past applications at once: the shipped tables and the shipped card, with the figures of both sides.

The same strategy decides a sample row by row, as one application is decided; a single row that differs makes the run fail. The draft that
is compared has other tiers. Scoring by a boosted model, which no engine expresses, is timed apart.
"""

from __future__ import annotations

import os
import tempfile
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from bench import _applications, _own, _report

ROWS, SAMPLE, BOOSTED, TRAINED = 1_000_000, 1_500, 100_000, 4_000
PROMISED_SECONDS, PROMISED_RATIO = 10, 100


def run(asked: Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when a row of the sample is decided otherwise."""
    with _own.database("bench_backtest"), tempfile.TemporaryDirectory() as folder:
        return _measure(asked.rows or ROWS, asked.engine, Path(folder))


def _measure(count: int, name: str, folder: Path) -> dict[str, Any]:
    from chezhe.risk.lab import engines

    champion, draft = _strategy(), _draft()
    book = folder / "book.parquet"
    _applications.write(count, _codes(champion), book)
    with engines.running(name) as engine:
        alone = _alone(engine, champion, book)
        both = _both(engine, champion, draft, book, folder / "changed.parquet")
        sample = _sample(engine, alone.pop("judged"), book, min(count, SAMPLE))
    one_by_one = _one_by_one(champion, sample)
    boosting = _boosting(champion, book)
    ratio = round(one_by_one["microseconds"] * count / 1e6 / alone["seconds"])
    processor = round(one_by_one["microseconds"] * count / 1e6 / alone["processor_seconds"])
    failures = [f"{one_by_one['different']} of {len(sample)} applications are decided otherwise"] if one_by_one["different"] else []
    # A card that asks for what the book does not tell draws no tier, and half of the strategy has nothing to do.
    failures += [] if both["changed"] else ["other tiers change nothing: the book lacks what the card asks for"]
    found = {
        "rows": count, "engine": name, **alone, "two_strategies_seconds": both["seconds"], "changed": both["changed"],
        "row_by_row_microseconds": one_by_one["microseconds"], "ratio_vs_row_by_row": ratio,
        "ratio_in_processor_seconds": processor, "compared": len(sample),
        "same_outcomes": not one_by_one["different"], "outcomes": one_by_one["outcomes"], **boosting,
        "load": round(os.getloadavg()[0], 1), "failures": failures,
    }
    print(f"回测 {count:,} applications by {name}: {found['seconds']} s ({PROMISED_SECONDS} s promised), of which "
          f"{found['composing_seconds']} s for the statement and {found['figures_seconds']} s for the figures; load {found['load']}\n"
          f"  one by one {found['row_by_row_microseconds']} µs: {ratio} times ({PROMISED_RATIO} promised), "
          f"{processor} in processor seconds; {len(sample):,} compared, {one_by_one['different']} different;"
          f" outcomes {one_by_one['outcomes']}\n"
          f"  champion and draft side by side, with what changed: {both['seconds']} s, {both['changed']:,} changed\n"
          f"  boosting scores {boosting['boosting_rows']:,} in {boosting['boosting_seconds']} s, apart")
    return found


def _strategy() -> Any:
    """The tables that are shipped, and the card."""
    import json

    from chezhe.decisiontables import closures, files
    from chezhe.policies import seeds
    from chezhe.risk.deciding import champion
    from chezhe.risk.deciding.values import TABLES, Policy, Strategy

    folder, policies = Path(seeds.__file__).parent, {}
    for name in TABLES:
        table = closures.compile_table(files.from_json(json.loads((folder / f"{name}.json").read_text())))
        policies[name] = Policy(code=name, version=1, content_hash=name, table=table, collects=table.table.hit_policy.is_collecting)
    return Strategy(policies=policies, scorer=champion.scorer_for("person"))


def _draft() -> Any:
    """The same with tiers that begin twenty points lower."""
    from chezhe.decisiontables import closures

    strategy = _strategy()
    tier = strategy.policies["tier"]
    lower = {"650": "630", "620": "600", "580": "560"}

    def lowered(cell: str) -> str:
        for old, new in lower.items():
            cell = cell.replace(old, new)
        return cell

    rules = tuple(replace(rule, when=tuple(map(lowered, rule.when))) for rule in tier.table.table.rules)
    table = closures.compile_table(replace(tier.table.table, rules=rules))
    return replace(strategy, policies={**strategy.policies, "tier": replace(tier, version=2, content_hash="tier-2", table=table)})


def _codes(strategy: Any) -> list[str]:
    from chezhe.risk.lab import bulk

    return bulk.judge(strategy).codes()


def _alone(engine: Any, strategy: Any, book: Path) -> dict[str, Any]:
    """One strategy from the file to its figures."""
    from chezhe.risk.lab import bulk, figures

    begun, worked = perf_counter(), process_time()
    relation, judge = engine.read(book), bulk.judge(strategy)
    query = judge.statement(relation, engine.dialect)
    composed = perf_counter()
    judged = engine.keep("alone", query)
    kept = perf_counter()
    joined = relation.select("id", "amount", "periods", "annual_rate", "bad").inner_join(judged, "id")
    engine.rows(figures.grouped(joined, "said_", figures.Parameters()))
    done, used = perf_counter(), process_time() - worked
    return {
        "seconds": round(done - begun, 2), "composing_seconds": round(composed - begun, 2), "figures_seconds": round(done - kept, 2),
        "processor_seconds": round(used, 2), "judged": (judge, judged),
    }


def _both(engine: Any, champion: Any, draft: Any, book: Path, changed: Path) -> dict[str, Any]:
    from chezhe.risk.lab import comparing
    from chezhe.risk.lab.figures import Parameters

    begun = perf_counter()
    found = comparing.compared(engine, book, comparing.sides(champion, draft), Parameters(), changed)
    return {"seconds": round(perf_counter() - begun, 2), "changed": found["changed"]}


def _sample(engine: Any, judged: Any, book: Path, count: int) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """The first applications as facts, each with what the engine said."""
    judge, answers = judged
    relation = engine.read(book)
    facts = {row["id"]: row for row in engine.rows(relation.filter(relation["id"] < count))}
    said = {row["id"]: row for row in engine.rows(answers.filter(answers["id"] < count))}
    for row in said.values():
        row["said_reasons"] = sorted(judge.reasons_of(row["said_reasons"]))
    return [(facts[key], said[key]) for key in sorted(facts)]


def _one_by_one(strategy: Any, sample: list[tuple[dict[str, Any], dict[str, Any]]]) -> dict[str, Any]:
    """Microseconds of one application from its row of the book to its answer, and how many of the sample differ."""
    from collections import Counter

    from chezhe.risk.deciding.rules import decide

    for facts, _answers in sample[:200]:
        decide(_case(strategy, facts))
    begun = process_time()
    verdicts = [decide(_case(strategy, facts)) for facts, _answers in sample]
    taken = process_time() - begun
    different = sum(_answer(verdict) != _said(said) for verdict, (_facts, said) in zip(verdicts, sample, strict=True))
    outcomes = dict(Counter(verdict.outcome for verdict in verdicts))
    return {"microseconds": round(taken / len(sample) * 1e6, 1), "different": different, "outcomes": outcomes}


def _case(strategy: Any, facts: dict[str, Any]) -> Any:
    from chezhe.risk.deciding.values import Case, Given
    from chezhe.risk.facts.catalogue import CATALOGUE

    given = {
        code: Given(value=value, raw=None, type=CATALOGUE[code].type, source="bench", known_at="") for code, value in facts.items()
        if code in CATALOGUE and value is not None
    }
    return Case(facts=given, strategy=strategy, bounds=_applications.BOUNDS, cover=_applications.COVER)


def _answer(verdict: Any) -> tuple[Any, ...]:
    score = verdict.scoring.score if verdict.scoring else None
    terms = verdict.terms
    return (verdict.outcome, verdict.route, verdict.tier or None, score, terms.annual_rate, terms.amount_max_fen, sorted(verdict.reasons))


def _said(row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[f"said_{name}"] for name in ("outcome", "route", "tier", "score", "annual_rate", "amount_max", "reasons"))


def _boosting(strategy: Any, book: Path) -> dict[str, Any]:
    """Seconds that a boosted model of the card's inputs takes to score, without reasons."""
    import pyarrow.parquet as files

    from chezhe.risk.lab import scoring
    from chezhe.scorecards import boosting_training
    from chezhe.scorecards.features import Feature
    from chezhe.scorecards.frame import Frame, target_of

    table = files.read_table(book, columns=[*strategy.scorer.inputs, "bad"]).slice(0, BOOSTED)
    frame = Frame(table.slice(0, TRAINED))
    features = [Feature(code, "number", (code,)) for code in strategy.scorer.inputs]
    model = boosting_training.train(frame, features, target_of(frame, "bad", is_binary=True)).model
    begun = perf_counter()
    scoring.scored(model, table)
    return {"boosting_rows": len(table), "boosting_seconds": round(perf_counter() - begun, 2)}


if __name__ == "__main__":
    _report.main("backtest", run)
