"""How long all outside sources together take, against the slowest of them alone.

Simulators answer over HTTP on this machine as slowly as they say they do (`pace` 1). For each person every source is asked at once, as
the worker does; beside it each source alone. What counts is how much longer all of them take than the slowest did in the same round.
Then whole applications as a worker gathers them (`_household`): two people, a car and its valuers, from the hand-in until the last
answer is written down, against the slowest source as the source itself saw it.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from random import Random
from statistics import median
from time import perf_counter
from typing import Any
from wsgiref.simple_server import make_server

from bench import _household, _own, _report

ROUNDS, APPLICATIONS = 10, 5
ALLOWED_SECONDS = 0.200


def run(*, rounds: int = ROUNDS, applications: int = APPLICATIONS, port: int = 8790) -> dict[str, Any]:
    """Prints and returns the figures: median and worst excess over the slowest source, in milliseconds; `whole` those of applications."""
    os.environ["CHEZHE_SIMULATORS_URL"] = f"http://127.0.0.1:{port}"
    with _own.database("bench_gathering"):
        seen: list[_household.Seen] = []
        server = _serve(port, seen)
        try:
            found = _measure(rounds)
            with _household.worker():
                whole = _household.measure(applications, seen, ALLOWED_SECONDS * 1000)
        finally:
            server.shutdown()
    return {**found, "whole": whole, "failures": found["failures"] + whole["failures"]}


def _measure(rounds: int) -> dict[str, Any]:
    from datetime import date

    from chezhe.identifiers.synthetic import invent_uscc
    from chezhe.invented import fates
    from chezhe.risk.facts import gathering
    from chezhe.risk.facts.services import services_for

    on = date(2026, 3, 16)
    services = services_for("person")
    took: dict[str, float] = {}
    lines = []
    for number in range(rounds):
        whom = gathering.Whom(
            name="测速", id_number=fates.id_number(fates.GOOD, born_on=date(1980 + number, 6, 15)), mobile=f"1541234{number:04d}",
            card="6228480402564890018", photo_sha256="a" * 64, trade_uscc=invent_uscc(Random(number), kind="92"),
            born_on=date(1980 + number, 6, 15))
        took.clear()
        askings = [
            gathering.Asking(f"B{number}-{one.code}", _timed(one, took), whom, "bench#1", "loan_approval", on) for one in services]
        begun = perf_counter()
        outcomes = gathering.ask_all(askings)
        total = perf_counter() - begun
        lines.append((total, max(took.values()), sum(took.values()), sum(one.verb == "answer" for one in outcomes)))
    excess = [total - slowest for total, slowest, _sum, _answered in lines]
    found = {
        "sources": len(services), "rounds": rounds, "answered": sum(line[3] for line in lines),
        "total_ms_p50": round(median(line[0] for line in lines) * 1000, 1),
        "slowest_ms_p50": round(median(line[1] for line in lines) * 1000, 1),
        "one_after_the_other_ms_p50": round(median(line[2] for line in lines) * 1000, 1),
        "excess_ms_p50": round(median(excess) * 1000, 1), "excess_ms_max": round(max(excess) * 1000, 1),
        "allowed_ms": ALLOWED_SECONDS * 1000,
    }
    print("gathering: " + ", ".join(f"{name} {value}" for name, value in found.items()))
    return {**found, "failures": [] if found["answered"] == rounds * len(services) else ["not every source answered"]}


def _timed(service: Any, took: dict[str, float]) -> Any:
    """The same source, writing down how long its answer took."""
    from dataclasses import replace

    def ask(question: Any, whom: Any) -> Any:
        begun = perf_counter()
        try:
            return service.ask(question, whom)
        finally:
            took[service.code] = perf_counter() - begun

    return replace(service, ask=ask)


def _serve(port: int, seen: list[_household.Seen] | None = None) -> Any:
    """The simulators as a threaded server of their own, as slow as the real services are, and without their faults: every answer counts.
    They write down in `seen` what they were asked."""
    from chezhe.kernel import simulators

    world = simulators.World(pace=1.0)
    for service in world.faults:
        world.set_faults(service, error_before_rate=0, error_after_rate=0, timeout_rate=0)
    app = _watched(simulators.build_app(world), [] if seen is None else seen)
    server = make_server("127.0.0.1", port, app, server_class=simulators._Server, handler_class=simulators._Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _watched(app: Callable[..., Any], seen: list[_household.Seen]) -> Callable[..., Any]:
    def watching(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        came = perf_counter()
        try:
            return app(environ, start_response)
        finally:
            seen.append(_household.Seen(environ["PATH_INFO"], came, perf_counter()))

    return watching


if __name__ == "__main__":
    _report.main("gathering", lambda options: run(port=options.port + 90))
