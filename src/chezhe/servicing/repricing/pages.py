"""View-models of the repricing pages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from chezhe.finmath.money import Money
from chezhe.kernel import moves, parameters
from chezhe.kernel.actor import Actor
from chezhe.servicing import previews
from chezhe.servicing.models import FloatingRate, Repricing, RepricingLine
from chezhe.servicing.repricing import batches
from chezhe.servicing.states import REPRICING
from chezhe.ui import formats, parts
from chezhe.ui.parts import Happening, Job
from chezhe.ui.status import Status

_TONES = {
    "proposed": "progress", "applying": "progress", "applied": "good", "rejected": "neutral", "withdrawn": "neutral",
    "reversing": "progress", "reverse_asked": "progress", "reversed": "warning",
}
STATUSES = {status: Status(REPRICING.labels[status], tone) for status, tone in _TONES.items()}
_LINE_TONES = {"waiting": "progress", "applied": "good", "failed": "danger", "taken_back": "warning", "stuck": "danger"}
LINE_STATUSES = {status: Status(label, _LINE_TONES[status]) for status, label in RepricingLine._meta.get_field("status").choices or ()}
BASES = ("LPR1Y", "LPR5Y")


@dataclass(frozen=True, slots=True)
class Day:
    """A repricing day to come: how many running loans are looked at, with how much principal."""

    day: date
    loans: int
    principal: Money


def days_ahead(actor: Actor) -> list[Day]:
    """The repricing days to come of the running loans in the actor's reach, the nearest first."""
    rows = FloatingRate.objects.visible_to(actor).filter(loan__status="active").order_by("next_on").values("next_on")
    found = rows.annotate(loans=Count("pk"), principal=Sum("loan__principal_left"))
    return [Day(row["next_on"], row["loans"], _money(row["principal"])) for row in found]


def _money(amount: Any) -> Money:
    return amount if isinstance(amount, Money) else Money(int(amount or 0))


def references(on: date) -> list[tuple[str, str]]:
    """The reference rates in force, by code."""
    rows = parameters.find_all(BASES, on)
    return [(code, formats.rate(Decimal(rows[code].value))) for code in BASES if code in rows]


def rate_then(row: FloatingRate, figures: dict[str, Decimal]) -> Decimal | None:
    """What the loan would bear if the reference rate of today still held on its day."""
    return batches.floating_of(row).rate_at(figures[row.base]) if row.base in figures else None


def figures_on(on: date) -> dict[str, Decimal]:
    """The reference rates as numbers."""
    return {code: Decimal(row.value) for code, row in parameters.find_all(BASES, on).items()}


def points(rate: Decimal) -> str:
    """`+900 bp`."""
    return _("%(points)s 个基点") % {"points": f"{(rate * 10_000).normalize():+f}"}


def job_of(batch: Repricing) -> Job:
    """How far the worker is."""
    waiting = batch.lines.filter(status="applied" if batch.status == "reversing" else "waiting").count()
    return Job(title=_("%(day)s 重定价") % {"day": batch.day}, state="running", done=batch.loans - waiting, total=batch.loans,
               stage=str(STATUSES[batch.status].label))


def counts_of(batch: Repricing) -> list[tuple[Status, int]]:
    """How many loans stand where, for those that there are."""
    found = dict(batch.lines.order_by().values_list("status").annotate(count=Count("pk")))
    return [(status, found[code]) for code, status in LINE_STATUSES.items() if code in found]


def preview_of(line: RepricingLine, today: date) -> previews.Preview:
    """What repricing the loan of a line that waits would do today."""
    return previews.preview_news(line.loan, batches.news_of(line), today)


def track_of(batch: Repricing) -> list[Happening]:
    """Every move, newest first."""
    return parts.track_of(moves.history(batch.subject), REPRICING, begun=_("提出"), icon="flag")
