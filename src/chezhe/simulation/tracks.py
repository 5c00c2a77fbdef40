"""What lives in the house from day to day: one person's way from the first call to the released mortgage."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from chezhe.simulation.lives import Life
from chezhe.simulation.scene import Scene

OVER = ""


class Living(Protocol):
    """Something that has a turn when its day comes: its stage says which function takes it."""

    serial: int
    stage: str
    next_on: date


@dataclass(frozen=True, slots=True)
class Older:
    """A loan that is to be paid off by a new one."""

    application: str
    contract: str
    disbursement: str
    loan: str


@dataclass(slots=True)
class Track:
    """`seller` is a user name, `hands` the ids of everybody who acted on the case; numbers are ours, empty until they exist.
    `older` is the loan that a new one is to pay off."""

    serial: int
    life: Life
    next_on: date
    stage: str = "asking"
    seller: str = ""
    hands: set[int] = field(default_factory=set)
    lead: str = ""
    customer: str = ""
    vehicle: str = ""
    application: str = ""
    contract: str = ""
    disbursement: str = ""
    loan: str = ""
    paid: int = 0
    memory: dict[str, Any] = field(default_factory=dict)
    older: Older | None = None

    @property
    def branch_code(self) -> str:
        return self.life.branch_code

    def goes_on(self, stage: str, scene: Scene, low: int = 1, high: int = 1) -> None:
        """The next stage, after between `low` and `high` days."""
        self.stage = stage
        self.waits(scene, low, high)

    def waits(self, scene: Scene, low: int, high: int = 0) -> None:
        """The same stage again, after between `low` and `high` days."""
        self.next_on = scene.today + timedelta(days=scene.rng.randint(low, max(low, high)))

    def ends(self) -> None:
        """Nothing more will happen, but an older loan goes on that was to be paid off."""
        if self.older is None:
            self.stage = OVER
            return
        older, self.older = self.older, None
        self.application, self.contract, self.disbursement, self.loan = older.application, older.contract, older.disbursement, older.loan
        self.stage = "repaying"
