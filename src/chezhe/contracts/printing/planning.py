"""Which papers a contract needs and what they say: values that the worker prints without asking anybody again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from chezhe.contracts.papers import cost, cost_items, forms
from chezhe.contracts.papers.facts import Case
from chezhe.contracts.papers.forms import COST_SHEET, Wanted
from chezhe.documents.papers.figures import sealed
from chezhe.kernel import values


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One paper to be printed. `signer` is the paper number of who signs it (empty: everybody), `sheet` what a cost sheet keeps."""

    kind: str
    template: str
    place: int
    signer: str
    consent: str
    edition: str
    print_number: int
    data: dict[str, Any]
    sheet: dict[str, Any] | None = None


def plan(case: Case, texts: forms.Texts) -> list[Planned]:
    """The whole set of a case. Raises FieldMissing when words name what the case does not have."""
    return [planned(case, wanted, texts) for wanted in forms.set_of(case)]


def planned(case: Case, wanted: Wanted, texts: forms.Texts) -> Planned:
    """One paper of it."""
    text = texts(wanted.kind)
    return Planned(
        kind=wanted.kind, template=wanted.template, place=wanted.place, signer=wanted.signer.paper_number if wanted.signer else "",
        consent=wanted.consent.kind if wanted.consent else "", edition=text.edition, print_number=1,
        data=forms.data_of(case, wanted, text), sheet=sheet_of(case, 1) if wanted.kind == COST_SHEET else None,
    )


def sheet_planned(case: Case, version: int, edition: str) -> Planned:
    """A later version of the cost sheet."""
    return Planned(kind=COST_SHEET, template="cost_sheet", place=1, signer="", consent="", edition=edition, print_number=version,
                   data=cost.cost_sheet(case, version=version), sheet=sheet_of(case, version))


def sheet_of(case: Case, version: int) -> dict[str, Any]:
    """What is kept of a cost sheet as values."""
    rates, totals = case.counted.rates, case.counted.totals
    return {
        "version": version, "kind": "person" if case.borrower.is_person else "company",
        "items": [values.to_json(item) for item in cost_items.items_of(case)],
        "cost": totals.interest_fen + totals.fee_fen + totals.upfront_fee_fen,
        "all_in_simple": None if rates.all_in_simple is None else str(rates.all_in_simple),
        "all_in_compound": None if rates.all_in_compound is None else str(rates.all_in_compound),
    }


def again(one: Planned) -> Planned:
    """The same paper with the next print number: it says so, and so has a code of its own."""
    said = {name: value for name, value in one.data.items() if name != "code"}
    return replace(one, print_number=one.print_number + 1, data=sealed({**said, "print_number": one.print_number + 1}))


def texts_in(value: Any) -> Iterator[str]:
    """Every text that a paper says, for the fonts to be asked about."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)


def characters(all_planned: Iterable[Planned]) -> str:
    """Each character of all papers once."""
    return "".join(sorted({character for one in all_planned for text in texts_in(one.data) for character in text}))
