"""The editor in a real Chromium: a risk manager types, pastes a block, sees lint, saves, submits; another publishes."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from chezhe.kernel import business_date, clock, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.testing import actor
from chezhe.policies import queries, seeds
from chezhe.policies.actions.draft_version import draft_version
from chezhe.staff.models import User
from chezhe.ui.tests.browser import DESK, PHONE, Window, WithoutSignIn, browser_marks

DAY = date(2026, 4, 2)
pytestmark = browser_marks
PASTE = """([row, column, text]) => {
  const cell = document.querySelector('.sheet').tBodies[0].rows[row].cells[column + 1];
  cell.dispatchEvent(new MouseEvent('mousedown', {bubbles: true, cancelable: true}));
  const data = new DataTransfer();
  data.setData('text/plain', text);
  cell.dispatchEvent(new ClipboardEvent('paste', {clipboardData: data, bubbles: true, cancelable: true}));
}"""

COPY = """() => {
  const data = new DataTransfer();
  document.activeElement.dispatchEvent(new ClipboardEvent('copy', {clipboardData: data, bubbles: true, cancelable: true}));
  return data.getData('text/plain');
}"""


class TablesInChromium(WithoutSignIn):
    def setUp(self) -> None:
        super().setUp()
        seeds.seed_policies()
        business_date.open_day(DAY)
        self.maker = self.person("maker", roles.RISK_MANAGER)
        self.checker = self.person("checker", roles.COMPLIANCE)

    def person(self, name: str, role: str) -> Actor:
        user = User.objects.create(username=name, name=name, password="!", created_at=clock.now())
        return actor(name, role, user_id=user.pk)

    def draft(self) -> str:
        return draft_version(policy_code="tier", business_date=DAY, by=self.maker).number

    def row(self, window: Window, row: int) -> list[str]:
        """The cells of a row of the sheet, from 0, its remark last."""
        script = "row => [...document.querySelector('.sheet').tBodies[0].rows[row].cells].slice(1).map(cell => cell.textContent)"
        return window.page.evaluate(script, row)

    def count(self, window: Window) -> int:
        return window.page.evaluate("document.querySelector('.sheet').tBodies[0].rows.length")

    def at(self, window: Window, row: int, column: int) -> None:
        """Click a cell."""
        window.page.locator(".sheet tbody tr").nth(row).locator("td").nth(column).click()

    def types(self, window: Window, text: str, *then: str) -> None:
        window.page.keyboard.type(text)
        for key in then:
            window.page.keyboard.press(key)

    def test_a_table_is_changed_by_keyboard_and_paste_saved_submitted_and_published(self) -> None:
        number = self.draft()
        with self.window(reverse("policies:edit", args=[number]), by=self.maker) as window:
            self.at(window, 0, 0)
            self.types(window, "", "ArrowDown", "ArrowRight")
            self.types(window, ">= 660", "Enter")
            assert (self.row(window, 1)[1], self.row(window, 2)[1]) == (">= 660", "[620..650)")
            self.types(window, "[620..660)", "Enter", "ArrowUp", "F2")
            self.types(window, "99", "Escape")
            assert self.row(window, 2)[1] == "[620..660)"
            self.types(window, "", "Control+z")
            assert self.row(window, 2)[1] == "[620..650)"
            self.types(window, "", "Control+y", "ArrowDown", "Control+d")
            assert self.count(window) == 6
            window.sees("处错误", within="[data-grid-summary]").judge("edit-with-finding")
            assert window.page.locator("[data-finding=error]").count() == 1
            window.page.evaluate(PASTE, [4, 0, '"company"\t[570..580)\t-\t"C"\t企业放宽一档'])
            assert self.row(window, 4) == ['"company"', "[570..580)", "-", '"C"', "企业放宽一档"]
            window.sees("没有发现问题", within="[data-grid-summary]")
            window.page.evaluate(PASTE, [5, 0, '-\t< 300\t-\t"D"\t"两行\n合一格"\r\n-\t-\t-\t"D"\t其余\r\n'])
            assert self.count(window) == 7 and self.row(window, 5)[4] == "两行 合一格"
            self.types(window, "", "Control+z")
            assert self.count(window) == 6
            window.fill(note="企业客户放宽一档").judge("edit")
            self.at(window, 0, 0)
            self.types(window, "", "Control+s")
            window.arrives(f"/policies/versions/{number}/")
            window.sees("由 >= 650 改为 >= 660", "[570..580)").judge("version-draft")
            window.press("提交").sees("等待另一位同事发布")
        with self.window(reverse("policies:version", args=[number]), by=self.checker) as window:
            window.press("发布").press("确认发布", within="dialog#publish").sees("已发布", "生效中").judge("version-published")
        table = queries.current("tier", DAY).table
        assert [rule.when[1] for rule in table.rules] == [">= 650", ">= 660", "[620..660)", "[580..620)", "[570..580)", "-"]

    def test_blocks_are_copied_cleared_and_rows_moved(self) -> None:
        with self.window(reverse("policies:edit", args=[self.draft()]), by=self.maker) as window:
            self.at(window, 1, 1)
            self.types(window, "", "Shift+ArrowDown", "Shift+ArrowRight")
            assert window.page.locator("td[aria-selected=true]").count() == 4
            assert window.page.evaluate(COPY) == ">= 650\t-\n[620..650)\t-"
            self.types(window, "", "Delete")
            assert self.row(window, 1)[1:3] == ["-", "-"] == self.row(window, 2)[1:3]
            self.types(window, "", "Control+z")
            self.at(window, 3, 0)
            self.types(window, "", "Alt+ArrowUp")
            assert (self.row(window, 2)[1], self.row(window, 3)[1]) == ("[580..620)", "[620..650)")
            window.press("下移")
            assert self.row(window, 3)[1] == "[580..620)"
            window.press("删除行").press("下方插行")
            assert self.row(window, 4) == ["-", "-", "-", "", ""] and self.count(window) == 5
            window.page.locator("[data-grid-column]").select_option("dti")
            assert self.row(window, 0)[3] == "-" and window.page.locator(".sheet thead th").count() == 7
            window.page.locator("[data-remove='3']").click()
            assert window.page.locator(".sheet thead th").count() == 6
            self.at(window, 0, 0)
            self.types(window, "", "Escape", "Tab")
            assert not window.page.evaluate("document.querySelector('.sheet').contains(document.activeElement)")

    def test_what_was_typed_survives_a_refusal(self) -> None:
        number = self.draft()
        with self.window(reverse("policies:edit", args=[number]), by=self.maker) as window:
            self.at(window, 1, 1)
            self.types(window, ">= 661", "Enter")
            with self.window(reverse("policies:edit", args=[number]), by=self.maker) as other:
                self.at(other, 1, 1)
                self.types(other, ">= 662", "Enter", "Control+s")
                other.arrives(f"/policies/versions/{number}/")
            window.press("保存草稿").sees("您的填写没有保存")
            assert self.row(window, 1)[1] == ">= 661"

    def test_pages_are_silent_and_accessible(self) -> None:
        draft = self.draft()
        asked = "?fact_borrower_kind=person&fact_score=655&fact_bureau_is_thin=false"
        pages = {
            "policies": reverse("policies:policies"), "versions": reverse("policies:versions"),
            "version": reverse("policies:version", args=["knockout-v1"]), "try": reverse("policies:try", args=["tier-v1"]) + asked,
            "edit-wide": reverse("policies:edit", args=[draft_version(policy_code="knockout", business_date=DAY, by=self.maker).number]),
            "compare": reverse("policies:compare", args=[draft]),
        }
        for theme, size, name in (("light", DESK, "desk"), ("dark", DESK, "dark"), ("light", PHONE, "phone")):
            with self.window(by=self.maker, theme=theme, size=size) as window:
                for page, address in pages.items():
                    window.go(address).judge(f"{page}-{name}")
        with self.window(by=self.maker, language="en") as window:
            for page in ("policies", "version", "try", "edit-wide"):
                window.go(pages[page]).judge(f"{page}-english")
