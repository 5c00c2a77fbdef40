"""How long the press takes for a contract set: one paper of each of the eight kinds that the set promises, and the whole set of a case
that needs everything. What the worker does between the wish and the rows: compile, draw the code, take each page's digest.

Promised: eight papers within two seconds. The machine's load stands beside the figures.
"""

from __future__ import annotations

import argparse
import os
from time import perf_counter
from typing import Any

from bench import _report

EIGHT = ("loan_contract", "mortgage_contract", "guarantee_contract", "consent_letter", "cost_disclosure_sheet", "gps_notice",
         "address_confirmation", "insurance_undertaking")
PROMISED_MS = 2_000
TURNS = 15


def run(chosen: argparse.Namespace) -> dict[str, Any]:
    """Prints and returns the figures; `failures` when a kind is missing or the median is above what is promised."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chezhe.config.settings")
    django.setup()
    return measure(TURNS if chosen.loans is None else chosen.loans)


def measure(turns: int) -> dict[str, Any]:
    """Prints the eight and the whole set so many times."""
    from chezhe.contracts.papers.forms import shipped_text
    from chezhe.contracts.papers.samples import samples
    from chezhe.contracts.printing import planning
    from chezhe.documents.papers import press

    case = samples()[0]
    whole = planning.plan(case, shipped_text)
    eight = [next(one for one in whole if one.kind == kind) for kind in EIGHT]
    planned_ms = _timed(lambda: planning.plan(samples()[0], shipped_text), turns)
    glyphs_ms = _timed(lambda: press.require_glyphs(planning.characters(whole)), turns)
    found = {
        "papers": len(eight), **_press("eight", eight, turns), "whole_papers": len(whole), **_press("whole", whole, turns),
        "plan_p50_ms": _p(planned_ms, 0.5), "glyphs_p50_ms": _p(glyphs_ms, 0.5), "promised_ms": PROMISED_MS,
        "load": round(os.getloadavg()[0], 1),
    }
    print("  " + "  ".join(f"{name} {value}" for name, value in found.items()), flush=True)
    slow = found["eight_p50_ms"] > PROMISED_MS
    return {**found, "failures": [f"eight papers took {found['eight_p50_ms']} ms"] if slow else []}


def _press(name: str, planned: list[Any], turns: int) -> dict[str, Any]:
    from chezhe.contracts.printing import pressing

    pressing.pressed(planned[:1])  # the fonts are read once in a worker's life
    spent = _timed(lambda: pressing.pressed(planned), turns)
    return {f"{name}_p50_ms": _p(spent, 0.5), f"{name}_p95_ms": _p(spent, 0.95)}


def _timed(work: Any, turns: int) -> list[float]:
    spent = []
    for _ in range(turns):
        began = perf_counter()
        work()
        spent.append((perf_counter() - began) * 1000)
    return spent


def _p(values: list[float], share: float) -> int:
    return round(_report.percentile(values, share))


if __name__ == "__main__":
    _report.main("papers", run)
