"""Requests made from docs/openapi.json by schemathesis, right and wrong ones, sent straight into the WSGI application.

Each case runs in a transaction of its own that is rolled back, so that every case meets the same house."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from itertools import count
from typing import Any

import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from chezhe.config.documents import openapi

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
Names = dict[str, list[Any]]
_keys = count()
SEEN: Counter[tuple[str, str, int]] = Counter()


def operations() -> Iterator[Any]:
    """Every operation of the document that the code gives now."""
    schema = schemathesis.openapi.from_dict(openapi())
    schema.app = WSGIHandler()
    for found in schema.get_all_operations():
        yield found.ok()


def failures(operation: Any, names: Names, token: str, examples: int) -> list[str]:
    """What broke the contract, in words; at most the first failure of each kind of data."""
    found = []
    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
        try:
            _try(operation, names, token, mode, examples)
        except Unsatisfiable:  # nothing can be wrong here: no parameters, or only free text in the path
            continue
        except (Exception, FailureGroup) as failure:  # whatever it is, it belongs into the list with its operation
            found.append(f"{operation.label} [{mode.value}] {type(failure).__name__}: {failure}"[:1500])
    return found


def _try(operation: Any, names: Names, token: str, mode: GenerationMode, examples: int) -> None:
    @settings(
        max_examples=examples, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), print_blob=False,
    )
    @given(data=st.data())
    def one(data: Any) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        _make_it_ours(case, names, data)
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"fuzz-{next(_keys)}", "Accept-Language": "en"}
        with transaction.atomic():
            SEEN[operation.label, mode.value, case.call_and_validate(headers=headers, checks=CHECKS).status_code] += 1
            transaction.set_rollback(True)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one()


def _make_it_ours(case: Any, names: Names, data: Any) -> None:
    """Three times in four a number in the path, and one in four in the body, is one that exists."""
    for name in case.path_parameters or {}:
        known = names.get(name) or _by_path(case.path, names)
        if known and data.draw(st.integers(0, 3)):
            case.path_parameters[name] = data.draw(st.sampled_from(known))
    if isinstance(case.body, dict):
        for name, value in case.body.items():
            known = names.get(name) or names.get(f"{name.removesuffix('_number')}s")
            if known and isinstance(value, str) and not data.draw(st.integers(0, 3)):
                case.body[name] = data.draw(st.sampled_from([item for item in known if isinstance(item, str)] or [value]))


def _by_path(path: str, names: Names) -> list[Any]:
    place = path.removeprefix("/api/v1/")
    return next((names[key] for key in sorted(names, key=len, reverse=True) if place.startswith(f"{key}/")), [])


class OneConnection:
    """The application answers on the test's own connection, which a request must not close."""

    def __enter__(self) -> None:
        for signal in (request_started, request_finished):
            signal.disconnect(close_old_connections)

    def __exit__(self, *_failure: object) -> None:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)
