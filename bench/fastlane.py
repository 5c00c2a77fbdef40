"""How long the machine takes over a prime case, from the submission to the order at the bank, over the API with every simulator on.

A house of its own as `./run demo` starts it (web and worker as processes; the simulators run in this one, since they are also the
customer's phone). People of model lives apply one after another and have agreed to what is approved as asked, so that nobody of the house
stands between the submission and the signatures. What people and outsiders take (reading, signing, the vehicle office, the installer, the
checker's code) is taken off and listed; hands are robots here, and the sheet is read for as long as this bench's own parameter says.
Once with the time that the simulators say they take, once without.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from math import ceil
from time import perf_counter, sleep
from typing import Any
from wsgiref.simple_server import make_server

from bench import _lane, _prime, _report, _sample

APPLICATIONS, READING_SECONDS, WARM_UP = 200, 1, 3
# Of so many people for each case the machine will approve one.
SPARE = 1.6
PROMISED_S, TARGET_S, TARGET_NO_LATENCY_S = 24 * 3600, 3.0, 1.0
STEP_UP_EVERY = timedelta(minutes=8)
FAILURES_SHOWN, FAILURES_MAX, READING = 5, 20, "COST_SHEET_READ_SECONDS"
# What others take, the stage of the lane whose time the house gives them, and who they are.
WAITS = {
    "forced reading": ("LANE_SECONDS_SIGNING", "borrower"), "signatures": ("LANE_SECONDS_SIGNING", "borrower"),
    "vehicle office": ("LANE_SECONDS_SECURING", "vehicle office"), "GPS installer": ("LANE_SECONDS_SECURING", "installer"),
    "insurer": ("LANE_SECONDS_SECURING", "insurer"), "step-up of the checker": ("LANE_SECONDS_PAYOUT", "checker"),
}


def run(chosen: Any) -> dict[str, Any]:
    """Prints and returns the figures, measured in a database that is thrown away afterwards."""
    with _sample.empty("fastlane") as house:
        return measure(house, count=chosen.applications or APPLICATIONS, port=chosen.port)


def measure(house: _sample.House, *, count: int, port: int, warm_up: int = WARM_UP) -> dict[str, Any]:
    """File the people, start the house, carry each case; this process is one of the instance's, with Django ready."""
    from chezhe.kernel import business_date, clock

    on = clock.today()
    business_date.open_day(on)
    began = perf_counter()
    people = iter(_people(2 * ceil((count + warm_up) * SPARE) + 4, on))
    print(f"fastlane: people filed in {perf_counter() - began:.0f} s; load before {os.getloadavg()[0]:.1f}", flush=True)
    with _outside(port + 450) as (world, phone):
        desk = _open(house, port, on)
        world.pace = 1.0
        slow = _carry(desk, phone, people, count, warm_up)
        world.pace = 0.0
        quick = _carry(desk, phone, people, count, warm_up)
    return _told(slow, quick, count)


def _people(count: int, on: Any) -> list[_prime.Applicant]:
    """A team and so many prime customers; the sheet is read for a moment only, or two runs would take an hour of reading."""
    from chezhe.kernel import clock
    from chezhe.kernel.models import Parameter
    from chezhe.simulation import people

    list(people.settle_in(clock.now()))
    Parameter.objects.create(code=READING, unit="seconds", value=str(READING_SECONDS), effective_from=on, source="bench")
    return _prime.file(count, _prime.crew(), on)


# ---- the house ------------------------------------------------------------------------------------------------


@contextmanager
def _outside(port: int) -> Iterator[tuple[Any, _lane.Phone]]:
    """Every simulator over HTTP, without its random faults but with its callbacks; what the gateway takes, the phone reads."""
    from chezhe.kernel import simulators

    world = simulators.World(is_real_time=True)
    _prime._without_faults(world)
    phone = _lane.Phone(world.simulators["sms"])
    server = make_server("127.0.0.1", port, simulators.build_app(world), server_class=simulators._Server, handler_class=simulators._Quiet)
    over = threading.Event()

    def call_back() -> None:
        while not over.wait(0.1):
            world.pump()

    threads = [threading.Thread(target=server.serve_forever, daemon=True), threading.Thread(target=call_back, daemon=True)]
    for thread in threads:
        thread.start()
    try:
        yield world, phone
    finally:
        over.set()
        server.shutdown()
        server.server_close()


def _open(house: _sample.House, port: int, on: Any) -> _lane.Desk:
    """Web and worker, and a token for each person who has a part in a case."""
    from django.conf import settings

    from chezhe.compliance import queries as compliance
    from chezhe.kernel import clock
    from chezhe.simulation import paper
    from chezhe.staff import steps, tokens
    from chezhe.staff.models import User

    outside = f"http://127.0.0.1:{port + 450}"
    # The phones of many people come by a proxy of ours, each from its own address.
    address = house.open(port, simulators_url=outside, CHEZHE_TRUSTED_PROXIES="127.0.0.1")
    settings.PUBLIC_URL = address

    def line(username: str) -> _lane.Line:
        user, at = User.objects.get(username=username), clock.now()
        held = sorted(steps.actor_for(user, at).permissions)
        _row, token = tokens.issue(user, "bench", held, at + timedelta(days=1), at)
        return _lane.Line(address, token)

    desk = _lane.Desk(
        sales=line("hz.sales"), collateral=line("collateral"), maker=line("funding"), checker=line("funding2"), address=address,
        scans=lambda category: paper.scan(category).read(), lender=compliance.lender().name, on=on)
    return desk


# ---- the cases ------------------------------------------------------------------------------------------------


def _carry(desk: _lane.Desk, phone: _lane.Phone, people: Iterator[_prime.Applicant], count: int, warm_up: int) -> dict[str, Any]:
    """One after another until so many prime cases have gone the whole way; the first ones, for whom programs and caches wake up, are not
    counted, nor is whom the machine does not approve."""
    from chezhe.kernel import clock

    watches, failures, others, stepped_up_at = [], [], 0, None
    while len(watches) < count + warm_up and len(failures) < FAILURES_MAX and (who := next(people, None)) is not None:
        if stepped_up_at is None or clock.now() - stepped_up_at > STEP_UP_EVERY:
            stepped_up_at = _step_up(desk)
        try:
            number, version = _lane.written(desk, who)
            watches.append(_lane.carried(desk, who, phone, number, version, READING_SECONDS))
        except _lane.NotPrime:
            others += 1
        except _lane.Stuck as stuck:
            failures.append(str(stuck))
    return {"watches": watches[warm_up:], "failures": failures, "others": others, "load": round(os.getloadavg()[0], 1)}


def _step_up(desk: _lane.Desk) -> Any:
    """The checker's code; each counts once, so that the next one may have to be waited for."""
    from chezhe.kernel import clock
    from chezhe.staff import second_factor
    from chezhe.staff.models import User

    user = User.objects.get(username="funding2")
    for again in range(3):
        try:
            desk.checker.put("staff/step-up", {"code": second_factor.demo_code(user, clock.now())})
            break
        except _lane.Stuck:
            if again == 2:
                raise
            sleep(second_factor.STEP_SECONDS)
    return clock.now()


# ---- figures --------------------------------------------------------------------------------------------------


def _told(slow: dict[str, Any], quick: dict[str, Any], count: int) -> dict[str, Any]:
    with_latency, without = (_figures(one["watches"]) for one in (slow, quick))
    waits = _waits(slow["watches"] + quick["watches"])
    failures = [*slow["failures"], *quick["failures"]]
    if min(len(slow["watches"]), len(quick["watches"])) < count:
        failures.append(f"only {len(slow['watches'])} and {len(quick['watches'])} of {count} cases went the whole way")
    found = {
        "applications": len(slow["watches"]), "asked": count, "p50_s": with_latency["p50"], "p95_s": with_latency["p95"],
        "p50_no_latency_s": without["p50"], "p95_no_latency_s": without["p95"], "target_p95_s": TARGET_S,
        "target_p95_no_latency_s": TARGET_NO_LATENCY_S, "promised_s": PROMISED_S, "waits": waits,
        "stages_s": {"with latency": with_latency["stages"], "without": without["stages"]},
        "load": [slow["load"], quick["load"]], "not_prime": slow["others"] + quick["others"], "failures": failures[:FAILURES_SHOWN],
    }
    _print(found)
    return found


def _figures(watches: list[_lane.Watch]) -> dict[str, Any]:
    totals = [watch.total for watch in watches]
    stages = {
        stage: [round(_report.percentile([watch.machine[stage] for watch in watches], share), 3) for share in (0.5, 0.95)]
        for stage in _lane.STAGES
    }
    return {"p50": round(_report.percentile(totals, 0.5), 3), "p95": round(_report.percentile(totals, 0.95), 3), "stages": stages}


def _waits(watches: list[_lane.Watch]) -> dict[str, dict[str, Any]]:
    """Each wait: whose it is, how long it was here (the middle), what it is in a shop, and what the lane gives its stage. In seconds."""
    from chezhe.compliance.seeds import parameters as shipped
    from chezhe.kernel import business_date, parameters

    on = business_date.current()
    told = {}
    for what, (stage, whose) in WAITS.items():
        took = [watch.waits[what] for watch in watches if what in watch.waits]
        told[what] = {"whose": whose, "here_s": round(_report.percentile(took, 0.5), 3), "cases": len(took)}
        told[what]["stage_given_s"] = parameters.count(stage, on)
    told["forced reading"]["asked_s"] = next(int(row.value) for row in shipped.rows() if row.code == READING)
    return told


def _print(found: dict[str, Any]) -> None:
    print(f"  {found['applications']} of {found['asked']} cases with and as many without latency;"
          f" {found['not_prime']} more not approved by the machine; load {found['load']}")
    print(f"  {'machine':24}{'p50':>9}{'p95':>9}{'target':>9} s")
    for name, middle, most, target in (
        ("with latency", "p50_s", "p95_s", TARGET_S), ("without latency", "p50_no_latency_s", "p95_no_latency_s", TARGET_NO_LATENCY_S),
    ):
        verdict = "within" if found[most] <= target else "OVER"
        print(f"  {name:24}{found[middle]:9.3f}{found[most]:9.3f}{target:9.1f}  {verdict}; {found[most] / PROMISED_S:.5%} of 24 h")
    for stage in _lane.STAGES:
        slow, quick = (found["stages_s"][one][stage] for one in ("with latency", "without"))
        print(f"    {stage:22}{slow[0]:9.3f}{slow[1]:9.3f}   without {quick[0]:.3f} {quick[1]:.3f}")
    print("  taken off: what people and outsiders take")
    for what, one in found["waits"].items():
        asked = f", {one['asked_s']} s asked of readers" if "asked_s" in one else ""
        print(f"    {what:24}{one['here_s']:9.3f} s here ({one['cases']} cases{asked}); its stage is given {one['stage_given_s']} s")


if __name__ == "__main__":
    _report.main("fastlane", run)
