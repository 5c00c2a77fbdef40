"""The press itself: planned papers become PDF, with the digest of each page. Slow work: never inside a transaction."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import segno
from django.conf import settings
from pypdf import PdfReader

from chezhe.contracts import papers
from chezhe.contracts.printing.planning import Planned
from chezhe.documents.papers import press

PAGES_MARKED = 60
_VERIFY = "/contracts/verify/"


@dataclass(frozen=True, slots=True)
class Pressed:
    """A paper that was printed."""

    planned: Planned
    pdf: bytes
    page_hashes: tuple[str, ...]


def pressed(planned: Iterable[Planned]) -> list[Pressed]:
    """Print papers in their order. Raises GlyphMissing (422) or FontsMissing (503)."""
    return [_one(one) for one in planned]


def _one(planned: Planned) -> Pressed:
    pdf = press.print_paper(papers.template(planned.template), dressed(planned.data))
    return Pressed(planned, pdf, page_hashes(pdf))


def dressed(data: dict[str, Any]) -> dict[str, Any]:
    """The data with what follows from its code: where it is verified, as text and as a picture, and a mark for each page."""
    drawn = segno.make(address_of(data["code"]), error="m", micro=False).svg_inline(border=0, scale=1)
    return {**data, "verify_at": f"{settings.PUBLIC_URL}{_VERIFY}", "qr": drawn, "marks": marks(data["code"])}


def address_of(code: str) -> str:
    """Where a paper is verified."""
    return f"{settings.PUBLIC_URL}{_VERIFY}?code={code}"


def marks(code: str) -> list[str]:
    """What stands in the foot of each page: bound to the whole paper and to the page's place in it."""
    return [hashlib.sha256(f"{code}/{page}".encode()).hexdigest()[:8].upper() for page in range(1, PAGES_MARKED + 1)]


def page_hashes(pdf: bytes) -> tuple[str, ...]:
    """The digest of what each page draws; a signature added later leaves them as they are."""
    found = []
    for page in PdfReader(io.BytesIO(pdf)).pages:
        contents = page.get_contents()
        found.append(hashlib.sha256(contents.get_data() if contents is not None else b"").hexdigest())
    return tuple(found)
