"""Two people decide, each for themselves."""

from __future__ import annotations

from chezhe.origination.tests.asking import let_count
from chezhe.ui.tests.browser import Window


def agree(window: Window, application: str, opinion: str) -> None:
    """From what waits on the home page to the verdict."""
    window.go("/").page.locator("main .todo a", has_text=application).first.click()
    window.settle()
    if "/review/" not in window.path:
        window.follow("审批", within="main").settle()
    window.fill(opinion=opinion).press("同意").sees("还没有生效")
    let_count()
    window.go(f"/origination/{application}/")


def agree_by_keyboard(window: Window, application: str) -> None:
    """`g a` opens the inbox, `j` and Enter the case, `a` agrees."""
    keys = window.go("/").page.keyboard
    keys.press("g")
    keys.press("a")
    window.arrives("/approvals/**")
    keys.press("j")
    keys.press("Enter")
    window.arrives(f"/origination/{application}/review/")
    keys.press("a")
    window.sees("还没有生效")
    let_count()
    window.go(f"/origination/{application}/")


def may_not_vote_twice(window: Window, application: str) -> None:
    """Whoever has voted sees why there is no second vote."""
    window.go(f"/origination/{application}/review/").sees("经办人和已表决的人不能表决")
    assert window.page.locator("button[name=verdict]").count() == 0
