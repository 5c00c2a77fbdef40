"""不予批准告知书: the class of each reason, and the rights of whoever a machine has decided about (个人信息保护法 §24, §44–50)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from chezhe.documents.papers.figures import day, sealed
from chezhe.risk.papers import EDITION

RIGHTS = [
    "本决定由系统依据您的申请资料自动作出。您有权要求说明，也有权拒绝仅通过自动化决策的方式作出的决定，要求由工作人员人工复核。",
    "您认为资料有误或情况已有变化的，可以提出申诉；贷款人将重新查询资料后再次审核，并告知结果。",
    "对信用报告内容有异议的，可以向征信机构或者信息提供者提出异议，征信机构应自收到之日起二十日内核查并书面答复（征信业管理条例第二十五条）。",
    "您可以查阅、复制您的个人信息，要求更正；不予批准的，可以要求删除没有保存必要的个人信息。",
]
FILE_NAME = "不予批准告知书-{number}.pdf"
# As every application reads whose papers were not verified: a sentence that only some cases have would tell which these are.
NO_REASON = "申请资料未能通过核实；您可以要求人工复核并当面提供原件。"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """What the paper says: to whom, of which application, and the sentences of the reasons."""

    number: str
    application: str
    name: str
    lender: str
    decided_on: date
    made_on: date
    reasons: Sequence[str]


def notice(said: Notice) -> dict[str, Any]:
    """The data of the sheet, ready to print."""
    return sealed({
        "title": "不予批准告知书", "number": said.number, "made_on": said.made_on.isoformat(), "edition": EDITION,
        "lender": {"name": said.lender}, "issued": day(said.made_on), "salutation": f"{said.name}：",
        "opening": ["感谢您向我们提出贷款申请。经审核，本次申请未能批准，现将主要原因和您的权利告知如下。"],
        "facts": [["申请编号", said.application], ["决定编号", said.number], ["决定日期", day(said.decided_on)]],
        "reasons_title": "主要原因", "reasons": list(said.reasons) or [NO_REASON], "rights_title": "您的权利", "rights": RIGHTS,
    })
