"""The pages of products and books in a real Chromium: silent console, charts drawn, nothing serious for axe."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from chezhe.compliance.seeds import lender, parameters
from chezhe.finmath.transfers import Transfer
from chezhe.kernel import business_date, roles
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.testing import actor
from chezhe.ledger import chart
from chezhe.ledger import steps as ledger_steps
from chezhe.ui.tests.browser import WithoutSignIn, browser_marks

DAY = date(2026, 4, 2)
pytestmark = browser_marks


class PagesInChromium(WithoutSignIn):
    def setUp(self) -> None:
        super().setUp()
        parameters.sow()
        lender.sow_lender()
        business_date.open_day(DAY)
        moved = [
            Transfer(chart.LOAN_PRINCIPAL, chart.BANK_PAYOUT, 10_000_000, "loan:L26-000001-1"),
            Transfer(chart.BANK, chart.CAPITAL, 500_000_000), Transfer(chart.INTEREST_RECEIVABLE, chart.INTEREST_INCOME, 100_000),
        ]
        self.entry = ledger_steps.post(event="payout", reference="p1", transfers=moved, on=date(2026, 3, 20), by=SYSTEM)

    def addresses(self) -> dict[str, str]:
        asked = "?price=125000&down_payment=25000&condition=new&usage=private&energy=conventional"
        return {
            "entries": reverse("ledger:entries"), "entry": reverse("ledger:entry", args=[self.entry.number]),
            "accounts": reverse("ledger:accounts"), "trial": reverse("ledger:trial_balance"), "periods": reverse("ledger:periods"),
            "statement": reverse("ledger:statement") + "?account=1303.01&first=2026-03-01&last=2026-04-01",
            "propose": reverse("ledger:propose"), "products": reverse("products:products"),
            "version": reverse("products:version", args=["P01-v1"]),
            "calculator": reverse("products:calculator") + asked + "&product_1=P01&periods_1=36&product_2=P01&method_2=balloon&periods_2=24",
        }

    def test_pages_are_silent_and_accessible(self) -> None:
        manager = actor("财务经理", roles.FINANCE, roles.RISK_MANAGER)
        with self.window(by=manager) as window:
            for name, address in self.addresses().items():
                window.go(address).judge(name)
