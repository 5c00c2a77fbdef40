"""A loan's page by the loan's age: two years of random days, then the page and its tabs for loans of a month to more than 700 days.

Each is asked for in this process, without a network, by somebody who sees every loan; the figure is the best of several.
"""

from __future__ import annotations

import os
from argparse import Namespace
from datetime import date, datetime, time, timedelta
from time import process_time
from typing import Any

from bench import _own, _report

SEED, DAYS, INTENSITY = 11, 730, 0.03
AGES, TIMES = (30, 180, 365, 540, 700), 9


def run(_asked: Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when a page is not answered."""
    with _own.database("bench_ages", mode="demo"):
        _dress()
        _live()
        return _measure()


def _dress() -> None:
    """The files that every page names must lie there before the first is asked for."""
    from django.core.management import call_command

    call_command("collectstatic", verbosity=0, interactive=False)


def _live() -> None:
    from chezhe.kernel import clock
    from chezhe.simulation import people
    from chezhe.simulation.bar import nothing_else
    from chezhe.simulation.crew import alone
    from chezhe.simulation.story import Story

    start = clock.today() - timedelta(days=DAYS)
    list(people.settle_in(datetime.combine(start, time(8), clock.SHANGHAI)))
    with nothing_else(), alone(SEED) as crew:
        Story(SEED, start, DAYS, INTENSITY, asked_every=DAYS).live(crew)


def _measure() -> dict[str, Any]:
    from chezhe.kernel import clock

    browser, found, failures = _signed_in(), [], []
    for age, loan in _loans(clock.today()):
        home = f"/servicing/loans/{loan.number}/"
        pages = {"page": home, **{tab: f"{home}?tab={tab}" for tab in ("journal", "events")}}
        line: dict[str, Any] = {"age": age, "events": loan.events.count()}
        for name, path in pages.items():
            spent = []
            for _ in range(TIMES):
                cpu = process_time()
                answer = browser.get(path)
                spent.append(process_time() - cpu)
                if answer.status_code != 200:
                    failures.append(f"{path}: {answer.status_code}")
            line[f"{name}_ms"] = round(min(spent) * 1000, 1)
        found.append(line)
        print("  " + "  ".join(f"{name} {value}" for name, value in line.items()), flush=True)
    return {"load": round(os.getloadavg()[0], 1), "ages": found, "failures": failures}


def _signed_in() -> Any:
    from django.test import Client

    from chezhe.staff.models import RoleGrant

    browser = Client()
    grant = RoleGrant.objects.filter(role="finance", reach="all").select_related("user").order_by("pk").first()
    assert grant is not None
    browser.post("/sign-in/demo/", {"username": grant.user.username})
    return browser


def _loans(today: date) -> list[tuple[int, Any]]:
    """Of the active loans the one whose age is nearest to each wanted one, with its age in days."""
    from chezhe.servicing.models import Loan

    loans = list(Loan.objects.exclude(status="settled").order_by("pk"))
    chosen = [min(loans, key=lambda loan: abs((today - loan.paid_out_on).days - age)) for age in AGES]
    return [((today - loan.paid_out_on).days, loan) for loan in chosen]


if __name__ == "__main__":
    _report.main("ages", run)
