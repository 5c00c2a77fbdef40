"""Lists in a real Chromium: rows are chosen and worked on, columns arranged, views kept, at the desk and on the phone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from chezhe.documents.tests.people import Cast, hire
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, roles
from chezhe.kernel.actor import Reach
from chezhe.leads.models import Lead
from chezhe.leads.tests.asking import TODAY, WANG, lead
from chezhe.staff.models import User
from chezhe.ui.tests.browser import DESK, PHONE, Window, WithoutSignIn, browser_marks

pytestmark = browser_marks


class ListsInChromium(WithoutSignIn):
    cast: Cast

    @pytest.fixture(autouse=True)
    def _world(self, cast: Cast) -> None:
        self.cast = cast
        business_date.open_day(TODAY)
        for index in range(1, 26):
            facts = replace(WANG, mobile=f"154000000{index:02d}", amount_wanted=Money(index * 1_000_00))
            lead(cast.lin, facts, is_owned=False)
        self.colleague = User.objects.get(pk=hire("孙", cast.east, roles.SALES, reach=Reach.OWN).user_id)

    def test_rows_are_chosen_by_keys_and_given_away_together_with_an_answer_for_each(self) -> None:
        Lead.objects.filter(number__in=Lead.objects.order_by("-number").values("number")[:1]).update(status="lost", lost_reason="price")
        with self.window("/leads/", by=self.cast.gao) as gao:
            page = gao.page
            for key in "jxjxjx":
                page.keyboard.press(key)
            gao.sees("已选 3 条").press("分配", within=".selection").sees("将处理", "不处理", "¥47,000.00")
            gao.judge("bulk-preview")
            gao.press("处理 2 条").sees("请选择跟进人")
            gao.fill(within="#bulk", owner_username=self.colleague.username).press("处理 2 条").sees("完成 2 条，未办 0 条")
            with page.expect_download() as waiting:
                gao.follow("下载结果")
            lines = Path(waiting.value.path()).read_text(encoding="utf-8-sig").splitlines()
            assert len(lines) == 3 and lines[0] == '"编号","结果","原因"' and lines[1].endswith(',"已完成",""')
            gao.press("关闭", within="#bulk .dialog-foot").settle()
            assert Lead.objects.filter(owner=self.colleague).count() == 2
            gao.sees("孙")

    def test_it_stops_between_two_rows_and_says_what_was_left(self) -> None:
        with self.window("/leads/pool/", by=self.cast.gao) as gao:
            page = gao.page
            page.check("[data-select-page]")
            page.check("[data-select-all]")
            gao.press("领取", within=".selection").sees("处理 25 条")
            asked = []

            def press_stop_while_the_second_is_asked(route: object) -> None:
                asked.append(route)
                if len(asked) == 3:
                    page.evaluate("document.querySelector('[data-bulk-stop]').click()")
                route.continue_()  # type: ignore[attr-defined]

            page.route("**/leads/pool/", press_stop_while_the_second_is_asked)
            gao.press("处理 25 条").sees("已停止：完成 2 条，未办 0 条，剩 23 条没有动")
            assert Lead.objects.filter(owner_id=self.cast.gao.user_id).count() == 2

    def test_a_row_without_an_answer_is_not_passed_over(self) -> None:
        with self.window("/leads/pool/?size=100", by=self.cast.gao) as gao:
            page = gao.page
            for box in (0, 1):
                page.locator("[data-select]").nth(box).check()
            gao.press("领取", within=".selection").sees("处理 2 条")
            asked = []

            def break_off(route: object) -> None:
                asked.append(route)
                route.abort() if len(asked) == 2 else route.continue_()  # type: ignore[attr-defined]

            page.route("**/leads/pool/*", break_off)
            gao.press("处理 2 条").sees("没有收到答复", "完成 1 条，未办 1 条")
            gao.faults.clear()

    def test_columns_are_arranged_and_a_view_opens_by_itself(self) -> None:
        with self.window("/leads/", by=self.cast.gao) as gao:
            page = gao.page
            page.click("[data-opens=list-columns]")
            gao.judge("columns")
            page.uncheck("#list-columns [name=cols][value=source_label]")
            page.check("#list-columns [name=pin][value=number]", force=True)
            gao.press("称呼 上移").press("应用").settle()
            page.wait_for_url("**/leads/?cols=masked_name,number,*pin=number*")
            heads = [head.strip() for head in page.locator("thead th").all_inner_texts()]
            assert heads[1:3] == ["线索编号", "称呼"] and "来源" not in heads, "what is pinned stands first"
            page.click(".list-view")
            page.click("[data-opens=save-view]")
            gao.judge("save-view").fill(within="#save-view", name="给客户经理", role="sales", is_default=True)
            gao.press("保存", within="#save-view").sees("已保存")
            gao.go("/leads/")
            assert "view=" in gao.path and "给客户经理" in page.locator(".list-view").inner_text()
            gao.go("/views/").judge("views")

    def test_a_filter_asks_at_once_and_keeps_the_focus(self) -> None:
        with self.window("/leads/", by=self.cast.gao) as gao:
            page = gao.page
            page.focus("#filter-state")
            page.select_option("#filter-state", "lost")
            gao.sees("没有符合条件的记录")
            assert page.evaluate("document.activeElement.id") == "filter-state" and gao.path == "/leads/?state=lost"
            page.select_option("#filter-source", "walk_in")
            gao.sees("去掉“阶段”有 25 条").judge("nothing-found")
            gao.follow("去掉“阶段”有 25 条").sees("第 1–20 条，共 25 条")
            page.go_back()
            gao.sees("没有符合条件的记录")

    def test_the_density_is_kept_and_the_filters_fold(self) -> None:
        with self.window("/leads/", by=self.cast.gao) as gao:
            page = gao.page
            page.click("[data-density=compact]")
            page.click(".list-fold")
            assert not page.locator("#filter-state").is_visible() and page.locator("#filter-q").is_visible()
            gao.go("/leads/")
            assert page.locator(".list.density-compact").count() == 1 and not page.locator("#filter-state").is_visible()

    def test_a_list_is_usable_on_the_phone_in_both_themes(self) -> None:
        for theme in ("light", "dark"):
            with self.window("/leads/", by=self.cast.gao, size=PHONE, theme=theme) as gao:
                _choose_on_the_phone(gao)
                gao.judge(f"list-phone-{theme}")
        with self.window("/leads/", by=self.cast.gao, size=DESK, theme="dark") as gao:
            gao.page.check("[data-select-page]")
            gao.judge("list-desk-dark")


def _choose_on_the_phone(gao: Window) -> None:
    gao.page.locator("[data-select]").first.check()
    gao.sees("已选 1 条")
