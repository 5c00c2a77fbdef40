"""The pages of products and books in a real Chromium: silent console, charts drawn, nothing serious for axe."""

from __future__ import annotations

import os
import shutil
from datetime import date
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import LiveServerTestCase, override_settings
from django.urls import reverse

from chezhe.compliance.seeds import lender, parameters
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import business_date, roles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.testing import actor
from chezhe.ledger import chart
from chezhe.ledger import steps as ledger_steps

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = settings.ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
DAY = date(2026, 4, 2)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: type  apt-get install chromium"),
    pytest.mark.skipif(finders.find("build/app.js") is None or not AXE.exists(), reason="not built: type  ./run build"),
]


class EverybodyIsSignedIn:
    """Stands where the staff room reads the session."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor("财务经理", roles.FINANCE, roles.RISK_MANAGER)  # type: ignore[attr-defined]
        return self.get_response(request)


FRAME = [f"{__name__}.EverybodyIsSignedIn" if "ActorMiddleware" in name else name for name in settings.MIDDLEWARE if "axes" not in name]


@override_settings(MIDDLEWARE=FRAME)
class PagesInChromium(LiveServerTestCase):
    """One browser; SCREENSHOTS names a folder to keep pictures in."""

    def setUp(self) -> None:
        parameters.sow()
        lender.sow_lender()
        business_date.open_day(DAY)
        moved = [
            Transfer(chart.LOAN_PRINCIPAL, chart.BANK_PAYOUT, 10_000_000, "loan:L26-000001-1"),
            Transfer(chart.BANK, chart.CAPITAL, 500_000_000), Transfer(chart.INTEREST_RECEIVABLE, chart.INTEREST_INCOME, 100_000),
        ]
        self.entry = ledger_steps.post(event="payout", reference="p1", transfers=moved, on=date(2026, 3, 20), by=SYSTEM)

    def addresses(self) -> dict[str, str]:
        asked = "?price=125000&down_payment=25000&condition=new&usage=private&energy=conventional"
        return {
            "entries": reverse("ledger:entries"), "entry": reverse("ledger:entry", args=[self.entry.number]),
            "accounts": reverse("ledger:accounts"), "trial": reverse("ledger:trial_balance"), "periods": reverse("ledger:periods"),
            "statement": reverse("ledger:statement") + "?account=1303.01&first=2026-03-01&last=2026-04-01",
            "propose": reverse("ledger:propose"), "products": reverse("products:products"),
            "version": reverse("products:version", args=["P01-v1"]),
            "calculator": reverse("products:calculator") + asked + "&product_1=P01&periods_1=36&product_2=P01&method_2=balloon&periods_2=24",
        }

    def test_pages_are_silent_and_accessible(self) -> None:
        from playwright.sync_api import sync_playwright

        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            for name, address in self.addresses().items():
                self._visit(browser, name, address)
            browser.close()

    def _visit(self, browser: Any, name: str, address: str) -> None:
        context = browser.new_context(viewport={"width": 1366, "height": 900}, locale="zh-CN", bypass_csp=True, reduced_motion="reduce")
        page, faults = context.new_page(), []
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(self.live_server_url + address)
        page.wait_for_function("[...document.querySelectorAll('[data-chart]')].every(box => box.querySelector('svg'))")
        page.add_script_tag(path=str(AXE))
        found = page.evaluate("async rules => (await axe.run(document, {runOnly: rules})).violations", RULES)
        serious = [(f["id"], f["nodes"][0]["html"][:120]) for f in found if f["impact"] in ("serious", "critical")]
        if folder := os.environ.get("SCREENSHOTS"):
            page.screenshot(path=f"{folder}/{name}.png", full_page=True)
        context.close()
        assert (name, faults, serious) == (name, [], [])
