"""The wizard in a real Chromium: what is typed saves itself, and the verdict is given."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.test import override_settings

from chezhe.compliance.seeds import lender, parameters
from chezhe.kernel import business_date
from chezhe.origination.models import Application
from chezhe.origination.tests.asking import TODAY, House, complete, file_papers, grant_consents, let_count, make_house, start, submit, work
from chezhe.ui.tests.browser import WithoutSignIn, browser_marks

pytestmark = browser_marks


class WizardInChromium(WithoutSignIn):
    house: House

    def setUp(self) -> None:
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=Path(folder) / "files"))
        parameters.sow()
        lender.sow_lender()
        business_date.open_day(TODAY)
        self.house = make_house()

    def test_what_is_typed_saves_itself_and_the_step_goes_on(self) -> None:
        made = start(self.house)
        with self.window(f"/origination/{made.number}/steps/finance/", by=self.house.lin) as lin:
            lin.fill(amount="60000", periods="两年").leave("periods")
            lin.page.wait_for_selector("#saved .field-error")
            assert "请填写整数" in lin.text("#saved") and lin.page.input_value("[name=periods]") == "两年"
            made.refresh_from_db()
            assert made.amount is not None and made.amount.fen == 6_000_000 and made.version == 2
            lin.fill(periods="24").press("保存并继续").arrives("/*/*/steps/documents/")
        made.refresh_from_db()
        assert made.periods == 24 and made.draft == {}

    def test_an_application_is_submitted_and_decided(self) -> None:
        made = complete(self.house)
        with self.window(f"/origination/{made.number}/steps/consents/", by=self.house.lin) as lin:
            lin.press("提交审批").arrives(f"/origination/{made.number}/")
            assert "资料核验中" in lin.text()
        work()
        with self.window(f"/origination/{made.number}/review/", by=self.house.chen) as chen:
            chen.fill(opinion="流水与收入相符")
            chen.page.click("button[value=agree]")
            chen.sees("秒后生效")
        let_count()
        assert Application.objects.get().status == "final_review"

    def test_a_verdict_is_taken_back_and_given_again(self) -> None:
        made = submit(complete(self.house), self.house.lin)
        with self.window(f"/origination/{made.number}/review/", by=self.house.chen) as chen:
            chen.fill(opinion="手快了").press("拒绝").sees("还没有生效")
            assert chen.page.locator("button[value=agree]").count() == 0
            chen.judge("review-held")
            chen.press("撤销意见").settle()
            assert chen.page.locator("button[value=agree]").count() == 1
            chen.fill(opinion="核实无误").press("同意").sees("还没有生效")
        let_count()
        assert Application.objects.get().status == "final_review"

    def test_every_page_is_whole(self) -> None:
        made = start(self.house)
        file_papers(made, self.house.lin)
        grant_consents(self.house.wang, self.house.lin)
        done = submit(complete(self.house), self.house.lin)
        with self.window(f"/origination/{done.number}/review/", by=self.house.chen) as chen:
            chen.judge("review")
            assert chen.page.locator("button[value=agree]").count() == 1 and "违章查询记录" in chen.text()
        steps = ("party", "support", "vehicle", "documents")
        with self.window(by=self.house.lin) as lin:
            for path in (*(f"{made.number}/steps/{step}/" for step in steps), f"{done.number}/", "", "board/"):
                lin.go(f"/origination/{path}").judge(f"origination-{path.replace('/', '-')}")
                assert lin.page.locator("h1").count() == 1 and not lin.page.locator("main .skeleton").count()
