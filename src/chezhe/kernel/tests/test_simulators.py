"""Signatures, replay, faults on demand and the way back, with an echoing service invented for the tests."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from urllib.request import urlopen

import httpx
import pytest

from chezhe.kernel import clock, outside, signing, simulators
from chezhe.kernel.simulators import Answer, Call, Simulator, World
from chezhe.kernel.testing import moment

AT = moment("2026-03-02 10:00")
SECRET, BODY = b"secret", b'{"a":1}'


@simulators.register
class Echo(Simulator):
    """Says what it was told, counts how often, and calls back."""

    name, callback_path = "echo", "/nowhere/"

    def answer(self, call: Call) -> Answer:
        reference = str(call.body["reference"])
        if reference not in self.state:
            self.state[reference] = 0
            self.call_back(reference, {"reference": reference, "outcome": "done"})
        self.state[reference] += 1
        return Answer(200, {"path": call.path, "times": self.state[reference]})


def test_a_signature_holds_for_its_body_its_secret_and_five_minutes() -> None:
    headers = signing.sign(SECRET, BODY, at=AT)
    assert signing.verify(SECRET, headers, BODY, at=AT + timedelta(seconds=300)) == headers[signing.NONCE]
    wrong = [
        (b"other", headers, BODY, AT, "wrong"), (SECRET, headers, b'{"a":2}', AT, "wrong"),
        (SECRET, headers, BODY, AT + timedelta(seconds=301), "stale"), (SECRET, headers, BODY, AT - timedelta(seconds=301), "stale"),
        (SECRET, {**headers, signing.NONCE: "other"}, BODY, AT, "wrong"), (SECRET, {}, BODY, AT, "missing"),
        (SECRET, {**headers, signing.TIMESTAMP: "abc"}, BODY, AT, "wrong"),
        (SECRET, {**headers, signing.SIGNATURE: "签名"}, BODY, AT, "wrong"),
    ]
    for secret, given, body, at, reason in wrong:
        with pytest.raises(signing.SignatureRefused, match=reason):
            signing.verify(secret, given, body, at=at)


def test_the_same_message_is_not_accepted_twice_where_nonces_are_remembered() -> None:
    memory, headers = signing.NonceMemory(), signing.sign(SECRET, BODY, at=AT)
    for expected in (None, "replayed"):
        if expected is None:
            signing.verify(SECRET, headers, BODY, at=AT, first_time=lambda n: memory.first_time(n, AT))
        else:
            with pytest.raises(signing.SignatureRefused, match=expected):
                signing.verify(SECRET, headers, BODY, at=AT, first_time=lambda n: memory.first_time(n, AT))


def test_a_request_reaches_its_simulator_signed() -> None:
    with clock.at(AT), simulators.in_process():
        reply = outside.post("echo", "/orders", {"reference": "R1"})
    assert reply.is_ok and reply.body == {"path": "/orders", "times": 1}


def test_an_unsigned_or_replayed_request_is_refused_by_the_simulator() -> None:
    with clock.at(AT), simulators.in_process() as world:
        client = httpx.Client(transport=httpx.WSGITransport(app=simulators.build_app(world)), base_url="http://simulators")
        assert client.post("/echo/orders", content=BODY).status_code == 401
        body = json.dumps({"reference": "R1"}).encode()
        headers = signing.sign(signing.secret_of("echo"), body, at=AT)
        assert [client.post("/echo/orders", content=body, headers=headers).status_code for _ in range(2)] == [200, 401]
        assert client.post("/nobody/orders", content=body, headers=headers).status_code == 404


@pytest.mark.parametrize(("fault", "done"), [("error_before", 0), ("error_after", 1), ("timeout", 1)])
def test_a_failure_on_demand_leaves_the_outcome_unknown(fault: str, done: int) -> None:
    with clock.at(AT), simulators.in_process() as world:
        world.force("echo", fault)
        with pytest.raises(outside.Unreachable):
            outside.post("echo", "/orders", {"reference": "R1"})
        assert world.simulators["echo"].state.get("R1", 0) == done
        assert outside.post("echo", "/orders", {"reference": "R1"}).body["times"] == done + 1


def test_whims_depend_on_the_seed_and_the_reference_alone() -> None:
    def fates(seed: int) -> list[str]:
        with clock.at(AT), simulators.in_process(seed) as world:
            world.set_faults("echo", error_before_rate=0.3)
            return [world.request_fault("echo", f"R{n}") for n in range(200)]

    assert fates(7) == fates(7) != fates(8)
    assert 40 <= fates(7).count("error_before") <= 80


def test_callbacks_wait_for_the_clock_are_repeated_when_unanswered_and_give_up_after_fifteen() -> None:
    with clock.at(AT), simulators.in_process() as world:
        world.set_faults("echo", delay_seconds=(60, 60))
        outside.post("echo", "/orders", {"reference": "R1"})
        assert world.pump() == 0 and len(world.waiting) == 1
        attempts = []
        world._deliver = lambda callback: bool(attempts.append(callback.attempt))  # type: ignore[method-assign,func-returns-value]
        for _ in range(40):
            clock.tick(6 * 3600)
            world.pump()
        assert attempts == list(range(16)) and not world.waiting


def test_a_callback_can_be_dropped_doubled_or_forged() -> None:
    with clock.at(AT), simulators.in_process() as world:
        world.set_faults("echo", duplicates=14)
        world.force("echo", "drop", "duplicate", "wrong_signature", "ok")
        for n, waiting in enumerate([0, 15, 17, 18]):
            outside.post("echo", "/orders", {"reference": f"R{n}"})
            assert len(world.waiting) == waiting
        assert sum(callback.is_forged for callback in world.waiting) == 1


def test_a_restarted_service_remembers(tmp_path: Path) -> None:
    with clock.at(AT):
        world = World(folder=tmp_path)
        world.simulators["echo"].answer(Call("/orders", {"reference": "R1"}, AT))
        world.save()
        again = World(folder=tmp_path)
    assert again.simulators["echo"].state == {"R1": 1}
    assert [c.payload for c in again.waiting] == [{"reference": "R1", "outcome": "done"}]


def test_it_serves_over_a_real_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    from wsgiref.simple_server import make_server

    server = make_server("127.0.0.1", 0, simulators.build_app(World(is_real_time=True)), handler_class=simulators._Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = f"http://127.0.0.1:{server.server_port}"
    try:
        monkeypatch.setenv("CHEZHE_URL_ECHO", f"{address}/echo")
        assert outside.post("echo", "/orders", {"reference": "R1"}).body["times"] == 1
        assert "echo" in json.load(urlopen(f"{address}/healthz"))["services"]
        control = httpx.post(f"{address}/_control/echo", json={"force": ["error_before"]}, trust_env=False)
        assert control.status_code == 200
        with pytest.raises(outside.Unreachable):
            outside.post("echo", "/orders", {"reference": "R1"})
        assert httpx.post(f"{address}/_control/echo", json={"faults": {"nonsense": 1}}, trust_env=False).status_code == 400
    finally:
        server.shutdown()
        server.server_close()


def test_production_never_falls_back_to_a_simulator(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.IS_PRODUCTION = True  # type: ignore[attr-defined]
    monkeypatch.delenv("CHEZHE_URL_ECHO", raising=False)
    with pytest.raises(outside.Unreachable):
        outside.address_of("echo")
    with pytest.raises(RuntimeError):
        signing.secret_of("echo")


@simulators.register
class Oracle(Simulator):
    """Only tells; what it is asked about chooses how long it thinks."""

    name, remembers = "oracle", False

    def answer(self, call: Call) -> Answer:
        return Answer(200, {"known": True}, seconds=float(call.body.get("thinks", 0)))


def test_an_answer_that_comes_after_the_callers_patience_has_not_come_and_nobody_waits() -> None:
    with clock.at(AT), simulators.in_process() as world:
        world.set_faults("oracle", answer_seconds=(2, 2))
        assert outside.post("oracle", "/ask", {"reference": "R1", "thinks": 0}, timeout_seconds=5).is_ok
        with pytest.raises(outside.Unreachable, match="ReadTimeout"):
            outside.post("oracle", "/ask", {"reference": "R1", "thinks": 4}, timeout_seconds=5)


def test_answers_take_their_time_only_at_a_pace_and_outside_the_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[tuple[float, bool]] = []

    def sleep(world: World, seconds: float) -> None:
        free = threading.Thread(target=lambda: slept.append((seconds, world.lock.acquire(blocking=False))))
        free.start()
        free.join()

    for pace in (0.0, 0.5):
        with clock.at(AT), simulators.in_process(pace=pace) as world:
            world.set_faults("oracle", answer_seconds=(2, 2))
            monkeypatch.setattr(simulators.time, "sleep", lambda seconds, of=world: sleep(of, seconds))
            assert outside.post("oracle", "/ask", {"reference": "R1"}, timeout_seconds=5).is_ok
    assert slept == [(1.0, True)]


def test_a_service_that_only_tells_is_not_written_down(tmp_path: Path) -> None:
    with clock.at(AT):
        world = World(folder=tmp_path)
        client = httpx.Client(transport=httpx.WSGITransport(app=simulators.build_app(world)), base_url="http://simulators")
        for service, is_kept in (("oracle", False), ("echo", True)):
            body = json.dumps({"reference": "R1"}).encode()
            headers = signing.sign(signing.secret_of(service), body, at=AT)
            assert client.post(f"/{service}/ask", content=body, headers=headers).status_code == 200
            assert (tmp_path / "simulators.json").exists() is is_kept
