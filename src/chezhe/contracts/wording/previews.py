"""What words look like on paper, with cases that nobody signed."""

from __future__ import annotations

from chezhe.contracts import papers
from chezhe.contracts.papers import forms
from chezhe.contracts.papers.facts import GUARANTOR, Case
from chezhe.contracts.papers.forms import Text, Wanted
from chezhe.contracts.papers.samples import samples
from chezhe.contracts.wording.models import TemplateVersion
from chezhe.contracts.wording.rules import FieldMissing, Finding, Wording
from chezhe.documents.papers import press
from chezhe.kernel.errors import NotFound

COUNT = 3


def lacking(kind: str, wording: Wording) -> list[Finding]:
    """The fields that a sample case does not have where the words ask for them: a condition is missing there."""
    found = []
    for number, case in enumerate(samples(), 1):
        try:
            forms.data_of(case, wanted(kind, case), Text("draft", wording))
        except FieldMissing as missing:
            found.append(Finding("field_absent", missing.clause, f"{missing.name} · {number}"))
    return found


def pages(kind: str, wording: Wording, sample: int, edition: str) -> list[bytes]:
    """The pictures of a paper with these words. Raises FieldMissing when the case lacks what they name."""
    case = samples()[sample - 1]
    data = forms.data_of(case, wanted(kind, case), Text(edition, wording))
    return press.pictures_of(papers.template("articles"), data)


def picture(version: TemplateVersion, sample: int, page: int) -> bytes:
    """One page (counted from 1) of one sample paper as a PNG. Raises NotFound (404) for a sample, a page or a field that is not there."""
    if not 1 <= sample <= COUNT:
        raise NotFound(what=sample)
    try:
        found = pages(version.kind, version.wording, sample, version.number)
    except FieldMissing as missing:
        raise NotFound(what=missing.name) from missing
    if not 1 <= page <= len(found):
        raise NotFound(what=page)
    return found[page - 1]


def wanted(kind: str, case: Case) -> Wanted:
    """The paper of a kind that a sample case would get."""
    guarantor = next((party for party in case.parties if party.role == GUARANTOR), case.parties[-1])
    signer = {"guarantee_contract": guarantor, "mortgage_contract": forms.owner_of(case)}.get(kind, case.borrower)
    return Wanted(kind=kind, signer=signer, consent=case.consents[0] if kind == "consent_letter" else None)
