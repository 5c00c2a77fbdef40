"""Backtests as people see them: the form, the figures side by side and what would change, in both lights, languages and sizes."""

from __future__ import annotations

from datetime import date

from chezhe.documents.tests.people import hire, make_cast
from chezhe.kernel import business_date, clock, roles
from chezhe.kernel.actor import SYSTEM, Actor, Reach
from chezhe.policies.tests.acting import drafted, saved
from chezhe.risk.actions.begin_backtest import begin_backtest
from chezhe.risk.actions.settle_backtest import settle_backtest
from chezhe.risk.actions.start_backtest import start_backtest
from chezhe.risk.lab import figures
from chezhe.risk.lab.figures import Parameters
from chezhe.risk.lab.models import Backtest
from chezhe.risk.lab.steps import Question, Report
from chezhe.risk.lab.trying import Trial
from chezhe.ui.tests.browser import PHONE, WithoutSignIn, browser_marks

pytestmark = browser_marks
FEN = 1_000_000_000


def group(outcome: str, route: str, tier: str, count: int) -> dict[str, object]:
    return {
        "outcome": outcome, "route": route, "tier": tier, "applications": count, "counted": count, "known": count, "bad": count // 20,
        "amount": count * FEN, "interest": count * FEN // 8, "funding": count * FEN // 22, "expected_loss": count * FEN // 50,
    }


class BacktestsInChromium(WithoutSignIn):
    rui: Actor
    test: Backtest

    def setUp(self) -> None:
        super().setUp()
        today = clock.today()
        business_date.open_day(today)
        self.rui = hire("瑞", make_cast().east, roles.RISK_MANAGER, reach=Reach.ALL)
        draft = saved(drafted(self.rui), self.rui, score=">= 700", on=date(2199, 1, 1))
        question = Question(title="A 层更严", trial=Trial({"tier": draft.number}), book="invented")
        self.test = start_backtest(question=question, business_date=today, by=self.rui)
        self.waiting = start_backtest(question=question, business_date=today, by=self.rui)
        sides = {
            name: figures.told([
                group("approved", "auto_approve", "A", 400 + more), group("referred", "review", "B", 300 - more),
                group("declined", "decline", "D", 250), group("referred", "committee", "", 50)], Parameters())
            for name, more in (("champion", 60), ("challenger", 0))
        }
        moves = [{"champion_outcome": "approved", "challenger_outcome": "referred", "applications": 60}]
        changes = [{
            "outcome": "approved", "route": "auto_approve", "tier": "A", "score": 670, "reasons": [], "outcome_new": "referred",
            "route_new": "review", "tier_new": "B", "score_new": 670, "reasons_new": ["R09", "R15"]} for _ in range(60)]
        begin_backtest(backtest_number=self.test.number, by=SYSTEM)
        report = Report(result=sides | {"moves": moves, "changed": 60}, applications=1_000, set_aside=3, changes=changes)
        settle_backtest(backtest_number=self.test.number, report=report, by=SYSTEM)

    def test_a_draft_is_tried_and_its_figures_are_read(self) -> None:
        address = f"/risk/backtests/{self.test.number}/"
        with self.window("/risk/backtests/new/", by=self.rui) as window:
            window.judge("lab-start")
            window.fill(title="没有变化", book="invented").press("发起回测").sees("无可比较").judge("lab-start-refused")
        with self.window("/risk/backtests/", by=self.rui) as window:
            window.sees("A 层更严").judge("lab-list")
        with self.window(address, by=self.rui) as window:
            window.sees("虚构的申请", "并列比较", "预期损失").judge("lab-done")
            window.follow("看改变的申请").sees("试用原因").judge("lab-changes")
        with self.window(address, by=self.rui, theme="dark", language="en") as window:
            window.sees("Side by side").judge("lab-done-dark-english")
        for path, name in ((address, "lab-done-phone"), (f"{address}changes/", "lab-changes-phone"), ("/risk/backtests/new/", "lab-start-phone")):
            with self.window(path, by=self.rui, size=PHONE) as window:
                window.judge(name)

    def test_one_that_waits_can_be_cancelled(self) -> None:
        with self.window(f"/risk/backtests/{self.waiting.number}/", by=self.rui) as window:
            window.judge("lab-waiting")
            window.press("取消回测").sees("已取消").judge("lab-cancelled")
