"""What nobody may read who has no part in screening or due diligence: whoever tells the customer of a list commits an offence
(反洗钱法 §30, §40, §52: 保密). The one rule for freezes, decisions and facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from chezhe.kernel.actor import Actor
from chezhe.risk.screening import permissions

# Reasons of rejection, and the facts that they stand on.
CODES: Final = frozenset({"R22"})
FACTS: Final = frozenset({"watch_list_hit", "parties_listed"})


def may_know(by: Actor) -> bool:
    """Whether somebody sees screenings or due diligence anyway."""
    return by.can(permissions.VIEW.code) or by.can(permissions.VIEW_SCREENING.code)


def heard(codes: Iterable[str], by: Actor) -> list[str]:
    """Of these reasons or facts those that somebody may read, in their order."""
    return list(codes) if may_know(by) else spoken(codes)


def spoken(codes: Iterable[str]) -> list[str]:
    """Of these reasons or facts those that everybody may read."""
    return [code for code in codes if code not in CODES and code not in FACTS]
