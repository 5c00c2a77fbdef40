"""Everything that a customer can do at the portal, looked at on a phone: in ordinary letters and in large ones, light and dark."""

from __future__ import annotations

from chezhe.kernel.actor import SYSTEM
from chezhe.portal.models import Account
from chezhe.portal.tests.outside import account_of, code_sent, token_for
from chezhe.portal.tests.pages import at
from chezhe.servicing.models import Loan
from chezhe.ui.tests.browser import PHONE, Window, browser_marks
from tests.browser.test_portals import smallest
from tests.browser.town import Town
from tests.security.populated import populate

pytestmark = browser_marks


class WithAPhoneInHand(Town):
    def setUp(self) -> None:
        super().setUp()
        populate(self.team, self.bank)
        self.morning()
        self.loan = Loan.objects.visible_to(SYSTEM).select_related("customer", "contract__application").get()

    def signed_in(self, window: Window, *, is_elder: bool = False) -> Window:
        account = Account.objects.filter(customer=self.loan.customer).first() or account_of(self.loan.customer)
        cookies = {"portal-m": token_for(account), "elder": "on" if is_elder else "off"}
        window.page.context.add_cookies([{"name": name, "value": value, "url": window.root} for name, value in cookies.items()])
        return window

    def pages(self) -> list[tuple[str, str]]:
        loan, contract = self.loan.subject, self.loan.contract
        application = contract.application
        assert application is not None
        return [
            ("loan", at("loan", loan)), ("settle", at("settle", loan)), ("papers", at("papers", loan)), ("rating", at("rating", loan)),
            ("case", at("case", application.subject)), ("supplement", at("supplement", application.subject)),
            ("offer", at("offer", application.subject)), ("costs", at("costs", contract.subject)), ("sign", at("sign", contract.subject)),
            ("apply", at("apply")), ("enquire", at("enquire")), ("privacy", at("privacy")), ("complaints", at("complaints")), ("me", at("me")),
        ]

    def test_no_page_is_wider_than_the_phone_and_every_target_is_large_enough(self) -> None:
        with self.window("/m/", size=PHONE) as window:
            self.signed_in(window)
            for name, address in self.pages():
                window.go(address).judge(f"customer-{name}")
                assert smallest(window) >= 44, name
        with self.window("/m/", size=PHONE, theme="dark") as window:
            self.signed_in(window, is_elder=True)
            for name, address in self.pages():
                window.go(address).judge(f"customer-{name}-elder-dark")
                assert smallest(window) >= 60, name

    def test_a_customer_asks_to_settle_complains_and_pays_behind_a_code(self) -> None:
        mobile = self.loan.customer.mobiles.get(is_main=True).mobile
        with self.window("/m/", size=PHONE) as window:
            self.signed_in(window).go("/m/").sees(self.loan.number)
            window.go(at("settle", self.loan.subject)).press("申请这一天结清").sees("已收到您的申请")
            window.go(at("complaints")).fill(kind="service", words="电话没人接").press("提交").sees("我们会在")
            window.go(at("loan", self.loan.subject)).follow("还款", within="main").sees("再次确认是您本人")
            window.press("获取验证码").fill(typed=code_sent(mobile)).press("验证").settle()
            window.sees("今天应还").judge("customer-pay")
