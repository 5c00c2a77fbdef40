"""The styleguide in a real Chromium: content policy, accessibility, phone width, keys, dialogs, calendar."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import LiveServerTestCase, override_settings

from chezhe.kernel.actor import Actor, Reach

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = settings.ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
LIN = Actor(key="staff:1", name="林强", user_id=1, roles=frozenset(["sales"]), reach=Reach.OWN)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: type  apt-get install chromium"),
    pytest.mark.skipif(finders.find("build/app.js") is None or not AXE.exists(), reason="not built: type  ./run build"),
]


class LinIsSignedIn:
    """Stands where the staff room's middleware stands, which this room may not know."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = LIN  # type: ignore[attr-defined]
        return self.get_response(request)


HERE = f"{__name__}.LinIsSignedIn"
FRAME = [HERE if "ActorMiddleware" in name else name for name in settings.MIDDLEWARE if "axes" not in name]


@override_settings(MIDDLEWARE=FRAME)
class StyleguideInChromium(LiveServerTestCase):
    """One browser for all tests here; each opens a page of its own."""

    browser: Any
    driver: Any

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        from playwright.sync_api import sync_playwright

        cls.driver = sync_playwright().start()
        cls.browser = cls.driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])

    @classmethod
    def tearDownClass(cls) -> None:
        cls.browser.close()
        cls.driver.stop()
        super().tearDownClass()

    @contextmanager
    def page(self, *, width: int = 1366, height: int = 768, theme: str = "light", bypass_csp: bool = False) -> Iterator[Any]:
        """A page of the styleguide; any fault of the console and any request elsewhere fails the test."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", timezone_id="Asia/Shanghai",
            bypass_csp=bypass_csp, reduced_motion="reduce",
        )
        faults: list[str] = []
        shown = context.new_page()
        shown.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        shown.on("pageerror", lambda error: faults.append(str(error)))
        shown.on("request", lambda asked: faults.append(asked.url) if not asked.url.startswith((self.live_server_url, "data:", "blob:")) else None)
        shown.goto(f"{self.live_server_url}/styleguide/")
        shown.wait_for_selector("[data-chart] svg")
        yield shown
        context.close()
        assert faults == []

    def test_nothing_comes_from_elsewhere_and_the_console_is_silent(self) -> None:
        with self.page() as page:
            charts = page.locator("[data-chart]").count()
            page.wait_for_function(f"document.querySelectorAll('[data-chart] svg').length === {charts}")

    def test_axe_finds_nothing_serious_in_light_and_dark_on_desk_and_phone(self) -> None:
        found = []
        for theme in ("light", "dark"):
            for width, height in ((1366, 768), (375, 812)):
                with self.page(width=width, height=height, theme=theme, bypass_csp=True) as page:
                    page.evaluate(Path(AXE).read_text())
                    result = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
                    found += [(theme, width, v["id"], [n["html"][:90] for n in v["nodes"][:3]]) for v in result["violations"]]
        assert found == []

    def test_the_phone_never_scrolls_sideways_and_its_targets_are_large(self) -> None:
        with self.page(width=375, height=812) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= 375
            small = page.evaluate(
                "[...document.querySelectorAll('.topbar button, .topbar a, main .btn, main input:not([type=checkbox]):not([type=radio]):not(.visually-hidden)')]"
                ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5 && !e.classList.contains('brand'))"
                ".map(e => e.outerHTML.slice(0, 90))"
            )
            assert small == []

    def test_the_drawer_opens_and_escape_gives_the_focus_back(self) -> None:
        with self.page(width=375, height=812) as page:
            page.click(".rail-open")
            assert page.locator("#rail").evaluate("e => e.classList.contains('is-open')")
            page.keyboard.press("Escape")
            assert page.evaluate("document.activeElement.classList.contains('rail-open')")

    def test_the_theme_is_kept_and_comes_back_before_the_first_paint(self) -> None:
        with self.page() as page:
            page.click(".topbar-tools > [data-theme-switch]")
            assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"
            answer = page.request.get(f"{self.live_server_url}/styleguide/")
            assert 'data-bs-theme="dark"' in answer.text()[:400]

    def test_money_leaves_only_after_the_amount_was_typed(self) -> None:
        with self.page() as page:
            page.click("[data-opens=sg-pay]")
            button = page.locator("#sg-pay button[type=submit]")
            assert button.is_disabled()
            page.fill("#sg-pay-typed", "¥120,000.00")
            assert button.is_enabled()
            page.keyboard.press("Escape")
            assert not page.locator("#sg-pay").is_visible()

    def test_a_day_is_picked_with_the_keyboard_and_a_wrong_one_stays_for_correction(self) -> None:
        with self.page() as page:
            field = page.locator("#id_first_due_on")
            field.fill("2026/11/3")
            field.blur()
            assert field.input_value() == "2026-11-03"
            page.click("#id_first_due_on_field .date-button")
            for key in ("ArrowDown", "ArrowRight", "Enter"):
                page.keyboard.press(key)
            assert field.input_value() == "2026-11-11"
            assert page.locator("#wrong_first_due_on").input_value() == "2026-02-30"

    def test_an_identifier_is_judged_while_one_fills_in_the_form(self) -> None:
        with self.page() as page:
            page.fill("#id_id_number", "110101199003070012")
            page.locator("#id_id_number").blur()
            page.wait_for_selector("#id_id_number_check .field-error")
            page.fill("#id_mobile", "138 0013 8000")
            page.locator("#id_mobile").blur()
            page.wait_for_selector("#id_mobile_check .field-good")

    def test_a_chart_turns_into_its_table(self) -> None:
        with self.page() as page:
            figure = page.locator("figure.chart").first
            figure.locator("[data-chart-twin]").click()
            assert figure.locator("table").is_visible() and not figure.locator("[data-chart]").is_visible()

    def test_a_chart_that_cannot_be_drawn_shows_its_table(self) -> None:
        context = self.browser.new_context()
        page = context.new_page()
        page.route("**/charts.js", lambda route: route.abort())
        page.goto(f"{self.live_server_url}/styleguide/")
        page.wait_for_selector("figure.chart.shows-table table")
        context.close()

    def test_rows_are_walked_with_j_and_k_but_never_while_typing(self) -> None:
        with self.page() as page:
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press("j")
            page.keyboard.press("j")
            assert page.locator("[data-rows] tbody tr").nth(1).get_attribute("data-current") == ""
            page.keyboard.press("k")
            assert page.locator("[data-rows] tbody tr").nth(0).get_attribute("data-current") == ""
            page.focus("#id_name")
            page.keyboard.type("jk?")
            assert page.locator("#id_name").input_value() == "jk?" and not page.locator("#keys").is_visible()

    def test_the_question_mark_shows_the_keys_and_they_can_be_switched_off(self) -> None:
        with self.page() as page:
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press("?")
            page.check("[data-keys-off]")
            page.keyboard.press("Escape")
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press("?")
            assert not page.locator("#keys").is_visible()
