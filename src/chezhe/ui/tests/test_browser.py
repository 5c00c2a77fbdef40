"""The styleguide in a real Chromium: content policy, accessibility, phone width, keys, dialogs, calendar."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from chezhe.kernel.actor import Actor, Reach
from chezhe.ui.tests.browser import DESK, PHONE, WithoutSignIn, browser_marks

LIN = Actor(key="staff:1", name="林强", user_id=1, roles=frozenset(["sales"]), reach=Reach.OWN)
pytestmark = browser_marks


class StyleguideInChromium(WithoutSignIn):
    @contextmanager
    def page(self, **frame: Any) -> Iterator[Any]:
        with self.window("/styleguide/", by=LIN, **frame) as window:
            yield window.page

    def test_nothing_comes_from_elsewhere_and_the_console_is_silent(self) -> None:
        with self.window("/styleguide/", by=LIN) as window:
            assert window.page.locator("[data-chart]").count() > 3
            window.page.wait_for_load_state("networkidle")

    def test_axe_finds_nothing_serious_in_light_and_dark_on_desk_and_phone(self) -> None:
        for theme in ("light", "dark"):
            for size in (DESK, PHONE):
                with self.window("/styleguide/", by=LIN, size=size, theme=theme) as window:
                    window.judge(f"styleguide-{theme}-{size[0]}")

    def test_the_phone_never_scrolls_sideways_and_its_targets_are_large(self) -> None:
        with self.page(size=PHONE) as page:
            assert page.evaluate("document.documentElement.scrollWidth") <= 375
            small = page.evaluate(
                "[...document.querySelectorAll('.topbar button, .topbar a, main .btn, main input:not([type=checkbox]):not([type=radio]):not(.visually-hidden)')]"
                ".filter(e => e.checkVisibility() && e.getBoundingClientRect().height < 43.5 && !e.classList.contains('brand'))"
                ".map(e => e.outerHTML.slice(0, 90))"
            )
            assert small == []

    def test_the_drawer_opens_and_escape_gives_the_focus_back(self) -> None:
        with self.page(size=PHONE) as page:
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
        with self.window(by=LIN) as window:
            window.page.route("**/charts*.js", lambda route: route.abort())
            window.page.goto(f"{window.root}/styleguide/")
            window.page.wait_for_selector("figure.chart.shows-table table")
            assert ["net::ERR_FAILED" in fault for fault in window.faults] == [True]
            window.faults.clear()

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

    def test_the_question_mark_opens_the_manual_beside_the_page_and_the_keys_can_be_switched_off(self) -> None:
        with self.window("/styleguide/", by=LIN) as window:
            page = window.page
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press("?")
            window.sees("按岗位走一遍", within="#help").judge("help")
            window.press("快捷键", within="#help")
            assert not page.locator("#help").is_visible()
            window.judge("keys")
            page.check("[data-keys-off]")
            page.keyboard.press("Escape")
            page.evaluate("document.activeElement.blur()")
            page.keyboard.press("?")
            assert not page.locator("#help").is_visible()

    def test_every_key_can_be_changed_but_not_to_one_that_is_taken(self) -> None:
        with self.page() as page:
            page.click(".foot [data-opens=keys]")
            down = page.locator("[data-binds=down]")
            down.click()
            page.keyboard.press("k")
            assert "上一行" in page.locator("[data-key-error]").inner_text() and down.inner_text() == "j"
            down.click()
            page.keyboard.press("n")
            assert down.inner_text() == "n" and not page.locator("[data-key-error]").is_visible()
            page.keyboard.press("Escape")
            page.reload()
            page.evaluate("document.activeElement.blur()")
            rows = page.locator("[data-rows] tbody tr")
            page.keyboard.press("j")
            assert rows.nth(0).get_attribute("data-current") is None
            page.keyboard.press("n")
            assert rows.nth(0).get_attribute("data-current") == ""
            page.click(".foot [data-opens=keys]")
            page.click("[data-keys-reset]")
            assert down.inner_text() == "j"

    def test_help_stands_in_one_place_and_is_a_plain_link_without_scripts(self) -> None:
        with self.page() as page:
            page.click(".topbar .topbar-help")
            assert page.locator("#help").is_visible()
            assert page.locator(".topbar-help").get_attribute("href") == "/help/?for=ui:styleguide"
        with self.page(size=PHONE) as page:
            page.click(".person")
            page.click(".phone-switches [data-help]")
            page.wait_for_selector("#help .manual-page")
            assert page.evaluate("document.documentElement.scrollWidth") <= 375
