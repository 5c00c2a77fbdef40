"""How long the people of a desk wait for inbox, lists and boards while fifty thousand applications are on file.

A database of the bench's own with `_desk.load`'s applications, a web server and a worker as `./run demo` starts them, and people of
different roles who ask for one page after another, `--users` of them at once (one, unless said). Promised: 400 ms at the 95th percentile
for every page. A page that fails makes the run fail, a slow one is named and does not.
"""

from __future__ import annotations

import os
from collections import defaultdict
from threading import Lock, Thread
from time import perf_counter
from typing import Any

from bench import _desk, _report, _sample
from bench._browser import Browser

APPLICATIONS, ROUNDS, USERS, BUDGET_MS = 50_000, 8, 1, 400
NOBODY = "http://127.0.0.1:9"
# Whose desk: see everything, one branch, or one's own.
PEOPLE = ("reviewer", "approver", "risk.manager", "hz.manager", "hz.sales", "region.east")
# Page and words, by what the figures call it.
PAGES = {
    "inbox": ("approvals:inbox", ""), "inbox, prime": ("approvals:inbox", "lane=prime"), "inbox, done": ("approvals:inbox", "box=done"),
    "inbox, all": ("approvals:inbox", "box=all"), "inbox, page 2": ("approvals:inbox", "page=2"),
    "inbox, by tier": ("approvals:inbox", "box=all&tier=A"),
    "applications": ("origination:applications", ""), "applications, open": ("origination:applications", "state=open"),
    "applications, page 9": ("origination:applications", "page=9"), "applications, by amount": ("origination:applications", "sort=-amount"),
    "applications, a name": ("origination:applications", "q=陈"), "applications, prime": ("origination:applications", "lane=prime"),
    "applications board": ("origination:board", ""), "lane board": ("contracts:lane", ""),
    "lane board, sent": ("contracts:lane", "status=sent"), "lane figures": ("contracts:lane_figures", ""),
}
FAILURES_SHOWN = 10


def run(chosen: Any) -> dict[str, Any]:
    """Prints and returns the figures, measured in a database that is thrown away afterwards."""
    with _sample.empty("desk") as house:
        return measure(house, count=chosen.applications or APPLICATIONS, users=chosen.users or USERS, port=chosen.port)


def measure(house: _sample.House, *, count: int, users: int, port: int, rounds: int = ROUNDS) -> dict[str, Any]:
    """Load, start the house, ask for every page so many times; this process is one of the instance's, with Django ready."""
    from chezhe.kernel import business_date, clock
    from chezhe.simulation import people

    list(people.settle_in(clock.now()))
    business_date.open_day(clock.today())
    began = perf_counter()
    rows = _desk.load(count, clock.now())
    print(f"desk: {rows['applications']:,} applications and {rows['requests']:,} approvals loaded in {perf_counter() - began:.0f} s;"
          f" load before {os.getloadavg()[0]:.1f}", flush=True)
    address = house.open(port, simulators_url=NOBODY)
    log = _Log()
    _ask(address, log, users, rounds)
    return _told(log, rows, users)


class _Log:
    """Seconds by page, and what went wrong."""

    def __init__(self) -> None:
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.failures: list[str] = []
        self.lock = Lock()

    def note(self, page: str, seconds: float, failure: str) -> None:
        with self.lock:
            if failure:
                self.failures.append(failure)
            else:
                self.seconds[page].append(seconds)


def _ask(address: str, log: _Log, users: int, rounds: int) -> None:
    """Everybody asks for what they may see, each page once to warm up; `users` people at a time."""
    waiting = list(PEOPLE)
    lock = Lock()

    def work() -> None:
        while True:
            with lock:
                if not waiting:
                    return
                who = waiting.pop(0)
            _sit(address, who, log, rounds)

    threads = [Thread(target=work) for _ in range(users)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _sit(address: str, who: str, log: _Log, rounds: int) -> None:
    from urllib.parse import quote

    from django.urls import reverse

    browser = Browser(address)
    try:
        browser.sign_in(who)
        for turn in range(rounds + 1):
            for page, (name, words) in PAGES.items():
                path = reverse(name) + (f"?{quote(words, safe='=&-')}" if words else "")
                answer = browser.get(path)
                if answer.status == 403:
                    continue
                if turn or answer.status != 200:
                    log.note(page, answer.seconds, "" if answer.status == 200 else f"{who} {path}: {answer.status}")
    except (OSError, RuntimeError) as failure:
        log.note("", 0, f"{who}: {failure!r}")
    finally:
        browser.close()


def _told(log: _Log, rows: dict[str, int], users: int) -> dict[str, Any]:
    lines = []
    for page in PAGES:
        p50, p95 = (round(_report.percentile(log.seconds[page], share) * 1000) for share in (0.5, 0.95))
        lines.append({"page": page, "count": len(log.seconds[page]), "p50_ms": p50, "p95_ms": p95, "is_within": p95 <= BUDGET_MS})
    found = {
        **rows, "users": users, "budget_ms": BUDGET_MS, "load": round(os.getloadavg()[0], 1), "pages": lines,
        "p95_ms": max((line["p95_ms"] for line in lines), default=0), "over": [line["page"] for line in lines if not line["is_within"]],
        "failures": log.failures[:FAILURES_SHOWN],
    }
    print(f"  {'':28}{'n':>6}{'p50':>7}{'p95':>7} ms   ({users} at once; load {found['load']})")
    for line in lines:
        verdict = "within" if line["is_within"] else "OVER"
        print(f"  {line['page']:28}{line['count']:6}{line['p50_ms']:7}{line['p95_ms']:7}  {verdict} {BUDGET_MS}")
    return found


if __name__ == "__main__":
    _report.main("desk", run)
