"""What the accrual of interest carries from evening to evening: the exact sum of each product and branch, what is posted of it, the rest.

Loans add up to fractions of a fen and the ledger takes whole fen, so a close posts the exact sum rounded half up, less what was posted
before. What stays is under half a fen; the next close begins from the exact sum again, so that nothing is lost or counted twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

from chezhe.finmath.money import Money
from chezhe.products.models import ProductVersion
from chezhe.servicing import accruals
from chezhe.servicing.models import AccrualBook, AccrualGroup

YUAN_DIGITS, FEN_DIGITS = 6, 4


@dataclass(frozen=True, slots=True)
class Carry:
    """Interest of a product at a branch by the evening of its last close: `earned` is exact, in fen."""

    book_id: int
    product: str
    branch: str
    closed_on: date
    earned: Fraction
    posted: Money

    @property
    def carried(self) -> Fraction:
        """Fen earned and not posted, negative when the rounding was upwards."""
        return self.earned - self.posted.fen

    @property
    def is_rounding(self) -> bool:
        """Whether it is under half a fen (a half was rounded up); more only waits for the next close, after a book was taken over."""
        return -Fraction(1, 2) <= self.carried < Fraction(1, 2)


def of_books() -> list[Carry]:
    """Every product and branch that closes have posted for, by product and branch."""
    kept = AccrualBook.objects.filter(closed_on__isnull=False).select_related("product", "branch")
    groups: dict[tuple[int, int], list[AccrualGroup]] = {}
    products = dict(ProductVersion.objects.values_list("pk", "product_id"))
    for group in AccrualGroup.objects.all():
        groups.setdefault((products[group.product_version_id], group.branch_id), []).append(group)
    return [_carry(book, groups.get((book.product_id, book.branch_id), [])) for book in kept.order_by("product__code", "branch__name")]


def _carry(book: AccrualBook, groups: Iterable[AccrualGroup]) -> Carry:
    assert book.closed_on is not None
    morning = book.closed_on + timedelta(days=1)
    earned = sum((accruals.share_of_group(group).earned(morning) for group in groups), Fraction(0))
    return Carry(book.pk, book.product.code, book.branch.name, book.closed_on, earned, Money(book.posted_fen))


def total(several: Iterable[Carry]) -> tuple[Fraction, Money, Fraction]:
    """Earned and posted of all of them, and what they carry together."""
    rows = list(several)
    earned, posted = sum((row.earned for row in rows), Fraction(0)), sum(row.posted.fen for row in rows)
    return earned, Money(posted), earned - posted


def in_yuan(fen: Fraction) -> Decimal:
    """Yuan, rounded down to the shown digits: what is posted and what is carried add up to it."""
    return _down(fen / 100, YUAN_DIGITS)


def in_fen(fen: Fraction) -> Decimal:
    """Fen, rounded down to the shown digits."""
    return _down(fen, FEN_DIGITS)


def _down(value: Fraction, digits: int) -> Decimal:
    return Decimal(value.numerator * 10**digits // value.denominator).scaleb(-digits)
