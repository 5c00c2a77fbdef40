"""Where somebody's case stands, in words for people who are not of the house: the stage, what comes next, and whose turn it is. Pure.

Nothing here says why: an answer that was not a yes is explained on a page of its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

STAGES: Final = (
    pgettext_lazy("stage", "申请"), pgettext_lazy("stage", "审核"), pgettext_lazy("stage", "批复"), pgettext_lazy("stage", "签约"),
    pgettext_lazy("stage", "抵押"), pgettext_lazy("stage", "放款"),
)
APPLY, REVIEW, OFFER, SIGN, SECURE, PAY = range(len(STAGES))
YOU, WE, NOBODY = "you", "we", "nobody"


@dataclass(frozen=True, slots=True)
class Standing:
    """`stage` is a place in STAGES; `turn` says who acts next: the reader (`you`), the lender (`we`), nobody any more."""

    stage: int
    label: Any
    what_next: Any
    turn: str
    tone: str

    @property
    def is_over(self) -> bool:
        return self.turn == NOBODY


_APPLICATION: Final = {
    "draft": Standing(APPLY, _("填写中"), _("申请还没有提交，请补全资料后提交。"), YOU, "warning"),
    "supplement": Standing(APPLY, _("等待补充资料"), _("请按要求补充资料，补齐后继续审核。"), YOU, "warning"),
    "checking": Standing(REVIEW, _("正在审核"), _("我们正在核对资料，您暂时无需操作，结果会短信通知。"), WE, "progress"),
    "first_review": Standing(REVIEW, _("正在审核"), _("我们正在审核，您暂时无需操作，结果会短信通知。"), WE, "progress"),
    "final_review": Standing(REVIEW, _("正在审核"), _("我们正在审核，您暂时无需操作，结果会短信通知。"), WE, "progress"),
    "approved": Standing(OFFER, _("已批复，待您确认"), _("请在有效期内确认是否接受批复的金额和期限。"), YOU, "warning"),
    "accepted": Standing(SIGN, _("正在准备合同"), _("合同备好后会短信通知您签署。"), WE, "progress"),
    "rejected": Standing(OFFER, _("没有通过"), _("这次申请没有通过；有异议可以申请复核。"), NOBODY, "neutral"),
    "withdrawn": Standing(APPLY, _("已撤回"), _("这次申请已撤回。"), NOBODY, "neutral"),
    "expired": Standing(OFFER, _("批复已过期"), _("批复超过有效期，如仍需要贷款请重新申请。"), NOBODY, "neutral"),
}
_TO_SIGN: Final = Standing(SIGN, _("合同待签署"), _("请先阅读综合融资成本明示表，再签署合同。"), YOU, "warning")
_TO_SECURE: Final = Standing(SECURE, _("正在办理抵押登记"), _("抵押登记完成后安排放款。"), WE, "progress")
_TO_PAY: Final = Standing(PAY, _("等待放款"), _("放款前的各项条件核对无误后放款，到账会短信通知。"), WE, "progress")
_RETURNED: Final = Standing(PAY, _("款项被银行退回"), _("我们正在核对收款账户并重新放款，到账之前不计利息。"), WE, "warning")
_PAID: Final = Standing(PAY, _("已放款"), _("请按还款计划按时还款。"), NOBODY, "good")
_SETTLED: Final = Standing(PAY, _("已结清"), _("贷款已结清，感谢您的信任。"), NOBODY, "good")


@dataclass(frozen=True, slots=True)
class Turn:
    """Something that happened to a case, told by where it stood from then on: `status` of its application or its contract."""

    at: datetime
    status: str
    is_contract: bool = False


def told(turns: Iterable[Turn]) -> list[tuple[datetime, Standing]]:
    """The case's days, oldest first, in the words of its standings; what looks the same from outside is told once, when it began."""
    said: list[tuple[datetime, Standing]] = []
    for turn in sorted(turns, key=lambda one: one.at):
        is_known = turn.is_contract or turn.status in _APPLICATION
        now = standing("accepted", turn.status) if turn.is_contract else _APPLICATION[turn.status] if is_known else None
        if now is not None and (not said or said[-1][1].label != now.label):
            said.append((turn.at, now))
    return said


def standing(application: str, contract: str = "", mortgage: str = "", loan: str = "") -> Standing:
    """Where a case stands by the statuses of its application, its contract, the mortgage behind it and its loan (empty while there is
    none)."""
    if application != "accepted" or not contract:
        return _APPLICATION[application]
    if contract == "prepared":
        return _TO_SIGN
    if contract == "void":
        return _APPLICATION["accepted"]
    if contract == "signed":
        return _TO_SECURE if mortgage in ("", "proposed") else _TO_PAY
    if loan == "held":
        return _RETURNED
    return _SETTLED if contract == "settled" else _PAID
