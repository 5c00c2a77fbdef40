"""List pages: what the URL may ask, what it may not, and what the files hold."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from chezhe.kernel.models import AuditEntry
from chezhe.ui.tests.cars import answered, asked, numbers, page, view


def test_it_shows_a_page_and_counts_the_rest(cars: Any) -> None:
    shown = view(cars)
    assert len(shown.page) == 20 and shown.total == 45
    assert numbers(shown)[0] == "L26-000001"
    assert numbers(view(cars, "?page=3")) == [f"L26-{i:06d}" for i in range(41, 46)]


@pytest.mark.parametrize("query", ["?size=7", "?size=-1", "?size=abc", "?size=100000", "?page=999", "?page=abc"])
def test_odd_page_sizes_and_numbers_do_not_break_it(cars: Any, query: str) -> None:
    assert view(cars, query).size == 20
    assert numbers(view(cars, query))


def test_the_foot_sums_everything_found_not_only_the_page(cars: Any) -> None:
    sums = {cell.column.key: str(cell.html) for cell in view(cars).sums or []}
    assert "¥1,035.00" in sums["price"], "1+2+…+45"
    sums = {cell.column.key: str(cell.html) for cell in view(cars, "?status=settled").sums or []}
    assert "¥15.00" in sums["price"]


def test_it_sorts_only_by_columns_that_say_so(cars: Any) -> None:
    assert numbers(view(cars, "?sort=-price"))[0] == "L26-000045"
    for query in ("?sort=owner_id", "?sort=-branch_id", "?sort=price__x", "?sort=?", "?sort=owner_name"):
        assert numbers(view(cars, query))[0] == "L26-000001"


def test_filters_narrow_and_become_chips(cars: Any) -> None:
    shown = view(cars, "?status=settled&sold_from=2026-01-03&sold_to=2026-01-04")
    assert numbers(shown) == ["L26-000002", "L26-000003"]
    assert [c.text for c in shown.chips] == ["已结清", "2026-01-03 ～ 2026-01-04"]
    assert shown.chips[0].url == "/cars/?sold_from=2026-01-03&sold_to=2026-01-04"


def test_search_finds_full_width_digits(cars: Any) -> None:
    assert numbers(view(cars, "?q=０００００７")) == ["L26-000007"]


def test_a_search_may_be_a_function_that_only_the_list_calls(cars: Any) -> None:
    def by_end(queryset: Any, text: str) -> Any:
        return queryset.filter(number__endswith=text)

    body = answered(cars, "?q=45", search=by_end).content.decode()
    assert "L26-000045" in body and "L26-000044" not in body and 'name="q"' in body


@pytest.mark.parametrize(("query", "says"), [
    ("?status=deleted", "没有这个选项"), ("?sold_from=2026-02-30", "真实存在"), ("?sold_from=2026-03-01&sold_to=2026-02-01", "不能晚于"),
    ("?owner=" + "x" * 81, "最多输入"), ("?scope=all", "数据范围"), ("?scope=everything", "没有这个选项"),
])
def test_a_filter_that_is_wrong_says_so_and_shows_nothing(cars: Any, query: str, says: str) -> None:
    shown = view(cars, query)
    assert says in "".join(shown.errors.values()) and shown.total == 0
    assert answered(cars, query).status_code == 422
    assert answered(cars, query + "&export=csv").status_code == 400


def test_a_parameter_that_no_filter_declares_changes_nothing(cars: Any) -> None:
    shown = view(cars, "?owner_id=8&price__gt=1&_connector=OR&id=1")
    assert shown.total == 45 and "owner_id" not in shown.url()


def test_scope_offers_only_what_the_actor_reaches(cars: Any) -> None:
    assert view(cars, "?scope=own").total == 10
    offered = next(i for i in view(cars).inputs if i.name == "scope")
    assert [value for value, _ in offered.choices] == ["own", "branch"]


def test_the_query_count_does_not_grow_with_the_rows(cars: Any) -> None:
    def queries(query: str) -> int:
        with CaptureQueriesContext(connection) as asked_for:
            answered(cars, query)
        return len(asked_for)

    assert queries("?size=20&q=L26-00000") == queries("?size=50") <= 6


def test_the_page_escapes_what_people_wrote(cars: Any) -> None:
    cars.objects.filter(number="L26-000001").update(owner_name="<script>alert(1)</script>")
    body = answered(cars, "?q=<img src=x>").content.decode()
    assert "<img src=x>" not in body
    body = answered(cars, "").content.decode()
    assert "<script>alert" not in body and "&lt;script&gt;alert(1)" in body


def test_an_empty_list_says_why_and_offers_to_clear(cars: Any) -> None:
    body = answered(cars, "?q=nobody").content.decode()
    assert "没有符合条件的记录" in body and 'href="/cars/"' in body
    assert "这里还没有记录" in answered(cars, "", queryset=cars.objects.none()).content.decode()


def test_htmx_gets_the_body_alone(cars: Any) -> None:
    request = asked("")
    request.META["HTTP_HX_TARGET"] = "list-body"
    body = page(cars).respond(request).content.decode()
    assert body.lstrip().startswith("<section") and "<html" not in body


def test_csv_holds_all_rows_found_with_plain_amounts(cars: Any) -> None:
    response = answered(cars, "?status=settled&export=csv&page=3")
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == ["编号", "车主", "价格", "年利率", "售出", "状态"]
    assert rows[1] == ["L26-000001", "赵*", "1.00", "0.1", "2026-01-02", "已结清"]
    assert len(rows) == 6 and response.content.startswith(b"\xef\xbb\xbf")


def test_xlsx_keeps_long_numbers_as_text_and_amounts_as_numbers(cars: Any) -> None:
    cars.objects.filter(number="L26-000001").update(number="110101199003071234")
    book = load_workbook(io.BytesIO(answered(cars, "?status=settled&export=xlsx").content))
    sheet = book.worksheets[0]
    row = next(r for r in sheet.iter_rows(min_row=2) if r[1].value == "赵*" and str(r[0].value).startswith("1101"))
    assert (row[0].value, row[0].data_type, row[0].number_format) == ("110101199003071234", "s", "@")
    assert (row[2].value, row[2].data_type, row[2].number_format) == (1, "n", "#,##0.00")
    assert row[4].is_date
    about = {r[0].value: r[1].value for r in book.worksheets[1].iter_rows()}
    assert about["导出人"] == "陈立" and about["行数"] == "5" and "已结清" in about["筛选条件"]


PAYLOADS = [
    prefix + sign + "cmd|' /C calc'!A0"
    for sign in ("=", "+", "-", "@", "\t=", "\r=", "\n=", "＝", "＋", "－", "＠")
    for prefix in ("", " ", "\u00a0", "\u3000", "first line\n", "\ufeff")
]


def test_no_cell_of_an_export_can_run(cars: Any) -> None:
    cars.objects.all().delete()
    cars.objects.bulk_create([cars(number=payload[:40], owner_name=payload) for payload in PAYLOADS])
    text = answered(cars, "?export=csv").content.decode("utf-8-sig")
    sheet = load_workbook(io.BytesIO(answered(cars, "?export=xlsx").content)).worksheets[0]
    cells = [c for r in csv.reader(io.StringIO(text)) for c in r] + [c.value for r in sheet.iter_rows() for c in r if c.data_type != "n"]
    assert len(cells) > 4 * len(PAYLOADS)
    for cell in cells:
        for line in str(cell).splitlines():
            assert not line.lstrip(" \u00a0\u3000\u200b\ufeff").startswith(tuple("=+-@\t\r\n＝＋－＠")), repr(cell)
    assert all(c.data_type != "f" for r in sheet.iter_rows() for c in r)


def test_an_export_is_written_into_the_audit_trail_without_what_was_searched(cars: Any) -> None:
    answered(cars, "?q=L26&status=settled&export=csv")
    entry = AuditEntry.objects.get(verb="ui.export_list")
    assert (entry.actor_name, entry.facts) == ("陈立", {"list": "cars", "format": "csv", "rows": 5})


def test_an_export_that_is_too_large_is_refused_with_the_figures(cars: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from chezhe.ui import list_files

    monkeypatch.setattr(list_files, "EXPORT_ROWS_MAX", 10)
    response = answered(cars, "?export=xlsx")
    assert response.status_code == 400 and "45 行" in response.content.decode()


def test_a_list_that_is_not_exportable_answers_the_page(cars: Any) -> None:
    response = answered(cars, "?export=csv", exportable=False)
    assert response["Content-Type"].startswith("text/html") and "CSV" not in response.content.decode()
