"""What is wrong with the facts of a customer: pure, on values."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from chezhe.customers.values import CompanyFacts, PersonFacts, TradeFacts
from chezhe.identifiers import bank_card, id_card, names, phone, uscc
from chezhe.identifiers.findings import Finding, error

OWNER_SHARE_MIN = Decimal("0.25")  # 反洗钱: who holds a quarter or more is a beneficial owner


@dataclass(frozen=True, slots=True)
class Fault:
    """A blocking finding and the field it belongs to."""

    field: str
    finding: Finding


def person_faults(facts: PersonFacts, on: date) -> list[Fault]:
    """Everything that blocks; `on` is the business date, after which nobody can be born."""
    return [
        *_faults("name", names.judge_person(facts.name).errors),
        *_faults("id_number", id_card.judge(facts.id_number, on).errors),
        *_faults("mobile", phone.judge(facts.mobile).errors),
    ]


def company_faults(facts: CompanyFacts, on: date) -> list[Fault]:
    """Everything that blocks."""
    return [
        *_faults("name", names.judge_company(facts.name).errors),
        *_faults("uscc", uscc.judge(facts.uscc).errors),
        *_faults("legal_representative", names.judge_person(facts.legal_representative).errors),
        *(_faults("actual_controller", names.judge_person(facts.actual_controller).errors) if facts.actual_controller else ()),
        *_faults("mobile", phone.judge(facts.mobile).errors),
        *([Fault("established_on", FOUNDED_LATER)] if facts.established_on and facts.established_on > on else ()),
    ]


def trade_faults(facts: TradeFacts, on: date) -> list[Fault]:
    """Everything that blocks; a trade needs no name of its own, but a code that the register gives to sole traders."""
    code = uscc.judge(facts.uscc)
    return [
        *(_faults("name", names.judge_company(facts.name).errors) if facts.name else ()),
        *_faults("uscc", code.errors),
        *([Fault("uscc", NO_SOLE_TRADER)] if not code.errors and code.type != "individual_business" else ()),
        *([Fault("registered_on", REGISTERED_LATER)] if facts.registered_on > on else ()),
    ]


def account_faults(kind: str, number: str) -> list[Fault]:
    """A card must pass its check digit; a corporate account has no public one."""
    if kind == "card":
        return list(_faults("card_number", bank_card.judge(number).errors))
    is_fine = number.isascii() and number.isdigit() and 8 <= len(number) <= 32
    return [] if is_fine else [Fault("card_number", BAD_CORPORATE_ACCOUNT)]


def relation_faults(kind: str, share_rate: Decimal | None) -> list[Fault]:
    """Only a beneficial owner has a share, and it is a quarter or more."""
    if kind != "owner":
        return [Fault("share_rate", SHARE_WITHOUT_OWNER)] if share_rate is not None else []
    if share_rate is None or not OWNER_SHARE_MIN <= share_rate <= 1:
        return [Fault("share_rate", SHARE_TOO_SMALL)]
    return []


def _faults(field: str, findings: tuple[Finding, ...]) -> Iterator[Fault]:
    for finding in findings:
        yield Fault(field, finding)


BAD_CORPORATE_ACCOUNT = error(
    "account.form", "对公账号应为 8 至 32 位数字。", "A corporate account number has 8 to 32 digits."
)
NO_SOLE_TRADER = error(
    "trade.code", "个体工商户的统一社会信用代码以 92 开头；公司请按企业客户建档。",
    "The code of a sole trader begins with 92; file a company as a company."
)
REGISTERED_LATER = error("trade.registered_later", "注册日期晚于今天。", "The day of registration lies in the future.")
FOUNDED_LATER = error("company.founded_later", "成立日期晚于今天。", "The founding date lies in the future.")
SHARE_WITHOUT_OWNER = error(
    "relation.share_without_owner", "只有受益所有人需要填写持股比例。", "Only a beneficial owner has a share."
)
SHARE_TOO_SMALL = error(
    "relation.share_too_small", "受益所有人的持股比例应在 25% 与 100% 之间。", "A beneficial owner holds between 25% and 100%."
)
