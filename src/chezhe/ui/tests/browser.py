"""One Chromium for the browser tests of every room: windows on the live server, and a judge of what they show.

    class LoansInChromium(InChromium):
        def test_money_is_taken(self) -> None:
            with self.window(by=fang, path="/servicing/loans/") as fang:
                fang.follow("收款")
                fang.fill(amount="4000", reference="HD-9")
                fang.press("确认收款")
                fang.judge("repaid")

SCREENSHOTS names a folder to keep a picture of every page that is judged, and of the pages open when a test failed.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.test import LiveServerTestCase, override_settings

from chezhe.kernel import clock
from chezhe.kernel.actor import ANONYMOUS, Actor

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Response

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
AXE = settings.ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
DESK, PHONE = (1366, 768), (375, 812)
# Generous, since the machine may have much else to do; nothing waits that long when all is well.
PATIENCE_MS = 30_000
SETTLED = """() => document.readyState === 'complete'
    && !document.querySelector('[hx-get] .state-loading, .htmx-request, .htmx-swapping, .htmx-settling')
    && [...document.querySelectorAll('[data-chart]')].every(box => box.querySelector('svg, canvas'))"""
STICKING_OUT = """width => [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest('.table-box, dialog')).slice(0, 5).map(e => e.outerHTML.slice(0, 120))"""
ICONS_MISSING = """async () => {
    const uses = [...document.querySelectorAll('svg use')].map(use => use.getAttribute('href').split('#'));
    const sprites = new Map();
    for (const [file] of uses) if (!sprites.has(file)) sprites.set(file, await (await fetch(file)).text());
    return [...new Set(uses.filter(([file, name]) => !sprites.get(file).includes(`id="${name}"`)).map(([, name]) => `no icon ${name}`))];
}"""
# A form that is refused answers 422, and Chromium writes every such answer into the console.
REFUSED_FORM = 422
STATUS = re.compile(r"the server responded with a status of (\d+)")
ACTING_AS = "acting-as"

browser_marks = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no chromium: type  apt-get install chromium"),
    pytest.mark.skipif(finders.find("build/app.js") is None or not AXE.exists(), reason="not built: type  ./run build"),
]
_acting: list[Actor] = []


class CookieSaysWho:
    """Stands where the staff room reads the session: the window's own cookie says who sits before it, freshly stepped up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        place = request.COOKIES.get(ACTING_AS)
        actor = ANONYMOUS if place is None else replace(_acting[int(place)], stepped_up_at=clock.now())
        request.actor = actor  # type: ignore[attr-defined]
        return self.get_response(request)


WITHOUT_SIGN_IN = [f"{__name__}.CookieSaysWho" if "ActorMiddleware" in name else name for name in settings.MIDDLEWARE]


@dataclass
class Window:
    """A page of the browser, with the verbs of somebody who works in it; `page` is Playwright's own."""

    page: Page
    root: str
    is_phone: bool = False
    faults: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=lambda: {REFUSED_FORM})
    # A paper in which no script may run: neither axe's promise nor anything else that is waited for ever ends in it.
    is_paper: bool = False

    def __post_init__(self) -> None:
        self.page.on("console", lambda said: self._hear(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        self.page.on("request", lambda asked: self._watch(asked.url))
        self.page.on("response", self._read_policy)

    def go(self, path: str) -> Window:
        self.page.goto(self.root + path)
        return self.settle()

    def settle(self) -> Window:
        """Wait until every part has been fetched and every chart drawn."""
        if self.is_paper:
            return self
        self.page.wait_for_function(SETTLED)
        return self

    def press(self, name: str, *, within: str = "body", which: int = 0) -> Window:
        """The button with exactly this name."""
        self._visible("button", name, within).nth(which).click()
        return self

    def follow(self, name: str, *, within: str = "body", which: int = 0, exact: bool = True) -> Window:
        """The link with exactly this name, or with a name in which it stands."""
        self._visible("link", name, within, exact).nth(which).click()
        return self

    def _visible(self, role: Any, name: str, within: str, exact: bool = True) -> Locator:
        return self.page.locator(within).get_by_role(role, name=name, exact=exact).locator("visible=true")

    def fill(self, *, within: str = "body", **values: str | bool | Path) -> Window:
        """Fields by name: text is typed, a choice chosen, a box ticked, a file given."""
        for name, value in values.items():
            self._fill(self.page.locator(within).locator(f"[name='{name}']:not([type=hidden])"), value)
        return self

    def _fill(self, box: Locator, value: str | bool | Path) -> None:
        if isinstance(value, Path):
            box.set_input_files(value)
            return
        kind = box.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : e.type")
        box = box.locator("visible=true") if kind != "radio" else box
        if kind == "select":
            box.select_option(str(value))
        elif kind == "radio":
            box.and_(self.page.locator(f"[value='{value}']")).check()
        elif isinstance(value, bool):
            box.set_checked(value)
        else:
            box.fill(value)

    def leave(self, name: str) -> Window:
        """Leave a field, as with the Tab key."""
        self.page.locator(f"[name='{name}']").press("Tab")
        return self

    def sees(self, *words: str, within: str = "body") -> Window:
        """Wait until each of these can be read."""
        for said in words:
            self.page.locator(within).get_by_text(said).locator("visible=true").first.wait_for()
        return self

    def waits_for_fewer(self, selector: str, than: int) -> Window:
        """Until fewer elements than that match; the page has settled."""
        self.page.wait_for_function("([s, n]) => document.querySelectorAll(s).length < n", arg=[selector, than])
        return self.settle()

    def text(self, within: str = "main") -> str:
        return self.page.locator(within).first.inner_text()

    def arrives(self, pattern: str) -> str:
        """Wait for an address like `/contracts/*/`; gives its path."""
        self.page.wait_for_url(f"{self.root}{pattern}")
        self.settle()
        return self.path

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.root)

    def judge(self, name: str) -> Window:
        """Silent, accessible, and on the phone never wider than the screen."""
        self.settle()
        self.picture(name)
        found = [*self.faults, *self.barriers(), *self.overflow(), *self.page.evaluate(ICONS_MISSING)]
        assert not found, f"{name}: {found}"
        return self

    def overflow(self) -> list[str]:
        """On the phone: what sticks out of the screen to the right."""
        if not self.is_phone or self.page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]:
            return []
        return [f"wider than {PHONE[0]} px", *self.page.evaluate(STICKING_OUT, PHONE[0])]

    def barriers(self) -> list[tuple[str, str]]:
        """What axe calls serious or critical, each with one place where it stands; nothing of a paper in which no script may run."""
        if self.is_paper:
            return []
        self.page.evaluate(_axe())
        found = self.page.evaluate("async rules => (await axe.run(document, {runOnly: rules})).violations", list(RULES))
        return [(f["id"], f["nodes"][0]["html"][:200]) for f in found if f["impact"] in ("serious", "critical")]

    def picture(self, name: str) -> None:
        if folder := os.environ.get("SCREENSHOTS"):
            is_drawable = self.page.evaluate("document.documentElement.scrollHeight") < 12_000
            self.page.screenshot(path=Path(folder) / f"{name}.png", full_page=is_drawable)

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """Inside, answers with these statuses are no fault."""
        before, self.expected = self.expected, self.expected | set(statuses)
        yield
        self.settle()
        self.expected = before

    def _hear(self, text: str) -> None:
        status = STATUS.search(text)
        if status is None or int(status[1]) not in self.expected:
            self.faults.append(f"{self.path}: {text}")

    def _read_policy(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.frame == self.page.main_frame:
            policy = answer.headers.get("content-security-policy", "")
            if answer.headers.get("content-disposition", "").startswith("attachment"):
                return  # it is kept as a file; the page stays
            self.is_paper = "sandbox" in policy and "allow-scripts" not in policy

    def _watch(self, address: str) -> None:
        if not address.startswith((self.root, "data:", "blob:")):
            self.faults.append(f"{self.path}: asks {address}")


@cache
def _axe() -> str:
    return Path(AXE).read_text(encoding="utf-8")


class _OneForAll:
    """Chromium starts once in a process. Playwright drives it from an event loop in the very thread of the tests, which others must
    not find there: it is out of sight between the classes that use it."""

    def __init__(self) -> None:
        from playwright.sync_api import sync_playwright

        self.driver = sync_playwright().start()
        self.loop = asyncio._get_running_loop()
        # Nothing outside this machine has an address.
        away = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1"
        self.chromium = self.driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", away])
        atexit.register(self.end)

    def appear(self) -> Browser:
        asyncio._set_running_loop(self.loop)
        return self.chromium

    def disappear(self) -> None:
        asyncio._set_running_loop(None)

    def end(self) -> None:
        self.appear()
        self.chromium.close()
        self.driver.stop()
        self.disappear()


@cache
def _one_for_all() -> _OneForAll:
    return _OneForAll()


class InChromium(LiveServerTestCase):
    """The live server, and windows of the one browser."""

    chromium: Browser

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.chromium = _one_for_all().appear()
        cls.addClassCleanup(_one_for_all().disappear)

    def setUp(self) -> None:
        super().setUp()
        self.open: list[Window] = []

    def tearDown(self) -> None:
        """The last sight of every window that stayed open, above all of those of a test that failed."""
        for place, window in enumerate(self.open):
            window.picture(f"last-{self._testMethodName}-{place}")
        super().tearDown()

    @contextmanager
    def window(
        self, path: str = "", *, by: Actor | None = None, size: tuple[int, int] = DESK, theme: Any = "light", language: str = "zh-hans"
    ) -> Iterator[Window]:
        """A window of its own, with cookies of its own; any fault of its console and any request elsewhere fails the test."""
        frame: Any = {"width": size[0], "height": size[1]}
        with self.chromium.new_context(
            viewport=frame, color_scheme=theme, locale="zh-CN", timezone_id="Asia/Shanghai", reduced_motion="reduce",
        ) as context:
            said = {"django_language": language, **({ACTING_AS: _place(by)} if by else {})}
            context.set_default_timeout(PATIENCE_MS)
            context.add_cookies([{"name": name, "value": value, "url": self.live_server_url} for name, value in said.items()])
            window = Window(context.new_page(), self.live_server_url, is_phone=size == PHONE)
            self.open.append(window)
            yield window.go(path) if path else window
            self.open.remove(window)
        assert not window.faults, window.faults


def _place(actor: Actor) -> str:
    _acting.append(actor)
    return str(len(_acting) - 1)


@override_settings(MIDDLEWARE=WITHOUT_SIGN_IN)
class WithoutSignIn(InChromium):
    """For the pages of one room: `by` acts without a password."""
