"""A lender at work in real Chromium: the server lives in the test's own time, people sign in with password and code.

`desk("lin")` is the window in which Lin has signed in; `time_passes` lets jobs run, the bank answer and news arrive.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Callable
from contextvars import Context, copy_context
from datetime import date
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.test import override_settings

from chezhe.compliance.seeds import lender, parameters
from chezhe.kernel import business_date, clock, events, jobs, simulators
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import moment
from chezhe.staff import second_factor
from chezhe.staff.models import User
from chezhe.staff.tests import cast
from chezhe.ui.tests.browser import DESK, InChromium, Window
from tests.journeys.house import NOW, TODAY, Team, hire

_here: list[Context] = []


class InTheTestsTime:
    """The server's threads have contexts of their own: this lends them the test's, with its clock, its jobs and its bank."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if threading.current_thread() is threading.main_thread():
            return self.get_response(request)
        return _here[-1].copy().run(self.get_response, request)


@override_settings(MIDDLEWARE=[f"{__name__}.InTheTestsTime", *settings.MIDDLEWARE])
class Town(InChromium):
    bank: World
    team: Team
    folder: Path

    def setUp(self) -> None:
        super().setUp()
        self.addCleanup(_here.clear)
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        self.enterContext(override_settings(MEDIA_ROOT=self.folder / "files"))
        self.enterContext(clock.at(NOW))
        self.enterContext(jobs.in_line())
        self.bank = self.enterContext(simulators.in_process())
        self.bank.set_faults("bank", duplicate_rate=1, delay_seconds=(1, 1))
        parameters.sow()
        lender.sow_lender()
        business_date.open_day(TODAY)
        self.team = hire()
        self.morning()

    def desk(self, name: str, *, size: tuple[int, int] = DESK) -> Window:
        """This person's window, signed in."""
        if name not in self.desks:
            self.desks[name] = self.sign_in(self.enterContext(self.window("/sign-in/", size=size)), name)
        return self.desks[name]

    def sign_in(self, window: Window, name: str) -> Window:
        """With the name, the password and the code of the moment."""
        window.fill(username=name, password=cast.PASSWORD).press("登录").fill(code=self.next_code()).press("验证")
        window.arrives("/")
        return window

    def next_code(self) -> str:
        """The digits that a phone shows next: each is accepted once."""
        clock.tick(second_factor.STEP_SECONDS)
        self.look_at_the_clock()
        return second_factor.code_at(cast.SECRET, clock.now())

    def prove(self, window: Window) -> Window:
        """Enter the code where money moves, if it is asked for."""
        if window.path.startswith("/step-up/"):
            window.fill(code=self.next_code()).press("验证并继续").settle()
        return window

    def time_passes(self, seconds: int = 15) -> None:
        """Jobs run, the bank calls back, news is delivered."""
        for _ in range(0, seconds, 3):
            jobs.run_due()
            self.bank.pump()
            events.deliver_all()
            clock.tick(3)
        self.look_at_the_clock()

    def wake_on(self, day: date) -> None:
        """Sleep until the morning of a day; every sign-in has run out by then."""
        clock.tick((moment(f"{day:%Y-%m-%d} 09:00") - clock.now()).total_seconds())
        self.morning()

    def morning(self) -> None:
        """Nobody is signed in, and nobody's password has run out over night."""
        User.objects.update(password_set_at=clock.now())
        self.desks: dict[str, Window] = {}
        self.look_at_the_clock()

    def look_at_the_clock(self) -> None:
        _here[:] = [copy_context()]
