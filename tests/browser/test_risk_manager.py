"""A risk manager changes a rule, sees it checked, tries it on past applications, has it published by another, and the next is decided by it."""

from __future__ import annotations

from chezhe.identifiers.numbers import judge
from chezhe.invented import car
from chezhe.origination.models import Application
from chezhe.policies.models import PolicyVersion
from chezhe.risk.deciding.models import Decision
from chezhe.risk.lab.models import Backtest
from chezhe.ui.tests.browser import Window, browser_marks
from chezhe.vehicles.tests.filing import USED
from tests.browser.town import Town
from tests.journeys import walk
from tests.journeys.house import TODAY
from tests.journeys.walk import PERSON, said

pytestmark = browser_marks
# The row of the pre-screen that turns old cars away, and its column of age, as the sheet counts them.
ROW, COLUMN = 15, 15


class RiskManager(Town):
    def test_a_rule_is_changed_tried_published_by_another_and_decides_the_next_application(self) -> None:
        months = car(USED.vin).age_months(TODAY)
        owner = walk.customer(self.team, PERSON)
        vehicle = walk.vehicle(self.team, owner, PERSON)
        first = walk.application(self.team, owner, vehicle, PERSON)
        before = Decision.objects.get(subject=f"application:{first}")
        assert before.outcome == "referred" and "R13" not in before.reasons
        draft = self.a_rule_is_changed(f"> {months - 1}")
        self.it_is_tried_on_past_applications(draft)
        self.it_is_published_by_another(draft)
        said(self.team.program("lin").post(f"origination/{first}/withdraw", {"reason": "客户改日再办"}))
        self.the_next_is_decided_by_it(walk.handed_in(self.team, owner, vehicle, PERSON))
        self.the_old_decision_stands_as_it_was(before)

    def a_rule_is_changed(self, limit: str) -> str:
        """The draft's number. A cell that cannot be read is named at once and cannot be submitted."""
        qin = self.desk("qin")
        qin.go("/policies/versions/prescreen-v1/").press("由此起草").arrives("/policies/versions/*/edit/")
        self.types(qin, "> about 48")
        qin.sees("处错误", within="[data-grid-summary]")
        self.types(qin, limit)
        qin.sees("没有发现问题", within="[data-grid-summary]")
        qin.fill(note="车龄上限收紧").press("保存草稿").arrives("/policies/versions/*/")
        draft = PolicyVersion.objects.get(status="draft").number
        qin.sees("由 > 120 改为 " + limit).picture("rule-draft")
        return draft

    def types(self, window: Window, text: str) -> None:
        window.page.locator(".sheet tbody tr").nth(ROW).locator("td").nth(COLUMN).click()
        window.page.keyboard.type(text)
        window.page.keyboard.press("Enter")

    def it_is_tried_on_past_applications(self, draft: str) -> None:
        qin = self.desk("qin")
        qin.go("/risk/backtests/new/").fill(title="车龄上限收紧", book="past", table_prescreen=draft)
        qin.fill(from_on=TODAY.replace(day=1).isoformat(), to_on=TODAY.replace(year=TODAY.year + 1).isoformat())
        number = qin.press("发起回测").arrives("/risk/backtests/*/").split("/")[3]
        assert judge(number).valid
        self.time_passes()
        test = Backtest.objects.get(number=number)
        assert (test.status, test.applications, test.changed) == ("done", 1, 1), test.result
        qin.go(f"/risk/backtests/{number}/").sees("自动拒绝").judge("backtest")
        qin.go(f"/risk/backtests/{number}/changes/").sees("车龄或里程超限")

    def it_is_published_by_another(self, draft: str) -> None:
        qin = self.desk("qin").go(f"/policies/versions/{draft}/").press("提交").sees("等待另一位同事发布")
        assert qin.page.get_by_role("button", name="发布", exact=True).count() == 0
        lu = self.desk("lu").go(f"/policies/versions/{draft}/")
        lu.press("发布").press("确认发布", within="dialog#publish").sees("已发布", "生效中").picture("rule-published")

    def the_next_is_decided_by_it(self, number: str) -> None:
        assert Application.objects.get(number=number).status == "rejected"
        decision = Decision.objects.get(subject=f"application:{number}")
        assert decision.outcome == "declined" and "R13" in decision.reasons
        qin = self.desk("qin").go(f"/risk/decisions/{decision.number}/")
        qin.sees("prescreen v2", "R13").press("按当时重算").sees("逐字节相同").judge("decision-by-the-new-rule")
        self.desk("lin").go(f"/origination/{number}/").sees("已拒绝")

    def the_old_decision_stands_as_it_was(self, before: Decision) -> None:
        """Made again, by the version of its own day, it is the same to the byte."""
        qin = self.desk("qin").go(f"/risk/decisions/{before.number}/")
        qin.sees("prescreen v1").press("按当时重算").sees("逐字节相同")
