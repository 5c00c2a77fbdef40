"""Files are judged by what is in them."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from chezhe.documents import kinds
from chezhe.documents.errors import FileRefused
from chezhe.documents.inspection import inspect
from chezhe.documents.steps import display_name
from chezhe.documents.tests import corpus


@pytest.mark.parametrize(("name", "data", "code"), corpus.evil_papers(), ids=lambda v: v[:30] if isinstance(v, str) else "")
def test_it_refuses_each_evil_paper_for_its_own_reason(name: str, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        inspect(data, display_name(name), kinds.PAPERS)
    assert refused.value.code == code
    assert "%(" not in str(refused.value)


@pytest.mark.parametrize(("name", "data", "code"), corpus.evil_sheets(), ids=lambda v: v[:30] if isinstance(v, str) else "")
def test_it_refuses_each_evil_sheet_for_its_own_reason(name: str, data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refused:
        inspect(data, display_name(name), kinds.SHEETS)
    assert refused.value.code == code


@pytest.mark.parametrize(("name", "data", "kind"), corpus.good_papers(), ids=lambda v: v[:30] if isinstance(v, str) else "")
def test_it_keeps_each_good_paper(name: str, data: bytes, kind: str) -> None:
    assert inspect(data, display_name(name), kinds.PAPERS).kind.code == kind


@pytest.mark.parametrize(("name", "data", "kind"), corpus.good_sheets(), ids=lambda v: v[:30] if isinstance(v, str) else "")
def test_it_keeps_each_good_sheet(name: str, data: bytes, kind: str) -> None:
    assert inspect(data, name, kinds.SHEETS).kind.code == kind


def test_the_corpus_is_large_enough_to_mean_something() -> None:
    counts = [len(part) for part in (corpus.evil_papers(), corpus.evil_sheets(), corpus.good_papers(), corpus.good_sheets())]
    assert sum(counts) >= 120


def test_nothing_but_the_pixels_of_a_photo_is_kept() -> None:
    source = corpus.photo_with_place()
    assert b"CANARY-CAMERA" in source and b"CANARY-COMMENT" in source
    kept = inspect(source, "photo.jpg", kinds.PAPERS)
    picture = Image.open(io.BytesIO(kept.data))
    assert b"CANARY" not in kept.data and b"Exif" not in kept.data
    assert not picture.getexif() and "comment" not in picture.info


def test_a_photo_is_turned_the_way_it_was_taken() -> None:
    kept = inspect(corpus.photo_with_place(), "photo.jpg", kinds.PAPERS)
    assert (kept.width, kept.height) == (40, 60)


def test_what_hangs_behind_a_picture_falls_off() -> None:
    kept = inspect(corpus.image() + b"CANARY-TAIL" * 9, "photo.jpg", kinds.PAPERS)
    assert b"CANARY" not in kept.data


def test_a_large_photo_is_scaled_down() -> None:
    kept = inspect(corpus.image(size=(9000, 6000)), "photo.jpg", kinds.PAPERS)
    assert (kept.width, kept.height) == (4_000, 2_667)


def test_every_page_of_a_pdf_is_counted() -> None:
    assert inspect(corpus.pdf(7), "a.pdf", kinds.PAPERS).pages == 7


def test_a_refusal_says_what_was_found_and_what_is_wanted() -> None:
    with pytest.raises(FileRefused) as refused:
        inspect(corpus.workbook(), "a.xlsx", kinds.PAPERS)
    assert str(refused.value) == "此处只接受 JPG / PNG / WebP / PDF；这个文件的内容是 ZIP/Office。"


@pytest.mark.parametrize(("given", "shown"), [
    ("../../etc/passwd.jpg", "passwd.jpg"), ("C:\\Users\\x\\证件.jpg", "证件.jpg"), ("a\u202egpj.exe", "agpj.exe"),
    ("a\0b\n.jpg", "ab.jpg"), ("", ""), ("x" * 300 + ".jpg", "x" * 100 + "….jpg"),
])
def test_a_clients_name_is_only_fit_to_be_shown(given: str, shown: str) -> None:
    assert display_name(given) == shown
