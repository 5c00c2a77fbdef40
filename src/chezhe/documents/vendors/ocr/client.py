"""Having a paper read: the picture goes out, its fields with their confidence come back.

What is sent is a JPEG of at most 1,600 pixels a side. An answer is believed whole or not at all.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Collection

import msgspec
from PIL import Image

from chezhe.documents.vendors.ocr.answers import PaperAnswer
from chezhe.kernel import outside, shaped

SERVICE = "ocr"
TIMEOUT_SECONDS = 20
_SIDE, _BYTES_MAX = 1600, 700_000


class WrongAnswer(outside.Unreachable):
    """Something came back that cannot be an answer to this question."""


def read_paper(reference: str, kind: str, picture: bytes, *, known: Collection[str]) -> PaperAnswer:
    """The fields of a paper; `known` are the names that a paper of this kind can have.

    Raises outside.Unreachable when nothing is certain (time-out, 5xx, a refusal), and its kind WrongAnswer for an answer of another shape,
    to another question, with a field twice or one that there is none of.
    """
    said = {"reference": reference, "kind": kind, "image": base64.b64encode(_fitted(picture)).decode("ascii")}
    reply = outside.post(SERVICE, "/read", said, timeout_seconds=TIMEOUT_SECONDS)
    if not reply.is_ok:
        raise outside.Unreachable(f"{SERVICE} refused: {str(reply.body.get('code', ''))[:40] or reply.status}")
    if reply.body.get("reference") != reference:
        raise WrongAnswer(f"{SERVICE} answered another question")
    answer = _believed(reply.body.get("answer"))
    names = [field.name for field in answer.fields]
    if len(set(names)) != len(names) or not set(names) <= set(known) or bool(answer.why) == bool(names):
        raise WrongAnswer(f"{SERVICE} answered against itself")
    return answer


def _believed(said: object) -> PaperAnswer:
    try:
        return shaped.converted(said, PaperAnswer)
    except (msgspec.ValidationError, RecursionError):
        # The library's sentence may quote a value: it stays out of logs.
        raise WrongAnswer(f"{SERVICE} answered in another shape") from None


def _fitted(picture: bytes) -> bytes:
    """The picture small enough to be sent. Raises Unreachable for bytes that no longer open: nothing can be asked then."""
    try:
        opened = Image.open(io.BytesIO(picture), formats=["JPEG", "PNG", "WEBP"])
        opened.draft("RGB", (_SIDE, _SIDE))
        flat = opened.convert("RGBA") if opened.mode in ("RGBA", "LA", "PA", "P") else opened.convert("RGB")
    except (OSError, ValueError, SyntaxError):
        raise outside.Unreachable(f"{SERVICE}: the picture does not open") from None
    if flat.mode == "RGBA":
        # What is transparent is white paper.
        ground = Image.new("RGBA", flat.size, (255, 255, 255, 255))
        flat = Image.alpha_composite(ground, flat).convert("RGB")
    flat.thumbnail((_SIDE, _SIDE), Image.Resampling.LANCZOS)
    for quality in (92, 80, 60, 40):
        out = io.BytesIO()
        flat.save(out, "JPEG", quality=quality)
        if out.tell() <= _BYTES_MAX:
            break
    return out.getvalue()
