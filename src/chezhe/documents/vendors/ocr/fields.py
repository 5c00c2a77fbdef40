"""From the characters of a page to the fields of a paper: words that are printed on it are found first, the rest is what they announce."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chezhe.documents.vendors.ocr.kinds import FOREVER, PROVINCES, Kind, Place
from chezhe.documents.vendors.ocr.words import Read

_RECOGNISED = 0.6
_FAR = 9.0  # so many line heights to the right of its words nothing belongs to them any more
_WARMTH = 0.045
_DAY = re.compile(r"^(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?$")
_SPAN = re.compile(r"^(\d{4}\.\d{1,2}\.\d{1,2})-(\d{4}\.\d{1,2}\.\d{1,2}|长期)$")


@dataclass(frozen=True, slots=True)
class Row:
    """The characters of a line of ink, with its height and its middle on the page."""

    reads: tuple[Read, ...]
    middle: float
    height: int


@dataclass(frozen=True, slots=True)
class Found:
    """What was read of a field; `confidence` 0..1."""

    name: str
    value: str
    confidence: float


@dataclass(frozen=True, slots=True)
class _Anchor:
    label: str
    row: Row
    first: int
    last: int
    score: float


def found(kind: Kind, rows: Sequence[Row]) -> list[Found] | None:
    """The fields that can be read; None when this is no paper of the kind."""
    labels = [place.label for place in kind.places if place.label]
    anchors = {label: anchor for label in {*labels, *kind.titles} if (anchor := _anchor(label, rows)) is not None}
    _drop_overlapping(anchors)
    if len(anchors) < _RECOGNISED * len({*labels, *kind.titles}):
        return None
    read = []
    for place in kind.places:
        reads = _beside(place, anchors, rows) if place.label else _standing_alone(place, anchors, rows)
        if reads and (one := _valued(place, reads)) is not None:
            read.append(one)
    return read


def _anchor(label: str, rows: Sequence[Row]) -> _Anchor | None:
    """Where words are printed: most of their characters, in order, among what each place is like."""
    best: _Anchor | None = None
    for row in rows:
        for first in range(len(row.reads) - len(label) + 1):
            hits = [_share_of(read, character) for read, character in zip(row.reads[first:], label, strict=False)]
            score = sum(hits) / len(label)
            missed = sum(not hit for hit in hits)
            if missed <= len(label) // 4 and score >= 0.55 and (best is None or score > best.score):
                best = _Anchor(label, row, first, first + len(label), score)
    return best


def _share_of(read: Read, character: str) -> float:
    """1 when it is what the place is most like, less when it is one of the next, 0 when it is none of them."""
    place = read.like.characters.find(character)
    return 0.0 if place < 0 else 1.0 if place == 0 else 0.7


def _drop_overlapping(anchors: dict[str, _Anchor]) -> None:
    """Of words within other words (发动机号 in 发动机号码, 所有人 in 机动车所有人) the longer ones count."""
    for label, one in list(anchors.items()):
        for other in list(anchors.values()):
            overlaps = other.row is one.row and other.first < one.last and one.first < other.last
            if other.label != label and overlaps and len(other.label) > len(label):
                anchors.pop(label, None)


def _beside(place: Place, anchors: dict[str, _Anchor], rows: Sequence[Row]) -> list[Read]:
    """What stands to the right of the field's words, up to the next words, and below where it goes on."""
    anchor = anchors.get(place.label)
    if anchor is None:
        return []
    start, height = anchor.row.reads[anchor.last - 1].right, anchor.row.height
    taken = {id(read) for one in anchors.values() for read in one.row.reads[one.first:one.last]}
    level = [read for row in rows if abs(row.middle - anchor.row.middle) < 0.6 * max(height, row.height)
             for read in row.reads if read.left >= start - 2]
    picked: list[Read] = []
    for read in sorted(level, key=lambda read: read.left):
        if id(read) in taken or read.left - (picked[-1].right if picked else start) > (2.2 if picked else _FAR) * height:
            break
        picked.append(read)
    return [*picked, *(_below(picked, anchor, taken, rows) if place.goes_on and picked else [])]


def _below(picked: list[Read], anchor: _Anchor, taken: set[int], rows: Sequence[Row]) -> list[Read]:
    """Further lines that begin where the first one begins."""
    going_on: list[Read] = []
    middle, height = anchor.row.middle, anchor.row.height
    for row in sorted(rows, key=lambda row: row.middle):
        is_next = 0.6 * height < row.middle - middle < 2.1 * height
        if is_next and row.reads and abs(row.reads[0].left - picked[0].left) < height and id(row.reads[0]) not in taken:
            going_on += row.reads
            middle = row.middle
    return going_on


def _standing_alone(place: Place, anchors: dict[str, _Anchor], rows: Sequence[Row]) -> list[Read]:
    """A field without words before it: the longest row of digits, or the one that ends with 银行."""
    taken = {id(read) for one in anchors.values() for read in one.row.reads[one.first:one.last]}
    if place.shape == "bank":
        named = [row for row in rows if "银行" in "".join(read.best for read in row.reads)]
        return list(named[0].reads) if named else []
    free = [[read for read in row.reads if id(read) not in taken] for row in rows]
    numbers = [reads for reads in free if sum(_share_of(read, read.best) and read.best in place.allowed for read in reads) >= 12]
    return max(numbers, key=len, default=[])


def _valued(place: Place, reads: list[Read]) -> Found | None:
    """The value and how sure it is: as sure as its characters, and less where they do not fit the field."""
    picked = [_picked(read, _allowed_at(place, at)) for at, read in enumerate(reads)]
    text = "".join(character for character, _sure in picked)
    sure = [share for _character, share in picked]
    confidence = min(sure) * 0.6 + sum(sure) / len(sure) * 0.4
    value = _shaped(place, text)
    if value is None:
        return None
    fits = (not place.length or len(value) == place.length) and (value != text or place.shape not in ("day", "days_from", "days_to"))
    return Found(place.name, value[:80], round(confidence if fits else confidence * 0.4, 3))


def _allowed_at(place: Place, at: int) -> str:
    if place.shape == "plate":
        return PROVINCES if at == 0 else place.allowed[:36]
    return place.allowed


def _picked(read: Read, allowed: str) -> tuple[str, float]:
    """The likeliest character that can stand here, and how sure it is among the others."""
    likely = [(c, s) for c, s in zip(read.like.characters, read.like.scores, strict=True) if not allowed or c in allowed]
    if not likely:
        return read.best, 0.05
    character, score = likely[0]
    weights = [math.exp((other - score) / _WARMTH) for _c, other in likely]
    clear = min(1.0, max(0.0, (score - 0.2) / 0.45))
    return character, clear / sum(weights)


def _shaped(place: Place, text: str) -> str | None:
    """The value as the field writes it; None where there is nothing of it. What cannot be understood stays as it was seen."""
    if place.shape == "day":
        return _iso(_DAY.match(text)) or text
    if place.shape in ("days_from", "days_to"):
        span = _SPAN.match(text)
        said = (span[1] if place.shape == "days_from" else span[2]) if span else text
        return said if said == FOREVER else _iso(_DAY.match(said)) or said
    if place.shape == "yuan":
        return text.lstrip("¥")
    return text or None


def _iso(match: re.Match[str] | None) -> str:
    try:
        return date(*map(int, match.groups())).isoformat() if match else ""
    except ValueError:
        return ""
