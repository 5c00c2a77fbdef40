"""Asked for, on the table, and offered before: beside each other."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from chezhe.finmath.money import Money
from chezhe.origination.models import Application, Offer
from chezhe.origination.offers import making
from chezhe.origination.states import CONDITION
from chezhe.ui.status import Status

TONES = {"open": "warning", "accepted": "good", "declined": "neutral", "countered": "info", "superseded": "neutral", "lapsed": "neutral"}
CONDITION_TONES = {"open": "warning", "met": "good", "waived": "info", "dropped": "neutral"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One set of terms: whose, what it comes to, and what became of it."""

    label: str
    amount: Money
    periods: int
    annual_rate: Any
    instalment: Money | None = None
    total: Money | None = None
    all_in: Any = None
    status: Status | None = None
    at: datetime | None = None
    who: str = ""
    answer: str = ""


def compared(application: Application) -> list[Line]:
    """What was asked for and what was offered, in the order of time; and what stands now where people have changed it."""
    found = [_asked(one.snapshot, one.submitted_at, one.submitted_by_name) for one in application.submissions.all()]
    found += [_offered(one) for one in application.offers.all()]
    found.sort(key=lambda line: line.at)  # type: ignore[arg-type, return-value]
    if application.is_in_review and making.terms_of(application) != making.asked_of(application):
        found.append(_on_the_table(application))
    return found


def _asked(kept: dict[str, Any], at: datetime, who: str) -> Line:
    return Line(
        label=_("申请"), amount=Money(kept["amount_fen"]), periods=kept["periods"], annual_rate=kept["annual_rate"],
        instalment=Money(kept["instalment_fen"]), total=Money(kept["total_fen"]), all_in=kept["all_in_simple"], at=at, who=who,
    )


def _offered(one: Offer) -> Line:
    return Line(
        label=_("按申请批复") if one.is_as_asked else _("改条件批复"), amount=one.amount, periods=one.periods, annual_rate=one.annual_rate,
        instalment=one.instalment, total=one.total, all_in=one.all_in_simple, status=Status(one.status_label, TONES[one.status]),
        at=one.made_at, who=one.made_by_name, answer=one.answer,
    )


def _on_the_table(application: Application) -> Line:
    kept = application.snapshot
    return Line(
        label=_("审批中的条件"), amount=Money(kept["amount_fen"]), periods=kept["periods"], annual_rate=kept["annual_rate"],
        instalment=Money(kept["instalment_fen"]), total=Money(kept["total_fen"]), all_in=kept["all_in_simple"],
        at=application.changed_at, who=application.changed_by_name,
    )


def conditions(application: Application) -> list[tuple[Any, Status]]:
    """Every condition with how far it has come."""
    return [
        (one, Status(CONDITION.labels[one.status], CONDITION_TONES[one.status])) for one in application.conditions.all()
    ]
