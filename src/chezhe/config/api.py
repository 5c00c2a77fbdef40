"""The REST API `/api/v1`: every room's router under its name."""

from importlib import import_module
from typing import Any

from django.conf import settings
from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema

from chezhe.config import rooms
from chezhe.kernel import rest
from chezhe.kernel.permission import Permission

_PROBLEMS = ("400", "401", "403", "404", "409", "413", "415", "422", "429", "503")


_DESCRIPTION = """\
What people do on the pages, programs do here. The way in, errors, cursors and scopes are explained in docs/api.md.

- Sign in with a personal access token: `Authorization: Bearer <token>`. Operations with `x-step-up` move money and need
  `PUT /api/v1/staff/step-up` with a code of the authenticator within the last ten minutes.
- Every POST carries an `Idempotency-Key`; the same request again gets the same answer.
- Money is text in yuan with two decimals, a rate a decimal fraction as text, a day `YYYY-MM-DD`.
- Failures are problem details (RFC 9457) with a stable `code`.
- `x-scopes` names the permission that an operation asks for; none means that being signed in is enough.
- Operations under `/api/v1/portal/` are for customers and for dealers' people, with the token that a code by SMS gives there
  (`POST /api/v1/portal/sessions`); it opens nothing else, and nothing else opens them.
"""
_SCHEMES = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "A personal access token with the scopes chosen when it was issued."},
    "session": {
        "type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME,
        "description": "The browser's session; every method but GET and HEAD also needs its CSRF token in X-CSRFToken.",
    },
}


class ChezheAPI(NinjaAPI):
    """OpenAPI 3.1 with the way in, the scopes, the idempotency header and problem details on every operation."""

    def get_openapi_schema(self, **options: object) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)  # type: ignore[arg-type]
        schema["components"].setdefault("schemas", {})["Problem"] = rest.Problem.model_json_schema()
        schema["components"]["securitySchemes"] = _SCHEMES
        guards = self._guards()
        for path_item in schema["paths"].values():
            for method, operation in path_item.items():
                _complete(method, operation)
                _say_who_may(operation, *guards[operation["operationId"]])
        return schema

    def _guards(self) -> dict[str, tuple[Permission | None, bool]]:
        """What the door of each operation asks for, and whether it is open to whoever has not signed in."""
        operations = [
            operation for router in self._get_bound_routers() for view in router.path_operations.values() for operation in view.operations
        ]
        return {
            operation.operation_id or self.get_openapi_operation_id(operation): (
                getattr(operation.view_func, "needs", None), getattr(operation.view_func, "is_open", False))
            for operation in operations
        }


def _complete(method: str, operation: dict[str, Any]) -> None:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for status in _PROBLEMS:
        problem: dict[str, Any] = {"description": "Problem details", "content": content}
        if status == "401":
            problem["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "`Bearer`, RFC 6750"}}
        operation.setdefault("responses", {}).setdefault(status, problem)
    if method == "post":
        key = {"in": "header", "name": "Idempotency-Key", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 255}}
        operation.setdefault("parameters", []).append(key)


def _say_who_may(operation: dict[str, Any], guard: Permission | None, is_open: bool) -> None:
    scopes = [guard.code] if guard else []
    operation["security"] = [] if is_open else [{name: scopes} for name in _SCHEMES]
    operation["x-scopes"] = scopes
    if guard and guard.moves_money:
        operation["x-step-up"] = True


api = ChezheAPI(
    title="Chezhe 车辙", version="1", description=_DESCRIPTION, auth=rest.signed_in, docs_url=None, urls_namespace="api-v1",
    parser=rest.StrictParser(), renderer=rest.Renderer(),
)
rest.install_guard(api)
rest.install_handlers(api)


def _routers() -> dict[str, Router]:
    """The `router` of each room that has an api module."""
    found = [room for room in rooms.built() if rooms.has(room, "api")]
    return {room: import_module(f"chezhe.{room}.api").router for room in found}


for room, router in _routers().items():
    api.add_router(f"/{room}", router, tags=[room])
