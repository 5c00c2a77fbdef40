"""Reconciliation in a real Chromium: silent, accessible, and a suggestion accepted and broken with the mouse."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.test import override_settings
from django.urls import reverse

from chezhe.compliance.seeds import parameters
from chezhe.kernel import business_date, clock, jobs, roles, simulators
from chezhe.kernel.actor import Actor
from chezhe.ledger import chart
from chezhe.payments.actions.reconcile_accounts import reconcile_accounts
from chezhe.payments.models import Tally
from chezhe.payments.reconciliation import proposing
from chezhe.payments.tasks.reconciliation import fetch_settlement
from chezhe.payments.tests.conftest import NOW, TODAY, person
from chezhe.payments.tests.test_reconciliation import book, paid, statement
from chezhe.staff.models import Branch, Region
from chezhe.ui.tests.browser import DESK, PHONE, Window, WithoutSignIn, browser_marks

pytestmark = browser_marks


class ReconciliationInChromium(WithoutSignIn):
    def test_a_day_is_reconciled(self) -> None:
        parameters.sow()
        folder = self.enterContext(tempfile.TemporaryDirectory())
        self.enterContext(override_settings(MEDIA_ROOT=Path(folder)))
        self.enterContext(clock.at(NOW))
        self.enterContext(jobs.in_line())
        cai = self._a_day_with_everything()
        views: list[tuple[str, dict[str, Any]]] = [
            ("desk", {"size": DESK}), ("phone", {"size": PHONE}), ("dark", {"size": DESK, "theme": "dark"}),
            ("english", {"size": DESK, "language": "en"}),
        ]
        for name, how in views:
            with self.window(by=cai, **how) as window:
                _every_page_is_silent_and_accessible(window, name)
        with self.window(reverse("payments:reconciliation"), by=cai) as window:
            _a_suggestion_is_accepted_and_broken(window)

    def _a_day_with_everything(self) -> Actor:
        region = Region.objects.get_or_create(code="T", defaults={"name": "测试区"})[0]
        business_date.open_day(TODAY)
        branch = Branch.objects.get_or_create(code="T01", defaults={"name": "城东店", "region": region})[0]
        cai = person("蔡", roles.FINANCE, branch)
        world = self.enterContext(simulators.in_process())
        world.set_faults("bank", duplicate_rate=0, delay_seconds=(1, 1))
        orders = [paid(world, branch, f"r{at}", fate=fate, yuan=10_000 + at) for at, fate in enumerate(("", "911", "912", "914"))]
        rows, left = [], 100_000
        for at, order in enumerate(orders[:3]):
            left -= 10_000 + at
            rows.append(f"2026-03-16,,{10_000 + at}.00,{left}.00,P{at},王建国,****0004,代付 {order.bank_reference}")
        statement(cai, *rows, account=chart.BANK_PAYOUT)
        statement(
            cai, "2026-03-15,3174.39,,3174.39,A1,张三,6217000000000000004,还款 L26-000123-7", "2026-03-15,,3.50,3170.89,A2,某银行,,账户管理费",
            "2026-03-16,500.00,,3670.90,A3,李四,,货款",
        )
        book(317_439, memo="柜面收款 张三")
        book(-350, owner="", reference="manual:1", memo="银行账户管理费")
        clock.tick(int(timedelta(days=1).total_seconds()))
        business_date.open_day(TODAY + timedelta(days=1))
        fetch_settlement(TODAY.isoformat())
        reconcile_accounts(by=cai)
        return cai


def _every_page_is_silent_and_accessible(window: Window, name: str) -> None:
    tally = Tally.objects.get(kind="amount_differs") if Tally.objects.filter(kind="amount_differs").exists() else Tally.objects.exclude(kind="")[0]
    double = proposing.doubles(business_date.current())[0]
    addresses = {
        "recon-center": reverse("payments:reconciliation") + "?on=2026-03-16", "recon-exceptions": reverse("payments:exceptions") + "?status=open",
        "recon-tally": reverse("payments:tally", args=[tally.number]), "recon-channel": reverse("payments:channel_lines"),
        "recon-merge": reverse("payments:merge_receipt", args=[double.tally.number, double.receipt.bank_serial]),
        "recon-import": reverse("payments:import"),
    }
    for page, address in addresses.items():
        window.go(address).judge(f"{page}-{name}")


def _a_suggestion_is_accepted_and_broken(window: Window) -> None:
    before = Tally.objects.count()
    window.press("采纳").sees("已勾对为").settle()
    assert Tally.objects.count() == before - 1
    joined = Tally.objects.get(how="accepted")
    window.go(reverse("payments:tally", args=[joined.number])).sees("人工采纳").press("拆开")
    window.fill(within="#break", reason="看错了").press("拆开", within="#break").sees("已拆开").settle()
    assert Tally.objects.count() == before
