"""Encryption of C2 values at rest (AES-256-GCM with a key id) and blind indexes for exact search."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

_NONCE_BYTES = 12


@lru_cache(maxsize=1)
def _keyring() -> tuple[str, dict[str, bytes], bytes]:
    """(current key id, keys by id, blind-index key), read once from CHEZHE_KEYS_FILE."""
    path = Path(settings.KEYS_FILE)
    if not path.exists():
        _create(path)
    data = json.loads(path.read_text())
    keys = {key_id: base64.b64decode(key) for key_id, key in data["keys"].items()}
    return data["current"], keys, base64.b64decode(data["blind_index"])


def _create(path: Path) -> None:
    """Make a key file readable by its owner only; the first process to finish wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = {
        "current": "k1",
        "keys": {"k1": base64.b64encode(os.urandom(32)).decode()},
        "blind_index": base64.b64encode(os.urandom(32)).decode(),
    }
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        json.dump(fresh, file)
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def encrypt(plain: str, *, bound_to: str) -> str:
    """`key_id:base64(nonce|ciphertext)`; `bound_to` (the column's name) is authenticated with it."""
    current, keys, _ = _keyring()
    nonce = os.urandom(_NONCE_BYTES)
    sealed = AESGCM(keys[current]).encrypt(nonce, plain.encode(), bound_to.encode())
    return f"{current}:{base64.b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, *, bound_to: str) -> str:
    """The plain text; raises cryptography's InvalidTag when the value was altered or moved to another column."""
    key_id, _, body = stored.partition(":")
    raw = base64.b64decode(body)
    return AESGCM(_keyring()[1][key_id]).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], bound_to.encode()).decode()


def seal(plain: bytes, *, bound_to: str) -> bytes:
    """A file at rest: `key_id:` then nonce and ciphertext; `bound_to` (the file's own id) is authenticated with it."""
    current, keys, _ = _keyring()
    nonce = os.urandom(_NONCE_BYTES)
    return current.encode() + b":" + nonce + AESGCM(keys[current]).encrypt(nonce, plain, bound_to.encode())


def unseal(stored: bytes, *, bound_to: str) -> bytes:
    """The bytes given to `seal`; raises cryptography's InvalidTag when they were altered or belong to another id."""
    key_id, _, body = stored.partition(b":")
    return AESGCM(_keyring()[1][key_id.decode()]).decrypt(body[:_NONCE_BYTES], body[_NONCE_BYTES:], bound_to.encode())


def blind_index(value: str, *, kind: str) -> str:
    """A keyed digest (32 hex digits) by which an encrypted value can be found but not read."""
    return hmac.new(_keyring()[2], f"{kind}\x00{value}".encode(), hashlib.sha256).hexdigest()[:32]


def sign(message: bytes, *, purpose: str) -> str:
    """Keyed signature (64 hex digits) of the daily audit root and of links given to outsiders."""
    return hmac.new(_keyring()[2], purpose.encode() + b"\x00" + message, hashlib.sha256).hexdigest()
