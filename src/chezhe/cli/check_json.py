"""`chezhe check`: one identifier, judged as typed, answered as JSON."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from chezhe.cli.refusals import in_english
from chezhe.identifiers import bank_card, id_card, phone, plate, uscc, vin
from chezhe.identifiers.findings import Finding, Judgement

ALL_WELL = ("校验通过。", "All checks pass.")


def answer(kind: str, value: str, today: date) -> dict[str, object]:
    """`{"valid","kind","detail","number",…,"errors","warnings"}`; `today` is what a birth may not lie after."""
    found, facts = KINDS[kind](value, today)
    return {
        "valid": found.valid,
        "kind": kind,
        "detail": _detail(found),
        "number": found.number or None,
        **{name: None if fact == "" else fact for name, fact in facts.items()},
        "errors": [_finding(finding) for finding in found.errors],
        "warnings": [_finding(finding) for finding in found.warnings],
    }


def _id(value: str, today: date) -> tuple[Judgement, dict[str, object]]:
    card = id_card.judge(value, today)
    birth_date = card.birth_date.isoformat() if card.birth_date else None
    return card, {"type": card.type, "province": card.province, "birth_date": birth_date, "sex": card.sex}


def _uscc(value: str, today: date) -> tuple[Judgement, dict[str, object]]:
    code = uscc.judge(value)
    return code, {"type": code.type, "province": code.province, "organisation_code": code.organisation_code}


def _vin(value: str, today: date) -> tuple[Judgement, dict[str, object]]:
    found = vin.judge(value)
    return found, {
        "form_ok": found.form_ok,
        "check_digit_ok": found.check_digit_ok,
        "maker_code": found.maker_code,
        "maker": found.maker,
        "country": found.country,
        "model_year": found.model_year(today.year),
    }


def _plate(value: str, today: date) -> tuple[Judgement, dict[str, object]]:
    found = plate.judge(value)
    return found, {"type": found.type, "province": found.province, "energy": found.energy}


def _card(value: str, today: date) -> tuple[Judgement, dict[str, object]]:
    card = bank_card.judge(value)
    return card, {"network": card.network, "issuer_code": card.issuer_code}


def _mobile(value: str, today: date) -> tuple[Judgement, dict[str, object]]:
    mobile = phone.judge(value)
    return mobile, {"type": mobile.type}


KINDS: dict[str, Callable[[str, date], tuple[Judgement, dict[str, object]]]] = {
    "id": _id,
    "uscc": _uscc,
    "vin": _vin,
    "plate": _plate,
    "card": _card,
    "mobile": _mobile,
}


def _detail(found: Judgement) -> str:
    """The sentence to read first: what blocks, else what warns, else that all is well."""
    first = (*found.errors, *found.warnings)[:1]
    return _sentence(first[0]) if first else ALL_WELL[in_english()]


def _finding(finding: Finding) -> dict[str, object]:
    return {"code": finding.code, "message": _sentence(finding)}


def _sentence(finding: Finding) -> str:
    return finding.en if in_english() else finding.zh
