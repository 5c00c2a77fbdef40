"""An appraiser with a phone in the yard, and a valued car on a desk, in a real Chromium: silent and accessible."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

from django.test import override_settings
from django.urls import reverse

from chezhe.compliance.seeds import parameters
from chezhe.kernel import business_date, clock, jobs, simulators
from chezhe.kernel.testing import moment
from chezhe.risk.actions.begin_report import begin_report
from chezhe.risk.tests.valuing.yard import TODAY, Yard, car_of, make_yard, picture, reported, valued, worth
from chezhe.ui.tests.browser import DESK, PHONE, Window, WithoutSignIn, browser_marks
from chezhe.vehicles.models import Vehicle

pytestmark = browser_marks
HOW: list[tuple[str, dict[str, Any]]] = [
    ("desk", {"size": DESK}), ("phone", {"size": PHONE}), ("dark", {"size": DESK, "theme": "dark"}), ("english", {"size": DESK, "language": "en"}),
]


class ValuesInChromium(WithoutSignIn):
    def test_a_car_is_seen_and_valued(self) -> None:
        parameters.sow()
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(override_settings(MEDIA_ROOT=folder))
        self.enterContext(clock.at(moment("2026-03-16 10:00")))
        self.enterContext(jobs.in_line())
        self.enterContext(simulators.in_process())
        business_date.open_day(TODAY)
        yard = make_yard()
        car, other = car_of(yard), car_of(yard, serial=3)
        reported(car, yard.ping, worth(car))
        valued(car, yard.shen)
        draft = begin_report(vehicle_number=other.number, business_date=TODAY, by=yard.ping)
        with self.window(reverse("risk:appraisal", args=[draft.number]), by=yard.ping, size=PHONE) as phone:
            self._walks_around(phone, folder)
        for name, how in HOW:
            with self.window(by=yard.qin, **how) as window:
                _every_page_is_silent_and_accessible(window, name, car, draft.number, yard)

    def _walks_around(self, phone: Window, folder: Path) -> None:
        """Two photos, one of them of the first car, and half of the grades; the rest later."""
        for place, seed in (("photo_front_left", 700), ("photo_rear_right", 100)):
            shot = folder / f"{place}.png"
            shot.write_bytes(picture(seed))
            phone.fill(within=f"#{place}", file=shot).press("上传", within=f"#{place}").settle()
        phone.sees("照片与其他车辆重复")
        phone.fill(mileage_km="67357", amount="118,000", grade_body="B", grade_engine="A", car_flood="no").press("保存").settle()
        phone.sees("已保存").judge("appraisal-phone")
        phone.press("提交报告").settle()
        phone.sees("还没有填写").judge("appraisal-phone-refused")


def _every_page_is_silent_and_accessible(window: Window, name: str, car: Vehicle, draft: str, yard: Yard) -> None:
    pages = {
        "value": f"{reverse('vehicles:vehicle', args=[car.number])}?tab=valuing", "values": reverse("risk:values"),
        "appraisals": reverse("risk:appraisals"), "appraisal": reverse("risk:appraisal", args=[car.reports.get().number]),
        "appraisers": reverse("risk:appraisers"), "deals": reverse("risk:deals"), "draft-read": reverse("risk:appraisal", args=[draft]),
    }
    for what, path in pages.items():
        window.go(path).judge(f"risk-{what}-{name}")
