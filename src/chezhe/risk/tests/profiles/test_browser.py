"""The profile of a customer and the list of the warned as people see them: both lights, both languages, the phone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from chezhe.compliance.seeds import parameters
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import OUYANG, WANG, person
from chezhe.documents.tests.people import hire, make_cast
from chezhe.kernel import clock, jobs, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.risk.actions.score_customers import score_customers
from chezhe.risk.facts import steps as facts
from chezhe.risk.profiles import steps
from chezhe.risk.tests.profiles.test_models import CALM, UNEASY
from chezhe.ui.tests.browser import PHONE, WithoutSignIn, browser_marks

pytestmark = browser_marks
FLOW = {
    "income_verified_monthly": 1_250_000, "flow_months": 6, "flow_monthly_inflow": 1_420_000, "flow_gambling_amount": 88_000,
    "salary_months_6m": 6, "flow_top_share": "0.71", "flow_is_continuous": True, "flow_average_balance": 932_100,
}


class ProfilesInChromium(WithoutSignIn):
    rui: Actor
    wang: Customer

    def setUp(self) -> None:
        super().setUp()
        parameters.sow()
        cast = make_cast()
        self.rui = hire("瑞", cast.east, roles.RISK_MANAGER, reach=Reach.ALL)
        self.wang, other = person(WANG, cast.lin), person(OUYANG, cast.mei)
        now = clock.now()
        facts.record_facts(self.wang.subject, FLOW, source="flow", known_at=now - timedelta(days=9))
        rest = {"behaviour_principal_left": 4_500_000, "behaviour_instalment_monthly": 332_143, "history_loans": 1, "history_worst_dpd": 28}
        for back in range(8, -1, -1):
            told = CALM if back > 3 else {**UNEASY, "behaviour_on_time_rate_12m": Decimal(5 + back) / 10, "behaviour_dpd_now": 12 - 3 * back}
            with clock.at(now - timedelta(days=30 * back)), jobs.in_line():
                on: date = clock.today()
                steps.tell({self.wang: {**told, **rest}, other: CALM})
                score_customers(customers=[self.wang.pk, other.pk], business_date=on, by=SYSTEM)

    def test_a_profile_says_how_somebody_pays_and_why_they_are_warned(self) -> None:
        address = f"/customers/{self.wang.number}/?tab=profile_risk"
        with self.window(address, by=self.rui) as window:
            window.sees("评分与预警", "预警的主要原因", "评分构成", "各月走势", "银行流水").judge("profile")
            window.page.locator("[data-chart-twin]").first.click()
            window.sees("基准分").judge("profile-table")
            window.fill(measure="called", note="工资晚发，月底补足").press("登记处理结果").sees("历次预警处理", "电话了解情况").judge("profile-handled")
        with self.window(address, by=self.rui, size=PHONE) as window:
            window.judge("profile-phone")
        with self.window(address, by=self.rui, theme="dark", language="en") as window:
            window.sees("Score and warning").judge("profile-dark-english")

    def test_the_list_leads_to_the_profile(self) -> None:
        with self.window("/risk/profiles/", by=self.rui) as window:
            window.sees("客户画像与预警").judge("profiles")
            window.go("/risk/profiles/?warned=yes").judge("profiles-warned")
        with self.window("/risk/profiles/", by=self.rui, size=PHONE, language="en") as window:
            window.judge("profiles-phone-english")
