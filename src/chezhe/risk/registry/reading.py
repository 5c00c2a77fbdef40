"""Reading what was uploaded, and what of a model is shown to people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, Protocol

from chezhe.kernel.errors import NotFound
from chezhe.risk.registry import errors
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.registry.packing import PACKED_MAX, NotAPackage, unpack

REPORT: Final = "report.html"


class Upload(Protocol):
    """What Django and the API hand over."""

    def chunks(self) -> Iterable[bytes]: ...


def whole(upload: Upload | None) -> bytes:
    """The bytes, given up as soon as there are too many. Raises ModelRefused (422)."""
    if upload is None:
        raise errors.of_content("missing")
    held = bytearray()
    for chunk in upload.chunks():
        held += chunk
        if len(held) > PACKED_MAX:
            raise errors.of_package(NotAPackage("too_big"))
    return bytes(held)


def report_of(number: str) -> bytes | None:
    """The report of a model; None for one that came without. Raises NotFound (404)."""
    row = ScoringModel.objects.filter(number=number).only("content").first()
    if row is None:
        raise NotFound(what=number)
    return unpack(bytes(row.content)).get(REPORT)
