"""The whole house's interest, earned day by day: shares of loans add up to groups, and a close posts what a day added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from fractions import Fraction

from chezhe.finmath.shares import Share, to_post
from chezhe.finmath.terms import DayCount
from chezhe.finmath.transfers import moving
from chezhe.kernel import locks
from chezhe.kernel.actor import SYSTEM
from chezhe.ledger import chart
from chezhe.ledger import steps as ledger_steps
from chezhe.ledger.rules import EntryContent
from chezhe.products.models import ProductVersion
from chezhe.servicing.endofday import groups
from chezhe.servicing.models import AccrualBook, AccrualChange, AccrualGroup, Loan

BOOKS = "servicing.accrual_books"
COLUMNS = ("accrual_basis", "accrual_denominator", "accrual_weight", "accrual_origin")
Key = tuple[int, int, str, int]
"""Product version, branch, basis and denominator: what shares must have in common to add up."""


def share_of(loan: Loan) -> Share:
    """The share as the row keeps it."""
    return Share(
        day_count=DayCount(loan.accrual_basis), denominator=loan.accrual_denominator, weight=int(loan.accrual_weight),
        origin=int(loan.accrual_origin),
    )


def columns_of(share: Share) -> tuple[str, int, int, int]:
    """A share as a row keeps it, in the order of COLUMNS."""
    return share.day_count.value, share.denominator, share.weight, share.origin


def lay_share(loan: Loan, after: Share) -> list[AccrualChange]:
    """Set the row's columns (without saving); returns what its group must be told (unsaved)."""
    before = share_of(loan)
    if after == before:
        return []
    for name, value in zip(COLUMNS, columns_of(after), strict=True):
        setattr(loan, name, value)
    changes = {
        (share.day_count, share.denominator): (0, 0) for share in (before, after)
    }
    for sign, share in ((-1, before), (1, after)):
        weight, origin = changes[share.day_count, share.denominator]
        changes[share.day_count, share.denominator] = (weight + sign * share.weight, origin + sign * share.origin)
    return [
        AccrualChange(product_version_id=loan.product_version_id, branch_id=loan.branch_id, basis=basis.value,
                      denominator=denominator, weight=weight, origin=origin)
        for (basis, denominator), (weight, origin) in changes.items() if weight or origin
    ]


def close_day(day: date, *, booked_on: date | None = None) -> int:
    """Post what every product earned at every branch up to the end of `day`; returns how many entries were written.

    They bear the date `booked_on`, the first day still open when the books of `day` are shut (`steps.booking_day`).

    The groups must be locked by nobody else: only the close of a day calls this, and there is one at a time.
    """
    locks.hold(BOOKS)
    groups.add_changes()
    earned = _earned_by_book(day + timedelta(days=1))
    books = _books(earned)
    added = {key: to_post(earned[key], books[key].posted_fen) for key in sorted(earned)}
    contents = [_entry(books[key], day, booked_on or day, fen) for key, fen in added.items() if fen]
    posted = len(ledger_steps.post_all(contents, by=SYSTEM)) if contents else 0
    groups.keep_posted({books[key].pk: fen for key, fen in added.items()}, day)
    return posted


def bring_in(shares: Iterable[tuple[Key, Share]], on: date) -> dict[tuple[int, int], int]:
    """Loans taken over have earned for the old books until the evening of `on`: what was earned and is not due counts as posted.

    Returns fen by product and branch, for the opening entries. The caller holds `BOOKS` until it has committed."""
    products = dict(ProductVersion.objects.values_list("pk", "product_id"))
    sums: dict[Key, tuple[int, int]] = {}
    for key, share in shares:
        weight, origin = sums.get(key, (0, 0))
        sums[key] = weight + share.weight, origin + share.origin
    exact = _summed(
        ((products[version], branch),
         Share(day_count=DayCount(basis), denominator=denominator, weight=weight, origin=origin).earned(on + timedelta(days=1)))
        for (version, branch, basis, denominator), (weight, origin) in sums.items()
    )
    added = {key: to_post(fraction, 0) for key, fraction in exact.items()}
    for key, book in _books(added).items():
        if fen := added.get(key):
            book.posted_fen += fen
            book.save(update_fields=["posted_fen"])
    return added


def _books(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], AccrualBook]:
    """The books of these products and branches, locked; those that nobody has written in yet are begun."""
    kept = AccrualBook.objects.select_for_update(of=("self",), no_key=True).select_related("product").order_by("pk")
    books = {(book.product_id, book.branch_id): book for book in kept}
    begun = [AccrualBook(product_id=product, branch_id=branch) for product, branch in sorted(set(keys) - set(books))]
    return books | {(book.product_id, book.branch_id): book for book in AccrualBook.objects.bulk_create(begun)}


def _entry(book: AccrualBook, day: date, booked_on: date, fen: int) -> EntryContent:
    debit, credit = (chart.ACCRUED_INTEREST, chart.INTEREST_INCOME) if fen > 0 else (chart.INTEREST_INCOME, chart.ACCRUED_INTEREST)
    code = book.product.code
    return EntryContent(
        event="accrual", reference=f"accrual/{day.isoformat()}/{code}/{book.branch_id}", posted_on=booked_on,
        branch_id=book.branch_id, memo=code, transfers=tuple(moving(debit, credit, abs(fen), f"accrual:{code}")),
    )


def _earned_by_book(on: date) -> dict[tuple[int, int], Fraction]:
    """Fen earned up to `on` by product and branch, exactly."""
    products = dict(ProductVersion.objects.values_list("pk", "product_id"))
    return _summed(
        ((products[group.product_version_id], group.branch_id), share_of_group(group).earned(on)) for group in AccrualGroup.objects.all()
    )


def share_of_group(group: AccrualGroup) -> Share:
    """The sum of its loans' shares."""
    return Share(day_count=DayCount(group.basis), denominator=group.denominator, weight=int(group.weight), origin=int(group.origin))


def _summed(parts: Iterable[tuple[tuple[int, int], Fraction]]) -> dict[tuple[int, int], Fraction]:
    sums: dict[tuple[int, int], Fraction] = {}
    for key, part in parts:
        sums[key] = sums.get(key, Fraction(0)) + part
    return sums
