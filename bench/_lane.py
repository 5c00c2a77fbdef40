"""One prime case's way over HTTP from the submission to the bank, and a watch that knows what people and outsiders took of it.

Everybody speaks to the API as a program would: with a token of the own, or with what came by text message. The phone is this process: the
simulators run here, and what the gateway takes is what the customer reads.
"""

from __future__ import annotations

import http.client
import io
import itertools
import json
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from time import monotonic, perf_counter, sleep
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from bench._prime import Applicant
from chezhe.kernel import clock

API, LOOK_AGAIN_SECONDS, PATIENCE_SECONDS = "/api/v1/", 0.015, 180.0
LINK, CODE = re.compile(r"/contracts/s/([A-Za-z0-9_-]{20,})"), re.compile(r"验证码(\d{6})")
SHEET = re.compile(r"(成本明示表)")
AMOUNT, PERIODS, RATE, YEAR = "40000.00", 24, "0.12", 365
# A stage of the machine, in the order in which they come.
STAGES = ("decision and papers", "cost sheet", "signing", "securing", "payout")


class Stuck(RuntimeError):
    """The case did not come further; the message says where and why."""


class NotPrime(Stuck):
    """The machine did not approve it, as it may: no case for the fast lane."""


class Phone:
    """What the text messages of every mobile say, oldest first."""

    def __init__(self, gateway: Any) -> None:
        self._texts: dict[str, list[str]] = defaultdict(list)
        self._came = threading.Condition()
        self._taken: set[str] = set()
        inner = gateway.answer

        def answer(call: Any) -> Any:
            said = inner(call)
            reference = str(call.body.get("reference", ""))
            if said.body.get("code") == "OK" and reference not in self._taken:
                with self._came:
                    self._taken.add(reference)
                    self._texts[str(call.body["mobile"])].append(str(call.body["text"]))
                    self._came.notify_all()
            return said

        gateway.answer = answer

    def read(self, mobile: str, pattern: re.Pattern[str]) -> str:
        """What the last message of this kind says, once one has come; it is read once."""
        deadline = monotonic() + PATIENCE_SECONDS
        with self._came:
            while monotonic() < deadline:
                for text in reversed(self._texts[mobile]):
                    found = pattern.search(text)
                    if found:
                        self._texts[mobile].remove(text)
                        return found[1]
                self._came.wait(0.5)
        raise Stuck(f"no message with {pattern.pattern} to {mobile[-4:]}")


@dataclass(slots=True)
class Watch:
    """Seconds since the submission: what the machine took by stage, what others took by name."""

    began: float = 0.0
    machine: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STAGES, 0.0))
    waits: dict[str, float] = field(default_factory=lambda: defaultdict(float))

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """The block is the machine's, but for what `waiting` takes of it."""
        began, before = perf_counter(), sum(self.waits.values())
        yield
        self.machine[name] += perf_counter() - began - (sum(self.waits.values()) - before)

    @contextmanager
    def waiting(self, what: str) -> Iterator[None]:
        """The block belongs to a person or to somebody outside."""
        began = perf_counter()
        yield
        self.waits[what] += perf_counter() - began

    @property
    def total(self) -> float:
        """Of the machine alone."""
        return sum(self.machine.values())


class Line:
    """A kept connection on which one person's program speaks."""

    def __init__(self, address: str, token: str = "", *, came_from: str = "") -> None:
        parts = urlsplit(address)
        self._line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=PATIENCE_SECONDS)
        self.token, self._came_from = token, came_from

    def get(self, path: str) -> Any:
        return self._ask("GET", path, None, "")

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self._ask("POST", path, json.dumps(body or {}).encode(), "application/json")

    def patch(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("PATCH", path, json.dumps(body).encode(), "application/json")

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self._ask("PUT", path, json.dumps(body).encode(), "application/json")

    def send(self, path: str, file: tuple[str, bytes], **form: str) -> Any:
        """Multipart, with one file under its field's name."""
        mark, out = uuid4().hex, io.BytesIO()
        for name, value in form.items():
            out.write(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{file[0]}"; filename="scan.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
        out.write(head.encode() + file[1] + f"\r\n--{mark}--\r\n".encode())
        return self._ask("POST", path, out.getvalue(), f"multipart/form-data; boundary={mark}")

    def close(self) -> None:
        self._line.close()

    def _ask(self, method: str, path: str, body: bytes | None, kind: str) -> Any:
        headers = {"Accept-Encoding": "identity"}
        headers |= {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Idempotency-Key": uuid4().hex} if method == "POST" else {}
        headers |= {"Content-Type": kind} if kind else {}
        headers |= {"X-Forwarded-For": self._came_from} if self._came_from else {}
        try:
            self._line.request(method, API + path, body, headers)
            answer = self._line.getresponse()
        except (http.client.HTTPException, ConnectionError):
            # The server has closed a line that was idle for long.
            self._line.close()
            self._line.request(method, API + path, body, headers)
            answer = self._line.getresponse()
        text = answer.read()
        if answer.status >= 400:
            raise Stuck(f"{method} {path}: {answer.status} {text.decode(errors='replace')[:300]}")
        return json.loads(text) if text else {}


@dataclass(slots=True)
class Desk:
    """The people of the house, each with a line of the own: five of them on every case."""

    sales: Line
    collateral: Line
    maker: Line
    checker: Line
    address: str
    scans: Any
    lender: str
    on: date
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))


def written(desk: Desk, who: Applicant) -> tuple[str, int]:
    """An application that is complete, by its number and version; the customer has agreed to what is approved as asked. Not measured."""
    sales = desk.sales
    made = sales.post("origination", {
        "customer_number": who.number, "product_code": "P03", "filed_through": "online", "device": who.device})
    number, version = made["number"], made["version"]
    for step, values in (
        ("party", {"purpose": "consumption"}), ("vehicle", {"vehicle_number": who.car}),
        ("finance", {"amount": AMOUNT, "periods": PERIODS, "annual_rate": RATE, "due_day": 20, "monthly_income": _yuan(who.income),
                     "monthly_debt": _yuan(who.debts), "acceptance": "ahead"}),
    ):
        version = sales.patch(f"origination/{number}/steps/{step}", {"version": version, **values})["version"]
    for gap in sales.get(f"origination/{number}/gaps"):
        if gap["code"] != "document_missing":
            raise Stuck(f"{number} lacks {gap['code']} {gap['what']}")
        sales.send("documents", ("file", desk.scans(gap["what"])), subject=f"application:{number}", category=gap["what"])
    return number, sales.get(f"origination/{number}")["version"]


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}"


def carried(desk: Desk, who: Applicant, phone: Phone, number: str, version: int, reading_seconds: float) -> Watch:
    """From the submission to the order at the bank. Raises Stuck where people of the house would have been needed."""
    watch = Watch()
    with watch.stage("decision and papers"):
        desk.sales.post(f"origination/{number}/submit", {"version": version})
        contract = _until(lambda: _contract(desk, number))
        _until(lambda: _is(desk.collateral.get(f"contracts/contracts/{contract}"), "papers_status", "printed"))
        phone.read(who.mobile, SHEET)
    _read(desk, contract, watch, reading_seconds)
    _sign(desk, who, phone, contract, watch)
    _secure(desk, contract, watch)
    _pay(desk, contract, watch)
    return watch


def _contract(desk: Desk, number: str) -> str:
    """Its number once it is there."""
    found = desk.collateral.get(f"contracts/contracts?application_number={number}")["items"]
    if found:
        return str(found[0]["number"])
    row = desk.sales.get(f"origination/{number}")
    straight = row["straight"] or {}
    if row["status"] not in ("checking", "approved", "accepted"):
        raise NotPrime(f"{number} is {row['status']}")
    if straight.get("status") == "left":
        raise Stuck(f"{number} is {row['status']}: {straight['reason']}")
    return ""


def _read(desk: Desk, contract: str, watch: Watch, seconds: float) -> None:
    """The borrower reads the sheet, as long as the law of the house asks, and says so."""
    base = f"contracts/contracts/{contract}/cost-sheet"
    with watch.stage("cost sheet"):
        reading = desk.sales.post(f"{base}/open", {"device_mark": "bench"})
        with watch.waiting("forced reading"):
            sleep(seconds)
        desk.collateral.post(f"{base}/confirm", {"reading": reading["reading"], "code": reading["code"]})


def _sign(desk: Desk, who: Applicant, phone: Phone, contract: str, watch: Watch) -> None:
    """By the link and the code that come to the phone; then every paper has its signature and the lender's seal."""
    place = next(desk.numbers)
    guest = Line(desk.address, came_from=f"198.51.{place // 250}.{place % 250 + 1}")
    with watch.stage("signing"):
        token = phone.read(who.mobile, LINK)
        guest.post("contracts/guest/codes", {"token": token})
        typed = phone.read(who.mobile, CODE)
        with watch.waiting("signatures"):
            pass  # a hand that opens, reads and agrees at once
        guest.token = guest.post("contracts/guest/sessions", {"token": token, "typed": typed})["session_token"]
        guest.get("contracts/guest/papers")
        guest.post("contracts/guest/signature", {"agrees": True})
        _until(lambda: _is(desk.collateral.get(f"contracts/contracts/{contract}"), "status", "signed"))
    guest.close()


def _secure(desk: Desk, contract: str, watch: Watch) -> None:
    """The vehicle office has registered the mortgage, the devices are in the car and told where it is, and the car is insured."""
    today, serial = desk.on.isoformat(), next(desk.numbers)
    base = f"contracts/contracts/{contract}"
    with watch.stage("securing"):
        with watch.waiting("vehicle office"):
            scan = desk.scans("mortgage_receipt")
        stands = desk.collateral.send(
            f"{base}/mortgage", ("evidence", scan), office="杭州市车辆管理所", receipt_number=f"HD{serial:09d}", registered_on=today)
        if stands["gps"]["wired"] or stands["gps"]["wireless"]:
            with watch.waiting("GPS installer"):
                devices = f"GPS{serial:09d}"
            desk.collateral.post(f"{base}/gps", {"fitted_on": today, "devices": devices})
            _locate(desk, base)
        _insure(desk, base, serial, watch)
        stands = desk.collateral.get(base)
        lacking = [one["code"] for one in stands["conditions"] if not one["is_met"]]
        if lacking:
            raise Stuck(f"{contract} lacks {', '.join(lacking)}")


def _locate(desk: Desk, base: str) -> None:
    """Each device has told where it is."""
    now = clock.now().isoformat()
    for device in desk.collateral.get(f"{base}/gps-devices")["items"]:
        desk.collateral.post(f"contracts/gps-devices/{device['device_number']}/first-fix", {"fixed_at": now})


def _insure(desk: Desk, base: str, serial: int, watch: Watch) -> None:
    """The insurer has named the lender as the first beneficiary, and the policy is on file."""
    with watch.waiting("insurer"):
        scan = desk.scans("insurance_policy")
    desk.collateral.send(
        f"{base}/policies", ("evidence", scan), insurer="示例财产保险股份有限公司",
        policy_number=f"PDAA{serial:09d}", beneficiary=desk.lender, valid_from=desk.on.isoformat(),
        valid_to=(desk.on + timedelta(days=YEAR)).isoformat(), amount=AMOUNT)


def _pay(desk: Desk, contract: str, watch: Watch) -> None:
    """Two people let the money go, and the bank has the order."""
    with watch.stage("payout"):
        made = desk.maker.post(f"contracts/contracts/{contract}/disbursements", {})["number"]
        with watch.waiting("step-up of the checker"):
            pass  # one code lasts ten minutes, and is entered before the case comes
        desk.checker.post(f"contracts/disbursements/{made}/check", {})
        _until(lambda: desk.maker.get(f"contracts/disbursements/{made}")["status"] in ("sent", "paid"))


def _is(row: dict[str, Any], name: str, wanted: str) -> bool:
    if row.get(name) == "failed":
        raise Stuck(f"{row['number']}: {name} failed: {row.get('papers_failure', '')}")
    return bool(row[name] == wanted)


def _until(look: Any) -> Any:
    """What a look brings, looked again and again."""
    deadline = monotonic() + PATIENCE_SECONDS
    while monotonic() < deadline:
        if found := look():
            return found
        sleep(LOOK_AGAIN_SECONDS)
    raise Stuck(f"nothing came within {PATIENCE_SECONDS:.0f} s")
