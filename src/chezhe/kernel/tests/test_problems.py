"""Every failure under /api/ is problem details: the kind in `title`, this time's sentence in `detail`."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

WANTED = {"X-Request-Id": "request-0001"}
ROUTES = override_settings(ROOT_URLCONF="chezhe.kernel.tests.test_problems")
pytestmark = pytest.mark.django_db


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("a bug")


urlpatterns = [path("api/v1/fails", fails), path("", include("chezhe.config.urls"))]
handler500 = "chezhe.ui.views.server_error"


def ask(address: str, method: str = "get", **headers: str) -> tuple[Any, dict[str, Any]]:
    answer = getattr(Client(raise_request_exception=False), method)(address, headers={**WANTED, **headers})
    assert answer["Content-Type"].startswith("application/problem+json")
    said = answer.json()
    assert said["status"] == answer.status_code and said["type"] == f"urn:chezhe:problem:{said['code']}"
    assert said["instance"] == "urn:chezhe:request:request-0001" and said["detail"] != said["title"]
    return answer, said


def test_a_stranger_is_told_how_to_sign_in() -> None:
    answer, said = ask("/api/v1/staff/me")
    assert (said["status"], said["code"], said["title"]) == (401, "not_signed_in", "尚未登录")
    assert answer["WWW-Authenticate"] == 'Bearer realm="chezhe"'


def test_a_token_that_does_not_work_is_called_so() -> None:
    answer, _said = ask("/api/v1/staff/me", Authorization="Bearer czt_unknown")
    assert answer["WWW-Authenticate"] == 'Bearer realm="chezhe", error="invalid_token"'


def test_a_method_that_is_not_there_names_those_that_are() -> None:
    answer, said = ask("/api/v1/staff/me", "delete")
    assert (said["status"], said["code"]) == (405, "method_not_allowed") and "GET" in answer["Allow"]


@ROUTES
def test_a_failure_of_ours_is_a_problem_too() -> None:
    _answer, said = ask("/api/v1/fails")
    assert (said["status"], said["title"]) == (500, "系统出错") and "a bug" not in str(said)


def test_the_title_is_the_kind_in_the_readers_language() -> None:
    _answer, said = ask("/api/v1/nowhere", **{"Accept-Language": "en"})
    assert (said["status"], said["title"]) == (404, "Not found")
