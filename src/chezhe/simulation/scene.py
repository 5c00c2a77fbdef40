"""One turn of one life: the day, who is there, chance of its own, and what is told of it afterwards."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import TYPE_CHECKING

from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.kernel.permission import Permission
from chezhe.simulation.cast import Cast

if TYPE_CHECKING:
    from chezhe.simulation.tracks import Track


@dataclass(frozen=True, slots=True, kw_only=True)
class BankReceipt:
    """Money on our receiving account as its statement will say it; `loan_number` is whose it truly is."""

    branch_code: str
    value_on: date
    amount: Money
    serial: str
    payer_name: str
    payer_account: str
    memo: str
    loan_number: str


@dataclass(slots=True)
class Scene:
    """`is_open` says whether clerks work today. `rng` belongs to this turn alone, so no other life can disturb it."""

    today: date
    is_open: bool
    cast: Cast
    rng: Random
    counts: Counter[str] = field(default_factory=Counter)
    receipts: list[BankReceipt] = field(default_factory=list)

    def happens(self, chance: float) -> bool:
        """True with this chance."""
        return self.rng.random() < chance

    def who(self, right: Permission, branch_code: str, *, apart_from: Collection[int] = (), role: str = "") -> Actor:
        """Somebody who may do it there and is none of `apart_from`."""
        return self.cast.who(right, branch_code, self.rng, apart_from=apart_from, role=role)

    def note(self, what: str, times: int = 1) -> None:
        """Count what happened."""
        self.counts[what] += times


def clerk_for(right: Permission, track: Track, scene: Scene) -> Actor:
    """The seller, or somebody of the branch when the right is not the seller's."""
    seller = scene.cast.called(track.seller)
    return seller if seller.can(right.code) else scene.who(right, track.branch_code)
