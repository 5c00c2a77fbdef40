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

from chezhe.finmath import ageing
from chezhe.finmath.ageing import ClassThresholds, FiveClass
from chezhe.finmath.days import month_step
from chezhe.servicing.position import Spell

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
    _names, borrower = np.unique(book.customer, return_inverse=True)
    customer = _contagion(book, borrower, own, by_dpd, standards)
    asset_class = np.maximum(own, customer)
    # What the loan says of itself needs no other loan.
    of_others = np.where(customer > own, customer, NORMAL)
    rows = [by_dpd, book.by_hand, book.observation, book.upgrade, of_others, np.zeros_like(own)]
    return Grades(by_reason=np.stack(rows), asset_class=asset_class, stage=_stages(book, borrower, own, asset_class, standards))


def _contagion(book: Book, borrower: Ints, own: Ints, by_dpd: Ints, standards: Standards) -> Ints:
    """What the loans of each `borrower` (a place) make of each other: of a person all stand in the worst class; of a company all are at
    least substandard once more than the share of its debt is overdue for so long."""
    import numpy as np

    of_person = _worst(borrower, own) if standards.is_contagious else np.zeros_like(own)
    total, late = (np.zeros(_count(borrower), dtype=np.int64) for _ in range(2))
    np.add.at(total, borrower, book.exposure_fen)
    np.add.at(late, borrower, np.where(by_dpd >= SUBSTANDARD, book.exposure_fen, 0))
    numerator, denominator = standards.contagion_share.as_integer_ratio()
    of_company = np.where(late * denominator > total * numerator, SUBSTANDARD, NORMAL)
    return np.where(book.is_company, of_company[borrower], of_person)


def _worst(borrower: Ints, figures: Ints) -> Ints:
    """For each loan the greatest of the figures among all loans of its borrower."""
    import numpy as np

    worst = np.zeros(_count(borrower), dtype=np.int64)
    np.maximum.at(worst, borrower, figures)
    return worst[borrower]


def _count(borrower: Ints) -> int:
    return int(borrower.max()) + 1 if len(borrower) else 0


def _stages(book: Book, borrower: Ints, own: Ints, asset_class: Ints, standards: Standards) -> Ints:
    """3 when impaired (by arrears or class), 2 when the risk has risen (by arrears, people or observation), 1 otherwise.

    Where a person's loans share the worst class they share the worst stage: the risk that has risen is the borrower's. A loan whose
    borrower is a few days late with another one is special mention with it, and like it of stage 1 (the 30 days of CAS 22).
    """
    import numpy as np

    of_itself = _stages_alone(book, own, standards)
    of_person = _worst(borrower, of_itself) if standards.is_contagious else of_itself
    stage = np.where(book.is_company, of_itself, of_person)
    return np.where(asset_class >= SUBSTANDARD, 3, stage)


def _stages_alone(book: Book, asset_class: Ints, standards: Standards) -> Ints:
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
    """What a loan that was late for long, or whose terms were changed for the borrower's trouble, has behind it: its `spells` of
    arrears, cleared by whatever it was, the last day on which arrears were cleared whole, and all `due_dates` of its plan. Since
    `observed_from` (the restructuring, or the payout of a loan that paid a bad one off) it is observed, at first until `observed_until`."""

    spells: tuple[Spell, ...] = ()
    performing_since: date | None = None
    due_dates: tuple[date, ...] = ()
    observed_until: date | None = None
    observed_from: date | None = None
    eased_on: date | None = None


def observed_until(history: History) -> date | None:
    """When observation is over, arrears that are still there aside: it begins anew with an instalment that was missed while it lasted, and
    takes as long as it was agreed to. Of instalments missed one after the other the last counts: none was paid in time until their
    arrears were cleared. Source: 《商业银行金融资产风险分类办法》第二十条（从未履约时点开始，重新计算观察期）.

    A loan that never was late for long has no spells to tell (`position.arrears`): a few days' delay alone prolong nothing.
    """
    since, until = history.observed_from, history.observed_until
    if since is None or until is None:
        return until
    months = (until.year - since.year) * 12 + until.month - since.month
    for spell in sorted(history.spells, key=lambda spell: spell.due_on):
        if spell.ended_on is not None and since < spell.due_on < until:
            missed = max((due for due in history.due_dates if spell.due_on <= due < spell.ended_on), default=spell.due_on)
            until = max(until, month_step(missed, months, missed.day))
    return until


def held(history: History, dpd: int, on: date, standards: Standards) -> tuple[int, int]:
    """The classes in which observation and the upgrade rule hold a loan on a day.

    A restructured loan is at least special mention until its observation is over and it has performed; one with eased terms until
    it has performed.
    """
    until = observed_until(history)
    begun = max(filter(None, (history.performing_since, history.eased_on)), default=None)
    is_watched = until is not None and (on < until or dpd > 0)
    is_eased = history.eased_on is not None and (dpd > 0 or not _has_performed(history, begun, on, standards))
    return SPECIAL_MENTION if is_watched or is_eased else NORMAL, _kept_bad(history, dpd, on, standards)


def _kept_bad(history: History, dpd: int, on: date, standards: Standards) -> int:
    """A loan that was substandard or worse stays at least substandard until its arrears are cleared and it has performed long enough.
    Where a new plan, and no money, took the arrears away, it stays in the very class that it had. New arrears before that day
    begin the time anew; after it they are judged by themselves.
    """
    kept, begun = NORMAL, None
    for spell in history.spells:
        if kept and _has_performed(history, begun, spell.due_on, standards):
            kept = NORMAL
        reached = CLASSES.index(ageing.five_class(spell.days, standards.thresholds))
        if reached >= SUBSTANDARD:
            kept = max(kept, reached if spell.has_moved else SUBSTANDARD)
        begun = spell.ended_on
    return NORMAL if kept and _has_performed(history, begun, _current_until(dpd, on), standards) else kept


def _current_until(dpd: int, on: date) -> date:
    """The last day without arrears: today, or the due date of what is overdue."""
    return date.fromordinal(on.toordinal() - dpd)


def _has_performed(history: History, begun: date | None, until: date, standards: Standards) -> bool:
    """Whether `until`, without arrears since `begun` (None: there still are some), it has performed long enough."""
    if begun is None:
        return False
    following = [due for due in history.due_dates if due > begun]
    return until >= upgrade_day(begun, following, standards)
