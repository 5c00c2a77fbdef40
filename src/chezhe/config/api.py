"""The REST API `/api/v1`: every room's router under its name."""

from importlib import import_module

from ninja import NinjaAPI, Router
from ninja.openapi.schema import OpenAPISchema

from chezhe.config import rooms
from chezhe.kernel import rest

_PROBLEMS = ("400", "401", "403", "404", "409", "413", "415", "422", "429", "503")


class ChezheAPI(NinjaAPI):
    """OpenAPI 3.1 with the idempotency header and problem details on every operation."""

    def get_openapi_schema(self, **options: object) -> OpenAPISchema:
        schema = super().get_openapi_schema(**options)  # type: ignore[arg-type]
        schema["components"].setdefault("schemas", {})["Problem"] = rest.Problem.model_json_schema()
        for path_item in schema["paths"].values():
            for method, operation in path_item.items():
                _complete(method, operation)
        return schema


def _complete(method: str, operation: dict[str, object]) -> None:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    problem = {"description": "Problem details", "content": content}
    responses = operation.setdefault("responses", {})
    assert isinstance(responses, dict)
    for status in _PROBLEMS:
        responses.setdefault(status, problem)
    if method == "post":
        key = {"in": "header", "name": "Idempotency-Key", "required": True, "schema": {"type": "string", "minLength": 1, "maxLength": 255}}
        parameters = operation.setdefault("parameters", [])
        assert isinstance(parameters, list)
        parameters.append(key)


api = ChezheAPI(
    title="Chezhe 车辙", version="1", auth=rest.signed_in, docs_url=None, urls_namespace="api-v1", parser=rest.StrictParser()
)
rest.install_guard(api)
rest.install_handlers(api)


def _routers() -> dict[str, Router]:
    """The `router` of each room that has an api module."""
    found = [room for room in rooms.built() if rooms.has(room, "api")]
    return {room: import_module(f"chezhe.{room}.api").router for room in found}


for room, router in _routers().items():
    api.add_router(f"/{room}", router, tags=[room])
