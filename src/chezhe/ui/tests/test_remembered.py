"""Parts that are drawn once: the same for the same values, anew for others, in each language."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from django.test import RequestFactory
from django.utils import translation

from chezhe.kernel.actor import ANONYMOUS, Actor
from chezhe.ui import remembered
from chezhe.ui.context import Shell
from chezhe.ui.remembered import drawn
from chezhe.ui.tests.test_shell import LIN

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


def frame(path: str, actor: Actor) -> str:
    made = RequestFactory().get(path)
    made.actor = actor  # type: ignore[attr-defined]
    shell = Shell(made)
    return shell.topbar + shell.rail + shell.dialogs


@pytest.mark.django_db
def test_a_remembered_frame_says_what_this_page_says() -> None:
    first = frame("/a/?q=<script>", LIN)
    assert 'value="/a/?q=%3Cscript%3E"' in first and "林强" in first and "hole-" not in first
    again = frame("/b/", LIN)
    assert 'value="/b/"' in again and "/a/" not in again
    tokens = re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', first), re.findall(r'name="csrfmiddlewaretoken" value="([^"]+)"', again)
    assert all(len(token) == 64 for found in tokens for token in found) and not set(tokens[0]) & set(tokens[1])


@pytest.mark.django_db
def test_nobody_is_shown_the_frame_of_another() -> None:
    """Neither of somebody with the same rights, nor one's own of before the rights changed."""
    assert "林强" in frame("/", LIN)
    other = frame("/", replace(LIN, key="staff:2", name="王<b>"))
    assert "林强" not in other and "王&lt;b&gt;" in other
    assert "leads" not in frame("/", replace(LIN, permissions=frozenset())).replace("leads.", "")
    assert "林强" not in frame("/", ANONYMOUS)
