"""The five classes and the stages of loans, as arrays: one borrower's loans on a page, the whole book in a run.

Classes are places in `CLASSES`, so that the worse is the greater. Days are ordinals, money is fen.
Source: 《商业银行金融资产风险分类办法》 (2023, No. 1) for classes, CAS 22 for stages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from chezhe.finmath.ageing import ClassThresholds, FiveClass
from chezhe.finmath.days import month_step

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[Any]

CLASSES = tuple(FiveClass)
NORMAL, SPECIAL_MENTION, SUBSTANDARD, DOUBTFUL, LOSS = range(5)
# Why a loan stands in a class, in the order in which the reasons are named.
REASONS = ("dpd", "by_hand", "observation", "upgrade", "customer", "impairment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Standards:
    """The dated figures of classes and stages. `contagion_share` is of a company's debt; `impaired_…` are shares of the exposure
    that is expected to be lost; a loan that was substandard performs for the longer of `upgrade_…` before it is better again."""

    thresholds: ClassThresholds
    is_contagious: bool
    contagion_share: Decimal
    upgrade_periods: int
    upgrade_months: int
    stage2_dpd: int
    stage3_dpd: int
    impaired_doubtful: Decimal
    impaired_loss: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """Loans as columns of one length. `by_hand`, `observation` and `upgrade` are the classes that these reasons hold them in."""

    dpd: Ints
    exposure_fen: Ints
    customer: Ints
    is_company: Ints
    by_hand: Ints
    observation: Ints
    upgrade: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Grades:
    """The class that each of REASONS gives (a row each), the class, and the stage (1 to 3) of every loan."""

    by_reason: Ints
    asset_class: Ints
    stage: Ints


def grade(book: Book, standards: Standards) -> Grades:
    """The class of every loan: the worst of what its own arrears, people, observation and its borrower's other loans say."""
    import numpy as np

    bounds = standards.thresholds
    edges = np.array([bounds.special_mention, bounds.substandard, bounds.doubtful, bounds.loss])
    by_dpd = np.searchsorted(edges, book.dpd, side="left")
    own = np.maximum.reduce([by_dpd, book.by_hand, book.observation, book.upgrade])
    customer = _contagion(book, own, by_dpd, standards)
    asset_class = np.maximum(own, customer)
    # What the loan says of itself needs no other loan.
    of_others = np.where(customer > own, customer, NORMAL)
    rows = [by_dpd, book.by_hand, book.observation, book.upgrade, of_others, np.zeros_like(own)]
    return Grades(by_reason=np.stack(rows), asset_class=asset_class, stage=stages(book, asset_class, standards))


def _contagion(book: Book, own: Ints, by_dpd: Ints, standards: Standards) -> Ints:
    """What a borrower's loans make of each other: of a person all stand in the worst class; of a company all are at least
    substandard once more than the share of its debt is overdue for so long."""
    import numpy as np

    _names, at = np.unique(book.customer, return_inverse=True)
    size = int(at.max()) + 1 if len(at) else 0
    worst, total, late = (np.zeros(size, dtype=np.int64) for _ in range(3))
    np.maximum.at(worst, at, own)
    np.add.at(total, at, book.exposure_fen)
    np.add.at(late, at, np.where(by_dpd >= SUBSTANDARD, book.exposure_fen, 0))
    numerator, denominator = standards.contagion_share.as_integer_ratio()
    of_company = np.where(late * denominator > total * numerator, SUBSTANDARD, NORMAL)
    of_person = worst if standards.is_contagious else np.zeros(size, dtype=np.int64)
    return np.where(book.is_company, of_company[at], of_person[at])


def stages(book: Book, asset_class: Ints, standards: Standards) -> Ints:
    """3 when impaired (by arrears or class), 2 when the risk has risen (by arrears, people or observation), 1 otherwise."""
    import numpy as np

    has_risen = np.maximum.reduce([book.by_hand, book.observation, book.upgrade]) >= SPECIAL_MENTION
    is_watched = (book.dpd > standards.stage2_dpd) | has_risen
    is_impaired = (book.dpd > standards.stage3_dpd) | (asset_class >= SUBSTANDARD)
    return np.where(is_impaired, 3, np.where(is_watched, 2, 1))


def impair(grades: Grades, exposure_fen: Ints, expected_fen: Ints, standards: Standards) -> Grades:
    """Impaired loans of which so much is expected to be lost are doubtful or a loss, whatever their arrears."""
    import numpy as np

    impairment = np.zeros_like(grades.asset_class)
    for share, at in ((standards.impaired_doubtful, DOUBTFUL), (standards.impaired_loss, LOSS)):
        numerator, denominator = share.as_integer_ratio()
        is_lost = (grades.stage == 3) & (exposure_fen > 0) & (expected_fen * denominator >= exposure_fen * numerator)
        impairment = np.where(is_lost, at, impairment)
    by_reason = grades.by_reason.copy()
    by_reason[REASONS.index("impairment")] = impairment
    return Grades(by_reason=by_reason, asset_class=np.maximum(grades.asset_class, impairment), stage=grades.stage)


def upgrade_day(performing_since: date, following_dues: Sequence[date], standards: Standards) -> date:
    """The first day on which a loan without arrears since `performing_since` may stand in a better class: after two repayment
    periods or six months, the longer (the figures are the standards'). `following_dues` are the due dates after that day."""
    by_months = month_step(performing_since, standards.upgrade_months, performing_since.day)
    periods = list(following_dues[: standards.upgrade_periods])
    return max([by_months, *periods])


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What a loan that was once bad, or whose terms were changed for the borrower's trouble, has behind it."""

    was_substandard: bool = False
    performing_since: date | None = None
    following_dues: tuple[date, ...] = ()
    observed_until: date | None = None
    eased_on: date | None = None


def held(history: History, dpd: int, on: date, standards: Standards) -> tuple[int, int]:
    """The classes in which observation and the upgrade rule hold a loan on a day.

    A loan that was substandard stays so until its arrears are cleared and it has performed long enough. A restructured one is at
    least special mention until its observation is over and it has performed; one with eased terms until it has performed.
    """
    begun = max(filter(None, (history.performing_since, history.eased_on)), default=None)
    performs_from = upgrade_day(begun, history.following_dues, standards) if begun else None
    has_performed = dpd == 0 and (performs_from is None or on >= performs_from)
    is_watched = history.observed_until is not None and (on < history.observed_until or dpd > 0)
    is_eased = history.eased_on is not None and not has_performed
    observation = SPECIAL_MENTION if is_watched or is_eased else NORMAL
    return observation, SUBSTANDARD if history.was_substandard and not has_performed else NORMAL
