"""What the treasury paid, what the accrual carries and the class of today in a real Chromium, in both widths and lights."""

from __future__ import annotations

from datetime import date

from django.urls import reverse

from chezhe.compliance.seeds import parameters
from chezhe.servicing import subsidy_payments
from chezhe.servicing.actions.grant_subsidy import grant_subsidy
from chezhe.servicing.tests.lending import Bank, days_pass, lend, make_bank
from chezhe.ui.tests.browser import DESK, PHONE, Window, WithoutSignIn, browser_marks

pytestmark = browser_marks
TODAY = date(2026, 2, 20)
MONTH = "?month=2026-02"


class TheTreasuryInChromium(WithoutSignIn):
    def test_a_payment_is_shown_booked_and_taken_back(self) -> None:
        parameters.sow()
        bank = make_bank()
        loan = lend(bank)
        lend(bank, product="P01", vin="LFV2A21K8A3000001", plate="沪B23456")
        days_pass(bank, TODAY)
        grant_subsidy(loan_number=loan.number, period=1, by=bank.fang)
        with self.window(by=bank.fang) as fang:
            _it_is_booked(fang)
            _everything_is_silent_and_accessible(fang, "desk-light")
            _it_is_taken_back(fang)
        self._in_every_light(bank)

    def _in_every_light(self, bank: Bank) -> None:
        for size, theme, name in ((DESK, "dark", "desk-dark"), (PHONE, "light", "phone-light"), (PHONE, "dark", "phone-dark")):
            with self.window(by=bank.fang, size=size, theme=theme) as fang:
                _everything_is_silent_and_accessible(fang, name)


def _it_is_booked(fang: Window) -> None:
    fang.go(reverse("servicing:subsidies") + MONTH).fill(amount="80.00", paid_on=TODAY.isoformat(), reference="Z1", payer="市财政局")
    fang.press("预览").sees("将记的分录", "应收财政贴息").judge("treasury-preview")
    assert not subsidy_payments.payments_of(date(2026, 2, 1))
    fang.press("登记到账").sees("已冲减应收财政贴息", "已登记的到账").settle()


def _it_is_taken_back(fang: Window) -> None:
    fang.go(reverse("servicing:subsidies") + MONTH).follow("冲正").fill(reason="他行款项误入").judge("treasury-back")
    fang.press("确认冲正").sees("贴息到账已冲正", "2026-02-20 已冲正").settle()


def _everything_is_silent_and_accessible(fang: Window, name: str) -> None:
    (paid,) = subsidy_payments.payments_of(date(2026, 2, 1))
    pages = {
        "month": reverse("servicing:subsidies") + MONTH, "back": reverse("servicing:reverse_subsidy_payment", args=[paid.entry.number]),
        "day": reverse("servicing:day"), "carry": reverse("servicing:accrual_carry"), "loans": reverse("servicing:loans") + "?cols=number,customer.masked_name,dpd,class_today",
    }
    for page, address in pages.items():
        fang.go(address).judge(f"treasury-{page}-{name}")
