"""What spreadsheets do to long numbers: beyond 15 digits Excel keeps zeros, or writes 3.10115E+17."""

from __future__ import annotations

import re

from chezhe.identifiers.findings import Finding, error
from chezhe.identifiers.text import clean, is_digits

DIGITS_KEPT = 15
SCIENTIFIC = re.compile(r"[0-9](\.[0-9]+)?[Ee]\+?[0-9]{1,3}")


def looks_rounded(text: str) -> bool:
    """True when a number of more than 15 digits has only zeros after its fifteenth: the mark Excel leaves."""
    return is_digits(text) and len(text) > DIGITS_KEPT and set(text[DIGITS_KEPT:]) == {"0"}


def judge_cell(text: str, is_number: bool) -> tuple[Finding, ...]:
    """Refuse an identifier cell that a spreadsheet has changed.

    `text` is the cell as text; `is_number` says that the cell was typed as a number. A numeric cell of more than
    15 digits is refused whatever it ends in, because nobody can say which digits were lost.
    """
    cleaned = clean(text)
    if SCIENTIFIC.fullmatch(cleaned):
        return (SCIENTIFIC_NOTATION,)
    if not is_number:
        return ()
    whole = cleaned.removesuffix(".0")
    if looks_rounded(whole):
        return (ROUNDED,)
    return (TYPED_AS_NUMBER,) if len(whole) > DIGITS_KEPT else ()


ROUNDED = error(
    "excel.rounded",
    "该号码被 Excel 当作数字保存，第 16 位起已变成 0，原号码无法恢复；请把这一列设为文本后重新填写。",
    "Excel stored this number with zeros from the 16th digit on and the original is lost; make the column text and type it again.",
)
TYPED_AS_NUMBER = error(
    "excel.typed_as_number",
    "该号码是数字格式的单元格，末几位可能已被改写；请把这一列设为文本后重新填写。",
    "This cell is typed as a number, so its last digits may have changed; make the column text and type it again.",
)
SCIENTIFIC_NOTATION = error(
    "excel.scientific",
    "该号码被 Excel 写成了科学计数法，原号码无法恢复；请把这一列设为文本后重新填写。",
    "Excel wrote this number in scientific notation and the original is lost; make the column text and type it again.",
)
