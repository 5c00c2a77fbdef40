"""Asking an outside source: a question that carries its consent, and an answer that is believed only when it is whole.

    {"reference","consent","purpose",…} → 200 {"reference",…}
    403 {"code":"NO_CONSENT"}; 404 {"code":"NO_RECORD"}: the source knows nothing of it; 4xx {"code"}: it will not say

Whether there is a consent for this person, purpose and source is decided before (facts); no question leaves without its number.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import msgspec

from chezhe.kernel import outside, shaped

T = TypeVar("T")


class WrongAnswer(outside.Unreachable):
    """Something came back that cannot be an answer to this question: of another shape, of somebody else, or against itself."""


class Refused(outside.Unreachable):
    """The source said no; `code` is its own word for why."""

    def __init__(self, service: str, code: str) -> None:
        self.code = code
        super().__init__(f"{service} refused: {code}")


class ConsentMissing(ValueError):
    """Somebody was about to ask without a consent. That is a fault of ours: nothing was sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What goes with every question: our `reference` (asking twice with it is one question), the number of the `consent` that
    allows it, and the `purpose` that the person agreed to."""

    reference: str
    consent: str
    purpose: str = "loan_approval"


def ask(service: str, path: str, question: Question, shape: type[T], *, timeout_seconds: float, **asked: Any) -> T | None:
    """The answer as a frozen `shape`; None when the source has no record of it.

    Raises outside.Unreachable when nothing is certain (time-out, 5xx, broken line), and of its kinds WrongAnswer when the answer is
    not to be believed and Refused when the source would not give one; ConsentMissing before anything is sent.
    """
    if not question.consent.strip() or not question.reference.strip():
        raise ConsentMissing("a question needs its consent and its reference")
    said = {"reference": question.reference, "consent": question.consent, "purpose": question.purpose, **asked}
    reply = outside.post(service, path, said, timeout_seconds=timeout_seconds)
    code = str(reply.body.get("code", ""))[:40]
    if reply.status == 404 and code == "NO_RECORD":
        return None
    if not reply.is_ok:
        raise Refused(service, code or str(reply.status))
    if reply.body.get("reference") != question.reference:
        raise WrongAnswer(f"{service} answered another question")
    return believed(service, reply.body.get("answer"), shape)


def believed(service: str, said: object, shape: type[T]) -> T:
    """What was said as `shape`, strictly: no text for a number, nothing missing, nothing out of bounds. Raises WrongAnswer."""
    try:
        return shaped.converted(said, shape)
    except (msgspec.ValidationError, RecursionError) as failure:
        # The library's sentence names the field and may quote a value: the value stays out of logs.
        place = str(failure).rpartition(" - at ")[2][:80]
        raise WrongAnswer(f"{service} answered in another shape at {place}") from None
