"""The service over its wire: what is sent, what comes back, and what is not believed."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from PIL import Image

from chezhe.documents.reading import catalogue
from chezhe.documents.vendors.ocr import client
from chezhe.documents.vendors.ocr.client import WrongAnswer
from chezhe.documents.vendors.ocr.kinds import KINDS
from chezhe.documents.vendors.ocr.tests.test_reader import shot_of
from chezhe.invented import papers
from chezhe.kernel import clock, outside, simulators
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import moment

KNOWN = catalogue.FIELDS["id_front"].keys()


@pytest.fixture
def world() -> Iterator[World]:
    with clock.at(moment("2026-03-16 10:00")), simulators.in_process(seed=7) as made:
        made.set_faults("ocr", error_before_rate=0, timeout_rate=0)
        yield made


def ask(picture: bytes, kind: str = "id_front", reference: str = "R-1") -> Any:
    return client.read_paper(reference, kind, picture, known=catalogue.FIELDS[kind].keys())


def test_it_reads_the_picture_that_is_sent(world: World) -> None:
    answer, true = ask(shot_of("id_front", 71)), papers.contents_of("id_front", 71)
    said = {field.name: field.value for field in answer.fields}
    assert answer.why == "" and said["id_number"] == true["id_number"] and said["born_on"] == true["born_on"]
    assert all(0 <= field.confidence <= 1 for field in answer.fields)


def test_every_field_that_the_reader_can_find_has_a_name_on_the_screen() -> None:
    assert {code: {place.name for place in kind.places} for code, kind in KINDS.items()} == {
        code: set(fields) for code, fields in catalogue.FIELDS.items()}
    assert set(catalogue.KIND_OF.values()) == set(KINDS)
    from chezhe.documents.catalogue import BY_CODE

    assert set(catalogue.KIND_OF) <= set(BY_CODE)


def test_a_large_photo_is_made_small_enough_to_be_sent(world: World) -> None:
    noisy = Image.effect_noise((4000, 3000), 90).convert("RGB")
    out = io.BytesIO()
    noisy.save(out, "JPEG", quality=95)
    assert ask(out.getvalue()).why != ""
    see_through = io.BytesIO()
    Image.new("RGBA", (900, 600), (0, 0, 0, 0)).save(see_through, "PNG")
    assert ask(see_through.getvalue()).why == "nothing_readable"


@pytest.mark.parametrize("fault", ["error_before", "error_after", "timeout"])
def test_a_fault_is_no_answer(world: World, fault: str) -> None:
    world.force("ocr", fault)
    with pytest.raises(outside.Unreachable):
        ask(shot_of("id_front", 71))


def test_a_picture_that_does_not_open_is_not_sent(world: World) -> None:
    with pytest.raises(outside.Unreachable):
        ask(b"\xff\xd8\xff no picture")


@pytest.mark.parametrize("said", [
    {"reference": "R-2", "answer": {"why": "", "fields": []}}, {"reference": "R-1"}, {"reference": "R-1", "answer": "fine"},
    {"reference": "R-1", "answer": {"why": "", "fields": []}},
    {"reference": "R-1", "answer": {"why": "other_paper", "fields": [{"name": "name", "value": "王", "confidence": 1.0}]}},
    {"reference": "R-1", "answer": {"why": "tired", "fields": []}},
    {"reference": "R-1", "answer": {"why": "", "fields": [{"name": "name", "value": "王", "confidence": 1.4}]}},
    {"reference": "R-1", "answer": {"why": "", "fields": [{"name": "name", "value": 7, "confidence": 0.4}]}},
    {"reference": "R-1", "answer": {"why": "", "fields": [{"name": "name", "value": "王" * 900, "confidence": 0.4}]}},
    {"reference": "R-1", "answer": {"why": "", "fields": [{"name": "salary", "value": "1", "confidence": 0.4}]}},
    {"reference": "R-1", "answer": {"why": "", "fields": [{"name": "sex", "value": "男", "confidence": 0.4}] * 2}},
    {"reference": "R-1", "answer": {"why": "", "fields": [{"name": f"n{i}", "value": "1", "confidence": 0.4} for i in range(99)]}},
])
def test_an_answer_that_cannot_be_one_is_not_believed(said: dict[str, Any]) -> None:
    token = outside.transport.set(httpx.MockTransport(lambda request: httpx.Response(200, json=said)))
    try:
        with pytest.raises(WrongAnswer):
            ask(shot_of("id_front", 71))
    finally:
        outside.transport.reset(token)


@pytest.mark.parametrize("body", [
    {"kind": "love_letter", "image": ""}, {"kind": "id_front"}, {"kind": "id_front", "image": 7}, {"kind": "id_front", "image": "§§"},
])
def test_a_question_that_is_none_is_refused(world: World, body: dict[str, Any]) -> None:
    assert outside.post("ocr", "/read", {"reference": "R-1", **body}).status == 400
    assert outside.post("ocr", "/elsewhere", {"reference": "R-1", **body}).status == 404


def test_what_is_no_picture_is_answered_as_such(world: World) -> None:
    said = outside.post("ocr", "/read", {"reference": "R-1", "kind": "id_front", "image": base64.b64encode(b"hello").decode()})
    assert said.body["answer"] == {"why": "no_picture", "fields": []}
