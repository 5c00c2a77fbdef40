"""Navigation, the frame around a page, components, and the error pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template import engines
from django.template.loader import get_template
from django.test import RequestFactory
from django.utils import translation
from django_cotton.compiler_regex import CottonCompiler

from chezhe.kernel import refusals
from chezhe.kernel.actor import ANONYMOUS, Actor, Reach
from chezhe.kernel.errors import SamePerson
from chezhe.ui import context, navigation, views
from chezhe.ui.charts import Chart, Series
from chezhe.ui.parts import Change, Journal, JournalLine

LIN = Actor(key="staff:1", name="林强", user_id=1, roles=frozenset(["sales"]), permissions=frozenset(["leads.view"]), reach=Reach.OWN)
VOID = {"meta", "link", "input", "img", "br", "use", "circle", "path", "hr", "rect"}


def request(path: str = "/styleguide/", actor: Actor = LIN, **cookies: str) -> Any:
    made = RequestFactory().get(path)
    made.actor, made.request_id, made.user = actor, "req-1234", AnonymousUser()  # type: ignore[attr-defined]
    made.COOKIES.update(cookies)
    return made


def rendered(source: str, **values: Any) -> str:
    return str(engines["django"].from_string(CottonCompiler().process(source)).render(values, request()))


@pytest.fixture
def empty_navigation() -> Iterator[None]:
    kept = [dict(store) for store in (navigation._items, navigation._quick, navigation._user_menu)]
    stores = (navigation._items, navigation._quick, navigation._user_menu)
    for store in stores:
        store.clear()
    yield
    for store, old in zip(stores, kept, strict=True):
        store.clear()
        store.update(old)  # type: ignore[arg-type]


class Wellformed(HTMLParser):
    """Fails on a tag that closes what was never opened, on inline scripts and on handlers."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: list[str] = []
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = dict(attrs)
        self.faults += [f"handler {name}" for name in named if name.startswith(("on", "hx-on"))]
        if tag == "script" and "src" not in named and named.get("type") != "application/json":
            self.faults.append("inline script")
        self.faults += [f"outside address {v}" for k, v in attrs if k in ("src", "href") and str(v).startswith(("http", "//"))]
        if "id" in named:
            self.ids.append(str(named["id"]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID and (not self.open or self.open.pop() != tag):
            self.faults.append(f"stray </{tag}> at {self.getpos()}")


def faults_in(html: str) -> list[str]:
    parser = Wellformed()
    parser.feed(html)
    doubled = sorted({i for i in parser.ids if parser.ids.count(i) > 1})
    return parser.faults + ([f"left open {parser.open}"] if parser.open else []) + [f"doubled id {i}" for i in doubled]


def test_the_rail_shows_only_what_one_may_open(empty_navigation: None) -> None:
    navigation.register(navigation.NavItem("leads", "customers", "线索", "ui:styleguide", "leads.view"))
    navigation.register(navigation.NavItem("books", "servicing", "总账", "ui:styleguide", "ledger.view"))
    navigation.register(navigation.NavItem("later", "reports", "报表", "nobody:built_this"))
    assert [(g.key, [i.key for i in g.items]) for g in navigation.items_for(LIN)] == [("customers", ["leads"])]
    assert navigation.items_for(None) == []
    assert navigation.broken() == ["nobody:built_this"]


def test_entries_stand_in_their_order_and_an_unknown_group_is_a_bug(empty_navigation: None) -> None:
    for key, order in (("b", 2), ("a", 1), ("c", 3)):
        navigation.register(navigation.NavItem(key, "settings", key, "ui:styleguide", order=order))
    assert [i.key for i in navigation.items_for(LIN)[0].items] == ["a", "b", "c"]
    with pytest.raises(ValueError, match="unknown navigation group"):
        navigation.register(navigation.NavItem("x", "elsewhere", "x", "ui:styleguide"))


def test_quick_entries_ask_for_their_permission(empty_navigation: None) -> None:
    navigation.register_quick("新建线索", "ui:styleguide", "leads.create")
    assert navigation.quick_for(LIN) == []
    assert [link.label for link in navigation.quick_for(Actor("k", "n", permissions=frozenset(["leads.create"])))] == ["新建线索"]


def test_a_stranger_gets_no_navigation(empty_navigation: None) -> None:
    navigation.register(navigation.NavItem("open", "settings", "x", "ui:styleguide"))
    assert context.Shell(request(actor=ANONYMOUS)).groups == []
    assert context.Shell(RequestFactory().get("/")).groups == []


def test_the_theme_comes_from_the_cookie_and_nothing_else() -> None:
    assert context.Shell(request(theme="dark")).theme == "dark"
    assert context.Shell(request(theme='"><script>')).theme == ""


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_styleguide_is_well_formed_and_keeps_the_content_policy(language: str) -> None:
    with translation.override(language):
        html = views.styleguide(request()).content.decode()
    assert faults_in(html) == []
    assert 'lang="zh-Hans"' in html.split("<head>")[0] if language == "zh-hans" else 'lang="en"' in html.split("<head>")[0]
    for landmark in ("<main id=\"main\"", "<header", "<nav id=\"rail\"", "<footer", 'class="skip-link"'):
        assert landmark in html


@pytest.mark.django_db
def test_the_english_styleguide_holds_no_chinese() -> None:
    with translation.override("en"):
        html = views.styleguide(request()).content.decode()
    shown = re.sub(r'<button[^>]*lang="zh-Hans".*?</button>', "", html.split("<main")[1])
    assert re.findall(r"[\u4e00-\u9fff]+", shown) == []


@pytest.mark.django_db
@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 503])
def test_error_pages_are_calm_and_carry_the_reference(status: int) -> None:
    html = get_template(f"ui/errors/{status}.html").render({"request_id": "req-1234"}, request())
    assert "req-1234" in html and faults_in(html) == []


def test_the_server_error_page_needs_no_database() -> None:
    """No `db` fixture here: a query would fail the test."""
    assert "req-1234" in views.server_error(request()).content.decode()


def test_the_api_gets_problem_details_from_the_error_doors() -> None:
    response = views.not_found(request("/api/v1/nothing"))
    assert response.status_code == 404 and response["Content-Type"].startswith("application/problem+json")


@pytest.mark.django_db
def test_a_refusal_reads_as_a_page_and_as_a_part() -> None:
    refusal = SamePerson(name="林强", verb="复核")
    page = refusals.respond(request(), refusal)
    assert page.status_code == 409 and "已经经办过这一笔" in page.content.decode() and "req-1234" in page.content.decode()
    part = request()
    part.META["HTTP_HX_REQUEST"] = "true"
    assert "<html" not in refusals.respond(part, refusal).content.decode()


def test_a_form_carries_the_token_against_double_clicks_each_time_anew() -> None:
    found = {re.search(r'name="_once" value="([0-9a-f-]{36})"', rendered("{% load ui %}{% once_token %}"))[1] for _ in range(3)}  # type: ignore[index]
    assert len(found) == 3


def test_components_escape_what_they_are_given() -> None:
    evil = '"><script>alert(1)</script>'
    html = rendered('<c-ui.card :title="evil"><c-ui.facts><c-ui.fact :label="evil">{{ evil }}</c-ui.fact></c-ui.facts></c-ui.card>'
                    '<c-ui.empty title="{{ evil }}" hint="{{ evil }}" /><c-ui.masked :value="evil" url="/x" :label="evil" />', evil=evil)
    assert "<script>" not in html and faults_in(html) == []


def test_a_component_does_not_take_its_title_from_the_page() -> None:
    assert "LEAK" not in rendered('<c-ui.card>x</c-ui.card><c-ui.empty /><c-ui.page-header />', title="LEAK", subtitle="LEAK", hint="LEAK")


def test_the_journal_reads_as_accountants_read_it() -> None:
    entry = Journal(date(2026, 3, 15), "还款", [JournalLine("银行存款", debit=317_439), JournalLine("应收利息", credit=74_000),
                                            JournalLine("贷款本金", credit=243_439)], reference="RCPT-1")
    html = rendered('<c-ui.journal :entry="entry" />', entry=entry)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).strip()
    assert text == ("2026-03-15 还款 RCPT-1 科目 借方 贷方 银行存款 ¥3,174.39 应收利息 ¥740.00 贷款本金 ¥2,434.39 "
                    "合计 借贷相等 ¥3,174.39 ¥3,174.39")


def test_before_and_after_marks_what_changes() -> None:
    html = rendered('<c-ui.changes :changes="c" />', c=[Change("月供", "¥1.00", "¥2.00"), Change("期数", "29", "29")])
    assert "<strong>¥2.00</strong>" in html and html.count("is-same") == 1


def test_every_chart_has_a_table_that_says_the_same() -> None:
    chart = Chart(id="c", kind="bar", title="放款额", measure="money", categories=["六月", "七月"], series=[Series("放款额", [100, None])])
    html = rendered('<c-ui.chart :chart="chart" />', chart=chart)
    assert chart.table_rows == [["六月", "¥1.00"], ["七月", "—"]]
    assert "¥1.00" in html and 'type="application/json"' in html and faults_in(html) == []


def test_a_dialog_that_moves_money_waits_for_the_typed_amount() -> None:
    html = rendered('<c-ui.confirm id="pay" title="放款" action="/pay/" submit="放款" typed="120000.00">x</c-ui.confirm>')
    assert 'data-typed="120000.00"' in html and "data-needs-typed" in html and 'name="_once"' in html and "csrfmiddlewaretoken" in html


ROOMS = Path(settings.ROOT, "src", "chezhe")
COMPONENTS = {path.stem.replace("_", "-") for path in (ROOMS / "ui" / "templates" / "cotton" / "ui").glob("*.html")}


def test_the_styleguide_shows_every_component() -> None:
    pages = [ROOMS / "ui/templates/ui/styleguide.html", *(ROOMS / "ui/templates/ui/parts").glob("*.html"), *(ROOMS / "ui/templates/cotton").rglob("*.html")]
    shown = {name for page in pages for name in re.findall(r"<c-ui\.([a-z-]+)", page.read_text())}
    assert sorted(COMPONENTS - shown) == []


def test_no_page_uses_a_component_that_does_not_exist() -> None:
    used = {(str(page.relative_to(ROOMS)), name) for page in ROOMS.glob("*/templates/**/*.html")
            for name in re.findall(r"<c-ui\.([a-z-]+)", page.read_text())}
    assert sorted(pair for pair in used if pair[1] not in COMPONENTS) == []
    assert len(used) > 40


def test_no_page_breaks_the_content_policy_in_its_source() -> None:
    handler = re.compile(r"""<[a-z][^<>]*\s(?:on(?!ce\b)[a-z]+|hx-on[:a-z-]*|x-on:[a-z]+)\s*=|<script(?![^>]*\bsrc=)|<style\b|hx-vals=["']js:|javascript:""")
    pages = {page: re.sub(r"{%.*?%}|{{.*?}}", "", page.read_text()) for page in ROOMS.glob("*/templates/**/*.html")}
    found = [f"{page.relative_to(ROOMS)}: {match[0][:60]}" for page, source in pages.items() for match in handler.finditer(source)]
    assert handler.search('<a class="x" onclick="go()">') and handler.search("<script>1</script>")
    assert found == []
