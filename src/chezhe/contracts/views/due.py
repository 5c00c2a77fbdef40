"""What has a last day: a list narrowed to what is not done yet, or to what should have been."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from chezhe.ui.lists import CustomFilter


def due_filter(open_statuses: Collection[str], today: date, open_label: str, overdue_label: str) -> CustomFilter:
    """`due=open` and `due=overdue` by `status` and `due_on`; the day itself is still in time."""

    def narrow(rows: QuerySet[Any], value: str) -> QuerySet[Any]:
        waiting = rows.filter(status__in=open_statuses)
        return waiting.filter(due_on__lt=today) if value == "overdue" else waiting

    return CustomFilter(name="due", label=_("办理期限"), choices=[("open", open_label), ("overdue", overdue_label)], narrow=narrow)
