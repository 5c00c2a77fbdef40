"""From a grid of cells to a statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from chezhe.risk.facts.flows import cells
from chezhe.risk.facts.flows.lines import Flow, Line, ordered
from chezhe.risk.facts.flows.proving import cleaned
from chezhe.risk.vendors.statements import layouts
from chezhe.risk.vendors.statements.layouts import Layout

LINES_MAX = 20_000


class NotAFlow(ValueError):
    """The file is no statement that we can read; `code` says why (`unknown_layout`, `no_lines`, `line`, `too_long`) and `row` where."""

    def __init__(self, code: str, row: int = 0, column: str = "") -> None:
        self.code, self.row, self.column = code, row, column
        super().__init__(code)


def read(grid: Sequence[Sequence[str]]) -> Flow:
    """The statement in a grid of cells. Raises NotAFlow; a line that cannot be read is never left out."""
    found = layouts.find_header(grid)
    if found is None:
        raise NotAFlow("unknown_layout")
    layout, at = found
    places = layouts.places_of(layout, grid[at])
    headings = {layouts.bare(cell) for cell in grid[at]}
    lines = ordered([line for row, cell in enumerate(grid[at + 1 :], start=at + 2) if (line := _line(row, cell, places, headings))])
    if not lines:
        raise NotAFlow("no_lines")
    if len(lines) > LINES_MAX:
        raise NotAFlow("too_long")
    head = layouts.letterhead(grid[:at])
    kept, repeated = cleaned(lines)
    from_on, to_on = _period(head, lines)
    return Flow(layout.code, head.get("holder", ""), _account(head, grid[at + 1 :], places), from_on, to_on, tuple(kept), tuple(repeated))


def layout_named(code: str) -> Layout:
    """A layout by its code."""
    return next(layout for layout in layouts.LAYOUTS if layout.code == code)


def _line(row: int, cell: Sequence[str], places: Mapping[str, int], headings: set[str]) -> Line | None:
    """One movement; None for an empty line, a heading repeated on the next page, or a closing remark."""
    text = {name: cell[place].strip() if place < len(cell) else "" for name, place in places.items()}
    if not any(cell) or {layouts.bare(one) for one in cell if one.strip()} <= headings:
        return None
    at = cells.moment(text.get("date", ""), text.get("time", ""))
    if at is None:
        first = next(one.strip() for one in cell if one.strip())
        if first.startswith(layouts.CLOSING) or not text.get("amount"):
            return None
        raise NotAFlow("line", row, "date")
    amount, balance = cells.fen(text.get("amount", "")), cells.fen(text.get("balance", ""))
    if amount is None or (balance is None and text.get("balance")):
        raise NotAFlow("line", row, "amount" if amount is None else "balance")
    number, party = cells.account_and_name(text.get("party_both", ""))
    summary = " ".join(part for part in (text.get("summary", ""), text.get("note", "")) if part)
    return Line(row, at, amount, balance, text.get("party") or party, text.get("party_account") or number, summary)


def _period(head: Mapping[str, str], lines: Sequence[Line]) -> tuple[date, date]:
    """As the letterhead says, never shorter than the lines; else from the first line to the last."""
    told = cells.days_in(" ".join(head.get(name, "") for name in ("period", "from", "to")))
    days = [lines[0].day, lines[-1].day, *(told[:2] if len(told) >= 2 else [])]
    return min(days), max(days)


def _account(head: Mapping[str, str], below: Sequence[Sequence[str]], places: Mapping[str, int]) -> str:
    if "account" in head:
        return layouts.bare(head["account"])
    place = places.get("account")
    return next((layouts.bare(cell[place]) for cell in below if place < len(cell) and cell[place].strip()), "") if place is not None else ""
