"""The manual: every page of the product has its page, in both languages, and nothing in it can run or lead astray."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from chezhe.documents.tests.people import Cast
from chezhe.kernel.testing import WU
from chezhe.ui import navigation
from chezhe.workbench import manual
from chezhe.workbench.manual import Page

ENTRIES = sorted({item.url_name for store in (navigation._items, navigation._quick, navigation._user_menu) for item in store.values()})


def text(response: Any) -> str:
    return response.content.decode()


@pytest.mark.parametrize("language", manual.LANGUAGES)
@pytest.mark.parametrize("url_name", [name for name in ENTRIES if name != "staff:sign_out"])
def test_every_entry_of_the_navigation_has_its_page(url_name: str, language: str) -> None:
    assert manual.is_covered(url_name, language), f"write a page of the manual that covers {url_name}"


def test_both_languages_have_the_same_pages_about_the_same_things() -> None:
    chinese, english = (manual.pages(language) for language in manual.LANGUAGES)
    assert set(chinese) == set(english)
    for key, page in chinese.items():
        other = english[key]
        assert (page.covers, page.group, page.order) == (other.covers, other.group, other.order), key
        assert page.title and page.text and page.group in navigation.GROUPS, key
        assert set(page.links) == set(other.links), f"{key}: the languages lead to different pages"
        assert not re.search(r"[\u4e00-\u9fff]", other.title + other.text), key


@pytest.mark.parametrize("language", manual.LANGUAGES)
def test_what_the_manual_leads_to_exists_and_nothing_is_covered_twice(language: str) -> None:
    found = manual.pages(language).values()
    for page in found:
        for name in page.links:
            assert reverse(name), f"{page.key} leads to {name}"
    covered = [name for page in found for name in page.covers]
    assert sorted(covered) == sorted(set(covered))


def test_a_page_of_its_own_comes_before_the_room() -> None:
    assert manual.page_for("payments:payouts", "zh-hans").key == "payout"
    assert manual.page_for("payments:something_new", "zh-hans").key == "receipts"
    assert manual.page_for("nowhere:at_all", "en").key == manual.START


def test_the_small_markdown_is_escaped_and_its_links_stay_at_home() -> None:
    page = Page("x", "x", (), "workbench", 1, (
        "## 头 <b>\n\n一段 **重 <i>** 和 `<code>`，[[Ctrl]] 与 [待办](workbench:tasks)、[没有](no:where)、[坏](javascript:alert)。\n\n"
        "- 甲\n- <script>乙</script>\n\n1. 一\n2. 二\n接着说"
    ))
    assert page.html == (
        "<h3>头 &lt;b&gt;</h3>\n"
        '<p>一段 <strong>重 &lt;i&gt;</strong> 和 <span class="code">&lt;code&gt;</span>，<kbd>Ctrl</kbd> 与 <a href="/tasks/">待办</a>、没有、坏。</p>\n'
        "<ul><li>甲</li><li>&lt;script&gt;乙&lt;/script&gt;</li></ul>\n"
        "<ol><li>一</li><li>二</li></ol>\n<p>接着说</p>"
    )


def test_the_help_of_a_page_opens_beside_it_and_as_a_page(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    assert 'data-help-from="/help/?for=leads:leads"' in text(client.get("/leads/"))
    part = text(client.get("/help/?for=leads:leads", headers={"HX-Request": "true"}))
    assert part.lstrip().startswith("<article") and "公共池" in part
    page = text(client.get("/help/?for=leads:leads"))
    assert "使用手册" in page and 'aria-current="page">线索与公共池' in page
    assert "Leads and the public pool" in text(client.get("/help/?for=leads:leads", headers={"Accept-Language": "en"}))
    assert client.get("/help/nothing-here/").status_code == 404
    assert browser.acts_as(WU).get("/help/").status_code == 200, "the manual is for everybody who is signed in"


def test_the_manual_can_be_searched(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    found = text(client.get("/help/?q=保护期"))
    assert "线索与公共池" in found and "/help/ledger/" not in found
    assert "手册里没有这些字" in text(client.get("/help/?q=<img src=x>")) and "<img src=x>" not in text(client.get("/help/?q=<img src=x>"))


def test_the_pages_come_with_the_package() -> None:
    """A wheel without them would have no help."""
    settings = Path(manual.__file__).parents[3].joinpath("pyproject.toml").read_text(encoding="utf-8")
    assert '"*.md"' in settings
