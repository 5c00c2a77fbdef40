"""Models as people see them: on a desk, in English, in the dark and on the phone."""

from __future__ import annotations

from chezhe.compliance.seeds import lender, parameters
from chezhe.kernel import business_date, clock
from chezhe.risk.actions.watch_model import watch_model
from chezhe.risk.registry import queries
from chezhe.risk.registry.models import ScoringModel
from chezhe.risk.tests.registry.desk import TODAY, Desk, another, set_up, zipped
from chezhe.risk.tests.registry.test_activating import decide
from chezhe.risk.tests.registry.test_watching import LONG_AGO, RECENT, live, poorer, twice_as_bad
from chezhe.ui.tests.browser import PHONE, WithoutSignIn, browser_marks

pytestmark = browser_marks


class ModelsInChromium(WithoutSignIn):
    desk: Desk

    def setUp(self) -> None:
        super().setUp()
        parameters.sow()
        lender.sow_lender()
        business_date.open_day(TODAY)
        self.desk = set_up()

    def test_a_model_is_read_submitted_and_its_drift_answered(self) -> None:
        challenger = self.desk.agreed(self.desk.upload(zipped(another(points=-60)), name="个人卡二号（重训）"), "shadow")
        for serial in range(1, 4):
            decide(self.desk, f"application:A26-00000{serial}-8")
            clock.tick(60)
        live(self.desk, RECENT, 220, shift=poorer)
        live(self.desk, LONG_AGO, 300, seed=2, bad_of=twice_as_bad)
        active = queries.active("person")
        assert active is not None
        watch_model(scoring_model_number=active.number, business_date=TODAY, by=self.desk.rui)
        with self.window("/risk/models/", by=self.desk.fei) as window:
            window.sees("随系统提供的评分卡").judge("models")
            window.go("/risk/models/new/").judge("model-new")
        with self.window(f"/risk/models/{active.number}/", by=self.desk.rui) as window:
            window.sees("模型漂移预警").judge("model-drifted")
            window.page.locator("summary", has_text="展开训练报告").click()
            frame = window.page.frame_locator("iframe").locator("h1").first
            frame.wait_for()
            window.judge("model-report")
        for who, look in ((self.desk.rui, {"size": PHONE}), (self.desk.rui, {"language": "en"}), (self.desk.xu, {"theme": "dark"})):
            with self.window(f"/risk/models/{challenger.number}/", by=who, **look) as window:
                window.judge(f"model-shadow-{'-'.join(map(str, look))}")
        with self.window(f"/risk/models/{active.number}/", by=self.desk.rui, size=PHONE, language="en") as window:
            window.judge("model-phone-english")
        assert ScoringModel.objects.filter(is_shipped=False).count() == 1
