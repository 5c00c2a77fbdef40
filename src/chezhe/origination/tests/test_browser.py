"""The wizard in a real Chromium: what is typed saves itself, and the verdict is given."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import LiveServerTestCase, override_settings

from chezhe.compliance.seeds import lender, parameters
from chezhe.documents.tests import acting
from chezhe.kernel import business_date
from chezhe.kernel.actor import Actor
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, House, complete, file_papers, grant_consents, make_house, start, submit

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FRAME = ["chezhe.origination.tests.test_browser.SomebodyIsSignedIn" if "ActorMiddleware" in name else name
         for name in settings.MIDDLEWARE if "axes" not in name]
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: type  apt-get install chromium"),
    pytest.mark.skipif(finders.find("build/app.js") is None, reason="not built: type  ./run build"),
]
_signed_in: list[Actor] = []


class SomebodyIsSignedIn(acting.ActingAs):
    """The server runs in another thread: whoever was named last acts."""

    def __call__(self, request: Any) -> Any:
        request.actor = _signed_in[-1]
        return self.get_response(request)


@override_settings(MIDDLEWARE=FRAME)
class WizardInChromium(LiveServerTestCase):
    house: House

    def setUp(self) -> None:
        self.folder = tempfile.mkdtemp()
        self.enterContext(override_settings(MEDIA_ROOT=Path(self.folder) / "files"))
        parameters.sow()
        lender.sow_lender()
        business_date.open_day(TODAY)
        self.house = make_house()

    @contextmanager
    def page(self, by: Actor, path: str) -> Iterator[Any]:
        """A page as somebody sees it; any fault of the console fails the test."""
        from playwright.sync_api import sync_playwright

        _signed_in.append(by)
        faults: list[str] = []
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
            shown = browser.new_page(viewport={"width": 1366, "height": 900}, locale="zh-CN", timezone_id="Asia/Shanghai")
            shown.on("console", lambda said: faults.append(said.text) if said.type == "error" and "422" not in said.text else None)
            shown.on("pageerror", lambda error: faults.append(str(error)))
            shown.goto(f"{self.live_server_url}{path}")
            yield shown
            if folder := os.environ.get("SCREENSHOTS"):
                shown.wait_for_load_state("networkidle")
                shown.screenshot(path=f"{folder}/{path.strip('/').replace('/', '-')}.png", full_page=True)
            browser.close()
        assert faults == []

    def test_what_is_typed_saves_itself_and_the_step_goes_on(self) -> None:
        made = start(self.house)
        with self.page(self.house.lin, f"/origination/{made.number}/steps/finance/") as shown:
            shown.fill("[name=amount]", "60000")
            shown.fill("[name=periods]", "两年")
            shown.press("[name=periods]", "Tab")
            shown.wait_for_selector("#saved .field-error")
            assert "请填写整数" in shown.inner_text("#saved") and shown.input_value("[name=periods]") == "两年"
            made.refresh_from_db()
            assert made.amount is not None and made.amount.fen == 6_000_000 and made.version == 2
            shown.fill("[name=periods]", "24")
            shown.click("form[data-form] button[type=submit] >> text=保存并继续")
            shown.wait_for_url("**/steps/documents/")
        made.refresh_from_db()
        assert made.periods == 24 and made.draft == {}

    def test_an_application_is_submitted_and_decided(self) -> None:
        made = complete(self.house)
        with self.page(self.house.lin, f"/origination/{made.number}/steps/consents/") as shown:
            shown.click("text=提交审批 >> nth=-1")
            shown.wait_for_url(f"**/origination/{made.number}/")
            assert "初审中" in shown.inner_text("main")
        with self.page(self.house.chen, f"/origination/{made.number}/review/") as shown:
            shown.fill("[name=opinion]", "流水与收入相符")
            shown.click("button[value=agree]")
            shown.wait_for_url(f"**/origination/{made.number}/")
        assert Application.objects.get().status == "final_review"

    def test_every_page_is_whole(self) -> None:
        made = start(self.house)
        file_papers(made, self.house.lin)
        grant_consents(self.house.wang, self.house.lin)
        done = submit(complete(self.house), self.house.lin)
        steps = ("party", "support", "vehicle", "documents")
        with self.page(self.house.chen, f"/origination/{done.number}/review/") as shown:
            shown.wait_for_load_state("networkidle")
            assert shown.locator("button[value=agree]").count() == 1 and "违章查询记录" in shown.inner_text("main")
        for path in (*(f"{made.number}/steps/{step}/" for step in steps), f"{done.number}/", "", "board/"):
            with self.page(self.house.lin, f"/origination/{path}") as shown:
                shown.wait_for_load_state("networkidle")
                assert shown.locator("h1").count() == 1 and not shown.locator("main .skeleton").count()
