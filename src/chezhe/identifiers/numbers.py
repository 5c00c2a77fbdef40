"""Our own numbers, as people say and type them: `L26-000123-7`.

Letters name the subject (L loan), two digits the year, at least six the sequence, and the last checks the rest by
ISO 7064 MOD 11,10 over letters (A=01 … Z=26), year and sequence: every wrong digit is caught, and so are nearly all
swaps and a number read under the wrong letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chezhe.identifiers.findings import Judgement, error
from chezhe.identifiers.text import clean_code

PREFIX = re.compile(r"[A-Z]{1,3}")
WRITTEN = re.compile(r"([A-Z]{1,3})([0-9]{2})-([0-9]{6,12})-([0-9])")
TYPED = re.compile(r"([A-Z]{1,3})([0-9]{2})([0-9]{6,12})([0-9])")
SEQUENCE_WIDTH = 6
SEQUENCE_MAX = 10**12 - 1


@dataclass(frozen=True, slots=True)
class Number(Judgement):
    """`prefix`, two-digit `year` and `sequence` of a well-formed number, else "", 0 and 0."""

    prefix: str = ""
    year: int = 0
    sequence: int = 0


def format_number(prefix: str, year: int, sequence: int) -> str:
    """`format_number("L", 2026, 123)` is "L26-000123-7".

    Raises ValueError for a prefix that is not 1–3 capital letters or a sequence outside 1 … 10^12-1.
    """
    if not PREFIX.fullmatch(prefix) or not 1 <= sequence <= SEQUENCE_MAX:
        raise ValueError(f"cannot number {prefix!r} {sequence}")
    body = f"{year % 100:02d}-{sequence:0{SEQUENCE_WIDTH}d}"
    return f"{prefix}{body}-{check_digit(prefix + body)}"


def normalise(text: str) -> str:
    """A typed or pasted number in its written form: `l26 000123 7` becomes `L26-000123-7`; odd text comes back cleaned."""
    cleaned = clean_code(text)
    match = TYPED.fullmatch(cleaned)
    return f"{match[1]}{match[2]}-{match[3]}-{match[4]}" if match else cleaned


def judge(text: str) -> Number:
    """Judge the exact string."""
    match = WRITTEN.fullmatch(text)
    if not match or int(match[3]) == 0 or (len(match[3]) > SEQUENCE_WIDTH and match[3][0] == "0"):
        return Number(text, "", (BAD_FORM,))
    is_right = check_digit(match[1] + match[2] + match[3]) == match[4]
    return Number(text, text, () if is_right else (BAD_CHECK,), match[1], int(match[2]), int(match[3]))


def check_digit(text: str) -> str:
    """ISO 7064 MOD 11,10 over the digits of `text`, letters counting as A=01 … Z=26 and hyphens as nothing."""
    product = 10
    for digit in "".join(_digits(character) for character in text if character != "-"):
        product = ((product + int(digit)) % 10 or 10) * 2 % 11
    return str((11 - product) % 10)


def _digits(character: str) -> str:
    return character if character.isdigit() else f"{ord(character) - ord('A') + 1:02d}"


BAD_FORM = error(
    "number.form",
    "编号格式应类似 L26-000123-7。",
    "A number looks like L26-000123-7.",
)
BAD_CHECK = error(
    "number.check_digit",
    "编号校验位不符，请逐位核对。",
    "The check digit does not fit; compare digit by digit.",
)
