"""The mortgage contract over the car."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chezhe.contracts.papers import words
from chezhe.contracts.papers.facts import MORTGAGOR, Case
from chezhe.documents.papers.figures import both, day, sealed


def mortgage_contract(case: Case) -> dict[str, Any]:
    """The data of the mortgage contract: the lender takes the car of its owner as security."""
    owner = replace(case.car.owner, role=MORTGAGOR)
    return sealed({
        "title": "机动车抵押合同", "number": f"{case.number}-M", "loan_number": case.number, "made_on": case.made_on.isoformat(),
        "edition": words.EDITION, "lender": {"name": case.lender.name},
        "parties": [words.lender_row(case, "抵押权人"), words.party_row(owner)],
        "claim": [["借款合同编号", case.number], ["债务人", case.borrower.name], ["主债权本金", both(case.principal)],
                  ["债务履行期限", f"{case.terms.plan.periods} 个月，以还款计划表为准"]],
        "claim_clauses": CLAIM_CLAUSES, "vehicle": _vehicle(case), "vehicle_clauses": VEHICLE_CLAUSES,
        "registration_clauses": REGISTRATION_CLAUSES, "custody_clauses": CUSTODY_CLAUSES,
        "enforcement_clauses": ENFORCEMENT_CLAUSES, "release_clauses": RELEASE_CLAUSES, "other_clauses": OTHER_CLAUSES,
        "signatures": [words.lender_signature(case, "抵押权人"), words.signature(owner)],
    })


def _vehicle(case: Case) -> list[list[str]]:
    car = case.car
    return [
        ["车辆", car.title], ["车辆识别代号", car.vin], ["号牌号码", car.plate or "尚未上牌"], ["发动机号", car.engine_no or "—"],
        ["注册登记日期", day(car.registered_on)], ["所有人", car.owner.name],
    ]


CLAIM_CLAUSES = [
    "担保范围包括借款本金、利息、罚息、复利、违约金、损害赔偿金，以及保管担保财产和实现抵押权的合理费用。",
    "主债权部分清偿的，抵押权仍及于抵押车辆的全部。",
]
VEHICLE_CLAUSES = [
    "抵押人保证对抵押车辆享有完整的所有权，车辆未被查封、扣押，未设立其他抵押、质押，不存在未告知的重大事故、水淹、火烧情形。",
    "抵押权及于车辆的从物、随车附件，以及因车辆毁损、灭失取得的保险金、赔偿金、补偿金。",
]
REGISTRATION_CLAUSES = [
    "本合同签订后，双方共同向车辆登记地公安机关交通管理部门申请抵押登记；登记办妥前，抵押权人不发放借款。",
    "抵押期间，未经抵押权人书面同意，抵押人不得转让、再抵押、出质或者以其他方式处分抵押车辆；双方同意将该约定一并申请登记。",
]
CUSTODY_CLAUSES = [
    "抵押车辆由抵押人占有、使用，抵押人应妥善保管，按期年检，按约投保，并以抵押权人为保险第一受益人。",
    "车辆价值明显减少的，抵押人应恢复其价值或者提供与减少的价值相应的担保。",
]
ENFORCEMENT_CLAUSES = [
    "债务人不履行到期债务或者发生约定的实现抵押权的情形的，抵押权人可以与抵押人协议以车辆折价，或者就拍卖、变卖所得价款优先受偿；"
    "协议不成的，可以请求人民法院拍卖、变卖。",
    "抵押权人不因债务人不履行债务而当然取得车辆的所有权。未经抵押人当时同意或者没有法律文书，抵押权人不自行取走车辆。",
    "价款超过债权数额的部分归抵押人所有，不足部分由债务人清偿。",
]
RELEASE_CLAUSES = [
    "主债权全部清偿后，抵押权人应自清偿之日起十五个工作日内配合办理解除抵押登记，并退还登记证书。",
]
OTHER_CLAUSES = [
    "送达地址、争议解决的约定与借款合同一致。",
    "本合同自双方签字或者盖章之日起成立并生效；主合同部分无效的，不影响本合同对有效部分的担保。",
]
