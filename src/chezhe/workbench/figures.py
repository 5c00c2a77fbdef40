"""The small charts of the home page, of what the person may see; empty ones are left out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from chezhe.contracts.models import Contract, Disbursement
from chezhe.kernel.actor import Actor
from chezhe.origination.models import Application
from chezhe.servicing import trends
from chezhe.staff.models import REACH_LABELS
from chezhe.ui.charts import Chart, Series

WEEK = 7
DAYS = 30


def may_see_any(actor: Actor) -> bool:
    return actor.can("origination.view") or actor.can("servicing.view")


def charts(actor: Actor, on: date, at: datetime) -> list[Chart]:
    """The week's way from application to payout beside the week before, and the share of overdue loans over thirty days."""
    made = [
        _funnel(actor, on, at) if actor.can("origination.view") and actor.can("contracts.view") else None,
        _overdue(actor, on, at) if actor.can("servicing.view") else None,
    ]
    return [chart for chart in made if chart is not None]


def _source(actor: Actor, words: str) -> str:
    return f"{words} · {REACH_LABELS[actor.reach]}" if actor.reach in REACH_LABELS else words


def _funnel(actor: Actor, on: date, at: datetime) -> Chart | None:
    this_week, before = _steps(actor, on), _steps(actor, on - timedelta(days=WEEK))
    if not any([*this_week, *before]):
        return None
    steps = [_("提交进件"), _("审批通过"), _("签署合同"), _("放款")]
    return Chart(
        id="funnel", kind="rows", title=_("近 7 天：进件到放款"), unit=_("笔"), categories=steps,
        series=[Series(_("近 7 天"), this_week), Series(_("前 7 天"), before)], category_label=_("环节"),
        source=_source(actor, _("进件、合同、放款")), refreshed_at=at, height=200,
    )


def _steps(actor: Actor, last: date) -> list[int]:
    """How many took each step in the seven days up to `last`."""
    first = last - timedelta(days=WEEK - 1)
    approved = Q(decided_at__date__range=(first, last), approval_expires_on__isnull=False)
    found = Application.objects.visible_to(actor).aggregate(
        submitted=Count("pk", filter=Q(submitted_at__date__range=(first, last))), approved=Count("pk", filter=approved),
    )
    signed = Contract.objects.visible_to(actor).filter(signed_on__range=(first, last)).count()
    paid = Disbursement.objects.visible_to(actor).filter(paid_on__range=(first, last)).count()
    return [found["submitted"], found["approved"], signed, paid]


def _overdue(actor: Actor, on: date, at: datetime) -> Chart | None:
    days = trends.overdue_by_day(actor, on, DAYS)
    if not any(day.running for day in days):
        return None
    shares = [Decimal(day.overdue) / day.running if day.running else None for day in days]
    return Chart(
        id="overdue", kind="line", title=_("近 30 天逾期率（笔数）"), measure="rate", categories=[f"{day.on:%m-%d}" for day in days],
        series=[Series(_("逾期贷款占比"), shares)], category_label=_("日期"), source=_source(actor, _("贷款")), refreshed_at=at, height=200,
    )
