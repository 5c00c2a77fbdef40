"""Live trials as people see them: the list, the form and both arms side by side, in both lights, languages and sizes."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from random import Random

from chezhe.compliance.seeds import lender, parameters
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock
from chezhe.risk.actions.draft_live_trial import draft_live_trial
from chezhe.risk.deciding.models import Decision
from chezhe.risk.relations import steps as relations
from chezhe.risk.tests.registry.desk import TODAY, Desk, another, past, set_up, zipped
from chezhe.risk.tests.trials.trying import agreed, plan, stricter
from chezhe.risk.trials import rules
from chezhe.risk.trials.models import LiveTrial, TrialLoan
from chezhe.risk.trials.rules import CHALLENGER
from chezhe.ui.tests.browser import PHONE, WithoutSignIn, browser_marks

pytestmark = browser_marks
# How often each arm comes to which answer.
ANSWERS = {"champion": (0.50, 0.85), "challenger": (0.35, 0.78)}


class TrialsInChromium(WithoutSignIn):
    desk: Desk
    trial: LiveTrial

    def setUp(self) -> None:
        super().setUp()
        parameters.sow()
        lender.sow_lender()
        business_date.open_day(TODAY)
        self.desk = set_up()
        wanted = plan(
            versions={"tier": stricter(self.desk.fei, ">= 690").number}, share=Decimal("0.2"), approval_gap_max=Decimal("0.05"),
            bad_rate_max=Decimal("0.06"), applications_max=2_000, title="A 层分数线提高四十分")
        self.trial = agreed(self.desk, draft_live_trial(plan=wanted, business_date=TODAY, by=self.desk.fei))
        self._applications(400)

    def _applications(self, count: int) -> None:
        """Decisions of both arms, every second one paid out, some of them with an end."""
        dice, at = Random(7), clock.now()
        for serial in range(1, count + 1):
            row = past(self.desk.wang, self.desk.lin, serial, at, {"income_verified_monthly": 1_000_000})
            # One customer stands for four hundred here.
            arm = rules.arm(self.trial.number, row.subject, self.trial.agreed_share)
            approves, refers = ANSWERS[arm]
            chance = dice.random()
            row.outcome = "approved" if chance < approves else "referred" if chance < refers else "declined"
            row.route = {"approved": "auto_approve", "referred": "review", "declined": "decline"}[row.outcome]
            row.tier = dice.choice("AABBBC" if arm != CHALLENGER else "ABBBCC")
            row.annual_rate, row.amount_max = Decimal("0.11") + dice.randrange(4) * Decimal("0.005"), Money(dice.randrange(50, 120) * 100_000)
            row.trial, row.arm = self.trial.number, arm
            row.save()
            if row.outcome == "approved" and serial % 2:
                TrialLoan.objects.create(
                    trial=self.trial, decision=row, arm=arm, loan=f"loan:{serial}", amount=Money(dice.randrange(40, 90) * 100_000), paid_on=TODAY)
                if serial % 5 == 0:
                    relations.record_outcome(
                        row.subject, "bad" if dice.random() < 0.3 else "good", on=TODAY + timedelta(days=200), known_at=at,
                        reference=f"loan:{serial}")

    def test_a_trial_is_read_written_and_stopped(self) -> None:
        desk, address = self.desk, f"/risk/live-trials/{self.trial.number}/"
        desk.upload(zipped(another()), name="个人卡二号（重训）")
        with self.window("/risk/live-trials/", by=desk.fei) as window:
            window.sees("A 层分数线提高四十分").judge("trials-list")
            window.go("/risk/live-trials/new/").judge("trials-form")
            window.fill(title="没有变化", hypothesis="没有", share="60").press("保存草稿").sees("之间的数").judge("trials-form-refused")
            window.fill(share="5", table_tier="tier-v2").press("保存草稿").sees("提交审批").judge("trials-draft")
        with self.window(address, by=desk.xu) as window:
            window.sees("两组对照", "可以区分").judge("trials-compared")
        for name, look in (
            ("dark", {"theme": "dark"}), ("english", {"language": "en"}), ("phone", {"size": PHONE}),
            ("phone-dark-english", {"size": PHONE, "theme": "dark", "language": "en"}),
        ):
            with self.window(address, by=desk.rui, **look) as window:
                window.judge(f"trials-compared-{name}")
        for path, name in (("/risk/live-trials/", "list"), ("/risk/live-trials/new/", "form")):
            for look in ({"size": PHONE}, {"theme": "dark"}):
                with self.window(path, by=desk.rui, **look) as window:
                    window.judge(f"trials-{name}-{'-'.join(look)}")
        one = Decision.objects.filter(arm=CHALLENGER)[0]
        with self.window(f"/risk/decisions/{one.number}/", by=desk.rui) as window:
            window.sees("挑战组").judge("trials-decision")
        with self.window("/risk/decisions/?arm=challenger", by=desk.rui, size=PHONE) as window:
            window.judge("trials-decisions-phone")
        with self.window(address, by=replace(desk.rui)) as window:
            window.press("停止试验").fill(reason="通过率异常").press("立即停止").sees("由人停止").judge("trials-stopped")
