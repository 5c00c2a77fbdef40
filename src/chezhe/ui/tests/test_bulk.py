"""Bulk work: nothing is done that the preview did not name, and every row has its own answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from django.http import HttpResponse

from chezhe.kernel.errors import Invalid, NotFound, StepUpRequired
from chezhe.kernel.permission import Permission
from chezhe.ui import forms
from chezhe.ui.bulk import Bulk
from chezhe.ui.tests.cars import CHEN, asked, page

SELL = Permission("cars.sell", "卖车", (), "admin", (), (), moves_money=False, reads_only=False)
SELLER = replace(CHEN, permissions=frozenset(["cars.sell"]))


class SellForm(forms.Form):
    buyer = forms.TextField(label="买主", max_length=20)


def sell(row: Any, values: Mapping[str, Any], request: Any) -> None:
    if row.number == "L26-000007":
        raise Invalid(code="not_this_one", sentence="这辆车有纠纷。")
    row.owner_name = values["buyer"]
    row.save()


SELLING = Bulk(
    key="sell", label="卖出", permission=SELL, carry_out=sell, amount="price", form=lambda _request, data: SellForm(data),
    why_not=lambda row: "已经结清。" if row.status == "settled" else "",
)


def post(cars: Any, query: str = "", actor: Any = SELLER, bulk: Bulk = SELLING, **sent: Any) -> HttpResponse:
    return page(cars, bulk=[bulk]).respond(asked(query, actor, bulk="sell", **sent))


def keys(cars: Any, *numbers: int) -> list[int]:
    return [cars.objects.get(number=f"L26-{n:06d}").pk for n in numbers]


def test_the_preview_counts_sums_and_says_what_is_left_out(cars: Any) -> None:
    body = post(cars, rows=keys(cars, 1, 6, 7)).content.decode()
    assert "¥13.00" in body and "L26-000001</span> 已经结清。" in body and "处理 2 条" in body
    assert body.count('name="rows"') == 2 and 'name="buyer"' in body
    assert cars.objects.filter(owner_name="孙").count() == 0


def test_everything_found_means_what_the_filter_finds(cars: Any) -> None:
    body = post(cars, "?owner=赵&status=active", all="yes").content.decode()
    assert body.count('name="rows"') == 20 and "处理 20 条" in body


def test_rows_that_the_list_does_not_find_are_not_touched(cars: Any) -> None:
    body = post(cars, "?status=settled", rows=keys(cars, 6)).content.decode()
    assert "选中的行都不能处理" in body and 'name="rows"' not in body
    hidden = page(cars, bulk=[SELLING], queryset=cars.objects.filter(owner_id=8)).respond(
        asked("", SELLER, bulk="sell", step="one", row=keys(cars, 6)[0], buyer="孙"))
    assert json.loads(hidden.content)["outcome"] == "refused"
    assert cars.objects.filter(owner_name="孙").count() == 0


def test_too_many_rows_are_refused_with_the_figures(cars: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from chezhe.ui import bulk

    monkeypatch.setattr(bulk, "ROWS_MAX", 10)
    assert "选了 45 行，一次最多处理 10 行" in post(cars, all="yes").content.decode()


def test_what_all_rows_share_is_judged_before_the_first_row(cars: Any) -> None:
    wrong = post(cars, step="check", rows=keys(cars, 6), buyer="")
    assert wrong.status_code == 200 and "请填写买主" in wrong.content.decode()
    assert post(cars, step="check", rows=keys(cars, 6), buyer="孙").status_code == 204


def test_each_row_is_carried_out_and_answered_for_itself(cars: Any) -> None:
    answers = [json.loads(post(cars, step="one", row=key, buyer="孙").content) for key in keys(cars, 1, 6, 7, 8)]
    assert [a["outcome"] for a in answers] == ["refused", "done", "refused", "done"]
    assert [a["sentence"] for a in answers] == ["已经结清。", "", "这辆车有纠纷。", ""]
    assert set(cars.objects.filter(owner_name="孙").values_list("number", flat=True)) == {"L26-000006", "L26-000008"}
    assert json.loads(post(cars, step="one", row="x", buyer="孙").content)["outcome"] == "refused"


def test_who_may_not_do_it_sees_no_button_and_is_refused(cars: Any) -> None:
    assert 'data-bulk' not in page(cars, bulk=[SELLING]).respond(asked("", CHEN)).content.decode()
    assert 'data-bulk' in page(cars, bulk=[SELLING]).respond(asked("", SELLER)).content.decode()
    for step in ("preview", "check", "one"):
        with pytest.raises(NotFound):
            post(cars, actor=CHEN, step=step, rows=keys(cars, 6), row=keys(cars, 6)[0], buyer="孙")
    with pytest.raises(NotFound):
        page(cars).respond(asked("", SELLER, bulk="sell"))


def test_money_wants_the_second_factor_and_the_typed_sum(cars: Any, settings: Any) -> None:
    moving = replace(SELLING, permission=replace(SELL, moves_money=True))
    settings.STEP_UP_REQUIRED = True
    with pytest.raises(StepUpRequired):
        post(cars, bulk=moving, rows=keys(cars, 6))
    settings.STEP_UP_REQUIRED = False
    body = post(cars, bulk=moving, rows=keys(cars, 6, 7)).content.decode()
    assert 'data-typed="13.00"' in body and "data-needs-typed" in body
    assert "data-typed" not in post(cars, rows=keys(cars, 6)).content.decode()
