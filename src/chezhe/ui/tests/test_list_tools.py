"""What a person arranges on a list: columns, views, density; and what a list says when it finds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from chezhe.ui import saved
from chezhe.ui.columns import Column
from chezhe.ui.lists import ListView
from chezhe.ui.saved import SavedView
from chezhe.ui.tests.cars import CHEN, answered, asked, page, view

LATE = SavedView("k1", "逾期的", "status=active&cols=number,price")
MINE = SavedView("k2", "我的", "scope=own", is_default=True)


@pytest.fixture
def shelf() -> Iterator[list[SavedView]]:
    """A shelf of the test's own; what is put on it is what every list offers."""
    views: list[SavedView] = [LATE]

    class Shelf:
        def views_of(self, actor: Any, list_key: str) -> list[SavedView]:
            assert (actor, list_key) == (CHEN, "cars")
            return views

        def roles_for(self, actor: Any) -> list[tuple[str, Any]]:
            return []

    kept = list(saved._shelves)
    saved.register(Shelf())
    yield views
    saved._shelves[:] = kept


def shown(query: str, cars: Any) -> list[str]:
    return [head.column.key for head in view(cars, query).headings]


def test_columns_come_in_the_order_of_the_address(cars: Any) -> None:
    assert shown("", cars) == ["number", "owner_name", "price", "rate", "sold_on", "status"]
    assert shown("?cols=price,number", cars) == ["price", "number"]
    assert shown("?cols=price&cols=number&cols=price", cars) == ["price", "number"], "as a form without scripts sends them"
    assert shown("?cols=number,price,status&pin=status", cars) == ["status", "number", "price"]


@pytest.mark.parametrize("query", ["?cols=", "?cols=owner_id", "?cols=__class__,id", "?pin=branch_id", "?cols=,,,"])
def test_columns_that_the_list_does_not_declare_are_not_shown(cars: Any, query: str) -> None:
    assert shown(query, cars) == ["number", "owner_name", "price", "rate", "sold_on", "status"]
    assert view(cars, query).url() == "/cars/"


def test_a_column_may_wait_until_it_is_chosen(cars: Any) -> None:
    columns = [Column("number", "编号"), Column("rate", "年利率", kind="rate", shown=False)]
    assert [h.column.key for h in view(cars, "", columns=columns).headings] == ["number"]
    assert [h.column.key for h in view(cars, "?cols=rate,number", columns=columns).headings] == ["rate", "number"]


def test_sorting_paging_and_filtering_keep_the_columns(cars: Any) -> None:
    seen = view(cars, "?cols=price,number&pin=price&size=20")
    for url in (seen.headings[0].url, seen.page_links[-1][1], seen.csv_url, view(cars, "?cols=price,number&status=active").chips[0].url):
        assert "cols=price,number" in url
    assert seen.passed_on == ["size", "cols", "pin"]


def test_a_file_holds_the_columns_that_are_seen(cars: Any) -> None:
    text = answered(cars, "?cols=price,number&status=settled&export=csv").content.decode("utf-8-sig")
    assert text.splitlines()[:2] == ["价格,编号", "1.00,L26-000001"]


def test_a_file_can_hold_only_the_rows_that_were_chosen(cars: Any) -> None:
    first, second = cars.objects.order_by("number")[:2]
    text = answered(cars, f"?cols=number&export=csv&rows={first.pk},{second.pk}").content.decode("utf-8-sig")
    assert text.splitlines() == ["编号", "L26-000001", "L26-000002"]
    other = cars.objects.get(number="L26-000020")
    text = answered(cars, f"?cols=number&status=settled&export=csv&rows={first.pk},{other.pk}").content.decode("utf-8-sig")
    assert text.splitlines() == ["编号", "L26-000001"], "what the filter leaves out stays out"


def test_each_row_carries_what_the_browser_adds_up(cars: Any) -> None:
    row = view(cars).rows[2]
    assert [cell.tally for cell in row.cells if cell.tally is not None] == [300] and row.name == "L26-000003"
    assert 'data-tally="300"' in answered(cars).content.decode()
    without = view(cars, "?cols=number,status").rows[0]
    assert [cell.tally for cell in without.cells] == [None, None]


def test_an_empty_list_says_what_each_condition_costs(cars: Any) -> None:
    seen = view(cars, "?status=settled&owner=孙&q=L26-000001")
    assert [(w.chip.label, w.count) for w in seen.without] == [("车主", 1)]
    body = answered(cars, "?status=settled&owner=孙&q=L26-000001").content.decode()
    assert "去掉“车主”有 1 条" in body and "状态：已结清，车主：孙" in body
    assert view(cars, "?owner=孙").without == [], "one condition alone is cleared, not explained"


def test_a_bare_address_opens_the_default_view(cars: Any, shelf: list[SavedView]) -> None:
    assert answered(cars).status_code == 200
    shelf.append(MINE)
    assert answered(cars)["Location"] == "/cars/?scope=own&view=k2"
    plain = answered(cars, "?view=all")
    assert plain.status_code == 200 and ListView(page(cars), asked("?view=all")).clear_url == "/cars/?view=all"


def test_a_view_alone_in_the_address_becomes_everything_it_holds(cars: Any, shelf: list[SavedView]) -> None:
    assert answered(cars, "?view=k1")["Location"] == "/cars/?status=active&cols=number,price&view=k1"
    gone = answered(cars, "?view=nobody")
    assert gone.status_code == 302 and gone["Location"] == "/cars/?view=all"
    assert answered(cars, "?view=nobody&status=active")["Location"] == "/cars/?status=active"


def test_a_list_knows_whether_it_still_shows_its_view(cars: Any, shelf: list[SavedView]) -> None:
    same = view(cars, "?cols=number,price&status=active&view=k1&page=2&q=L26")
    assert same.tools.current == LATE and not same.tools.is_changed
    assert view(cars, "?status=settled&view=k1").tools.is_changed
    assert "逾期的" in answered(cars, "?status=settled&view=k1").content.decode()


def test_what_was_searched_for_is_never_kept(cars: Any) -> None:
    assert view(cars, "?q=王小明&status=active&page=2&view=x&sort=-price").tools.query == "sort=-price&status=active"
    assert saved.lasting("q=1&page=2&view=3&export=csv&rows=1,2&b=2&a=1") == "a=1&b=2"


def test_htmx_is_told_the_address_that_the_list_really_has(cars: Any) -> None:
    request = asked("?cols=number&cols=price&nonsense=1&page=")
    request.META["HTTP_HX_TARGET"] = "list-body"
    assert page(cars).respond(request)["HX-Push-Url"] == "/cars/?cols=number,price"


@pytest.mark.parametrize(("cookie", "density"), [("compact", "compact"), ("roomy", "roomy"), ("", "normal"), ('x" onload="', "normal")])
def test_the_density_comes_from_the_cookie_and_nothing_else(cars: Any, cookie: str, density: str) -> None:
    request = asked()
    request.COOKIES["density"] = cookie
    assert f'class="list density-{density}"' in page(cars).respond(request).content.decode()


def test_views_cost_one_question_however_many_there_are(cars: Any, shelf: list[SavedView]) -> None:
    shelf.extend(SavedView(f"v{i}", f"视图{i}", "status=active") for i in range(30))
    with CaptureQueriesContext(connection) as asked_for:
        answered(cars, "?size=50")
    assert len(asked_for) <= 6


def test_a_column_of_a_method_shows_what_it_says_and_not_the_method() -> None:
    """Django's words for a choice are one; the page and the files show the same."""
    row = SimpleNamespace(get_kind_display=partial(str.upper, "loan"), price=None)
    column = Column("get_kind_display", "种类")
    assert (column.html(row), column.raw(row), column.text(column.raw(row))) == ("LOAN", "LOAN", "LOAN")
    assert Column("price", "价格").raw(row) is None
