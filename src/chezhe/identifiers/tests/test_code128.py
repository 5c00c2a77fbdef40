"""Barcodes are read back bar by bar, as a scanner does."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chezhe.identifiers import code128

PRINTABLE = st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40)


def read(drawn: str) -> str:
    """The text of a symbol; fails where a pattern, the check value or the stop is not right."""
    assert drawn.endswith("1100011101011")
    patterns = {
        "".join(("1" if place % 2 == 0 else "0") * int(width) for place, width in enumerate(widths)): value
        for value, widths in enumerate(code128._WIDTHS)
    }
    body = drawn[:-13]
    found = [patterns[body[start:start + 11]] for start in range(0, len(body), 11)]
    start, *data, check = found
    assert start == 104 and check == (start + sum(place * value for place, value in enumerate(data, 1))) % 103
    return "".join(chr(value + 32) for value in data)


@given(PRINTABLE)
def test_what_is_written_is_read(text: str) -> None:
    assert read(code128.modules(text)) == text


def test_every_pattern_is_eleven_modules_wide_and_stands_once() -> None:
    assert len(code128._WIDTHS) == 106 and len(set(code128._WIDTHS)) == 106
    assert all(sum(map(int, widths)) == 11 and sum(map(int, widths[::2])) % 2 == 0 for widths in code128._WIDTHS)


def test_a_known_symbol() -> None:
    """The example of the textbooks: the check value of “Wikipedia” in code set B is 88."""
    assert code128.values("Wikipedia")[-1] == 88


@pytest.mark.parametrize("wrong", ["", "权证", "a\n", "\x7f"])
def test_what_cannot_be_written_is_refused(wrong: str) -> None:
    with pytest.raises(ValueError):
        code128.modules(wrong)


def test_the_label_draws_every_bar_and_says_what_it_is() -> None:
    drawn = code128.label("QZ26-000001-5", lines=("机动车登记证书 <绿本>",))
    widths = [int(width) // 2 for width in re.findall(r'width="(\d+)" height="60"', drawn)]
    assert sum(widths) == code128.modules("QZ26-000001-5").count("1")
    assert "&lt;绿本&gt;" in drawn and drawn.startswith("<svg ") and drawn.endswith("</svg>")
