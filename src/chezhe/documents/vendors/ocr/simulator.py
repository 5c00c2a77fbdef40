"""The reading service, simulated: it truly reads the pixels that it is sent, and misreads where they are bad.

    POST /read {"reference","kind","image": base64} → 200 {"reference","answer": {"why","fields": [{"name","value","confidence"}]}}
    400 {"code": "BAD_QUESTION"}: no such kind, or no base64

Nothing else than the picture is looked at: not the reference, and a file name is not sent.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import asdict
from functools import lru_cache
from typing import ClassVar

from chezhe.documents.papers.press import sans_font
from chezhe.documents.vendors.ocr.kinds import KINDS
from chezhe.documents.vendors.ocr.reading import Outcome, read_paper
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Answer, Call, Faults, Simulator


@simulators.register
class OcrSimulator(Simulator):
    name = "ocr"
    remembers = False
    faults: ClassVar[Faults] = Faults(answer_seconds=(0.3, 1.2), error_before_rate=0.005, timeout_rate=0.003)

    def whim(self, call: Call) -> str:
        """The picture, and whose question it is: another try has luck of its own."""
        picture = hashlib.sha256(str(call.body.get("image", "")).encode()).hexdigest()
        return f"{picture}:{call.body.get('reference', '')}"

    def answer(self, call: Call) -> Answer:
        if call.path != "/read":
            return Answer(404, {"code": "NO_SUCH_PATH"})
        kind, image = call.body.get("kind"), call.body.get("image")
        if kind not in KINDS or not isinstance(image, str):
            return Answer(400, {"code": "BAD_QUESTION"})
        try:
            data = base64.b64decode(image, validate=True)
        except (binascii.Error, ValueError):
            return Answer(400, {"code": "BAD_QUESTION"})
        outcome = _read(str(kind), data)
        said = {"why": outcome.why, "fields": [asdict(field) for field in outcome.fields]}
        return Answer(200, {"reference": call.body.get("reference", ""), "answer": said})


@lru_cache(maxsize=32)
def _read(kind: str, data: bytes) -> Outcome:
    """The same picture reads the same: it need not be looked at twice."""
    return read_paper(kind, data, font=sans_font())
