"""What a message may say: templates with `{placeholders}`, each of a kind that cannot hold more than it should. Pure.

Bodies carry no logic and no personal data beyond the kinds below; a value of the wrong form is refused, never trimmed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from chezhe.identifiers.names import HAN as _LEGAL

PLACEHOLDER = re.compile(r"\{([a-z_]{1,30})\}")
_HAN = r"\u3400-\u9fff"
_TITLE = r"\u5148\u751f|\u5973\u58eb"  # Mr, Ms
# Company, works, shop, firm, cooperative, centre, group, agency, studio.
_FIRM = (
    r"\u516c\u53f8|\u5382|\u5e97|\u884c|\u5408\u4f5c\u793e"
    r"|\u4e2d\u5fc3|\u96c6\u56e2|\u4e8b\u52a1\u6240|\u7ecf\u8425\u90e8|\u5de5\u4f5c\u5ba4"
)
_IN_A_FIRM = rf"{_LEGAL}\uff08\uff09()A-Za-z0-9\u300a\u300b\u00b7&\-.、,\uff0c' "
CODE, LINK = "code", "link"
SECRETS = (CODE, LINK)
UNSEEN = "••••••"
_KINDS = {
    # A person as others may read it over the shoulder: surname and title, or masked; or a firm.
    "name": re.compile(rf"[{_LEGAL}]{{1,2}}(?:{_TITLE}|\*{{1,19}}[{_LEGAL}]?)|[{_IN_A_FIRM}]{{2,97}}(?:{_FIRM})"),
    "money": re.compile(r"\d{1,3}(?:,\d{3})*\.\d{2}"),
    "day": re.compile(r"\d{4}-\d{2}-\d{2}"),
    "count": re.compile(r"\d{1,5}"),
    "number": re.compile(r"[A-Z]{1,3}\d{2}-\d{6,}-\d"),
    "rate": re.compile(r"\d{1,3}(?:\.\d{1,4})?%"),
    # A secret of a few minutes: sealed with the message, shown to nobody of the house.
    CODE: re.compile(r"[0-9]{6}"),
    LINK: re.compile(r"https?://[A-Za-z0-9.:\-]{1,100}/[A-Za-z0-9/_\-]{1,120}"),
    "plate": re.compile(rf"[{_HAN}][A-Z]\*{{2,4}}[A-Z0-9]{{2,3}}"),
    "phone": re.compile(r"(?:400|800)-?\d{3}-?\d{4}|0\d{2,3}-\d{7,8}|95\d{3}"),
    # English needs twice the letters.
    "word": re.compile(rf"[{_HAN}\uff08\uff09A-Za-z0-9() -]{{1,30}}|[A-Za-z0-9()' -]{{1,60}}"),
}
KINDS = tuple(_KINDS)
SAMPLES = {
    "name": "王先生", "money": "3,321.43", "day": "2026-03-15", "count": "3", "number": "L26-000123-7", "rate": "11.88%",
    CODE: "123456", LINK: "https://example.com/s/abc", "plate": "沪A**12", "phone": "400-000-0000", "word": "示例门店",
}
# A last net: what looks like an identity card, mobile or bank card stands in no value, whatever its kind.
_PERSONAL = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|\d{16,19}|1[3-9]\d{9})(?!\d)")


class FactRefused(ValueError):
    """`name` is the placeholder; `why` is missing, unknown or form."""

    def __init__(self, name: str, why: str) -> None:
        self.name, self.why = name, why
        super().__init__(f"{name}: {why}")


def placeholders(body: str) -> frozenset[str]:
    """The names that stand in a body."""
    return frozenset(PLACEHOLDER.findall(body))


def check_template(bodies: Mapping[str, str], fields: Mapping[str, str]) -> None:
    """A template's bodies use exactly the fields it allows, each of a known kind. Raises ValueError otherwise."""
    for kind in fields.values():
        if kind not in _KINDS:
            raise ValueError(f"no such kind of fact: {kind}")
    for language, body in bodies.items():
        if placeholders(body) != frozenset(fields):
            raise ValueError(f"the {language} body uses other fields than {sorted(fields)}")
        if "{" in PLACEHOLDER.sub("", body) or "}" in PLACEHOLDER.sub("", body):
            raise ValueError(f"the {language} body has a stray brace")


def check_facts(facts: Mapping[str, str], fields: Mapping[str, str]) -> None:
    """Every field has a fact of its kind, and there is no other. Raises FactRefused."""
    for name in facts:
        if name not in fields:
            raise FactRefused(name, "unknown")
    for name, kind in fields.items():
        if name not in facts:
            raise FactRefused(name, "missing")
        if not isinstance(facts[name], str) or not _KINDS[kind].fullmatch(facts[name]) or _names_somebody(kind, facts[name]):
            raise FactRefused(name, "form")


def _names_somebody(kind: str, value: str) -> bool:
    """Whether a value holds somebody's number; what is drawn by lot does not, whatever it looks like."""
    return kind not in SECRETS and _PERSONAL.search(value) is not None


def render(body: str, facts: Mapping[str, str]) -> str:
    """The body with its facts; facts are put in as they are and never read for placeholders again."""
    return PLACEHOLDER.sub(lambda found: facts[found[1]], body)


def apart(facts: Mapping[str, str], fields: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """The facts as the house may read them, and those that are secret by name."""
    secret = {name: facts[name] for name, kind in fields.items() if kind in SECRETS}
    return {**facts, **dict.fromkeys(secret, UNSEEN)}, secret


def samples(fields: Mapping[str, str]) -> dict[str, str]:
    """Facts for a preview."""
    return {name: SAMPLES[kind] for name, kind in fields.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """One message as a vendor is told; `reference` is our number and makes sending twice harmless."""

    reference: str
    address: str
    template_code: str
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A vendor's answer: taken (with its own reference), or not, now or ever."""

    is_taken: bool
    vendor_reference: str = ""
    code: str = ""
    may_retry: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a message, as the vendor calls back: `receipt_id` is the vendor's own and comes again on a resend."""

    receipt_id: str
    reference: str
    is_delivered: bool
    code: str = ""


RETRIES_MAX = 6
RETRY_FIRST_SECONDS = 30


def retry_after_seconds(attempts: int) -> int | None:
    """How long to wait after the n-th unanswered attempt: 30 s doubling; None when it has been enough."""
    return None if attempts >= RETRIES_MAX else RETRY_FIRST_SECONDS * 2 ** (attempts - 1)
