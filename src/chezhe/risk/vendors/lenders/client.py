"""The exchange that counts applications at many lenders.

    POST /applications {…,"name","id_number","mobile"}
"""

from __future__ import annotations

from chezhe.risk.vendors.asking import Question, WrongAnswer, ask
from chezhe.risk.vendors.lenders.answers import DAYS, LendersAnswer

SERVICE = "lenders"
TIMEOUT_SECONDS = 5


def applications(question: Question, *, name: str, id_number: str, mobile: str) -> LendersAnswer | None:
    """Applications elsewhere in 7, 30 and 90 days; None when the exchange knows nobody of this number. Raises as `asking.ask` does."""
    found = ask(
        SERVICE, "/applications", question, LendersAnswer, timeout_seconds=TIMEOUT_SECONDS, name=name, id_number=id_number, mobile=mobile)
    if found is not None and not _is_sound(found):
        raise WrongAnswer("lenders: a longer time has fewer applications")
    return found


def _is_sound(found: LendersAnswer) -> bool:
    """All three windows, each no smaller than the one inside it, and no more lenders than applications."""
    if tuple(window.days for window in found.windows) != DAYS or any(window.lenders > window.applications for window in found.windows):
        return False
    pairs = list(zip(found.windows, found.windows[1:], strict=False))
    return all(inner.lenders <= outer.lenders and inner.applications <= outer.applications for inner, outer in pairs)
