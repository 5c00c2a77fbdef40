"""Coming in: the door is quiet, says nothing to strangers, locks, and asks for the phone; who may not open a page is told who can help."""

from __future__ import annotations

from chezhe.kernel import clock, roles
from chezhe.staff import second_factor
from chezhe.staff.tests import cast
from chezhe.ui.tests.browser import PHONE, Window, browser_marks
from tests.browser.town import Town

pytestmark = browser_marks


class ComingIn(Town):
    def test_the_first_page_is_chinese_quiet_and_whole(self) -> None:
        with self.window("/") as window:
            assert window.path.startswith("/sign-in/") and window.page.title() == "登录 · 车辙"
            window.judge("first")
        with self.window("/", size=PHONE, theme="dark") as window:
            window.judge("first-on-the-phone")

    def test_the_sixth_wrong_password_locks_and_a_stranger_hears_the_same(self) -> None:
        said = {}
        for name in ("lin", "nobody"):
            with self.window("/sign-in/") as window, window.expecting(429):
                said[name] = [attempt(window, name) for _ in range(6)]
        assert said["lin"] == said["nobody"]
        assert set(said["lin"][:5]) == {"用户名或密码不正确。"} and "15 分钟" in said["lin"][5]

    def test_whoever_moves_money_binds_a_phone_and_a_recovery_code_works_once(self) -> None:
        cast.person("new", roles.FUNDING, at=self.team.east)
        self.morning()
        with self.window("/sign-in/") as window:
            window.fill(username="new", password=cast.PASSWORD).press("登录").arrives("/me/second-factor/")
            secret = window.text(".enrol-secret code")
            window.fill(code="000000").press("确认绑定").sees("动态口令不正确")
            window.fill(code=second_factor.code_at(secret, clock.now())).press("确认绑定").arrives("/me/shown-once/")
            codes = window.page.locator(".secret-list code").all_inner_texts()
            window.judge("recovery-codes")
        assert len(codes) == 10
        assert [self.comes_in_with(codes[0]), self.comes_in_with(codes[0]), self.comes_in_with(codes[1])] == [True, False, True]

    def comes_in_with(self, code: str) -> bool:
        with self.window("/sign-in/") as window:
            window.fill(username="new", password=cast.PASSWORD).press("登录").fill(code=code).press("验证").settle()
            return window.page.locator(".rail").count() == 1

    def test_a_page_of_others_says_which_right_is_missing_and_who_grants_it(self) -> None:
        lin = self.desk("lin")
        with lin.expecting(403, 404):
            lin.go("/ledger/trial-balance/").sees("您没有“查看总账、分录与试算平衡”的权限", "管理员").judge("refused")
            lin.go("/contracts/payouts/DB26-000001-2/").judge("nothing-there")
            lin.go("/nowhere/").sees("没有找到").judge("nowhere")
        assert "试算平衡" not in lin.go("/").text(".rail")

    def test_money_asks_for_the_phone_again_after_a_while(self) -> None:
        cai = self.desk("cai").go("/servicing/day/")
        clock.tick(900)
        self.look_at_the_clock()
        cai.go("/servicing/bank-files/")
        assert cai.path.startswith("/step-up/")
        cai.fill(code="000000").press("验证并继续").sees("动态口令不正确")
        cai.fill(code=self.next_code()).press("验证并继续").arrives("/servicing/bank-files/")


def attempt(window: Window, name: str) -> str:
    """One wrong password; what the page says."""
    window.fill(username=name, password="Wrong-words-1").press("登录").settle()
    return window.text(".error-summary li, .error-summary").replace("请先改正以下内容，其余已填写的都还在。", "").strip()
