"""A whole lender for journeys: two branches, a person for every role, and programs that speak with their tokens."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from chezhe.kernel import clock, events, jobs, roles
from chezhe.kernel.actor import Reach
from chezhe.kernel.simulators import World
from chezhe.kernel.testing import moment
from chezhe.origination.tests.asking import publish_limits_without_conditions
from chezhe.staff import second_factor, steps, tokens
from chezhe.staff.models import Branch, User
from chezhe.staff.tests import cast

TODAY = date(2026, 9, 1)
NOW = moment("2026-09-01 10:00")
API = "/api/v1/"
_keys = count()
_shades = count()


@dataclass
class Program:
    """Speaks to the API with one person's token; every POST carries a key of its own unless one is given."""

    user: User
    token: str
    client: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def get(self, path: str) -> Any:
        return self.client.get(API + path, headers=self._headers())

    def post(self, path: str, body: Any = None, *, key: str = "") -> Any:
        """JSON; `body` may be text or bytes that are no JSON at all."""
        return self.client.post(API + path, _text(body), content_type="application/json", headers=self._headers(key or fresh_key()))

    def patch(self, path: str, body: Any) -> Any:
        return self.client.patch(API + path, _text(body), content_type="application/json", headers=self._headers())

    def send(self, path: str, *, key: str = "", **form: Any) -> Any:
        """Multipart."""
        return self.client.post(API + path, form, headers=self._headers(key or fresh_key()))

    def step_up(self) -> Any:
        """Enter the next code of the authenticator."""
        clock.tick(second_factor.STEP_SECONDS)
        code = second_factor.code_at(cast.SECRET, clock.now())
        return self.client.put(
            f"{API}staff/step-up", json.dumps({"code": code}), content_type="application/json", headers=self._headers()
        )

    def _headers(self, key: str = "") -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", **({"Idempotency-Key": key} if key else {})}


def _text(body: Any) -> str | bytes:
    return body if isinstance(body, str | bytes) else json.dumps({} if body is None else body)


def fresh_key() -> str:
    return f"journey-{next(_keys)}"


@dataclass(frozen=True)
class Team:
    """The people by name; `east` is where the loan is made, `west` is the other branch."""

    east: Branch
    west: Branch
    people: dict[str, User]

    def program(self, name: str, *, scopes: list[str] | None = None) -> Program:
        """A program with a new token of that person, for all that the person may do."""
        user = self.people[name]
        at = clock.now()
        held = sorted(steps.actor_for(user, at).permissions)
        _row, token = tokens.issue(user, "journey", held if scopes is None else scopes, at.replace(year=2028), at)
        return Program(user, token)

    def browser(self, name: str, *, stepped_up: bool = True) -> Client:
        """A browser in which that person has signed in."""
        return cast.signed_in(self.people[name], at=clock.now(), stepped_up=stepped_up)


# name: role, branch and reach. Mei and Mu work in the west; Wu belongs nowhere and has no role.
PEOPLE: dict[str, tuple[str, str, Reach]] = {
    "lin": (roles.SALES, "east", Reach.OWN), "ping": (roles.APPRAISER, "east", Reach.BRANCH),
    "chen": (roles.REVIEWER, "east", Reach.BRANCH), "zhou": (roles.APPROVER, "east", Reach.ALL),
    "he": (roles.COLLATERAL_OPS, "east", Reach.BRANCH), "fang": (roles.FUNDING, "east", Reach.BRANCH),
    "gao": (roles.FUNDING, "east", Reach.BRANCH), "cai": (roles.FINANCE, "east", Reach.ALL),
    "cao": (roles.FINANCE, "east", Reach.ALL), "xu": (roles.AUDITOR, "east", Reach.ALL),
    "mei": (roles.SALES, "west", Reach.OWN), "mu": (roles.BRANCH_MGR, "west", Reach.BRANCH),
    "fu": (roles.FINANCE, "west", Reach.BRANCH), "hua": (roles.FUNDING, "west", Reach.BRANCH),
    "ada": (roles.ADMIN, "east", Reach.ALL), "amy": (roles.ADMIN, "east", Reach.ALL),
    "lu": (roles.COMPLIANCE, "east", Reach.ALL), "qin": (roles.RISK_MANAGER, "east", Reach.ALL),
    "shi": (roles.COMPLIANCE, "east", Reach.ALL), "guan": (roles.BRANCH_MGR, "east", Reach.BRANCH),
}


def hire() -> Team:
    """Everybody, with an authenticator bound. Outside sources are asked nothing here: this lender's table of limits makes no conditions of
    what nobody knows."""
    publish_limits_without_conditions()
    places = {"east": cast.branch("SH01", "上海一店"), "west": cast.branch("HZ01", "杭州一店", "SOUTH")}
    people = {
        name: cast.person(name, role, at=places[where], reach=reach, enrolled=True) for name, (role, where, reach) in PEOPLE.items()
    }
    people["wu"] = cast.person("wu", enrolled=True)
    User.objects.filter(pk__in=[user.pk for user in people.values()]).update(password_set_at=NOW)
    return Team(places["east"], places["west"], people)


def scan(name: str = "scan.png") -> SimpleUploadedFile:
    """A photo of a paper; each one different."""
    shade, out = next(_shades), io.BytesIO()
    Image.new("RGB", (40, 60), (shade % 256, shade // 256 % 256, 90)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def statement(rows: list[tuple[str, str, str, str]]) -> SimpleUploadedFile:
    """A bank's statement: (day, amount, serial, memo) of each receipt."""
    lines = ["交易日期,金额,流水号,付款人,付款账号,附言", *(f"{day},{amount},{serial},王小明,,{memo}" for day, amount, serial, memo in rows)]
    return SimpleUploadedFile("statement.csv", "\n".join(lines).encode(), content_type="text/csv")


def live(world: World, hours: int) -> None:
    """Time passes: jobs run, the bank calls back, news is delivered."""
    for _ in range(hours * 12):
        jobs.run_due()
        world.pump()
        events.deliver_all()
        clock.tick(300)
