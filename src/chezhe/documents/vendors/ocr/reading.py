"""A picture of a paper, read: what the simulator does, without the wire."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from chezhe.documents.vendors.ocr import fields, glyphs, seeing, words
from chezhe.documents.vendors.ocr.fields import Found, Row
from chezhe.documents.vendors.ocr.kinds import KINDS


@dataclass(frozen=True, slots=True)
class Outcome:
    """`fields` of a paper that was recognised; otherwise `why` not: `no_picture`, `nothing_readable`, `other_paper`."""

    fields: tuple[Found, ...] = ()
    why: str = ""


def read_paper(kind: str, data: bytes, *, font: Path) -> Outcome:
    """Read a picture as a paper of one of `KINDS`, by its pixels alone. Raises KeyError for another kind, OSError without the font."""
    wanted, known = KINDS[kind], glyphs.of_font(font)
    try:
        page = seeing.seen(data)
    except seeing.NoPicture:
        return Outcome(why="no_picture")
    rows = [Row(tuple(words.read(line, known)), line.middle, line.height) for line in page.lines]
    if sum(len(row.reads) for row in rows) < 4:
        return Outcome(why="nothing_readable")
    read = fields.found(wanted, rows)
    if read is None:
        return Outcome(why="other_paper")
    return Outcome(tuple(read))
