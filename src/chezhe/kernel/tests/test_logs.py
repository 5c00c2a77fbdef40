"""Logs carry the request id and nobody's personal data."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from chezhe.kernel import logs
from chezhe.kernel.errors import Invalid

PERSON, PLATE, VIN, MOBILE, IDENTITY = "王小明", "沪A12345", "LSVAU2180N2183294", "+8613800138000", "33010619900101123X"
WANTED = {"X-Request-Id": "request-0001"}


def fails(request: HttpRequest, told: str) -> HttpResponse:
    raise IntegrityError(f'duplicate key value violates unique constraint "x"\nDETAIL:  Key (name, mobile)=({told}, {MOBILE}) already exists.')


def refuses(request: HttpRequest, told: str) -> HttpResponse:
    raise Invalid(field="name")


urlpatterns = [
    path("fails/<str:told>/", fails), path("refuses/<str:told>/", refuses), path("", include("chezhe.config.urls")),
]
handler404, handler500 = "chezhe.ui.views.not_found", "chezhe.ui.views.server_error"


class Written(io.StringIO):
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.getvalue().splitlines()]


@pytest.fixture
def written() -> Iterator[Written]:
    """What the product's own chain writes while the test runs."""
    root, stream = logging.getLogger(), Written()
    handlers, level = root.handlers, root.level
    logs.configure()
    root.handlers[0].setStream(stream)  # type: ignore[attr-defined]
    yield stream
    root.handlers, root.level = handlers, level


@pytest.mark.django_db
@pytest.mark.parametrize("address", [f"/nope/{PERSON}/{PLATE}/{VIN}", f"/x/{MOBILE}/", f"/api/v1/nope/{PERSON}/{IDENTITY}"])
def test_an_unknown_address_is_logged_once_by_its_route(written: Written, address: str) -> None:
    assert Client().get(address, headers=WANTED).status_code == 404
    _is_clean(written)
    assert [(line["logger"], line["status"]) for line in written.lines()] == [("chezhe.request", 404)]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="chezhe.kernel.tests.test_logs")
def test_a_refusal_is_logged_once_by_its_route(written: Written) -> None:
    assert Client().get(f"/refuses/{PERSON}/", headers=WANTED).status_code == 422
    _is_clean(written)
    assert [(line["route"], line["status"]) for line in written.lines()] == [("refuses/<str:told>/", 422)]


@pytest.mark.django_db
@override_settings(ROOT_URLCONF="chezhe.kernel.tests.test_logs")
def test_a_failure_is_logged_with_its_traceback_and_without_the_row(written: Written) -> None:
    assert Client(raise_request_exception=False).get(f"/fails/{PERSON}/", headers=WANTED).status_code == 500
    _is_clean(written)
    failed, answered = written.lines()
    assert failed["logger"] == "django.request" and failed["level"] == "error" and failed["event"] == "Internal Server Error"
    assert "Traceback" in failed["exception"] and "Key (name, mobile)=(***)" in failed["exception"]
    assert answered["status"] == 500


@pytest.mark.parametrize("told", [
    MOBILE, "8613800138000", "138 0013 8000", "138-0013-8000", "tel13800138000", 13800138000, f"id{IDENTITY}", "330106 19900101 123X",
    330106199001011230, VIN, f"vin={VIN.lower()}", PLATE, "沪A·D12345", "6222 0212 3456 7890 123", ["x", {"phone": "13800138000"}],
    {"mobiles": (13800138000,)}, {"13800138000": 1}, f"Failing row contains (7, {PERSON}, null).", f"Key (name)=({PERSON}) already exists.",
    f'invalid input syntax for type integer: "{PERSON}"',
])
def test_it_masks(told: Any) -> None:
    shown = repr(logs.mask_personal(None, "info", {"event": "x", "value": told}))
    assert "***" in shown
    for secret in (PERSON, "12345", "1380013", "0013 8000", "0013-8000", "19900101", "N2183294", "n2183294", "7890", "D12345"):
        assert secret not in shown


@pytest.mark.parametrize("kept", [
    "L26-000123-7", "2026-11-28 07:00:00", 342778, "50,000.00", True, None, 1.5, {"status": 404}, "servicing/loans/<str:number>/", "P01-v1",
])
def test_it_keeps(kept: Any) -> None:
    assert logs.mask_personal(None, "info", {"event": kept}) == {"event": kept}


def test_a_request_id_made_of_digits_stays() -> None:
    assert logs.mask_personal(None, "info", {"request_id": "1" * 17}) == {"request_id": "1" * 17}


def _is_clean(written: Written) -> None:
    for line in written.lines():
        assert line["request_id"] == WANTED["X-Request-Id"]
    text = written.getvalue()
    for secret in (PERSON, PLATE, VIN, "13800138000", "19900101", "u738b"):
        assert secret not in text
