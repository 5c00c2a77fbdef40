"""WeChat. The last three characters of the follower's id choose the fate: 901 no such follower, 902 has refused,
903 busy (-1) until the third attempt, 904 blocked us in the meantime, 905 system failure; every other one is reached."""

from __future__ import annotations

from typing import ClassVar

from chezhe.kernel import simulators
from chezhe.kernel.simulators import Answer, Call, Faults, Simulator

REFUSED = {"901": (40003, "invalid openid"), "902": (43101, "user refuse to accept the msg")}
ENDS = {"904": "failed:user block", "905": "failed: system failed"}
BUSY_UNTIL = 3
FIRST_ID = 4_000_000_000


@simulators.register
class WechatSimulator(Simulator):
    """`state` holds every message taken, by the caller's message id."""

    name, callback_path = "wechat", "/messaging/callbacks/wechat/"
    faults: ClassVar[Faults] = Faults(delay_seconds=(0, 3), duplicate_rate=1 / 10, duplicates=2)

    def answer(self, call: Call) -> Answer:
        if call.path != "/message/send":
            return Answer(200, {"errcode": 40066, "errmsg": "invalid url"})
        reference, follower = str(call.body.get("client_msg_id", "")), str(call.body.get("touser", ""))
        if not reference or not follower or not call.body.get("content"):
            return Answer(200, {"errcode": 41028, "errmsg": "missing parameter"})
        row = self.state.setdefault(reference, {"tries": 0, "msgid": 0})
        row["tries"] += 1
        fate = follower[-3:]
        if fate in REFUSED:
            code, words = REFUSED[fate]
            return Answer(200, {"errcode": code, "errmsg": words})
        if fate == "903" and row["tries"] < BUSY_UNTIL:
            return Answer(200, {"errcode": -1, "errmsg": "system error"})
        if not row["msgid"]:
            row["msgid"] = FIRST_ID + len(self.state)
            self.call_back(reference, {
                "Event": "TEMPLATESENDJOBFINISH", "MsgID": row["msgid"], "client_msg_id": reference, "Status": ENDS.get(fate, "success"),
            })
        return Answer(200, {"errcode": 0, "errmsg": "ok", "msgid": row["msgid"]})
