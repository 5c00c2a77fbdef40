"""`chezhe quote | rate | check | amount`: sums and checks on the command line, without Django, numpy or numba.

JSON in on standard input, JSON out; an array is answered by an array in which a bad element becomes `{"error":…}`.
Exit code 0 well, 1 a "no" (check, or a refused line of `-`), 2 a request that could not be read, with the error as
JSON on standard error. The shapes are public: docs/cli.md.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date

from chezhe.cli.reading import parse
from chezhe.cli.refusals import Refusal
from chezhe.identifiers import capital

Answer = Callable[[object], dict[str, object]]
WELL, NO, BAD_REQUEST = 0, 1, 2
USAGES = {
    "quote": "chezhe quote < terms.json",
    "rate": "chezhe rate < flows.json",
    "check": "chezhe check id|uscc|vin|plate|card|mobile VALUE|-",
    "amount": "chezhe amount VALUE|-",
}


def run(name: str, arguments: list[str], today: date) -> int:
    """Answer one calculator and return its exit code. `today` is the door's date, for births in the future."""
    if arguments in (["--help"], ["-h"]):
        _write(USAGES[name])
        return WELL
    try:
        return _run(name, arguments, today)
    except Refusal as refusal:
        sys.stderr.buffer.write(_encoded(_json(refusal.as_json())))
        sys.stderr.flush()
        return BAD_REQUEST


def _run(name: str, arguments: list[str], today: date) -> int:
    expected = {"check": 2, "amount": 1}.get(name, 0)
    if len(arguments) != expected:
        code = "missing_argument" if len(arguments) < expected else "unexpected_argument"
        raise Refusal(code, facts={"usage": USAGES[name]})
    if name == "check":
        return _check(arguments[0], arguments[1], today)
    if name == "amount":
        return _amount(arguments[0])
    _write(_json(answer_json(parse(sys.stdin.buffer.read()), _calculator(name))))
    return WELL


def answer_json(value: object, answer: Answer) -> object:
    """One object is answered or refused; an array is answered element by element and never refused as a whole."""
    if not isinstance(value, list):
        return answer(value)
    answers: list[object] = []
    for element in value:
        try:
            answers.append(answer(element))
        except Refusal as refusal:
            answers.append(refusal.as_json())
    return answers


def capital_figures(text: str) -> str:
    """The 大写 of an amount as typed. Raises Refusal."""
    fen = capital.fen_from_text(text)
    if fen is not None:
        return capital.amount_in_capitals(fen)
    yuan, _, decimals = text.partition(".")
    is_number = yuan.replace(",", "").isdecimal()
    if is_number and decimals.isdecimal() and len(decimals) > 2:
        raise Refusal("amount_too_precise")
    if text.startswith("-") and capital.fen_from_text(text[1:]) is not None:
        raise Refusal("amount_negative")
    if is_number and len(yuan) > 16 and (not decimals or decimals.isdecimal()):
        raise Refusal("amount_beyond_capitals")
    raise Refusal("bad_amount")


def _calculator(name: str) -> Answer:
    """Loaded on demand: a check needs no loan arithmetic."""
    if name == "quote":
        from chezhe.cli import quote_json

        return quote_json.answer
    from chezhe.cli import rate_json

    return rate_json.answer


def _check(kind: str, value: str, today: date) -> int:
    from chezhe.cli import check_json

    if kind not in check_json.KINDS:
        raise Refusal("unknown_kind", facts={"value": kind, "known": ", ".join(check_json.KINDS)})
    all_valid = True
    for text in _lines() if value == "-" else (value,):
        found = check_json.answer(kind, text, today)
        _write(_json(found))
        all_valid = all_valid and found["valid"] is True
    return WELL if all_valid else NO


def _amount(value: str) -> int:
    if value != "-":
        _write(capital_figures(value))
        return WELL
    code = WELL
    for text in _lines():
        try:
            _write(capital_figures(text))
        except Refusal as refusal:
            _write(_json(refusal.as_json()))
            code = NO
    return code


def _lines() -> Iterator[str]:
    """The lines of standard input without their ends; bytes that are not UTF-8 turn into a mark no judge accepts."""
    for number, line in enumerate(sys.stdin.buffer):
        text = line.decode("utf-8", "replace").removesuffix("\n").removesuffix("\r")
        yield text.removeprefix("\ufeff") if number == 0 else text


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _write(text: str) -> None:
    sys.stdout.buffer.write(_encoded(text))
    sys.stdout.buffer.flush()


def _encoded(text: str) -> bytes:
    # An argument of broken bytes holds half characters; escaped they are still valid JSON.
    return f"{text}\n".encode("utf-8", "backslashreplace")
