"""The home page and the task list in a real Chromium: recent pages, charts with their tables, keys, both sizes and themes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from chezhe.approvals import steps as approval_steps
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import Cast
from chezhe.kernel import business_date, clock, numbers, roles
from chezhe.kernel.testing import moment
from chezhe.leads.models import Lead
from chezhe.leads.tests.asking import TODAY, lead
from chezhe.leads.tests.asking import WANG as ASKING
from chezhe.origination.models import PREFIX, Application
from chezhe.products.models import ProductVersion
from chezhe.ui.tests.browser import DESK, PHONE, WithoutSignIn, browser_marks
from chezhe.workbench.tasks import count_views
from chezhe.workbench.tests.test_saved_views import keep

pytestmark = browser_marks


class HomeInChromium(WithoutSignIn):
    cast: Cast

    @pytest.fixture(autouse=True)
    def _world(self, cast: Cast) -> None:
        self.cast = cast
        business_date.open_day(TODAY)
        self.wang = person(WANG, cast.lin)
        for index in range(4):
            lead(cast.lin, replace(ASKING, mobile=f"1540000001{index}"))
        Lead.objects.update(status="contacted", touch_next_on=TODAY - timedelta(days=2))
        approval_steps.open_request(
            kind="probe", subject="probe:1", title="权限变更", stages=[{"role": roles.BRANCH_MGR}], maker_ids=[cast.lin.user_id],
            branch_id=cast.east.id, by=cast.lin,
        )
        at = clock.now()
        Application.objects.create(
            number=numbers.next_number(PREFIX, TODAY), status="first_review", customer=self.wang, branch=cast.east, owner_id=cast.lin.user_id,
            product_version=ProductVersion.objects.filter(status="published").first(), created_at=at, changed_at=at,
            submitted_at=clock.now().replace(year=2026, month=3, day=15),
        )

    def test_the_home_page_is_accessible_and_its_charts_have_tables_on_desk_and_phone(self) -> None:
        for theme in ("light", "dark"):
            for size in (DESK, PHONE):
                with self.window("/", by=self.cast.lin, size=size, theme=theme) as lin:
                    lin.sees("待联系的线索", "超时 4", "今日到期", "近 7 天：进件到放款").judge(f"home-{theme}-{size[0]}")
                    lin.press("表格").sees("提交进件", within=".chart-table")

    def test_a_view_is_subscribed_to_and_its_rows_stand_on_the_home_page(self) -> None:
        keep(self.cast.lin, "跟进中的", query="state=contacted")
        with self.window("/views/", by=self.cast.lin) as lin:
            lin.press("订阅").sees("已订阅“跟进中的”", "退订").judge("views")
        for day, rows in ((24, 3), (25, 4)):
            Lead.objects.filter(pk__in=list(Lead.objects.values_list("pk", flat=True))[:4 - rows]).update(status="qualified")
            with clock.at(moment(f"2026-11-{day} 09:00")):
                count_views()
            Lead.objects.update(status="contacted")
        for size, theme in ((DESK, "light"), (PHONE, "dark")):
            with self.window("/", by=self.cast.lin, size=size, theme=theme) as lin:
                lin.sees("订阅的视图", "比上次多 1").judge(f"subscribed-{theme}")

    def test_what_was_opened_stands_on_the_home_page_of_that_person_only(self) -> None:
        with self.window(f"/customers/{self.wang.number}/", by=self.cast.lin) as lin:
            lin.go("/").sees("最近访问", self.wang.number).follow(f"王*明 {self.wang.number}").arrives(f"/customers/{self.wang.number}/")
            kept = lin.page.evaluate("JSON.stringify(localStorage)")
            assert self.wang.number in kept and "王" not in kept
        with self.window("/", by=self.cast.mei) as mei:
            mei.page.wait_for_load_state("networkidle")
            assert mei.page.get_by_text("最近访问").count() == 0

    def test_the_task_list_is_walked_with_keys_and_reached_with_g_t(self) -> None:
        with self.window("/", by=self.cast.lin) as lin:
            page = lin.page
            assert page.locator(".bell-count").inner_text() == "4"
            page.keyboard.press("g")
            page.keyboard.press("t")
            lin.arrives("/tasks/")
            lin.sees("共 4 项，其中 4 项已超时").judge("tasks")
            page.keyboard.press("j")
            page.keyboard.press("j")
            page.keyboard.press("Enter")
            lin.arrives("/leads/LD26-*/")
        with self.window("/tasks/", by=self.cast.gao, size=PHONE, theme="dark") as gao:
            gao.sees("权限变更").judge("tasks-phone-dark")
