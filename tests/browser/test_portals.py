"""The portals on a phone: a customer comes in by a code, shows who she is and sees her loan, with large letters too; a dealer's person."""

from __future__ import annotations

from chezhe.channels.models import Dealer
from chezhe.customers.models import Customer
from chezhe.kernel.actor import SYSTEM
from chezhe.origination.models import Application
from chezhe.portal.tests import outside
from chezhe.portal.tests.outside import code_sent
from chezhe.servicing.models import Loan
from chezhe.ui.tests.browser import PHONE, Window, browser_marks
from tests.browser.town import Town
from tests.security.populated import populate

pytestmark = browser_marks
TARGETS = "[...document.querySelectorAll('main a, main button, .portal-bar a, header a, header button')].filter(one => one.offsetParent)"


def smallest(window: Window) -> float:
    """The height of the lowest thing to press."""
    return float(window.page.evaluate(f"Math.min(...{TARGETS}.map(one => one.getBoundingClientRect().height))"))


class OnAPhone(Town):
    def setUp(self) -> None:
        super().setUp()
        populate(self.team, self.bank)
        self.morning()

    def comes_in(self, window: Window, mobile: str) -> None:
        window.fill(mobile=mobile).press("获取验证码").sees("验证码已发送")
        window.fill(typed=code_sent(mobile)).press("验证").settle()

    def test_a_customer_comes_in_and_sees_her_loan_in_any_letters(self) -> None:
        loan = Loan.objects.visible_to(SYSTEM).select_related("customer").get()
        customer: Customer = loan.customer
        mobile = customer.mobiles.get(is_main=True).mobile
        for theme in ("light", "dark"):
            with self.window("/m/", size=PHONE, theme=theme) as window:
                window.judge(f"portal-sign-in-{theme}")
                assert smallest(window) >= 44
                if theme == "light":
                    self.comes_in(window, mobile)
                    window.sees("核对身份").follow("核对身份").judge("portal-identity")
                    window.fill(name=customer.name, id_number=customer.id_number).press("核对").sees(loan.number)
                    window.judge("portal-home")
                    window.follow("我的", within=".portal-bar").sees("已登录的设备").judge("portal-me")
                    window.press("长辈模式：大字版").follow("首页", within=".portal-bar").judge("portal-home-elder")
                    assert smallest(window) >= 60
                    size = window.page.evaluate("parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)")
                    assert size >= 24, "18 pt"

    def test_a_dealers_person_sees_the_shops_cases(self) -> None:
        dealer = Dealer.objects.order_by("id").first()
        assert dealer is not None
        case = Application.objects.filter(status="accepted").get()
        Application.objects.filter(pk=case.pk).update(dealer=dealer)
        person = outside.person_of(dealer, SYSTEM)
        with self.window("/d/", size=PHONE) as window:
            self.comes_in(window, person.mobile)
            window.sees(case.number, "已放款").judge("portal-dealer-home")
