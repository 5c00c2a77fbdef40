"""How long all outside sources together take, against the slowest of them alone.

Simulators answer over HTTP on this machine as slowly as they say they do (`pace` 1). For each person every source is asked at once, as
the worker does; beside it each source alone. What counts is how much longer all of them take than the slowest did in the same round.
"""

from __future__ import annotations

import os
import threading
from statistics import median
from time import perf_counter
from typing import Any
from wsgiref.simple_server import make_server

from bench import _report

ROUNDS = 10
ALLOWED_SECONDS = 0.200


def run(*, rounds: int = ROUNDS, port: int = 8790) -> dict[str, Any]:
    """Prints and returns the figures: median and worst excess over the slowest source, in milliseconds."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chezhe.config.settings")
    os.environ["CHEZHE_SIMULATORS_URL"] = f"http://127.0.0.1:{port}"
    import django

    django.setup()
    server = _serve(port)
    try:
        return _measure(rounds)
    finally:
        server.shutdown()


def _measure(rounds: int) -> dict[str, Any]:
    from datetime import date

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
            card="6228480402564890018", photo_sha256="a" * 64, born_on=date(1980 + number, 6, 15))
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


def _serve(port: int) -> Any:
    """The simulators as a threaded server of their own, as slow as the real services are, and without their faults: every answer counts."""
    from chezhe.kernel import simulators

    world = simulators.World(pace=1.0)
    for service in world.faults:
        world.set_faults(service, error_before_rate=0, error_after_rate=0, timeout_rate=0)
    server = make_server("127.0.0.1", port, simulators.build_app(world), server_class=simulators._Server, handler_class=simulators._Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


if __name__ == "__main__":
    _report.main("gathering", lambda options: run(port=options.port + 90))
