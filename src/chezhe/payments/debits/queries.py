"""Mandates, orders and settlements as others ask for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet, Sum
from django.urls import reverse

from chezhe.finmath.money import Money
from chezhe.kernel.actor import Actor
from chezhe.kernel.subjects import Subject
from chezhe.payments.debits.models import ChannelSettlement, Debit, Mandate
from chezhe.payments.debits.rules import Limits, StatementLine
from chezhe.payments.debits.states import STANDING

SILENT_AFTER = timedelta(minutes=15)
# What counts against a day's limit: everything that may still be, or has been, taken from the account.
COUNTING = ("sent", "collected", "returned")


def fen_of(value: object) -> int:
    """A sum of the database as fen, whichever type the aggregate has."""
    return value.fen if isinstance(value, Money) else int(value or 0)  # type: ignore[call-overload]


def used_today(mandate_ids: Iterable[int], today: date) -> dict[int, int]:
    """Fen by mandate that were sent today and have not failed."""
    rows = Debit.objects.filter(mandate_id__in=set(mandate_ids), status__in=COUNTING, sent_at__date=today)
    return {row["mandate_id"]: fen_of(row["fen"]) for row in rows.order_by().values("mandate_id").annotate(fen=Sum("amount"))}


def limits_of(mandates: Sequence[Mandate], today: date) -> dict[int, Limits]:
    """By mandate: its limits, and what is used of today's."""
    used = used_today([mandate.pk for mandate in mandates], today)
    return {one.pk: Limits(per_debit=one.debit_max, per_day=one.day_max, used=Money(used.get(one.pk, 0))) for one in mandates}


def asked_for(claims: Iterable[str], *, but: Iterable[Debit]) -> dict[str, int]:
    """Fen by claim that other orders of it than these are collecting at the moment; what they have collected the claim knows."""
    rows = Debit.objects.filter(claim__in=set(claims), status="sent").exclude(pk__in=[debit.pk for debit in but])
    return {row["claim"]: fen_of(row["fen"]) for row in rows.order_by().values("claim").annotate(fen=Sum("amount"))}


def silent(references: Iterable[str]) -> list[str]:
    """Those of these orders that the channel has not answered for good."""
    return list(Debit.objects.filter(reference__in=list(references), status="sent").order_by("pk").values_list("reference", flat=True))


def forgotten(now: datetime, most: int = 1000) -> list[Debit]:
    """Orders that have waited so long that the job which should have moved them may be lost."""
    before = now - SILENT_AFTER
    waiting = Q(status="requested", requested_at__lt=before) | Q(status="sent", sent_at__lt=before)
    return list(Debit.objects.filter(waiting).order_by("pk")[:most])


def lines_of(day: date) -> list[StatementLine]:
    """What should stand in the channel's statement of a day."""
    collected = Debit.objects.filter(collected_on=day).values_list("reference", "collected")
    returned = Debit.objects.filter(returned_on=day).values_list("reference", "collected")
    return [
        *(StatementLine(reference=reference, kind="collected", amount=amount) for reference, amount in collected),
        *(StatementLine(reference=reference, kind="returned", amount=amount) for reference, amount in returned),
    ]


def to_settle(before: date) -> list[date]:
    """Earlier days whose settlement has not come."""
    rows = ChannelSettlement.objects.filter(day__lt=before, status__in=["open", "differs"])
    return list(rows.order_by("day").values_list("day", flat=True))


def suspended(actor: Actor) -> QuerySet[Mandate]:
    """Mandates that a failure has stopped, and which wait for somebody to speak with the customer."""
    return Mandate.objects.visible_to(actor).filter(status="suspended")


def open_mandate(actor: Actor, number: str) -> Subject:
    """For panels and documents of other rooms."""
    mandate = Mandate.objects.visible_to(actor).select_related("customer").fetch(number)
    label, url = f"{mandate.customer.masked_name} {number}", reverse("payments:mandate", args=[number])
    return Subject(mandate.subject, label, url, mandate.customer.branch_id, mandate.customer.owner_id)


def standing_of(customer_number: str) -> list[str]:
    """The numbers of a customer's mandates that have not ended."""
    return list(Mandate.objects.filter(customer__number=customer_number, status__in=STANDING).values_list("number", flat=True))


def differing(actor: Actor) -> QuerySet[ChannelSettlement]:
    """Days on which the channel's statement and our orders do not say the same."""
    return ChannelSettlement.objects.visible_to(actor).filter(status="differs")
