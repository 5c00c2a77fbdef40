"""Outside services as they really behave, over HTTP: signatures, callbacks, delays, duplicates, failures on demand.

A room writes `vendors/<name>/simulator.py` with a subclass of `Simulator` and registers it:

    @simulators.register
    class SmsSimulator(Simulator):
        name, callback_path = "sms", "/messaging/callbacks/sms/"
        def answer(self, call: Call) -> Answer: ...

`build_app(world)` is the WSGI application of all of them, `serve(…)` runs it for the demo, and inside `in_process(seed=7)`
the product's own calls reach them without a network while `world.pump()` delivers the callbacks that the (virtual) clock
has made due. Every whim comes from the seed and the caller's own reference, so that one seed gives one run.
"""

from __future__ import annotations

import heapq
import importlib
import itertools
import json
import os
import pkgutil
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from socketserver import ThreadingMixIn
from typing import Any, ClassVar
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import httpx
from django.conf import settings

from chezhe.kernel import clock, outside, signing, simulator_memory
from chezhe.kernel.simulator_values import Answer, Call, Callback, Faults

# TRUST.md §1.7: how often a payment platform repeats a callback that was not answered with 2xx.
RESEND_AFTER_SECONDS = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
SILENCE_SECONDS = 10
TOOK = "X-Answer-Seconds"
REGISTRY: dict[str, type[Simulator]] = {}
WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Any]


class Simulator:
    """One outside service. `state` is what it remembers (JSON), keyed by the callers' references; one that only tells remembers nothing."""

    name: ClassVar[str]
    callback_path: ClassVar[str] = ""
    faults: ClassVar[Faults] = Faults()
    remembers: ClassVar[bool] = True

    def __init__(self, world: World) -> None:
        self.world = world
        self.state: dict[str, Any] = {}

    def answer(self, call: Call) -> Answer:
        """Do what the request asks and answer; asking twice with one reference must give one effect."""
        raise NotImplementedError

    def whim(self, call: Call) -> str:
        """What chance goes by beside the seed, for this request: the caller's own reference."""
        return str(call.body.get("reference", ""))

    def call_back(self, reference: str, payload: dict[str, Any], *, path: str = "", after: timedelta = timedelta()) -> None:
        """Send `payload` to the product later (not before `after`): delayed, repeated, lost or badly signed as the faults say."""
        self.world.schedule(self.name, path or self.callback_path, reference, payload, after)


def register(simulator: type[Simulator]) -> type[Simulator]:
    """Class decorator: make a simulator part of every world."""
    if REGISTRY.setdefault(simulator.name, simulator).__qualname__ != simulator.__qualname__:
        raise ValueError(f"two simulators called {simulator.name}")
    return simulator


def discover() -> None:
    """Import `vendors/*/simulator.py` of every room."""
    import chezhe

    for room in pkgutil.iter_modules(chezhe.__path__):
        for vendors in map(Path, (f"{folder}/{room.name}/vendors" for folder in chezhe.__path__)):
            for file in sorted(vendors.glob("*/simulator.py")):
                importlib.import_module(f"chezhe.{room.name}.vendors.{file.parent.name}.simulator")


class World:
    """All simulators of one run with their memory, their faults and the callbacks that wait.

    `pace` is how long they really take for an answer: 1 as long as they say, 0 no time at all.
    """

    def __init__(self, seed: int = 7, *, is_real_time: bool = False, folder: Path | None = None, pace: float = 0.0) -> None:
        discover()
        self.seed, self.is_real_time, self.folder, self.pace = seed, is_real_time, folder, pace
        self.simulators = {name: made(self) for name, made in REGISTRY.items()}
        self.faults = {name: made.faults for name, made in REGISTRY.items()}
        self.waiting: list[Callback] = []
        self.forced: dict[str, deque[str]] = {name: deque() for name in REGISTRY}
        self.nonces = signing.NonceMemory()
        self.lock = threading.RLock()
        self._product: WsgiApp | None = None
        self._serial = itertools.count()
        self._load()

    def set_faults(self, service: str, **changes: Any) -> None:
        """Change how unreliable a service is: `set_faults("sms", drop_rate=0.1, delay_seconds=(0, 0))`."""
        self.faults[service] = replace(self.faults[service], **changes)

    def force(self, service: str, *faults: str) -> None:
        """Faults for the next occasions, in order, before any chance: for requests `error_before`, `error_after`,
        `timeout`; for callbacks `drop`, `duplicate`, `wrong_signature`; `ok` for an undisturbed one."""
        self.forced[service].extend(faults)

    def chance(self, service: str, reference: str, what: str) -> float:
        """A number in [0, 1) that depends on the seed and the reference alone."""
        return Random(f"{self.seed}:{service}:{reference}:{what}").random()  # noqa: S311

    def schedule(
        self, service: str, path: str, reference: str, payload: dict[str, Any], after: timedelta = timedelta()
    ) -> None:
        """Put a callback on its way, with the faults that chance or `force` gives it."""
        faults, kind = self.faults[service], self._forced(service, "drop", "duplicate", "wrong_signature")

        def strikes(what: str, rate: float) -> bool:
            return kind == what if kind else self.chance(service, reference, what) < rate

        if strikes("drop", faults.drop_rate):
            return
        low, high = faults.delay_seconds
        due_at = clock.now() + after + timedelta(seconds=low + (high - low) * self.chance(service, reference, "delay"))
        if strikes("wrong_signature", faults.wrong_signature_rate):
            self._push(Callback(due_at, next(self._serial), service, path, payload, is_forged=True))
        copies = 1 + (faults.duplicates if strikes("duplicate", faults.duplicate_rate) else 0)
        for _ in range(copies):
            self._push(Callback(due_at, next(self._serial), service, path, dict(payload)))

    def _push(self, callback: Callback) -> None:
        with self.lock:
            heapq.heappush(self.waiting, callback)

    def _forced(self, service: str, *kinds: str) -> str:
        """The next forced fault when it is of these kinds (or `ok`), taken off the list."""
        queue = self.forced[service]
        return queue.popleft() if queue and queue[0] in (*kinds, "ok") else ""

    def request_fault(self, service: str, reference: str) -> str:
        """`error_before`, `error_after`, `timeout` or nothing for one request."""
        kinds = ("error_before", "error_after", "timeout")
        if forced := self._forced(service, *kinds):
            return "" if forced == "ok" else forced
        faults = self.faults[service]
        rates = (faults.error_before_rate, faults.error_after_rate, faults.timeout_rate)
        return next((kind for kind, rate in zip(kinds, rates, strict=True) if self.chance(service, reference, kind) < rate), "")

    def answer_seconds(self, service: str, reference: str) -> float:
        """How long an ordinary answer to one request takes."""
        low, high = self.faults[service].answer_seconds
        return low + (high - low) * self.chance(service, reference, "answer")

    def next_due_at(self) -> datetime | None:
        """When the first of the waiting callbacks will be due."""
        with self.lock:
            return self.waiting[0].due_at if self.waiting else None

    def pump(self) -> int:
        """Deliver the callbacks whose time has come; returns how many were answered with 2xx."""
        answered = 0
        while (callback := self._next_due()) is not None:
            if self._deliver(callback):
                answered += 1
            elif not callback.is_forged and callback.attempt < len(RESEND_AFTER_SECONDS):
                wait = timedelta(seconds=RESEND_AFTER_SECONDS[callback.attempt])
                self._push(replace(callback, due_at=clock.now() + wait, attempt=callback.attempt + 1))
        return answered

    def _next_due(self) -> Callback | None:
        with self.lock:
            return heapq.heappop(self.waiting) if self.waiting and self.waiting[0].due_at <= clock.now() else None

    def _deliver(self, callback: Callback) -> bool:
        body = json.dumps(callback.payload, ensure_ascii=False).encode()
        secret = b"nobody's" if callback.is_forged else signing.secret_of(callback.service)
        headers = {"Content-Type": "application/json", **signing.sign(secret, body, at=clock.now())}
        try:
            known = {"transport": self._way_back(), "timeout": 5.0, "trust_env": False, "verify": outside.trusted()}
            with _connection_kept(), httpx.Client(**known) as client:
                answer = client.post(f"{settings.PUBLIC_URL}{callback.path}", content=body, headers=headers)
            return answer.is_success
        except httpx.HTTPError:
            return False

    def _way_back(self) -> httpx.BaseTransport | None:
        """Over the network in real time; else straight into the product's own WSGI application."""
        if self.is_real_time:
            return None
        if self._product is None:
            from django.core.handlers.wsgi import WSGIHandler

            self._product = WSGIHandler()
        return httpx.WSGITransport(app=self._product)

    def save(self) -> None:
        """Remember everything across a restart of the demo."""
        if self.folder is None:
            return
        with self.lock:
            simulator_memory.write(self.folder, self.memory)

    @property
    def memory(self) -> simulator_memory.Memory:
        """What every service remembers, and the callbacks on their way."""
        waiting = [{**asdict(c), "due_at": c.due_at.isoformat()} for c in self.waiting]
        return {"state": {name: s.state for name, s in self.simulators.items()}, "waiting": waiting}

    def _load(self) -> None:
        if self.folder is None:
            return
        memory = simulator_memory.read(self.folder)
        for name, state in memory["state"].items():
            if name in self.simulators:
                self.simulators[name].state = state
        for row in memory["waiting"]:
            if row["service"] in self.simulators:
                again = {**row, "due_at": datetime.fromisoformat(row["due_at"]), "serial": next(self._serial)}
                self._push(Callback(**again))


@contextmanager
def _connection_kept() -> Iterator[None]:
    """In process the product answers on the caller's own database connection: its requests must not close it."""
    from django.core.signals import request_finished, request_started
    from django.db import close_old_connections

    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


class _NoAnswer(Exception):
    """The request was carried out and the line went dead."""


def build_app(world: World) -> WsgiApp:
    """`POST /<service>/<path>` signed; `POST /_control/<service>` {"faults": {…}, "force": […]}; `GET /healthz`."""

    def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        length = min(int(environ.get("CONTENT_LENGTH") or 0), outside.BODY_BYTES_MAX)
        body = environ["wsgi.input"].read(length) if length else b""
        headers = {k[5:].replace("_", "-"): v for k, v in environ.items() if k.startswith("HTTP_")}
        # One request at a time: a real bank's own database does as much for one reference.
        try:
            with world.lock:
                answer = _route(world, environ["PATH_INFO"], headers, body)
        except _NoAnswer:
            if not world.is_real_time:
                raise
            time.sleep(SILENCE_SECONDS)
            answer = Answer(504, {"code": "NO_ANSWER"})
        service = _service_of(environ["PATH_INFO"])[0]
        if service not in world.simulators or world.simulators[service].remembers:
            world.save()
        if world.pace and answer.seconds:
            time.sleep(min(SILENCE_SECONDS, answer.seconds * world.pace))
        text = json.dumps(answer.body, ensure_ascii=False).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(text))), (TOOK, f"{answer.seconds:.3f}")]
        start_response(f"{answer.status} -", headers)
        return [text]

    return app


def _service_of(path: str) -> tuple[str, str]:
    """The first part of a path, and what follows."""
    service, _, tail = path.removeprefix("/").partition("/")
    return service, tail


def _route(world: World, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
    service, tail = _service_of(path)
    if service == "healthz":
        return Answer(200, {"status": "alive", "services": sorted(world.simulators), "waiting": len(world.waiting)})
    if service == "_control":
        return _control(world, tail, body)
    if service not in world.simulators:
        return Answer(404, {"code": "NO_SUCH_SERVICE"})
    at = clock.now()
    try:
        signing.verify(signing.secret_of(service), headers, body, at=at, first_time=lambda n: world.nonces.first_time(n, at))
        said = json.loads(body)
    except signing.SignatureRefused as refusal:
        return Answer(401, {"code": "SIGNATURE_REFUSED", "reason": refusal.reason})
    except ValueError:
        return Answer(400, {"code": "NOT_JSON"})
    if not isinstance(said, dict):
        return Answer(400, {"code": "NOT_AN_OBJECT"})
    return _answer(world, service, Call(f"/{tail}", said, at))


def _answer(world: World, service: str, call: Call) -> Answer:
    simulator = world.simulators[service]
    whim = simulator.whim(call)
    fault = world.request_fault(service, whim)
    if fault == "error_before":
        return Answer(500, {"code": "INTERNAL"})
    answer = simulator.answer(call)
    if fault == "error_after":
        return Answer(500, {"code": "INTERNAL"})
    if fault == "timeout":
        raise _NoAnswer
    return replace(answer, seconds=answer.seconds + world.answer_seconds(service, whim))


def _control(world: World, service: str, body: bytes) -> Answer:
    if service not in world.simulators:
        return Answer(404, {"code": "NO_SUCH_SERVICE"})
    try:
        wanted = json.loads(body or b"{}")
        world.set_faults(service, **wanted.get("faults", {}))
        world.force(service, *wanted.get("force", []))
    except (ValueError, TypeError, AttributeError):
        return Answer(400, {"code": "BAD_FAULTS"})
    return Answer(200, asdict(world.faults[service]))


class _InProcess(httpx.BaseTransport):
    """The product's calls go straight into the simulators' application."""

    def __init__(self, world: World) -> None:
        self.inner = httpx.WSGITransport(app=build_app(world))

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        try:
            response = self.inner.handle_request(request)
        except _NoAnswer as silence:
            raise httpx.ReadTimeout("no answer", request=request) from silence
        # Nobody waits here: an answer that comes after the caller's patience has not come.
        patience = request.extensions.get("timeout", {}).get("read")
        if patience is not None and float(response.headers.get(TOOK, 0)) > patience:
            raise httpx.ReadTimeout("too late", request=request)
        return response


@contextmanager
def in_process(seed: int = 7, *, memory: Path | None = None, pace: float = 0.0) -> Iterator[World]:
    """Tests and the simulation: a world of its own, on the virtual clock, without a network; at its end it adds to `memory`.

    With a `pace` answers really take their time, as a bench of the waiting wants it.
    """
    world = World(seed, pace=pace)
    token = outside.transport.set(_InProcess(world))
    try:
        yield world
    finally:
        outside.transport.reset(token)
        if memory is not None:
            simulator_memory.add(memory, world.memory)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *arguments: Any) -> None:
        return None


def serve(host: str = "127.0.0.1", port: int = 8400, *, seed: int = 7, folder: Path | None = None) -> None:
    """Run the simulators until stopped: the demo starts this as a process of its own (with Django's settings loaded).

    CHEZHE_SIMULATOR_PACE says how long answers take, as a multiple of the usual time (1); 0 is at once.
    """
    world = World(seed, is_real_time=True, folder=folder, pace=float(os.environ.get("CHEZHE_SIMULATOR_PACE", "1")))

    def deliver_for_ever() -> None:
        while True:
            if world.pump():
                world.save()
            time.sleep(0.2)

    threading.Thread(target=deliver_for_ever, daemon=True).start()
    with make_server(host, port, build_app(world), server_class=_Server, handler_class=_Quiet) as server:
        server.serve_forever()
