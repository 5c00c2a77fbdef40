"""The debit pages in a real Chromium: a mandate is signed and a debit made with the mouse; every page silent and accessible."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.test import override_settings
from django.urls import reverse

from chezhe.compliance.seeds import parameters
from chezhe.documents.tests.people import hire
from chezhe.kernel import roles
from chezhe.kernel.actor import Reach
from chezhe.payments.debits.models import ChannelSettlement, Debit, Mandate
from chezhe.payments.tasks import debits as channel_tasks
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.models import Loan, LoanDebit
from chezhe.servicing.tests.debiting import DUE, mandate, morning, now_proved, until
from chezhe.servicing.tests.lending import Bank, lend, make_bank
from chezhe.ui.tests.browser import DESK, PHONE, Window, WithoutSignIn, browser_marks

pytestmark = browser_marks


class DebitsInChromium(WithoutSignIn):
    def test_the_debit_pages_in_a_real_browser(self) -> None:
        parameters.sow()
        bank = make_bank()
        loan = lend(bank, product="P01")
        _a_day_of_debits(bank)
        clerk = hire("代", bank.cast.east, roles.FINANCE, reach=Reach.ALL)
        seller = hire("签", bank.cast.east, roles.SERVICING, reach=Reach.ALL)
        folder = self.enterContext(tempfile.TemporaryDirectory())
        with override_settings(MEDIA_ROOT=Path(folder)):
            with self.window(by=seller) as window:
                _a_mandate_is_signed_with_the_mouse(window, bank)
            with self.window(by=clerk) as window:
                _a_debit_is_made_with_the_mouse(window, loan)
            _a_repayment_is_reversed(bank, loan)
            for name, size, theme in (("desk", DESK, "light"), ("dark", DESK, "dark"), ("phone", PHONE, "light")):
                with self.window(by=clerk, size=size, theme=theme) as window:
                    _the_pages_are_silent_and_accessible(window, bank, loan, name)


def _a_day_of_debits(bank: Bank) -> None:
    """One hour fails, one brings half; the channel's day waits, and tomorrow something is planned."""
    mandate(bank, "801")
    with morning(bank) as world:
        until(world, 9)
        mandate(bank, "808")
        until(world, 13)
        channel_tasks.settle_channel(DUE.isoformat())


def _a_mandate_is_signed_with_the_mouse(window: Window, bank: Bank) -> None:
    window.go(reverse("customers:customer", args=[bank.wang.number]) + "?tab=mandates").follow("签署代扣授权").judge("sign")
    window.fill(debit_max="10000", day_max="20000", evidence="DK-9").press("登记授权").sees("自今日起可以扣款").judge("mandate-new")
    assert Mandate.objects.filter(status="active").count() == 1


def _a_debit_is_made_with_the_mouse(window: Window, loan: Loan) -> None:
    window.go(reverse("servicing:loan", args=[loan.number]) + "?tab=debits").follow("立即扣款").judge("debit-now").press("预览")
    window.page.get_by_role("button", name="确认扣款").wait_for()
    window.judge("debit-preview").press("确认扣款").sees("渠道答复后自动入账").judge("debit-sent")
    assert LoanDebit.objects.filter(turn=51, status="ordered").exists()


def _a_repayment_is_reversed(bank: Bank, loan: Loan) -> None:
    """The half that was collected is with us, on no loan."""
    event = loan.events.get(kind="repaid")
    reverse_repayment(loan_number=loan.number, event_id=event.pk, reason="录入有误", by=now_proved(bank.fang))


def _the_pages_are_silent_and_accessible(window: Window, bank: Bank, loan: Loan, name: str) -> None:
    partly = LoanDebit.objects.get(status="partly")
    addresses = {
        "centre": reverse("servicing:debits"), "debit": reverse("servicing:debit", args=[partly.number]),
        "again": reverse("servicing:book_debit_again", args=[partly.number, Debit.objects.get(claim=partly.number).reference]),
        "planned": reverse("servicing:debit", args=[LoanDebit.objects.get(turn=3).number]),
        "panel": reverse("servicing:loan", args=[loan.number]) + "?tab=debits", "mandates": reverse("payments:mandates"),
        "mandate": reverse("payments:mandate", args=[partly.mandate.number]),
        "customer": reverse("customers:customer", args=[bank.wang.number]) + "?tab=mandates",
        "settlements": reverse("payments:settlements"),
        "settlement": reverse("payments:settlement", args=[ChannelSettlement.objects.get().number]),
    }
    for page, address in addresses.items():
        window.go(address).judge(f"{page}-{name}")
