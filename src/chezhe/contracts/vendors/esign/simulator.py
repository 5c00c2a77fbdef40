"""A provider of electronic signatures: signs a moment later and calls back. It is trusted as the test authority of this machine is.

What becomes of an order is written in the signer's mobile: its last three digits.

| digits | outcome |
|---|---|
| 911 | refused: the face was another one |
| 912 | comes back with a broken signature |
| 913 | comes back as another document |
| 914 | signed, without any callback |
"""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime, timedelta
from typing import Any, ClassVar

from chezhe.contracts.signing import authority, pdf
from chezhe.contracts.vendors.timestamp.simulator import granted
from chezhe.kernel import simulators
from chezhe.kernel.simulators import Answer, Call, Faults, Simulator

FATES = {"911": "refused", "912": "broken", "913": "another", "914": "silent"}
WORKS_FOR = timedelta(seconds=1)
_SAME = ("field", "reason", "signer", "digest")


@simulators.register
class EsignSimulator(Simulator):
    """`state` holds every order by its reference, with the paper as it was handed over."""

    name, callback_path = "esign", "/contracts/callbacks/esign/"
    faults: ClassVar[Faults] = Faults(delay_seconds=(1, 3), duplicate_rate=1 / 10)

    def answer(self, call: Call) -> Answer:
        handler = {"/signings": self._order, "/query": self._query}.get(call.path)
        return handler(call) if handler else Answer(404, {"code": "NO_SUCH_PATH"})

    def _order(self, call: Call) -> Answer:
        body = call.body
        signer, reference = body.get("signer"), str(body.get("reference", ""))
        if not reference or not isinstance(signer, dict) or not isinstance(body.get("document"), str):
            return Answer(400, {"code": "BAD_ORDER"})
        said = {"field": str(body.get("field", "")), "reason": str(body.get("reason", "")), "signer": signer,
                "digest": hashlib.sha256(body["document"].encode()).hexdigest()}
        standing = self.state.get(reference)
        if standing is not None and any(standing[name] != said[name] for name in _SAME):
            return Answer(409, {"code": "REFERENCE_REUSED"})
        if standing is None:
            fate = FATES.get(str(signer.get("mobile", ""))[-3:], "signed")
            self.state[reference] = {**said, "document": body["document"], "fate": fate, "ordered_at": call.at.isoformat()}
            self._announce(reference, fate)
        return Answer(202, {"reference": reference, "status": "processing"})

    def _announce(self, reference: str, fate: str) -> None:
        if fate == "silent":
            return
        status = "refused" if fate == "refused" else "signed"
        said = {"notice_id": f"ES-{reference}", "reference": reference, "status": status}
        self.call_back(reference, said)

    def _query(self, call: Call) -> Answer:
        reference = str(call.body.get("reference", ""))
        order = self.state.get(reference)
        if order is None:
            return Answer(404, {"code": "UNKNOWN_REFERENCE"})
        ordered_at = datetime.fromisoformat(order["ordered_at"])
        if call.at - ordered_at < WORKS_FOR:
            return Answer(200, {"reference": reference, "status": "processing"})
        if order["fate"] == "refused":
            return Answer(200, {"reference": reference, "status": "refused", "code": "FACE_MISMATCH"})
        if "signed" not in order:
            order["signed"] = base64.b64encode(signed(order, ordered_at + WORKS_FOR)).decode()
        return Answer(200, {"reference": reference, "status": "signed", "document": order["signed"]})


def signed(order: dict[str, Any], at: datetime) -> bytes:
    """The paper as it goes back."""
    signer = order["signer"]
    identity = authority.issue(
        authority.Signer(str(signer.get("name", ""))[:64] or "—", str(signer.get("mark", "")), bool(signer.get("is_person", True))), at=at)
    made = pdf.sign(
        base64.b64decode(order["document"]), identity, field=order["field"], reason=order["reason"], at=at,
        stamp=lambda request: granted(request, at),
    )
    if order["fate"] == "another":
        return made.replace(b"%PDF-1.7", b"%PDF-1.6", 1)
    # One hexadecimal digit inside the signature itself.
    place = made.rindex(b"/Contents <") + 1_500
    return made[:place] + (b"1" if made[place : place + 1] == b"0" else b"0") + made[place + 1 :] if order["fate"] == "broken" else made
