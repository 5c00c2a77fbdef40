"""A decision's page in a real Chromium: the score's waterfall, the rows, the facts, the proof."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.test import override_settings

from chezhe.compliance.seeds import lender, parameters
from chezhe.customers.tests.filing import WANG, person
from chezhe.documents.tests.people import make_cast
from chezhe.kernel import business_date, clock
from chezhe.risk.tests.deciding.telling import asking, decided, scoring, tell
from chezhe.ui.tests.browser import PHONE, WithoutSignIn, browser_marks

pytestmark = browser_marks
SUBJECT = "application:A26-000001-8"


class DecisionInChromium(WithoutSignIn):
    def setUp(self) -> None:
        super().setUp()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=Path(folder) / "files"))
        self.enterContext(scoring())
        parameters.sow()
        lender.sow_lender()
        business_date.open_day(clock.today())
        self.cast = make_cast()
        wang = person(WANG, self.cast.lin)
        tell(wang, SUBJECT, SUBJECT, without=("phone_months",), has_court_case=True)
        for serial in range(3):
            decided(asking(wang, self.cast.lin, subject=f"application:A26-00010{serial}-0", amount=6_100_000), self.cast.lin)
        self.made = decided(asking(wang, self.cast.lin, subject=SUBJECT), self.cast.lin)

    def test_the_page_is_whole_and_proves_itself(self) -> None:
        with self.window(f"/risk/decisions/{self.made.number}/", by=self.cast.lin) as lin:
            lin.page.wait_for_selector(".chart-picture canvas, .chart-picture svg")
            lin.judge("risk-decision").sees("怎样会改变结论", "相似的过往案例", "依据的资料")
            lin.press("按当时重算").sees("逐字节相同")
            lin.picture("risk-decision-proved")
        with self.window(f"/risk/decisions/{self.made.number}/", by=self.cast.lin, size=PHONE, theme="dark") as lin:
            lin.page.wait_for_selector(".chart-picture canvas, .chart-picture svg")
            lin.judge("risk-decision-phone-dark")
        with self.window("/risk/decisions/", by=self.cast.lin) as lin:
            lin.judge("risk-decisions").sees(self.made.number)
