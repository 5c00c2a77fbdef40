"""Close a month of the books for good."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel import clock, events
from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError
from chezhe.kernel.moves import move
from chezhe.kernel.scope import require_whole_house
from chezhe.ledger import closing, permissions, queries
from chezhe.ledger.models import JournalEntry, Period, PeriodBalance, month_of
from chezhe.ledger.states import OPEN, PERIOD


class MonthNotOver(BusinessError):
    code = "month_not_over"
    sentence = _("%(month)s 尚未结束（业务日期 %(business_date)s），月末之后才能关账。")


class EarlierMonthOpen(BusinessError):
    code = "earlier_month_open"
    sentence = _("请先为 %(month)s 关账，会计期间须逐月关闭。")


@action(permissions.CLOSE_PERIOD)
def close_period(*, month: date, business_date: date, by: Actor) -> Period:
    """Close a month: nothing can be posted into it or before it any more, and its closing figures are kept.

    `month` is any day of it. Raises MonthNotOver (409), EarlierMonthOpen (409), WrongState (409) when it is closed,
    WholeHouseOnly (403) for whom a branch is all, and what rooms above say that are not done with the month (`ledger.closing`).
    """
    require_whole_house(by)
    month = month_of(month)
    Period.objects.bulk_create([Period(month=month, status=OPEN)], ignore_conflicts=True)
    period = Period.objects.select_for_update().get(month=month)
    PERIOD.require(period.status, "close_period")
    _require_over(month, business_date)
    _require_earlier_closed(month)
    closing.require_nothing_under_way(month)
    period.closed_at, period.closed_by = clock.now(), by.name
    period.save(update_fields=["closed_at", "closed_by"])
    # From here on the ledger is ours alone: the move waits for every entry under way (ledger.guards).
    move(period, PERIOD, "close_period", by=by)
    _keep_figures(period)
    events.publish("ledger.period_closed", period.subject, {"month": f"{month:%Y-%m}"})
    return period


def _require_over(month: date, business_date: date) -> None:
    if business_date < queries.next_month(month):
        raise MonthNotOver(month=f"{month:%Y-%m}", business_date=business_date)


def _require_earlier_closed(month: date) -> None:
    """Months are closed in their order, so that one date says how far the books are shut."""
    shut_until = queries.closed_until()
    earlier = JournalEntry.objects.filter(posted_on__lt=month)
    if shut_until is not None:
        earlier = earlier.filter(posted_on__gte=shut_until)
    first_open = earlier.order_by("posted_on").values_list("posted_on", flat=True).first()
    if first_open is not None:
        raise EarlierMonthOpen(month=f"{first_open:%Y-%m}")


def _keep_figures(period: Period) -> None:
    PeriodBalance.objects.bulk_create(
        PeriodBalance(period=period, account_id=account, branch_id=branch, debit_fen=debit, credit_fen=credit)
        for (account, branch), (debit, credit) in queries.turnover_until(queries.next_month(period.month)).items()
    )
