"""What stands behind an application, in a real Chromium: a guarantor offered, accepted and counted; silent and accessible."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.test import override_settings
from django.urls import reverse

from chezhe.compliance.seeds import lender, parameters
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, clock
from chezhe.kernel.testing import moment
from chezhe.origination.tests.asking import TODAY, filled, make_house
from chezhe.origination.tests.test_coverage import valued
from chezhe.risk.guarantees.models import Security
from chezhe.ui.tests.browser import DESK, PHONE, WithoutSignIn, browser_marks

pytestmark = browser_marks
HOW: list[tuple[str, dict[str, Any]]] = [
    ("desk", {"size": DESK}), ("phone", {"size": PHONE}), ("dark", {"size": DESK, "theme": "dark"}), ("english", {"size": DESK, "language": "en"}),
]


class CoverageInChromium(WithoutSignIn):
    def test_a_guarantor_makes_it_enough(self) -> None:
        parameters.sow()
        lender.sow_lender()
        self.enterContext(override_settings(MEDIA_ROOT=Path(self.enterContext(tempfile.TemporaryDirectory()))))
        self.enterContext(clock.at(moment("2026-03-16 10:00")))
        business_date.open_day(TODAY)
        house = make_house()
        value = valued(house)
        value.lending_value, value.basis = Money(50_000_00), Money(56_000_00)
        value.save()
        type(value).objects.filter(pk=value.pk).update(value=Money(56_000_00))
        made, friend = filled(house), person(OUYANG, house.lin)
        tab = f"{reverse('origination:application', args=[made.number])}?tab=guarantees"
        with self.window(tab, by=house.lin) as lin:
            lin.settle().press("测算覆盖率").settle()
            lin.sees("担保不足").judge("coverage-short")
            lin.follow("保证人").settle()
            lin.fill(amount="60,000", guarantor_number=friend.number, income_monthly="8,000").press("登记").settle()
            lin.sees("等待另一位同事认定").judge("coverage-offered")
        number = Security.objects.get().number
        with self.window(reverse("risk:security", args=[number]), by=house.chen) as chen:
            chen.judge("security-offered").press("认定").settle()
            chen.go(tab).press("重新测算").settle()
            chen.judge("coverage-enough")
        for name, how in HOW:
            with self.window(by=house.chen, **how) as window:
                for what, path in (("panel", tab), ("security", reverse("risk:security", args=[number])), ("deadlines", reverse("risk:deadlines"))):
                    window.go(path).judge(f"coverage-{what}-{name}")
