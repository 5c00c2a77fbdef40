"""Dry runs of a whole batch: trying the failed loans again, and taking everything back. Nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from chezhe.kernel.errors import BusinessError, require_reason
from chezhe.ledger.bookings import Booking, mirror_of
from chezhe.servicing import lives, previews, replans
from chezhe.servicing.batch_previews import KNOWN, LEFT, POSTED, BatchPreview, Outcome
from chezhe.servicing.position import RateChange
from chezhe.servicing.previews import Without
from chezhe.servicing.repricing import batches
from chezhe.servicing.repricing.batches import NothingFailed
from chezhe.servicing.repricing.models import Repricing, RepricingLine
from chezhe.servicing.states import LOAN, REPRICING

LOAN_PARTS = ("batch", "loan__customer", "loan__contract__application", "loan__product_version__product")


def of_retry(batch: Repricing, today: date) -> BatchPreview:
    """What trying the failed loans again would do: whose rate changes, and who is left with which reason.

    Raises WrongState or NothingFailed (409).
    """
    REPRICING.require(batch.status, "retry")
    lines = list(batch.lines.filter(status="failed").select_related(*LOAN_PARTS).order_by("pk"))
    if not lines:
        raise NothingFailed()
    outcomes, bookings = [], []
    for line in lines:
        try:
            bookings += _applied(line, today)
        except BusinessError as refusal:
            outcomes.append(Outcome(name=line.loan.number, verdict=LEFT, amount=line.loan.principal_left, reason=str(refusal)))
        else:
            outcomes.append(Outcome(name=line.loan.number, verdict=POSTED, amount=line.loan.principal_left))
    return BatchPreview(tuple(outcomes), tuple(bookings))


def _applied(line: RepricingLine, today: date) -> Sequence[Booking]:
    news = batches.news_of(line)
    LOAN.require(line.loan.status, "replan")
    replans.require(line.loan, lives.position_of(line.loan, news.value_on), RateChange(annual_rate=line.rate_after))
    return previews.preview_news(line.loan, news, today).bookings


def of_reversal(batch: Repricing, reason: str, today: date) -> BatchPreview:
    """What taking the batch back would do: every loan lived again without its new rate, in a handful of statements.

    Raises WrongState (409) or ReasonRequired (422).
    """
    require_reason(reason)
    return taking_back(batch, today)


def taking_back(batch: Repricing, today: date) -> BatchPreview:
    """`of_reversal` before anybody has given a reason, or while it waits for agreement. What was taken back by itself stays as it is."""
    if batch.status != "reverse_asked":
        REPRICING.require(batch.status, "ask_reversal")
    rows = batch.lines.filter(status="applied").select_related("loan__product_version__product", "event__entry", "event__reversal")
    lines = list(rows.order_by("pk"))
    outcomes = [
        Outcome(name=line.loan.number, verdict=KNOWN if hasattr(line.event, "reversal") else POSTED, amount=line.loan.principal_left)
        for line in lines
    ]
    return BatchPreview(tuple(outcomes), tuple(_taken_back([line for line in lines if not hasattr(line.event, "reversal")], today)))


def _taken_back(lines: Sequence[RepricingLine], today: date) -> list[Booking]:
    loans = [line.loan for line in lines]
    kept = lives.kept_of(loans, but=[line.event for line in lines if line.event])
    stands, booked = lives.recall(loans), lives.booked_balances_of(loans)
    bookings: list[Booking] = []
    for line in lines:
        assert line.event is not None
        loan, known = line.loan, kept[line.loan.pk]
        mirror = mirror_of(line.event.entry) if line.event.entry else ()
        came = [lives.incoming(event) for event in known.money]
        without = Without(lives.opening_of(loan, known.plan), came, booked[loan.pk], mirror)
        bookings += previews.reversal_of(loan, without, stands(loan, today), today).bookings
    return bookings
