"""`chezhe table lint FILE` and `chezhe table eval FILE < facts.json`: decision tables on the command line, for review in a pull request.

FILE is the JSON or XLSX of one table. Lint prints its findings as a JSON array and exits 1 if there is any. Eval answers an object by an
object and an array by an array: `{"outcome","outputs","rows_hit","unknown"}`, numbers with their exact digits. What cannot be read is
exit 2 with the error as JSON on standard error, as the calculators do. No Django, no numpy. The shapes are public: docs/decision-tables.md.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from chezhe.cli.calculators import BAD_REQUEST, NO, WELL, answer_json
from chezhe.cli.reading import TwiceKeyed, parse
from chezhe.cli.refusals import Refusal, in_english
from chezhe.cli.table_json import as_json, written
from chezhe.decisiontables.sentences import sentence
from chezhe.decisiontables.values import TableError

if TYPE_CHECKING:
    from chezhe.decisiontables.values import Table

USAGE = "chezhe table lint FILE | chezhe table eval FILE < facts.json"
# These say that the file is no table at all. Every other mistake in it is a finding.
UNREADABLE = (
    "not_an_object", "not_a_list", "not_text", "missing_key", "unknown_key", "not_a_workbook", "file_too_large", "sheet_without",
    "sheet_formula", "unknown_kind_of_column",
)  # fmt: skip


def run(argv: list[str]) -> int:
    """Answer one request and return its exit code."""
    if argv in (["--help"], ["-h"]):
        _write(USAGE)
        return WELL
    try:
        return _run(argv)
    except Refusal as refusal:
        return _refused(refusal.as_json())
    except TableError as error:
        return _refused({"error": _error_json(error)})


def _run(argv: list[str]) -> int:
    if len(argv) != 2 or argv[0] not in ("lint", "eval"):
        raise Refusal("missing_argument" if len(argv) < 2 else "unexpected_argument", facts={"usage": USAGE})
    if argv[0] == "eval":
        return _eval(_table(argv[1]))
    return _lint(argv[1])


def _lint(file: str) -> int:
    from chezhe.decisiontables.lint import ERROR, Finding, lint

    try:
        findings = lint(_table(file))
    except TableError as error:
        if error.code in UNREADABLE:
            raise
        findings = [Finding(error.code, ERROR, error.place.row, error.place.column, error.facts)]
    _write(written([
        {
            "code": finding.code, "severity": finding.severity, "row": finding.row or None, "column": finding.column or None,
            "message": sentence(finding.code, finding.facts, english=in_english()),
            "example": None if finding.example is None else as_json(finding.example),
        }
        for finding in findings
    ]))  # fmt: skip
    return NO if findings else WELL


def _eval(table: Table) -> int:
    from chezhe.decisiontables.closures import compile_table

    compiled = compile_table(table)

    def answer(facts: object) -> dict[str, object]:
        if isinstance(facts, TwiceKeyed):
            raise Refusal("duplicate_key", facts.key, {"key": facts.key})
        if not isinstance(facts, dict):
            raise Refusal("not_an_object")
        result = compiled.evaluate(facts)
        return {
            "outcome": result.outcome.value, "outputs": as_json(result.outputs), "rows_hit": list(result.rows_hit),
            "unknown": list(result.unknown),
        }  # fmt: skip

    _write(written(answer_json(parse(sys.stdin.buffer.read()), answer)))
    return WELL


def _table(file: str) -> Table:
    """The table of a file. Raises Refusal for what is no JSON, TableError for what is no table."""
    from chezhe.decisiontables import files

    try:
        content = Path(file).read_bytes()
    except (OSError, ValueError) as problem:
        raise Refusal("no_file", facts={"file": file, "reason": getattr(problem, "strerror", None) or "?"})
    if content[:2] == b"PK":
        return files.read_xlsx(content)
    value = parse(content)
    _refuse_twice_keyed(value)
    return files.from_json(value)


def _refuse_twice_keyed(value: object) -> None:
    waiting = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, TwiceKeyed):
            raise Refusal("duplicate_key", item.key, {"key": item.key})
        waiting += item if isinstance(item, list) else item.values() if isinstance(item, dict) else []


def _error_json(error: TableError) -> dict[str, object]:
    """`{"code","message","row"?,"column"?}`."""
    found: dict[str, object] = {"code": error.code, "message": sentence(error.code, error.facts, english=in_english())}
    place = {"row": error.place.row, "column": error.place.column}
    return found | {key: value for key, value in place.items() if value}


def _refused(error: dict[str, object]) -> int:
    sys.stderr.buffer.write(f"{written(error)}\n".encode("utf-8", "backslashreplace"))
    sys.stderr.flush()
    return BAD_REQUEST


def _write(text: str) -> None:
    sys.stdout.buffer.write(f"{text}\n".encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()
