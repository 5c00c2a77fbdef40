"""One paper of a kind: its words filled with the case's values, its tables, its signatures, ready for the press."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chezhe.contracts.papers import blocks, cost, schedule, words
from chezhe.contracts.papers.facts import BORROWER, GUARANTOR, LIABLE, MORTGAGOR, Car, Case, Consent, Party
from chezhe.contracts.papers.obliged import numeral
from chezhe.contracts.papers.values import flags_of, values_of
from chezhe.contracts.wording import shipped
from chezhe.contracts.wording.rules import Wording, filled
from chezhe.documents.papers.figures import sealed


@dataclass(frozen=True, slots=True)
class Text:
    """The words of a kind and the number of their version; a sheet of figures has none."""

    edition: str
    wording: Wording | None = None


Texts = Callable[[str], Text]
COST_SHEET, SCHEDULE = "cost_disclosure_sheet", "repayment_schedule"
# What stands behind the contract's number on a paper.
_MARKS = {"mortgage_contract": "M", "guarantee_contract": "B", "consent_letter": "T", "gps_notice": "G", "address_confirmation": "D",
          "insurance_undertaking": "I"}
# The borrower's own consents; whoever answers for the debt beside them gives the first two.
CONSENTS = ("credit_query", "personal_info", "sharing", "deduction")
OF_SURETIES = ("credit_query", "personal_info")
WITH_GPS = "sensitive_info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A paper that a case needs: its kind, who signs it (None: everybody), which consent, of which car (None: of the first); `place` tells
    papers of one kind apart."""

    kind: str
    signer: Party | None = None
    consent: Consent | None = None
    place: int = 1
    car: Car | None = None

    @property
    def template(self) -> str:
        """The form it is printed on."""
        return {COST_SHEET: "cost_sheet", SCHEDULE: "schedule"}.get(self.kind, "articles")


def set_of(case: Case) -> tuple[Wanted, ...]:
    """Every paper that a case needs, in the order in which they are signed."""
    guarantors = [party for party in case.parties if party.role == GUARANTOR]
    found = [Wanted(kind=COST_SHEET), *_consents(case), Wanted(kind="loan_contract")]
    found += [Wanted(kind="guarantee_contract", signer=one, place=place) for place, one in enumerate(guarantors, 1)]
    found += [*_of_each_car(case, "mortgage_contract"), Wanted(kind=SCHEDULE)]
    liable = [party for party in case.parties if party.role in LIABLE]
    found += [Wanted(kind="address_confirmation", signer=one, place=place) for place, one in enumerate(liable, 1)]
    if case.gps_wired + case.gps_wireless:
        found.append(Wanted(kind="gps_notice", signer=owner_of(case)))
    if case.is_insured:
        found += _of_each_car(case, "insurance_undertaking")
    return tuple(found)


def _of_each_car(case: Case, kind: str) -> list[Wanted]:
    """Each car is mortgaged by a paper of its own, which goes to the vehicle office with it, and insured by its owner."""
    return [Wanted(kind=kind, signer=replace(car.owner, role=MORTGAGOR), place=place, car=car) for place, car in enumerate(case.cars, 1)]


def owner_of(case: Case) -> Party:
    """Who mortgages the car."""
    return replace(case.car.owner, role=MORTGAGOR)


def _consents(case: Case) -> list[Wanted]:
    """Each consent is a paper of its own (个人信息保护法 §14)."""
    worded = {one.kind: one for one in case.consents}
    asked: list[tuple[Party, str]] = []
    for party in case.parties:
        if party.role not in LIABLE or not party.is_person:
            continue
        with_gps = (WITH_GPS,) if case.gps_wired + case.gps_wireless else ()
        asked += [(party, kind) for kind in ((*CONSENTS, *with_gps) if party.role == BORROWER else OF_SURETIES)]
    rows = [(party, worded[kind]) for party, kind in asked if kind in worded]
    return [Wanted(kind="consent_letter", signer=party, consent=consent, place=place) for place, (party, consent) in enumerate(rows, 1)]


def shipped_text(kind: str) -> Text:
    """The texts of the product itself."""
    return Text(words.EDITION, shipped.wording(kind) if kind in shipped.KINDS else None)


def data_of(case: Case, wanted: Wanted, text: Text | None = None) -> dict[str, Any]:
    """What the press prints, with its verification code. Raises FieldMissing when the words name what the case does not have."""
    if wanted.kind == COST_SHEET:
        return cost.cost_sheet(case)
    if wanted.kind == SCHEDULE:
        return schedule.schedule(case)
    if wanted.car is not None:
        case = replace(case, car=wanted.car, further=())
    text = text or shipped_text(wanted.kind)
    said = text.wording or shipped.wording(wanted.kind)
    signer = wanted.signer or case.borrower
    surety = case.surety_of(signer) if wanted.kind == "guarantee_contract" else None
    before, articles = filled(
        said, values_of(case, signer, surety, wanted.consent), flags_of(case, signer, surety))
    return sealed({
        "title": _title(said, wanted), "number": _number(case, wanted), "made_on": case.made_on.isoformat(), "edition": text.edition,
        "lender": {"name": case.lender.name}, "parties": _parties(case, wanted), "before": before,
        "articles": [
            {"number": numeral(place), "title": article.title, "is_strong": article.is_strong, "clauses": list(article.clauses),
             "block": article.block, "rows": blocks.rows_of(article.block, case, signer, surety, wanted.consent)}
            for place, article in enumerate(articles, 1)
        ],
        **({"schedule": words.schedule_rows(case), "schedule_note": schedule.NOTE} if wanted.kind == "loan_contract" else {}),
        "signatures": _signatures(case, wanted),
    })


def _title(said: Wording, wanted: Wanted) -> str:
    return f"{said.title}（{wanted.consent.label}）" if wanted.consent else said.title


def _number(case: Case, wanted: Wanted) -> str:
    mark = _MARKS.get(wanted.kind, "")
    return f"{case.number}-{mark}{wanted.place if wanted.place > 1 or wanted.consent else ''}" if mark else case.number


_LENDER_AS = {"mortgage_contract": "抵押权人", "guarantee_contract": "债权人"}


def _parties(case: Case, wanted: Wanted) -> list[dict[str, str]]:
    lender = words.lender_row(case, _LENDER_AS.get(wanted.kind, "贷款人"))
    if wanted.kind == "loan_contract":
        return [lender, *(words.party_row(party) for party in case.parties)]
    signer = wanted.signer or case.borrower
    return [lender, words.party_row(signer)] if wanted.kind in _LENDER_AS else [words.party_row(signer)]


def _signatures(case: Case, wanted: Wanted) -> list[dict[str, str]]:
    lender = words.lender_signature(case, _LENDER_AS.get(wanted.kind, "贷款人"))
    if wanted.kind == "loan_contract":
        return [lender, *(words.signature(party) for party in case.parties)]
    signer = words.signature(wanted.signer or case.borrower)
    return [lender, signer] if wanted.kind in _LENDER_AS else [signer]
