"""Time stamps of RFC 3161: a digest goes out, a signed token that names the moment comes back.

    POST /tokens  {"request": base64 of a DER TimeStampReq} → 200 {"response": base64 of a DER TimeStampResp}
"""

from __future__ import annotations

import base64
import binascii

from chezhe.kernel import outside

SERVICE = "timestamp"
TIMEOUT_SECONDS = 5


def stamp(request: bytes) -> bytes:
    """The answer to a request, both as DER. Raises outside.Unreachable."""
    reply = outside.post(SERVICE, "/tokens", {"request": base64.b64encode(request).decode()}, timeout_seconds=TIMEOUT_SECONDS)
    try:
        return base64.b64decode(str(reply.body["response"]), validate=True)
    except (KeyError, binascii.Error) as failure:
        raise outside.Unreachable(f"time stamps answered {reply.status}") from failure
