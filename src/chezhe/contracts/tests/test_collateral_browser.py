"""Registrations, the vault, releases and devices in a real Chromium: silent and accessible, and a certificate is lent with the mouse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.urls import reverse

from chezhe.contracts.actions.confirm_gps import confirm_gps
from chezhe.contracts.actions.open_stock_take import open_stock_take
from chezhe.contracts.actions.register_mortgage import register_mortgage
from chezhe.contracts.models import Contract, CustodyItem, RegistrationOrder, Release
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, scan
from chezhe.contracts.tests.test_custody import certificate
from chezhe.contracts.tests.test_registrations import receipt
from chezhe.contracts.tests.test_releases import settled
from chezhe.contracts.tests.test_several_cars import along, noted
from chezhe.kernel import events, roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.testing import actor
from chezhe.ui.tests.browser import DESK, PHONE, Window, WithoutSignIn, browser_marks

pytestmark = browser_marks


class VaultInChromium(WithoutSignIn):
    """A collateral clerk at the vault."""

    cast: Cast
    signed: Callable[..., str]
    gu: Actor

    @pytest.fixture(autouse=True)
    def _cast(self, cast: Cast, signed: Callable[..., str]) -> None:
        self.cast, self.signed = cast, signed
        self.gu = actor("顾", roles.COLLATERAL_OPS, user_id=cast.he.user_id, branch_id=cast.branch.pk)

    def test_a_contract_over_several_cars_is_read_at_the_desk_and_on_the_phone(self) -> None:
        application = accepted(self.cast)
        car = along(application, self.cast)
        number = self.signed(until="signed", application=application)
        events.deliver_all()
        noted(number, car, self.cast)
        for name, size, language in (("desk", DESK, "en"), ("phone", PHONE, "zh-hans")):
            with self.window(by=self.gu, size=size, language=language) as gu:
                gu.go(reverse("contracts:contract", args=[number])).judge(f"several-cars-{name}")
                cut = gu.page.evaluate("[...document.querySelectorAll('.table-box')].filter(e => e.scrollWidth > e.clientWidth + 1).length")
                assert not cut, "no table hides a part of itself"
                gu.sees(car.masked_plate, within=".happenings")

    def test_the_pages_are_silent_and_accessible_and_a_certificate_is_lent(self) -> None:
        number = self.signed(until="signed", application=accepted(self.cast))
        events.deliver_all()
        register_mortgage(
            contract_number=number, registration=receipt(), evidence=scan(91), business_date=TODAY, by=self.cast.he)
        item = certificate(number, self.cast.he)
        take = open_stock_take(branch_code="T01", by=self.cast.he)
        Contract.objects.update(gps_wired=1)
        confirm_gps(contract_number=number, fitted_on=TODAY, devices="G1", business_date=TODAY, by=self.cast.he)
        with self.window(by=self.gu) as gu:
            for name in ("registrations", "vault", "custody_scan", "stock_takes", "open_stock_take", "gps_devices"):
                gu.go(reverse(f"contracts:{name}")).judge(name)
            for name, of in (
                ("stock_take", take.number), ("gps", number), ("policies", number), ("record_policy", number), ("keep_item", number),
                ("contract", number),
            ):
                gu.go(reverse(f"contracts:{name}", args=[of])).judge(name)
            _a_certificate_is_lent(gu, item)
            settled(number)
            gu.go(reverse("contracts:releases")).judge("releases")
            gu.go(reverse("contracts:release_of", args=[Release.objects.get().number])).judge("release_of")
            order = RegistrationOrder.objects.get(registry="unified")
            gu.go(reverse("contracts:registration", args=[order.number])).judge("registration")


def _a_certificate_is_lent(gu: Window, item: CustodyItem) -> None:
    gu.go(reverse("contracts:custody_item", args=[item.number])).judge("kept")
    gu.page.fill("#id_lend_holder", "车管所窗口")
    gu.page.fill("#id_lend_due_back", (TODAY + timedelta(days=2)).isoformat())
    gu.page.fill("#id_lend_reason", "办理变更登记")
    gu.press("借出").sees("已登记借出")
    gu.judge("lent")
