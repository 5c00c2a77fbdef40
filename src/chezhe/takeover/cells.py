"""The cells of a row as values. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from chezhe.finmath.money import parse
from chezhe.identifiers import excel
from chezhe.identifiers.findings import Finding
from chezhe.takeover.rules import PERSONAL, Fault, Line

RATE_MAX = Decimal(1)
_DATE = re.compile(r"(\d{4})[-/.\u5e74]?(\d{1,2})[-/.\u6708]?(\d{1,2})\u65e5?")


class Cells:
    """The cells of a line as values; what cannot be read is noted among the `faults` and comes back as `None` or nought."""

    def __init__(self, line: Line, faults: list[Fault]) -> None:
        self._line, self._faults, self._begun = line, faults, len(faults)

    @property
    def is_fine(self) -> bool:
        return len(self._faults) == self._begun

    def fault(self, column: str, code: str, given: str = "", **facts: str) -> None:
        """Note what is wrong with a cell."""
        shown = "" if column in PERSONAL else given[:60]
        self._faults.append(Fault(self._line.sheet, self._line.row, column, code, shown, facts))

    def findings(self, column: str, found: Iterable[Finding]) -> None:
        """Note what a judge of identifiers found, in its own words."""
        for finding in found:
            self.fault(column, finding.code, zh=finding.zh, en=finding.en)

    def text(self, column: str, most: int, *, is_required: bool = True) -> str:
        given = self._line.texts.get(column, "")
        if is_required and not given:
            self.fault(column, "required")
        if len(given) > most:
            self.fault(column, "too_long", most=str(most))
        return given

    def code(self, column: str, most: int = 60, *, is_required: bool = True) -> str:
        """A number of people, cars or papers, which a spreadsheet must not have changed."""
        given = self.text(column, most, is_required=is_required)
        self.findings(column, excel.judge_cell(given, column in self._line.numbers))
        return given

    def day(self, column: str, *, is_required: bool = True) -> date | None:
        given = self.text(column, 30, is_required=is_required)
        found = day_of(given) if given else None
        if given and found is None:
            self.fault(column, "day_invalid", given)
        return found

    def fen(self, column: str, *, is_required: bool = True) -> int:
        given = self.text(column, 30, is_required=is_required)
        found = fen_of(given) if given else 0
        if found is None or found < 0:
            self.fault(column, "amount_invalid" if found is None else "amount_negative", given)
        return found or 0

    def whole(self, column: str, most: int, *, is_required: bool = True) -> int | None:
        given = self.text(column, 12, is_required=is_required)
        if not given:
            return None
        if not (given.isascii() and given.isdigit()) or int(given) > most:
            self.fault(column, "whole_invalid", given, most=str(most))
            return None
        return int(given)

    def rate(self, column: str) -> Decimal:
        given = self.text(column, 20)
        found = rate_of(given) if given else Decimal(0)
        if found is None or not 0 <= found <= RATE_MAX:
            self.fault(column, "rate_invalid", given)
        return found or Decimal(0)

    def choice(self, column: str, meanings: Mapping[str, str], *, usual: str = "") -> str:
        given = self.text(column, 40, is_required=not usual)
        found = meanings.get(given.replace(" ", "").lower(), "") if given else usual
        if given and not found:
            self.fault(column, "choice_unknown", given, known=" / ".join(dict.fromkeys(meanings)))
        return found


def day_of(text: str) -> date | None:
    """2026-03-14, 2026/3/14, 20260314 or with the characters for year, month and day."""
    found = _DATE.fullmatch(text[:10].rstrip() if text[10:11] in (" ", "T") else text)
    try:
        return date(int(found[1]), int(found[2]), int(found[3])) if found else None
    except ValueError:
        return None


def fen_of(text: str) -> int | None:
    """`1,234.50` or `¥1234.5` in fen; None for anything else."""
    plain = text.replace(",", "").replace("¥", "").strip()
    try:
        return parse(plain).fen
    except ValueError:
        return _spreadsheet_fen(plain)


def _spreadsheet_fen(text: str) -> int | None:
    """A number cell may come with the noise of binary fractions: 2321.4300000000003. More than that is refused."""
    try:
        exact = Decimal(text) * 100
    except InvalidOperation:
        return None
    if not exact.is_finite() or len(text.partition(".")[2]) < 9:
        return None
    near = exact.quantize(Decimal(1))
    return int(near) if abs(exact - near) < Decimal("0.00001") else None


def rate_of(text: str) -> Decimal | None:
    """`12%` or `0.12`; None for anything else, and for a fraction above one without its sign."""
    is_percent, plain = text.endswith("%"), text.rstrip("%").strip()
    try:
        found = Decimal(plain)
    except InvalidOperation:
        return None
    if not found.is_finite():
        return None
    return (found / 100 if is_percent else found).quantize(Decimal("0.0000000001")).normalize() + Decimal(0)
