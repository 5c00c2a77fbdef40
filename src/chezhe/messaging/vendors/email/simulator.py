"""A mail relay. The name before the @ chooses the fate: `nobody…` is refused, `suppressed…` too, `busy…` is told to come
again (429) until the third attempt, `bounce…` bounces, `slow…` is deferred first; every other letter arrives."""

from __future__ import annotations

from typing import ClassVar

from chezhe.kernel import simulators
from chezhe.kernel.simulators import Answer, Call, Faults, Simulator

REFUSED = {"nobody": "invalid_recipient", "suppressed": "suppressed"}
BUSY_UNTIL = 3


@simulators.register
class EmailSimulator(Simulator):
    """`state` holds every letter taken, by its reference."""

    name, callback_path = "email", "/messaging/callbacks/email/"
    faults: ClassVar[Faults] = Faults(delay_seconds=(2, 20), duplicate_rate=1 / 20)

    def answer(self, call: Call) -> Answer:
        if call.path != "/messages":
            return Answer(404, {"error": "no_such_path"})
        reference, name = str(call.body.get("reference", "")), str(call.body.get("to", "")).partition("@")[0]
        if not reference or not name or not call.body.get("subject") or not call.body.get("text"):
            return Answer(422, {"error": "incomplete"})
        for beginning, error in REFUSED.items():
            if name.startswith(beginning):
                return Answer(422, {"error": error})
        row = self.state.setdefault(reference, {"tries": 0, "id": ""})
        row["tries"] += 1
        if name.startswith("busy") and row["tries"] < BUSY_UNTIL:
            return Answer(429, {"error": "rate"})
        if not row["id"]:
            row["id"] = f"mail-{len(self.state):06d}"
            self._report(reference, row["id"], name)
        return Answer(202, {"id": row["id"]})

    def _report(self, reference: str, letter: str, name: str) -> None:
        end = {"id": f"{letter}.2", "reference": reference, "type": "bounced" if name.startswith("bounce") else "delivered"}
        deferred = [{"id": f"{letter}.1", "reference": reference, "type": "deferred"}] if name.startswith("slow") else []
        self.call_back(reference, {"events": [*deferred, end]})
