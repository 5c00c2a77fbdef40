"""The close of a day in real Chromium: watched, paused, resumed, a loan that failed tried again, the books balanced, and the day
computed again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

from django.test import override_settings

from chezhe.compliance.seeds import parameters
from chezhe.kernel.actor import SYSTEM
from chezhe.servicing import steps, tasks
from chezhe.servicing.actions.close_shard import close_shard
from chezhe.servicing.actions.finish_end_of_day import finish_end_of_day
from chezhe.servicing.endofday import runs, snapshot
from chezhe.servicing.models import EndOfDay, Loan, Recomputation
from chezhe.servicing.tests.lending import Bank, days_pass, lend, make_bank, pay
from chezhe.servicing.tests.test_accruals import FLAT
from chezhe.servicing.tests.test_end_of_day import CARS, PLANS
from chezhe.ui.tests.browser import PHONE, Window, WithoutSignIn, browser_marks

pytestmark = browser_marks
DAY = date(2026, 2, 14)
PLACE = "/servicing/day/"


class EndOfDayInChromium(WithoutSignIn):
    def test_a_close_is_watched_paused_resumed_retried_and_computed_again(self) -> None:
        parameters.sow()
        bank = make_bank()
        book = [lend(bank, plan, product="P01" if plan is FLAT else "T01", vin=CARS[at], plate=f"沪A{at}{at}{at}{at}{at}")
                for at, plan in enumerate(PLANS)]
        days_pass(bank, DAY)
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(override_settings(MEDIA_ROOT=folder))
        self.enterContext(patch.object(runs, "SHARD_LOANS", 2))
        with self.window(by=bank.fang) as fang:
            _it_is_watched_and_paused(fang)
            _a_loan_fails_and_the_others_go_on(fang, book[3])
            _it_is_computed_again(fang, bank, book[0])
            _all_of_it_is_silent_and_accessible(fang)
        with self.window(by=bank.fang, size=PHONE) as phone:
            _all_of_it_is_silent_and_accessible(phone)


def _it_is_watched_and_paused(fang: Window) -> None:
    fang.go(PLACE).fill(until=DAY.isoformat()).judge("day-before").press("开始日终").sees("进行中的日终", "0 / 3 批")
    close_shard(day=DAY, shard=0, by=SYSTEM)
    fang.sees("1 / 3 批", "每秒", "约剩").judge("day-running")
    fang.press("暂停").sees("日终已暂停").settle()
    fang.judge("day-paused")
    close_shard(day=DAY, shard=1, by=SYSTEM)
    assert runs.totals(EndOfDay.objects.get(day=DAY))["shards_done"] == 1, "a paused run stands still"
    fang.press("继续").sees("已继续").settle()


def _a_loan_fails_and_the_others_go_on(fang: Window, damaged: Loan) -> None:
    with patch.object(steps, "bring_up_to", _breaking(damaged, steps.bring_up_to)):
        for shard in (1, 2):
            close_shard(day=DAY, shard=shard, by=SYSTEM)
        assert finish_end_of_day(day=DAY, by=SYSTEM).status == "closed"
    snapshot.keep(DAY)
    fang.sees("查看结果").go(PLACE).sees(damaged.number, "还款计划损坏", "¥0.00").judge("day-failed")
    assert "¥0.00" in fang.text(".stats")
    fang.press("重试").sees("已继续。").settle()
    assert damaged.number not in fang.text() and "历史" in fang.text() and "已完成" in fang.text()


def _breaking(damaged: Loan, kept: Callable[..., Any]) -> Callable[..., Any]:
    def bring(loan: Loan, *arguments: Any, **more: Any) -> Any:
        if loan.pk == damaged.pk:
            raise ValueError("还款计划损坏：第 1 期应还为负")
        return kept(loan, *arguments, **more)

    return bring


def _it_is_computed_again(fang: Window, bank: Bank, late: Loan) -> None:
    pay(bank, late, "3321.43", date(2026, 2, 1), "LATE")
    fang.go(f"{PLACE}{DAY}/").press("重算这一天").sees("后台正在重算")
    tasks.recompute_day(Recomputation.objects.get().pk)
    fang.sees("因后来得知的事实而变", late.number, "LATE").judge("day-recomputed")


def _all_of_it_is_silent_and_accessible(window: Window) -> None:
    width = "phone-" if window.is_phone else ""
    for scheme in ("light", "dark") if os.environ.get("SCREENSHOTS") else ("light",):
        window.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        for name, address in (("day", PLACE), ("day-run", f"{PLACE}{DAY}/"), ("days", f"{PLACE}history/"), ("failures", f"{PLACE}failures/")):
            window.go(address).judge(f"{width}{name}-{scheme}")
