"""`chezhe model train | score | recalibrate | watch`: risk and price models from a file, without a database.

Exit code 0 well; 1 the data or the model is refused; 2 a request or file that could not be read. Errors are JSON on standard error:
`{"error":{"code","message","field"}}`. What is said while it works goes to standard error, what was found to standard output as JSON.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from chezhe.scorecards.errors import ModelError

if TYPE_CHECKING:
    from chezhe.scorecards.training import Options

WELL, REFUSED, UNREADABLE = 0, 1, 2
UNREADABLE_CODES = ("option_wrong", "file_missing", "file_kind", "file_unreadable", "kind_unknown")
KINDS = ("scorecard", "boosting", "valuation")
# What the registry may use a model for, as `chezhe.risk.registry.labels` names it.
PURPOSES = ("person", "company", "behaviour", "warning", "valuation")
USAGE = """chezhe model train --data FILE --target COL --kind scorecard|boosting|valuation --out DIR
                   [--monotone auto|none|feature:+,feature:-] [--time COL --test-from YYYY-MM-DD] [--exclude COLS]
                   [--categories COLS] [--fairness COLS] [--rejects FILE] [--reject-inference fuzzy|parcelling]
                   [--rounds-max N] [--seed N] [--purpose person|company|behaviour|warning|valuation]
       chezhe model score --model DIR --data FILE --out FILE [--no-reasons]
       chezhe model recalibrate --model DIR --data FILE --target COL --out DIR
       chezhe model watch --model DIR --data FILE [--target COL]"""


class Words(argparse.ArgumentParser):
    """An argument parser that refuses as the other commands do."""

    def error(self, message: str) -> NoReturn:
        """Turn argparse's sentence into a refusal."""
        raise ModelError("option_wrong", reason=f"{message}\n{USAGE}")


def run(argv: list[str]) -> int:
    """Run one of the four; see the module for exit codes."""
    if not argv or argv[0] in ("-h", "--help"):
        sys.stdout.write(f"usage: {USAGE}\n")
        return WELL if argv else UNREADABLE
    try:
        words = _words().parse_args(argv)
        found = {"train": _train, "score": _score, "recalibrate": _recalibrate, "watch": _watch}[words.verb](words)
    except ModelError as refusal:
        return _refused(refusal)
    sys.stdout.write(json.dumps(found, ensure_ascii=False) + "\n")
    return WELL


def _train(words: argparse.Namespace) -> object:
    from chezhe.scorecards import pipeline

    options = _options(words)
    return pipeline.train_to(Path(words.out), Path(words.data), options, Path(words.rejects) if words.rejects else None, _say)


def _score(words: argparse.Namespace) -> object:
    from chezhe.scorecards import pipeline

    return pipeline.score_to(Path(words.out), Path(words.model), Path(words.data), with_reasons=not words.no_reasons)


def _recalibrate(words: argparse.Namespace) -> object:
    from chezhe.scorecards import pipeline

    return pipeline.recalibrate_to(Path(words.out), Path(words.model), Path(words.data), words.target)


def _watch(words: argparse.Namespace) -> object:
    from chezhe.scorecards import pipeline

    return pipeline.watch(Path(words.model), Path(words.data), words.target)


def _options(words: argparse.Namespace) -> Options:
    from chezhe.scorecards.training import Options

    return Options(
        kind=words.kind, target=words.target, monotone=_list(words.monotone) or ("auto",), time=words.time, test_from=_day(words.test_from),
        exclude=_list(words.exclude), categories=_list(words.categories), fairness=_list(words.fairness), seed=words.seed,
        rounds_max=_rounds(words), inference=words.reject_inference, purpose=words.purpose,
    )  # fmt: skip


def _words() -> Words:
    words = Words(prog="chezhe model", usage=USAGE, add_help=False, allow_abbrev=False)
    verbs = words.add_subparsers(dest="verb", required=True, parser_class=Words)
    train = verbs.add_parser("train", add_help=False, allow_abbrev=False)
    for name in ("--data", "--target", "--out"):
        train.add_argument(name, required=True)
    train.add_argument("--kind", required=True, choices=KINDS)
    for name in ("--time", "--test-from", "--exclude", "--categories", "--fairness", "--monotone", "--rejects"):
        train.add_argument(name, default="")
    train.add_argument("--reject-inference", default="fuzzy", choices=("fuzzy", "parcelling"))
    train.add_argument("--purpose", default="", choices=("", *PURPOSES))
    for name, usual in (("--rounds-max", 0), ("--seed", 1)):
        train.add_argument(name, type=int, default=usual)
    score = verbs.add_parser("score", add_help=False, allow_abbrev=False)
    score.add_argument("--no-reasons", action="store_true")
    recalibrate = verbs.add_parser("recalibrate", add_help=False, allow_abbrev=False)
    watch = verbs.add_parser("watch", add_help=False, allow_abbrev=False)
    watch.add_argument("--target", default="")
    for verb, names in (
        (score, ("--model", "--data", "--out")),
        (recalibrate, ("--model", "--data", "--target", "--out")),
        (watch, ("--model", "--data")),
    ):
        for name in names:
            verb.add_argument(name, required=True)
    return words


def _list(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(",") if word.strip())


def _rounds(words: argparse.Namespace) -> int:
    if words.rounds_max < 0 or (words.rounds_max and words.kind != "valuation"):
        raise ModelError(
            "option_wrong", "--rounds-max", reason="--rounds-max 只用于估值模型，须大于零 / is for price models, and above zero")
    return int(words.rounds_max)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ModelError("option_wrong", "--test-from", reason=f"--test-from {text}: 日期应写成 2026-01-31 / write a date like 2026-01-31")


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def _refused(refusal: ModelError) -> int:
    from chezhe.cli.refusals import in_english
    from chezhe.scorecards.papers.sentences import sentence

    error = {"code": refusal.code, "message": sentence(refusal.code, refusal.facts, in_english())}
    told = {"error": error | ({"field": refusal.field} if refusal.field else {})}
    sys.stderr.write(json.dumps(told, ensure_ascii=False) + "\n")
    return UNREADABLE if refusal.code in UNREADABLE_CODES else REFUSED
