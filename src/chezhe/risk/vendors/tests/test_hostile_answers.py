"""Whatever comes back in place of whatever: it is refused as a wrong answer, or it was a possible one. Nothing else ever happens."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from chezhe.invented import fates
from chezhe.kernel import outside
from chezhe.kernel.outside import Reply
from chezhe.kernel.simulators import World
from chezhe.risk.vendors.asking import Refused, WrongAnswer
from chezhe.risk.vendors.tests.test_sources import ASKED, QUESTIONS

HOSTILE: tuple[Any, ...] = (
    None, "", " ", "x" * 5_000, -1, 0, 10**30, 1.5, float("inf"), True, [], {}, [[]], {"a": 1}, "2026-02-30", "9999-12-31", "１２", "\x00", "N/A",
)
TRIES = 150


def _places(value: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield way
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, child in children:
        yield from _places(child, (*way, name))


def _put(body: dict[str, Any], way: tuple[Any, ...], value: Any) -> dict[str, Any]:
    changed: Any = copy.deepcopy(body)
    inside = changed
    for name in way[:-1]:
        inside = inside[name]
    inside[way[-1]] = value
    return changed  # type: ignore[no-any-return]


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_but_a_whole_answer_is_believed(question: str, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    _service, number, ask = QUESTIONS[question]
    told: list[Reply] = []
    post = outside.post

    def remembered(*said: Any, **more: Any) -> Reply:
        told.append(post(*said, **more))
        return told[-1]

    monkeypatch.setattr(outside, "post", remembered)
    truth, draws = ask(number(fates.BAD), ASKED), Random(question)
    body = told[0].body
    ways = list(_places(body["answer"]))
    refused = 0
    for _attempt in range(TRIES):
        reply = Reply(200, _put(body, ("answer", *draws.choice(ways)), draws.choice(HOSTILE)))
        monkeypatch.setattr(outside, "post", lambda *said, reply=reply, **more: reply)
        try:
            found = ask(number(fates.BAD), ASKED)
        except (WrongAnswer, Refused):
            refused += 1
        else:
            assert type(found) is type(truth)
    assert refused > TRIES // 3


@pytest.mark.parametrize("body", [{}, {"reference": "Q1"}, {"reference": "Q1", "answer": None}, {"reference": 1, "answer": {}}, {"answer": {}}], ids=str)
@pytest.mark.parametrize("status", [200, 201, 301, 404, 418])
def test_an_empty_envelope_is_no_answer(body: dict[str, Any], status: int, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outside, "post", lambda *said, **more: Reply(status, body))
    for _service, number, ask in QUESTIONS.values():
        with pytest.raises(outside.Unreachable):
            ask(number(fates.GOOD), ASKED)
