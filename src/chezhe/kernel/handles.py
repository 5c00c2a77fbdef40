"""What an address for outsiders calls a thing: its subject, sealed, so that nobody can guess, count or read it.

A handle says nothing of what it names and is another one each time; whoever opens it asks the scope as for any number.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag

from chezhe.kernel import crypto
from chezhe.kernel.errors import NotFound

_BOUND_TO = "handle"


def handle_of(subject: str) -> str:
    """The handle of `application:A26-…`, for a part of an address."""
    return base64.urlsafe_b64encode(crypto.encrypt(subject, bound_to=_BOUND_TO).encode()).decode().rstrip("=")


def subject_of(handle: str, kind: str = "") -> str:
    """The subject behind a handle; with `kind` its number. Raises NotFound (404) for what we did not make, or another kind."""
    try:
        sealed = base64.urlsafe_b64decode(handle + "=" * (-len(handle) % 4)).decode()
        subject = crypto.decrypt(sealed, bound_to=_BOUND_TO)
    except (InvalidTag, KeyError, ValueError, binascii.Error):
        raise NotFound(what="") from None
    found, _, number = subject.partition(":")
    if kind and found != kind:
        raise NotFound(what="")
    return number if kind else subject
