"""Signed messages between us and outside services: HMAC-SHA256 over timestamp, nonce and body, with a replay window."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings

WINDOW = timedelta(seconds=300)
TIMESTAMP, NONCE, SIGNATURE = "X-Timestamp", "X-Nonce", "X-Signature"


class SignatureRefused(Exception):
    """`reason` is missing, stale, wrong or replayed."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def sign(secret: bytes, body: bytes, *, at: datetime, nonce: str = "") -> dict[str, str]:
    """The three headers of a message sent at the aware moment `at`."""
    timestamp, nonce = str(int(at.timestamp())), nonce or secrets.token_hex(16)
    return {TIMESTAMP: timestamp, NONCE: nonce, SIGNATURE: _digest(secret, timestamp, nonce, body)}


def verify(
    secret: bytes, headers: Mapping[str, str], body: bytes, *, at: datetime, first_time: Callable[[str], bool] | None = None
) -> str:
    """The nonce of a message whose signature holds at the moment `at`.

    Raises SignatureRefused when a header is missing, the timestamp lies outside the window, the signature is wrong, or
    `first_time(nonce)` says that this very message has been seen (give none where the work itself is idempotent).
    """
    given = {name.lower(): value for name, value in headers.items()}
    timestamp, nonce, signature = (given.get(name.lower(), "") for name in (TIMESTAMP, NONCE, SIGNATURE))
    if not (timestamp and nonce and signature):
        raise SignatureRefused("missing")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12 and len(nonce) <= 64):
        raise SignatureRefused("wrong")
    if abs(at.timestamp() - int(timestamp)) > WINDOW.total_seconds():
        raise SignatureRefused("stale")
    if not hmac.compare_digest(_digest(secret, timestamp, nonce, body).encode(), signature.encode()):
        raise SignatureRefused("wrong")
    if first_time is not None and not first_time(nonce):
        raise SignatureRefused("replayed")
    return nonce


def _digest(secret: bytes, timestamp: str, nonce: str, body: bytes) -> str:
    return hmac.new(secret, f"{timestamp}\n{nonce}\n".encode() + body, hashlib.sha256).hexdigest()


class NonceMemory:
    """Nonces seen within the window, for a service that lives in one process."""

    def __init__(self) -> None:
        self._seen: dict[str, float] = {}

    def first_time(self, nonce: str, at: datetime) -> bool:
        """Whether `nonce` has not been seen within twice the window before `at`; remembers it."""
        now, keep = at.timestamp(), 2 * WINDOW.total_seconds()
        self._seen = {old: seen_at for old, seen_at in self._seen.items() if now - seen_at < keep}
        if nonce in self._seen:
            return False
        self._seen[nonce] = now
        return True


def secret_of(service: str) -> bytes:
    """What we share with an outside service: CHEZHE_SECRET_<SERVICE>, else (outside production) one made on this machine."""
    if value := os.environ.get(f"CHEZHE_SECRET_{service.upper()}"):
        return value.encode()
    if settings.IS_PRODUCTION:
        raise RuntimeError(f"CHEZHE_SECRET_{service.upper()} must be set in production")
    return hmac.new(_machine_secret(Path(settings.VAR)), service.encode(), hashlib.sha256).hexdigest().encode()


@lru_cache(maxsize=4)
def _machine_secret(folder: Path) -> bytes:
    """One random secret under var/, made by whichever process comes first."""
    path = folder / "secrets" / "outside_services"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(32))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
