"""Tries whose hour has come become orders, each for what is owed at that moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Sum

from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock, moves
from chezhe.kernel.actor import Actor
from chezhe.payments.debits import orders
from chezhe.payments.debits import queries as payment_queries
from chezhe.payments.debits import rules as payment_rules
from chezhe.payments.debits.models import Debit, Mandate
from chezhe.payments.debits.orders import Wanted
from chezhe.payments.debits.rules import Limits
from chezhe.servicing import lives
from chezhe.servicing.debits import rules
from chezhe.servicing.debits.models import UNBOOKED, LoanDebit
from chezhe.servicing.debits.states import LOAN_DEBIT, reason_label
from chezhe.servicing.models import Loan

CHUNK = 200
TOO_LARGE = "LIMIT_EXCEEDED"


@dataclass(frozen=True, slots=True)
class Chunk:
    """What was looked at: up to which id, how many tries, and how many became orders."""

    last: int
    seen: int
    ordered: int


def order_due(after: int, *, by: Actor) -> Chunk:
    """The next tries that are due now, from the id `after` on: loans are locked in their order, and read anew."""
    today, now = business_date.current(), clock.now()
    waiting = LoanDebit.objects.filter(status="planned", day=today, due_at__lte=now, pk__gt=after).order_by("pk")[:CHUNK]
    named = list(waiting.values_list("pk", "loan_id"))
    if not named:
        return Chunk(after, 0, 0)
    loans = {loan.pk: loan for loan in _locked(loan_id for _pk, loan_id in named)}
    planned = LoanDebit.objects.select_for_update(no_key=True).filter(pk__in=[pk for pk, _loan in named], status="planned")
    tries = list(planned.order_by("pk"))
    wanted = _wanted(tries, loans, today)
    skipped = {one.pk: reason for one, reason in wanted if isinstance(reason, str)}
    _skip([one for one in tries if one.pk in skipped], skipped, by)
    ordered = [(one, want) for one, want in wanted if isinstance(want, Wanted)]
    place(ordered, now, by=by)
    return Chunk(named[-1][0], len(named), len(ordered))


def _locked(ids: Iterable[int]) -> list[Loan]:
    rows = Loan.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=set(ids)).order_by("pk")
    return list(rows.select_related("product_version__product"))


def owed_on(loans: Sequence[Loan], today: date) -> dict[int, Money]:
    """What each loan owes on `today`, penalties to that day included; three statements, however many."""
    standing = lives.standing_of(loans, today)
    return {pk: Money(0 if position.settled_on else position.due_total_fen) for pk, position in standing.items()}


def _wanted(tries: Sequence[LoanDebit], loans: dict[int, Loan], today: date) -> list[tuple[LoanDebit, Wanted | str]]:
    """Each try with what to order for it, or the reason why nothing is."""
    chosen = list(loans.values())
    owed, mandates = owed_on(chosen, today), mandates_of(chosen)
    limits = payment_queries.limits_of(list(mandates.values()), today)
    open_now = set(LoanDebit.objects.filter(loan__in=chosen, status="ordered").values_list("loan_id", flat=True))
    unbooked = with_unbooked(chosen)
    too_large = refused_as_too_large([loan.pk for loan in chosen], today)
    said: list[tuple[LoanDebit, Wanted | str]] = []
    for one in tries:
        loan, mandate = loans[one.loan_id], mandates.get(loans[one.loan_id].customer_id)
        if loan.pk in open_now:
            said.append((one, "IN_FLIGHT"))
        elif loan.status != "active" or not owed[loan.pk].fen:
            said.append((one, "NOT_OWED"))
        elif loan.pk in unbooked:
            said.append((one, "NOT_BOOKED"))
        elif mandate is None:
            said.append((one, "NO_MANDATE"))
        else:
            want = wanted_for(one.number, loan, mandate, owed[loan.pk], limits[mandate.pk], too_large[loan.pk])
            said.append((one, want or "MANDATE_LIMIT"))
            if want:
                open_now.add(loan.pk)
                limits[mandate.pk] = _used(limits[mandate.pk], want)
    return said


def _used(limits: Limits, want: Wanted) -> Limits:
    return Limits(limits.per_debit, limits.per_day, Money(limits.used.fen + sum(part.fen for part in want.parts)))


def wanted_for(number: str, loan: Loan, mandate: Mandate, owed: Money, limits: Limits, too_large: int) -> Wanted | None:
    """The orders for one try; None when today's limit leaves nothing."""
    parts = payment_rules.parts_of(owed, limits, at_least=rules.parts_at_least(too_large))
    return Wanted(claim=number, mandate=mandate, parts=parts, branch_id=loan.branch_id, memo=loan.number) if parts else None


def mandates_of(loans: Sequence[Loan]) -> dict[int, Mandate]:
    """The mandate that runs, by customer."""
    rows = Mandate.objects.filter(customer__in={loan.customer_id for loan in loans}, status="active", account__closed_at__isnull=True)
    return {mandate.customer_id: mandate for mandate in rows}


def with_unbooked(loans: Iterable[Loan]) -> set[int]:
    """Loans that have not got what was collected for them: somebody reversed it by hand, and the borrower has paid all the same."""
    return set(LoanDebit.objects.filter(UNBOOKED, loan__in=[loan.pk for loan in loans]).values_list("loan_id", flat=True))


def refused_as_too_large(loan_ids: Sequence[int], today: date) -> Counter[int]:
    """By loan: how often today the channel has found an order too large."""
    rows = LoanDebit.objects.filter(loan__in=loan_ids, day=today, reason_code=TOO_LARGE).order_by()
    return Counter(dict(rows.values_list("loan").annotate(Count("pk"))))


def place(ordered: Sequence[tuple[LoanDebit, Wanted]], now: datetime, *, by: Actor) -> None:
    """These tries become orders; the worker sends them when the transaction has ended."""
    for one, want in ordered:
        one.amount, one.mandate, one.ordered_at = Money(sum(part.fen for part in want.parts)), want.mandate, now
        before, one.status = one.status, LOAN_DEBIT.require(one.status, "order")
        moves.record(one.subject, "order", before, one.status, by=by)
    LoanDebit.objects.bulk_update([one for one, _want in ordered], ["amount", "mandate", "ordered_at", "status"])
    orders.request([want for _one, want in ordered], by=by)


def _skip(tries: Sequence[LoanDebit], reasons: dict[int, str], by: Actor) -> None:
    for one in tries:
        one.reason_code, one.finished_at = reasons[one.pk], clock.now()
        before, one.status = one.status, LOAN_DEBIT.require(one.status, "skip")
        moves.record(one.subject, "skip", before, one.status, by=by, reason=reason_label(one.reason_code))
    LoanDebit.objects.bulk_update(tries, ["reason_code", "finished_at", "status"])


def still_owed(claims: list[str]) -> dict[str, Money]:
    """Asked right before orders leave: what each try may still collect. One of another day, or that is over, is left out."""
    today = business_date.current()
    tries = list(LoanDebit.objects.filter(number__in=claims, status="ordered", day=today))
    loans = list(Loan.objects.filter(pk__in=[one.loan_id for one in tries]).select_related("product_version__product"))
    owed = owed_on(loans, today)
    rows = Debit.objects.filter(claim__in=claims, status="collected").order_by().values("claim").annotate(fen=Sum("collected"))
    taken = {row["claim"]: payment_queries.fen_of(row["fen"]) for row in rows}
    return {
        one.number: Money(max(0, min(owed[one.loan_id].fen - (taken.get(one.number, 0) - one.booked.fen), one.amount.fen)))
        for one in tries
    }
