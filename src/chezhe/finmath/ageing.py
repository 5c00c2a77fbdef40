"""Days past due and what they mean (DOMAIN §6): computed for a date, never stored as a status."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from chezhe.finmath import kernels


class Bucket(StrEnum):
    """Ageing bucket (账期桶): C nothing overdue, M1 1–30 days … M6 151–180, M7 more than 180."""

    C = "C"
    M1 = "M1"
    M2 = "M2"
    M3 = "M3"
    M4 = "M4"
    M5 = "M5"
    M6 = "M6"
    M7 = "M7"


class FiveClass(StrEnum):
    """Asset class (五级分类)."""

    NORMAL = "normal"  # 正常
    SPECIAL_MENTION = "special_mention"  # 关注
    SUBSTANDARD = "substandard"  # 次级
    DOUBTFUL = "doubtful"  # 可疑
    LOSS = "loss"  # 损失


BUCKET_BOUNDS = (0, 30, 60, 90, 120, 150, 180)  # the trade's month buckets, not a regulatory number


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassThresholds:
    """A class begins with more than this many days past due. The numbers are dated parameters (CLASS_DPD)."""

    special_mention: int
    substandard: int
    doubtful: int
    loss: int

    def __post_init__(self) -> None:
        """Thresholds rise."""
        if not 0 <= self.special_mention < self.substandard < self.doubtful < self.loss:
            raise ValueError("class thresholds must rise")


def days_past_due(unpaid: Sequence[tuple[date, int]], as_of: date) -> int:
    """`as_of` minus the oldest due date with anything unpaid (due date, unpaid fen): 0 on the due date, 1 the next
    day. Payments clear instalments first in, first out, so paying the oldest moves the count to the next one."""
    ordinals = [due.toordinal() for due, _ in unpaid]
    return kernels.days_past_due(ordinals, [fen for _, fen in unpaid], len(ordinals), as_of.toordinal())


def bucket(dpd: int) -> Bucket:
    """The month bucket of a number of days past due."""
    return list(Bucket)[kernels.band(dpd, BUCKET_BOUNDS)]


def five_class(dpd: int, thresholds: ClassThresholds) -> FiveClass:
    """The class by days past due alone; events (fraud, restructuring, bankruptcy) may only worsen it, elsewhere."""
    bounds = (thresholds.special_mention, thresholds.substandard, thresholds.doubtful, thresholds.loss)
    return list(FiveClass)[kernels.band(dpd, bounds)]
