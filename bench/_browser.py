"""One person's browser, as far as the server can tell: kept connections, cookies, the parts a page asks for when it loads."""

from __future__ import annotations

import http.client
import re
from dataclasses import dataclass, field
from html import unescape
from time import perf_counter
from urllib.parse import urlencode, urlsplit

TIMEOUT_SECONDS = 30
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
_ELEMENT = re.compile(r"<[a-z][^>]*\bhx-get=[^>]*>")
_ATTRIBUTE = re.compile(r'\b(hx-get|hx-trigger|hx-target)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and how long it took until the last byte."""

    status: int
    text: str
    seconds: float

    def parts_on_load(self) -> list[str]:
        """Addresses that htmx fetches by itself once the page is there."""
        found = [dict(_ATTRIBUTE.findall(element)) for element in _ELEMENT.findall(self.text)]
        return [unescape(one["hx-get"]) for one in found if "load" in one.get("hx-trigger", "").split(",")[0].split()]

    def tabs(self) -> list[str]:
        """Addresses of the panels behind a page's tabs."""
        found = [dict(_ATTRIBUTE.findall(element)) for element in _ELEMENT.findall(self.text) if "data-tab" in element]
        return [unescape(one["hx-get"]) for one in found]


@dataclass(slots=True)
class Browser:
    """Signed in as one person at one address; asks one thing at a time."""

    address: str
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""
    _line: http.client.HTTPConnection | None = None

    def sign_in(self, username: str) -> None:
        """By the demo's one click."""
        self._learn_token(self.get("/sign-in/"))
        answer = self.post("/sign-in/demo/", {"username": username})
        if answer.status != 302 or "session" not in self.cookies:
            raise RuntimeError(f"{username} cannot sign in: {answer.status}")
        self._learn_token(self.get("/"))

    def get(self, path: str, *, is_part: bool = False) -> Answer:
        return self._ask("GET", path, None, is_part)

    def post(self, path: str, fields: dict[str, str], *, is_part: bool = False) -> Answer:
        body = urlencode({"csrfmiddlewaretoken": self.token, **fields}).encode()
        return self._ask("POST", path, body, is_part)

    def close(self) -> None:
        if self._line:
            self._line.close()
            self._line = None

    def _learn_token(self, answer: Answer) -> None:
        found = _TOKEN.search(answer.text)
        self.token = found[1] if found else self.token

    def _ask(self, method: str, path: str, body: bytes | None, is_part: bool) -> Answer:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()), "Accept-Encoding": "identity"}
        if is_part:
            headers["HX-Request"] = "true"
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": self.token, "Referer": self.address}
        begun = perf_counter()
        response = self._send(method, path, body, headers)
        text = response.read().decode(errors="replace")
        seconds = perf_counter() - begun
        for line in response.headers.get_all("Set-Cookie", []):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return Answer(response.status, text, seconds)

    def _send(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        """On the kept connection; on a new one when the server has closed it meanwhile."""
        for is_last in (False, True):
            if self._line is None:
                parts = urlsplit(self.address)
                self._line = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
            try:
                self._line.request(method, path, body, headers)
                return self._line.getresponse()
            except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
                self.close()
                if is_last or method == "POST":
                    raise
        raise AssertionError
