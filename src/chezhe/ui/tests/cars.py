"""A list of cars that only tests know: a table of its own, made and dropped with the test's transaction."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, models
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import isolate_apps

from chezhe.finmath.money import Money
from chezhe.kernel import fields
from chezhe.kernel.actor import Actor, Reach
from chezhe.ui.lists import ChoiceFilter, Column, DateRangeFilter, ListPage, ListView, ScopeFilter, TextFilter
from chezhe.ui.status import Status

CHEN = Actor(key="staff:7", name="陈立", user_id=7, reach=Reach.BRANCH, branch_id=1, branch_ids=frozenset([1]))
STATUSES = {"active": Status("还款中", "good"), "settled": Status("已结清")}


@pytest.fixture
def cars(db: None) -> Iterator[type[models.Model]]:
    with isolate_apps("chezhe.ui"):
        class Car(models.Model):
            number = models.CharField(max_length=40)
            owner_name = models.CharField(max_length=80)
            price = fields.MoneyField(null=True)
            rate = fields.RateField(default=Decimal("0.1"))
            sold_on = models.DateField(null=True)
            status = models.CharField(max_length=10, default="active")
            owner_id = models.IntegerField(default=7)
            branch_id = models.IntegerField(default=1)

            class Meta:
                app_label = "ui"

        with connection.schema_editor() as editor:
            editor.create_model(Car)
        for index in range(1, 46):
            Car.objects.create(
                number=f"L26-{index:06d}", owner_name="赵*" if index % 2 else "钱*", price=Money(index * 100),
                sold_on=date(2026, 1, 1 + index % 28), status="settled" if index <= 5 else "active",
                owner_id=7 if index <= 10 else 8,
            )
        yield Car


def page(model: Any, **changes: Any) -> ListPage:
    declared: dict[str, Any] = {
        "title": "车辆", "queryset": model.objects.all(), "file_name": "cars", "default_sort": "number",
        "columns": [
            Column("number", "编号", kind="identifier", sortable=True), Column("owner_name", "车主"),
            Column("price", "价格", kind="money", sortable=True), Column("rate", "年利率", kind="rate"),
            Column("sold_on", "售出", kind="date"), Column("status", "状态", kind="status", statuses=STATUSES),
        ],
        "filters": [
            ScopeFilter(), ChoiceFilter(name="status", label="状态", choices=[(k, s.label) for k, s in STATUSES.items()]),
            DateRangeFilter(name="sold", label="售出", field="sold_on"), TextFilter(name="owner", label="车主", field="owner_name"),
        ],
        "search": ("number__icontains",),
    }
    return ListPage(**(declared | changes))


def asked(query: str = "", actor: Actor = CHEN, **posted: Any) -> Any:
    """A GET of the list, or with `posted` a POST."""
    factory = RequestFactory()
    request = factory.post(f"/cars/{query}", posted) if posted else factory.get(f"/cars/{query}")
    request.actor = actor  # type: ignore[attr-defined]
    return request


def view(model: Any, query: str = "", **changes: Any) -> ListView:
    return ListView(page(model, **changes), asked(query))


def answered(model: Any, query: str = "", **changes: Any) -> HttpResponse:
    return page(model, **changes).respond(asked(query))


def numbers(shown: ListView) -> list[str]:
    return [row.number for row in shown.page]
