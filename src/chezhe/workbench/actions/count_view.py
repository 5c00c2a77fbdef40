"""The worker has counted a list for somebody."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext_lazy as _

from chezhe.kernel.action import action
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import NotFound
from chezhe.workbench import permissions
from chezhe.workbench.models import Subscription


@action(permissions.COUNT_VIEW, label=_("统计订阅的视图"))
def count_view(*, subscription_id: int, rows: int | None, on: date, by: Actor) -> Subscription:
    """Keep how many rows a subscribed view had on a morning, once; None when its list was not open to the person."""
    row = Subscription.objects.select_for_update().filter(pk=subscription_id).first()
    if row is None:
        raise NotFound(what=subscription_id)
    if row.counted_on is None or row.counted_on < on:
        row.counted_on, row.rows_before, row.rows = on, row.rows, rows
        row.save(update_fields=["counted_on", "rows_before", "rows"])
    return row
