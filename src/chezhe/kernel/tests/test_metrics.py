"""One scrape shows every process, and what waits in the database."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from chezhe.kernel import audit, clock, events
from chezhe.kernel.actor import ANONYMOUS
from chezhe.kernel.models import Event

COUNT = "from chezhe.kernel import metrics; metrics.observe_request('GET', 'healthz', 200, 0.01)"
DUTY = "from chezhe.kernel import metrics; metrics.observe_duty('seal', is_done=True)"
SCRAPE = (
    "import prometheus_client as p; from chezhe.kernel import metrics; metrics._waiting = lambda: ({}, 1); print(metrics.text().decode())"
)


def _python(program: str, folder: Path) -> str:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(folder)}
    return subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True).stdout


def test_a_scrape_adds_up_what_every_process_counted(tmp_path: Path) -> None:
    for program in (COUNT, COUNT, DUTY):
        _python(program, tmp_path)
    said = _python(SCRAPE, tmp_path).splitlines()
    assert 'chezhe_requests_total{method="GET",route="healthz",status="200"} 2.0' in said
    assert 'chezhe_request_seconds_count{route="healthz"} 2.0' in said
    assert 'chezhe_duties_total{duty="seal",outcome="done"} 1.0' in said


@pytest.mark.django_db
def test_it_tells_what_waits() -> None:
    Event.objects.all().delete()
    audit.seal()
    before = _figures()
    assert (before["chezhe_outbox_waiting"], before["chezhe_outbox_oldest_seconds"]) == (0, 0) and before["chezhe_database_up"] == 1
    events.publish("x.y", "x:1")
    Event.objects.filter(subject="x:1").update(recorded_at=clock.now() - timedelta(minutes=2))
    events.publish("x.y", "x:2")
    audit.record(by=ANONYMOUS, verb="x.y")
    after = _figures()
    assert after["chezhe_outbox_waiting"] == 2 and 120 <= after["chezhe_outbox_oldest_seconds"] < 180
    assert after["chezhe_audit_unsealed"] == before["chezhe_audit_unsealed"] + 1 and after["chezhe_jobs_waiting"] >= 0


def _figures() -> dict[str, float]:
    lines = [line for line in Client().get("/metrics").content.decode().splitlines() if line.startswith("chezhe_") and "{" not in line]
    return {name: float(value) for name, value in (line.split() for line in lines)}
