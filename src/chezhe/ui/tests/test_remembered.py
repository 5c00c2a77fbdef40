"""Parts that are drawn once: the same for the same values, anew for others, in each language."""

from __future__ import annotations

import pytest
from django.utils import translation

from chezhe.ui import remembered
from chezhe.ui.remembered import drawn

CHOICE = "ui/list/role_choice.html"


@pytest.fixture(autouse=True)
def nothing_remembered() -> None:
    remembered._drawn.clear()


def test_the_same_values_are_drawn_once() -> None:
    roles = [("finance", "财务"), ("sales", "<销售>")]
    first = drawn(CHOICE, {"roles": roles, "chosen": "sales"})
    assert '<option value="sales" selected>&lt;销售&gt;</option>' in first
    assert drawn(CHOICE, {"roles": list(roles), "chosen": "sales"}) is first
    assert drawn(CHOICE, {"roles": roles, "chosen": ""}) != first


def test_every_language_has_its_own() -> None:
    columns = (("number", "编号", True, False),)
    with translation.override("zh-hans"):
        chinese = drawn("ui/list/column_choice.html", {"columns": columns})
    with translation.override("en"):
        assert drawn("ui/list/column_choice.html", {"columns": columns}) != chinese


def test_memory_does_not_grow_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "MOST", 3)
    for number in range(7):
        drawn(CHOICE, {"roles": (("r", str(number)),), "chosen": ""})
    assert len(remembered._drawn) <= 3
