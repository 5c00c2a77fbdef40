"""An SMS gateway. The last three digits of the mobile choose the fate, so that a test or a trial can ask for one:

| digits | outcome |
|---|---|
| 901 | refused: no such number |
| 902 | refused: on the blacklist |
| 903 | refused for the moment: too many messages (taken at the third attempt) |
| 904 | taken, not delivered |
| 905 | taken, expired |
| 906 | taken, no receipt ever |
"""

from __future__ import annotations

from typing import ClassVar

from chezhe.kernel import simulators
from chezhe.kernel.simulators import Answer, Call, Faults, Simulator

REFUSED = {"901": "MOBILE_NUMBER_ILLEGAL", "902": "BLACKLISTED"}
ENDS = {"904": "UNDELIV", "905": "EXPIRED", "906": ""}
LIMITED_UNTIL = 3
TEXT_MAX = 500


@simulators.register
class SmsSimulator(Simulator):
    """`state` holds every message taken, by its reference."""

    name, callback_path = "sms", "/messaging/callbacks/sms/"
    faults: ClassVar[Faults] = Faults(delay_seconds=(1, 6), duplicate_rate=1 / 20)

    def answer(self, call: Call) -> Answer:
        if call.path != "/send":
            return Answer(404, {"code": "NO_SUCH_PATH"})
        reference, mobile = str(call.body.get("reference", "")), str(call.body.get("mobile", ""))
        if not reference or not mobile.isdigit() or not 0 < len(str(call.body.get("text", ""))) <= TEXT_MAX:
            return Answer(200, {"code": "PARAMETER_ILLEGAL"})
        row = self.state.setdefault(reference, {"tries": 0, "biz_id": ""})
        row["tries"] += 1
        fate = mobile[-3:]
        if fate in REFUSED:
            return Answer(200, {"code": REFUSED[fate]})
        if fate == "903" and row["tries"] < LIMITED_UNTIL:
            return Answer(200, {"code": "BUSINESS_LIMIT_CONTROL"})
        if not row["biz_id"]:
            row["biz_id"] = f"SMS{len(self.state):08d}"
            self._report(reference, row["biz_id"], ENDS.get(fate, "DELIVRD"))
        return Answer(200, {"code": "OK", "biz_id": row["biz_id"]})

    def _report(self, reference: str, biz_id: str, status: str) -> None:
        if status:
            said = {"receipt_id": f"{biz_id}-1", "reference": reference, "biz_id": biz_id, "status": status}
            self.call_back(reference, said)
