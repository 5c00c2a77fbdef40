"""The loan pages in a real Chromium: silent, accessible, and money taken with the mouse."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.test import LiveServerTestCase, override_settings
from django.urls import reverse

from chezhe.compliance.seeds import parameters
from chezhe.documents.tests import acting
from chezhe.kernel import clock
from chezhe.kernel.actor import Actor
from chezhe.servicing.models import Loan
from chezhe.servicing.tests.lending import Bank, days_pass, lend, make_bank, pay_instalments
from chezhe.servicing.tests.test_bank_files import imported
from chezhe.servicing.tests.test_life import agrees

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = django_settings.ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
FRAME = [
    "chezhe.servicing.tests.test_browser.FinanceIsSignedIn" if "ActorMiddleware" in name else name
    for name in django_settings.MIDDLEWARE if "axes" not in name
]
DAY = date(2026, 5, 20)
_signed_in: list[Actor] = []

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: type  apt-get install chromium"),
    pytest.mark.skipif(finders.find("build/app.js") is None or not AXE.exists(), reason="not built: type  ./run build"),
]


class FinanceIsSignedIn(acting.ActingAs):
    """The server runs in another thread: whoever was named last acts."""

    def __call__(self, request: Any) -> Any:
        request.actor = replace(_signed_in[-1], stepped_up_at=clock.now())
        return self.get_response(request)


def judge(page: Any, name: str) -> None:
    """Silent and accessible; SCREENSHOTS names a folder to keep pictures in."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("[...document.querySelectorAll('[data-chart]')].every(box => box.querySelector('svg, canvas'))")
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)
    page.add_script_tag(path=str(AXE))
    found = page.evaluate("async rules => (await axe.run(document, {runOnly: rules})).violations", RULES)
    serious = [(f["id"], f["nodes"][0]["html"][:160]) for f in found if f["impact"] in ("serious", "critical")]
    assert (name, page.faults, serious) == (name, [], [])


@override_settings(MIDDLEWARE=FRAME)
class LoansInChromium(LiveServerTestCase):
    def test_the_loan_pages_in_a_real_browser(self) -> None:
        parameters.sow()
        bank = make_bank()
        _signed_in.append(bank.fang)
        loan = lend(bank, product="P01")
        pay_instalments(bank, loan, 2)
        days_pass(bank, DAY)
        with tempfile.TemporaryDirectory() as folder, override_settings(MEDIA_ROOT=Path(folder)), self.page() as page:
            file = imported(bank, "2026-05-19,50.00,S3,李四,,房租")
            _money_is_taken_and_taken_back_with_the_mouse(page, loan)
            _the_pages_are_silent_and_accessible(page, bank, loan, file.number)
        assert agrees(loan)

    @contextmanager
    def page(self) -> Iterator[Any]:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            frame = {"width": 1366, "height": 900}
            context = browser.new_context(viewport=frame, locale="zh-CN", bypass_csp=True, reduced_motion="reduce")  # type: ignore[arg-type]
            page: Any = context.new_page()
            page.faults, page.root = [], self.live_server_url
            page.on("console", lambda said: page.faults.append(said.text) if said.type == "error" else None)
            page.on("pageerror", lambda error: page.faults.append(str(error)))
            yield page
            browser.close()


def _money_is_taken_and_taken_back_with_the_mouse(page: Any, loan: Loan) -> None:
    page.goto(page.root + reverse("servicing:loan", args=[loan.number]))
    page.get_by_role("link", name="收款").click()
    page.fill("[name=amount]", "4000")
    page.fill("[name=reference]", "HD-9")
    page.get_by_role("button", name="预览").click()
    page.get_by_role("button", name="确认收款").wait_for()
    judge(page, "repay")
    page.get_by_role("button", name="确认收款").click()
    page.get_by_text("已登记还款 4000.00 元").wait_for()
    page.locator("#tab-panel").get_by_role("link", name="冲正").first.click()
    page.fill("[name=reason]", "记错贷款")
    judge(page, "reverse")
    page.get_by_role("button", name="确认冲正").click()
    page.get_by_text("原分录与冲正分录都保留").wait_for()
    page.locator("#tab-panel").get_by_text("已冲正").first.wait_for()
    judge(page, "events")


def _the_pages_are_silent_and_accessible(page: Any, bank: Bank, loan: Loan, file_number: str) -> None:
    addresses = {
        "loan": reverse("servicing:loan", args=[loan.number]), "loan-journal": reverse("servicing:loan", args=[loan.number]) + "?tab=journal",
        "loan-track": reverse("servicing:loan", args=[loan.number]) + "?tab=track", "loans": reverse("servicing:loans") + "?bucket=overdue",
        "settlement": reverse("servicing:settlement", args=[loan.number]) + "?on=2026-05-20",
        "sheet": reverse("servicing:settlement_sheet", args=[loan.number]), "prepay": reverse("servicing:prepay", args=[loan.number]),
        "files": reverse("servicing:files"), "file": reverse("servicing:file", args=[file_number]),
        "match": reverse("servicing:match", args=["S3"]), "day": reverse("servicing:day"), "proof": reverse("servicing:proof") + "?loan_number=",
        "customer-loans": reverse("customers:customer", args=[bank.wang.number]) + "?tab=loans",
    }
    for name, address in addresses.items():
        page.goto(page.root + address)
        judge(page, name)
