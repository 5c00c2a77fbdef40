"""Figures for /metrics, in Prometheus' text form, of all processes of this host together; labels never hold a person's data."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

_requests = Counter("chezhe_requests_total", "Requests answered", ["method", "route", "status"])
_seconds = Histogram("chezhe_request_seconds", "Time to answer", ["route"])
_duties = Counter("chezhe_duties_total", "Duties of the worker", ["duty", "outcome"])


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _requests.labels(method, route, str(status)).inc()
    _seconds.labels(route).observe(seconds)


def observe_duty(duty: str, *, is_done: bool) -> None:
    """Count one beat of the worker: delivering events, sealing the trail, asking for upkeep."""
    _duties.labels(duty, "done" if is_done else "failed").inc()


def text() -> bytes:
    """Counters of every process that shares PROMETHEUS_MULTIPROC_DIR (else of this one), and what waits right now."""
    registry = CollectorRegistry()
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(Waiting())
    own = b"" if os.environ.get("PROMETHEUS_MULTIPROC_DIR") else generate_latest(REGISTRY)
    return own + generate_latest(registry)


class Waiting:
    """Read from the database when somebody scrapes: what the worker has still to do."""

    def describe(self) -> list[Any]:
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        figures, is_up = _waiting()
        yield GaugeMetricFamily("chezhe_database_up", "1 when the database answered this scrape", value=is_up)
        for name, (sentence, value) in figures.items():
            yield GaugeMetricFamily(name, sentence, value=value)


def _waiting() -> tuple[dict[str, tuple[str, float]], int]:
    from django.db import DatabaseError
    from django.db.models import Count, Min, Q
    from procrastinate.contrib.django.models import ProcrastinateJob

    from chezhe.kernel import audit, clock
    from chezhe.kernel.models import Event

    now = clock.now()
    try:
        events = Event.objects.filter(is_delivered=False).aggregate(count=Count("id"), oldest=Min("recorded_at"))
        todo, is_due = Q(status="todo"), Q(scheduled_at__isnull=True) | Q(scheduled_at__lte=now)
        jobs = ProcrastinateJob.objects.filter(status__in=["todo", "failed"]).aggregate(
            waiting=Count("id", filter=todo & is_due), later=Count("id", filter=todo & ~is_due), failed=Count("id", filter=~todo)
        )
        unsealed = audit.unsealed(reach=audit.NEAR).count()
    except DatabaseError:
        return {}, 0
    age = max(0.0, (now - events["oldest"]).total_seconds()) if events["oldest"] else 0.0
    return {
        "chezhe_outbox_waiting": ("Events not delivered yet", events["count"]),
        "chezhe_outbox_oldest_seconds": ("Age of the oldest event not delivered yet", age),
        "chezhe_jobs_waiting": ("Jobs that could run now", jobs["waiting"]),
        "chezhe_jobs_scheduled": ("Jobs for later", jobs["later"]),
        "chezhe_jobs_failed": ("Jobs given up", jobs["failed"]),
        "chezhe_audit_unsealed": ("Audit rows that the chain does not hold yet", unsealed),
    }, 1
