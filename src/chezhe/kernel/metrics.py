"""Counters for /metrics, in Prometheus' text form; labels never hold a person's data."""

from prometheus_client import Counter, Histogram

_requests = Counter("chezhe_requests_total", "Requests answered", ["method", "route", "status"])
_seconds = Histogram("chezhe_request_seconds", "Time to answer", ["route"])


def observe_request(method: str, route: str, status: int, seconds: float) -> None:
    """Count one answered request."""
    _requests.labels(method, route, str(status)).inc()
    _seconds.labels(route).observe(seconds)
