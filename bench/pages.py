"""How long people wait for pages: a real server as `./run demo` starts it, twenty people with different roles, the demo's data.

Everybody asks for the next page as soon as the last one is there: lists, search, a loan's 360°, home, in random order.
`list`, `search` and `360` have a budget at the 95th percentile; a page that fails makes the run fail, a slow one does not.
"""

from __future__ import annotations

import inspect
import os
import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from threading import Event, Lock, Thread
from time import monotonic, sleep
from typing import Any

from bench import _report, _sample
from bench._browser import Answer, Browser

USERS, SECONDS, REQUESTS_MAX = 20, 45, 20_000
BUDGETS_MS = {"list": 400, "search": 300, "360": 600}
# Fetched by every page for its frame, beside the page's own panels.
FRAME = ("/bell/", "/demo-bar/")
FAILURES_SHOWN, HALF_YEAR = 10, 183


@dataclass(slots=True)
class Person:
    """Somebody signed in, and what there is to ask for in their reach."""

    username: str
    role: str
    lists: dict[str, str]
    loans: dict[str, str]
    words: list[tuple[str, str]]
    browser: Browser


@dataclass(slots=True)
class Log:
    """Seconds by kind and page, and what went wrong."""

    seconds: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: list[str] = field(default_factory=list)
    requests: int = 0
    lock: Lock = field(default_factory=Lock)

    def note(self, kind: str, name: str, answers: list[Answer], path: str) -> None:
        with self.lock:
            self.requests += len(answers)
            wrong = [answer.status for answer in answers if answer.status != 200]
            if wrong:
                self.failures.append(f"{path}: {wrong[0]}")
            else:
                self.seconds[kind, name].append(sum(answer.seconds for answer in answers))


def run(*, users: int = USERS, seconds: int = SECONDS, pause: float = 0.0, port: int = 8700, is_fresh: bool = False) -> dict[str, Any]:
    """Prints and returns the figures. `pause` is how long somebody reads before the next page, on average."""
    with _sample.house(is_fresh=is_fresh) as house:
        house.enter()
        return measure(house, users=users, seconds=seconds, pause=pause, port=port)


def measure(house: _sample.House, *, users: int, seconds: int, pause: float, port: int) -> dict[str, Any]:
    """A server on the house that this process belongs to, a while to warm up, then the figures."""
    address = house.open(port)
    people = _sign_in(address, users)
    log = Log()
    _browse(people, Log(), 2 + seconds // 10, pause, 1)
    load, meter = os.getloadavg()[0], _sample.Meter(house)
    _browse(people, log, seconds, pause, 2)
    spent = meter.read()
    found = {
        "users": len(people), "roles": len({person.role for person in people}), "seconds": round(spent.seconds, 1), "pause_s": pause,
        "requests": log.requests, "requests_per_second": round(log.requests / spent.seconds, 1), "load_before": round(load, 1),
        "processor_ms_per_request": {name: round(cpu * 1000 / max(log.requests, 1), 1) for name, cpu in spent.cpu.items()},
        "pages": _lines(log), "failures": log.failures[:FAILURES_SHOWN],
    }
    _print(found)
    return found


# ---- people ---------------------------------------------------------------------------------------------------


def _sign_in(address: str, users: int) -> list[Person]:
    """The demo's people, different roles first; each knows the pages of the rail and the loans in reach."""
    from chezhe.kernel import clock
    from chezhe.staff import steps
    from chezhe.staff.models import User

    ordered: dict[str, list[User]] = defaultdict(list)
    for user in User.objects.filter(is_demo=True, is_active=True).order_by("pk"):
        role = min(user.grants.values_list("role", flat=True), default="")
        ordered[role].append(user)
    ranked = sorted((place, role, user) for role, holders in ordered.items() for place, user in enumerate(holders))
    chosen = [(role, user) for _place, role, user in ranked]
    people = []
    for at in range(users):
        role, user = chosen[at % len(chosen)]
        browser = Browser(address)
        browser.sign_in(user.username)
        actor = steps.actor_for(user, clock.now())
        people.append(Person(user.username, role, _lists(actor), _loans(actor), _words(actor), browser))
    return people


def _lists(actor: Any) -> dict[str, str]:
    """Every list page that the actor may open, by name: the addresses without parts whose view shows a ListPage."""
    from django.urls import reverse

    from chezhe.kernel import doors

    shown = [page for page in doors.pages() if "<" not in page.route and "ListPage(" in inspect.getsource(inspect.unwrap(page.view))]
    return {page.name: reverse(page.name) for page in shown if page.guard is None or actor.can(page.guard.code)}


def _loans(actor: Any) -> dict[str, str]:
    """Some loans in reach, and how old each is: its page should not be slower for it."""
    from chezhe.kernel import business_date
    from chezhe.servicing.models import Loan

    if not actor.can("servicing.view"):
        return {}
    today, found = business_date.current(), Loan.objects.visible_to(actor).order_by("?").values_list("number", "paid_out_on")[:50]
    return {number: f"{(today - paid_out_on).days // HALF_YEAR * 6}+ months" for number, paid_out_on in found}


def _words(actor: Any) -> list[tuple[str, str]]:
    """What people type: names, the beginning of a sound, tails, plates and numbers, and something that is not there."""
    from chezhe.customers.models import Customer
    from chezhe.vehicles.models import Vehicle

    found = [("nothing", "没有这个人"), ("nothing", "zzzz")]
    for customer in Customer.objects.visible_to(actor).order_by("?")[:12]:
        found += [("name", customer.name), ("surname", customer.name[:1]), ("initials", customer.initials), ("number", customer.number)]
        found += [("mobile tail", mobile.tail) for mobile in customer.mobiles.all()]
    for vehicle in Vehicle.objects.visible_to(actor).order_by("?")[:12]:
        found += [("VIN tail", vehicle.vin[-6:])] + ([("plate", vehicle.plate)] if vehicle.plate else [])
    found += [("number", number) for number in list(_loans(actor))[:12]]
    return [(kind, text) for kind, text in found if text]


# ---- browsing -------------------------------------------------------------------------------------------------


def _browse(people: list[Person], log: Log, seconds: float, pause: float, seed: int) -> None:
    """Everybody at once until the time is over or enough was asked."""
    over = Event()
    threads = [Thread(target=_wander, args=(person, log, over, pause, Random(seed * 1000 + at))) for at, person in enumerate(people)]
    for thread in threads:
        thread.start()
    deadline = monotonic() + seconds
    while monotonic() < deadline and log.requests < REQUESTS_MAX and any(thread.is_alive() for thread in threads):
        sleep(0.1)
    over.set()
    for thread in threads:
        thread.join()


def _wander(person: Person, log: Log, over: Event, pause: float, random: Random) -> None:
    steps: list[Callable[[Person, Log, Random], None]] = [_home]
    steps += [_list] * 6 if person.lists else []
    steps += [_search] * 3
    steps += [_loan] * 3 if person.loans else []
    first = list(dict.fromkeys(steps))
    random.shuffle(first)
    while not over.is_set():
        try:
            (first.pop() if first else random.choice(steps))(person, log, random)
        except OSError as failure:
            log.failures.append(f"{person.username}: {failure!r}")
            person.browser.close()
        if pause:
            over.wait(random.uniform(0.5, 1.5) * pause)


def _list(person: Person, log: Log, random: Random) -> None:
    name = random.choice(sorted(person.lists))
    path = person.lists[name] + random.choice(("", "", "", "?page=2"))
    log.note("list", name, [person.browser.get(path)], path)


def _search(person: Person, log: Log, random: Random) -> None:
    kind, text = random.choice(person.words)
    log.note("search", kind, [person.browser.post("/search/", {"q": text}, is_part=True)], f"search {kind}")


def _home(person: Person, log: Log, random: Random) -> None:
    answer = person.browser.get("/")
    log.note("home", "home", [answer], "/")
    _frame(person, log, answer)


def _loan(person: Person, log: Log, random: Random) -> None:
    """The page and the panel it opens with are one wait; then one more tab is looked at."""
    number = random.choice(sorted(person.loans))
    path = f"/servicing/loans/{number}/"
    answer = person.browser.get(path)
    panels = [part for part in answer.parts_on_load() if not part.startswith(FRAME)]
    opened = [answer, *(person.browser.get(part, is_part=True) for part in panels)]
    log.note("360", f"loan page and its panel, {person.loans[number]}", opened, path)
    _frame(person, log, answer)
    tabs = [tab for tab in answer.tabs() if tab not in panels]
    if tabs:
        tab = random.choice(tabs)
        log.note("360", f"tab {re.sub(r'[?].*', '', tab)}", [person.browser.get(tab, is_part=True)], tab)


def _frame(person: Person, log: Log, answer: Answer) -> None:
    for part in answer.parts_on_load():
        if part.startswith(FRAME):
            log.note("frame", part, [person.browser.get(part, is_part=True)], part)


# ---- figures --------------------------------------------------------------------------------------------------


def _lines(log: Log) -> list[dict[str, Any]]:
    """One line a page, and one for all pages of a kind; the slowest first."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    for (kind, _name), seconds in log.seconds.items():
        by_kind[kind] += seconds
    lines = []
    for kind in sorted(by_kind, key=lambda kind: (kind not in BUDGETS_MS, kind)):
        mine = [_line(kind, name, seconds) for (one, name), seconds in log.seconds.items() if one == kind]
        lines += [_line(kind, "all", by_kind[kind]), *sorted(mine, key=lambda line: -float(line["p95_ms"]))]
    return lines


def _line(kind: str, name: str, seconds: list[float]) -> dict[str, Any]:
    p50, p95, p99 = (round(_report.percentile(seconds, share) * 1000) for share in (0.50, 0.95, 0.99))
    budget = BUDGETS_MS.get(kind)
    verdict = {} if budget is None else {"budget_ms": budget, "is_within": p95 <= budget}
    return {"kind": kind, "page": name, "count": len(seconds), "p50_ms": p50, "p95_ms": p95, "p99_ms": p99, **verdict}


def _print(found: dict[str, Any]) -> None:
    print(f"pages: {found['users']} people in {found['roles']} roles, {found['seconds']} s, {found['requests']:,} requests"
          f" ({found['requests_per_second']} a second); load before {found['load_before']}")
    spent = found["processor_ms_per_request"]
    print(f"  processor a request: web {spent['web']} ms, database {spent['database']} ms, this client {spent['client']} ms")
    print(f"  {'':8}{'':40}{'n':>6}{'p50':>7}{'p95':>7}{'p99':>7} ms")
    for line in found["pages"]:
        verdict = "" if "budget_ms" not in line else f"  {'within' if line['is_within'] else 'OVER'} {line['budget_ms']}"
        print(f"  {line['kind']:8}{line['page']:40}{line['count']:6}{line['p50_ms']:7}{line['p95_ms']:7}{line['p99_ms']:7}{verdict}")


if __name__ == "__main__":
    _report.main("pages", lambda chosen: run(
        users=chosen.users or USERS, seconds=chosen.seconds or SECONDS, pause=chosen.pause, port=chosen.port, is_fresh=chosen.fresh))
