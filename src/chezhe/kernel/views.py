"""Health for machines: alive, ready, and figures."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from chezhe.kernel import business_date, metrics


def alive(request: HttpRequest) -> HttpResponse:
    """The process answers; says nothing of the database."""
    return JsonResponse({"status": "alive"})


def ready(request: HttpRequest) -> HttpResponse:
    """The database answers and the books have a day: only then should traffic come."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        return JsonResponse({"status": "ready", "business_date": business_date.current().isoformat()})
    except Exception as failure:
        return JsonResponse({"status": "not_ready", "failure": type(failure).__name__}, status=503)


def figures(request: HttpRequest) -> HttpResponse:
    """For Prometheus, from the inside network: every process of this host in one answer."""
    return HttpResponse(metrics.text(), content_type=CONTENT_TYPE_LATEST)
