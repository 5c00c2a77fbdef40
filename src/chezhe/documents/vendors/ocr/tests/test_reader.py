"""Papers drawn with made-up contents are read from their pixels: right where they are clear, unsure and wrong where they are not."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from chezhe.documents.papers.press import sans_font
from chezhe.documents.vendors.ocr.reading import Outcome, read_paper
from chezhe.invented import papers
from chezhe.invented.papers import Shot

USUAL = Shot(turned_degrees=-1.7, blur=0.8, noise=4, contrast=0.85)


def shot_of(kind: str, seed: int, shot: Shot | None = None) -> bytes:
    font = sans_font()
    return papers.photographed(papers.drawn(kind, papers.contents_of(kind, seed), font=font), shot)


def read(kind: str, data: bytes) -> Outcome:
    return read_paper(kind, data, font=sans_font())


def right_and_all(kind: str, seed: int, shot: Shot | None = None) -> tuple[int, int]:
    said = {field.name: field.value for field in read(kind, shot_of(kind, seed, shot)).fields}
    true = papers.contents_of(kind, seed)
    return sum(said.get(name) == value for name, value in true.items()), len(true)


@pytest.mark.parametrize("kind", papers.KINDS)
def test_a_clear_scan_is_read_whole(kind: str) -> None:
    right, fields = right_and_all(kind, 11)
    assert right >= fields - 1, "one character that looks like another may be misread"


def test_a_photo_by_hand_is_read_but_for_a_field_here_and_there() -> None:
    counted = [right_and_all(kind, 21, USUAL) for kind in papers.KINDS]
    assert sum(right for right, _all in counted) >= 0.93 * sum(fields for _right, fields in counted)


@pytest.mark.parametrize("degrees", [-6.0, 3.5])
def test_it_straightens_what_lies_askew(degrees: float) -> None:
    right, fields = right_and_all("vehicle_licence", 31, Shot(turned_degrees=degrees))
    assert right >= fields - 1


def test_blur_makes_it_unsure_then_wrong_then_silent() -> None:
    def outcome(blur: float) -> tuple[float, int]:
        fields = read("registration_certificate", shot_of("registration_certificate", 41, Shot(blur=blur))).fields
        true = papers.contents_of("registration_certificate", 41)
        return sum(f.confidence for f in fields) / len(true), sum(true[f.name] == f.value for f in fields)

    (sure, right), (less_sure, less_right), (nothing, none_right) = outcome(0), outcome(2.4), outcome(6)
    assert sure > 0.8 > less_sure > nothing and right > less_right >= none_right == 0


def test_what_is_misread_is_said_with_less_confidence() -> None:
    right, wrong = [], []
    for seed in (51, 52):
        true = papers.contents_of("used_car_invoice", seed)
        for field in read("used_car_invoice", shot_of("used_car_invoice", seed, Shot(blur=1.9, noise=10))).fields:
            (right if true[field.name] == field.value else wrong).append(field.confidence)
    assert right and wrong, "a bad photo must show both"
    assert sum(right) / len(right) > sum(wrong) / len(wrong) + 0.15


def test_another_thing_reads_as_nothing() -> None:
    for seed in (3, 4):
        seen = read("id_front", papers.photographed(papers.landscape(seed)))
        assert not seen.fields and seen.why in ("nothing_readable", "other_paper")
    blank = io.BytesIO()
    Image.new("RGB", (900, 600), "white").save(blank, "PNG")
    assert read("id_front", blank.getvalue()).why == "nothing_readable"
    assert read("id_front", b"no picture at all").why == "no_picture"


@pytest.mark.parametrize(("asked", "shown"), [("id_front", "vehicle_licence"), ("bank_card", "id_front"), ("id_back", "id_front")])
def test_another_paper_is_not_taken_for_the_one_asked_for(asked: str, shown: str) -> None:
    assert read(asked, shot_of(shown, 61)) == Outcome(why="other_paper")


def test_sample_papers_are_valid_in_themselves_and_a_function_of_their_seed() -> None:
    from chezhe.identifiers import bank_card, id_card, plate, vin

    for seed in range(20):
        assert id_card.judge(papers.contents_of("id_front", seed)["id_number"]).valid
        car = papers.contents_of("vehicle_licence", seed)
        assert vin.judge(car["vin"]).valid and plate.judge(car["plate"]).valid
        assert bank_card.judge(papers.contents_of("bank_card", seed)["card_number"]).valid
    assert shot_of("bank_card", 1, USUAL) == shot_of("bank_card", 1, USUAL) != shot_of("bank_card", 2, USUAL)
