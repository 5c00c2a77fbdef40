"""Asking for papers, keeping what the press made of them, and refusing what must wait for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from chezhe.contracts import casework
from chezhe.contracts.costs import steps as cost_steps
from chezhe.contracts.models import Contract, ContractPaper, CostSheet, PrintRun
from chezhe.contracts.papers.forms import COST_SHEET, Texts
from chezhe.contracts.printing import planning
from chezhe.contracts.printing.planning import Planned
from chezhe.contracts.printing.pressing import Pressed
from chezhe.contracts.wording import queries as wording_queries
from chezhe.contracts.wording.rules import FieldMissing
from chezhe.documents import steps as document_steps
from chezhe.documents.papers import press
from chezhe.finmath.money import Money
from chezhe.kernel import clock, jobs, values
from chezhe.kernel.actor import Actor
from chezhe.kernel.errors import BusinessError

JOB = "contracts.print_set"
FAILURE_MAX = 300


class PapersNotReady(BusinessError):
    code = "papers_not_ready"
    sentence = _("合同 %(contract)s 的文本正在制作，通常几秒钟就好，请稍后再试。")


class PapersFailed(BusinessError):
    code = "papers_failed"
    sentence = _("合同 %(contract)s 的文本没有制成：%(why)s 请处理后重新制作。")


class WordsMissing(BusinessError):
    code = "paper_field_missing"
    http_status = 422
    sentence = _("文本模板的条款 %(clause)s 用到“%(field)s”，而本笔没有这一项，请修改模板或补录资料。")


def ask_set(contract: Contract, *, by: Actor) -> PrintRun:
    """Fix what the whole set says, and have it printed. Raises FactMissing, GlyphMissing or WordsMissing (422)."""
    case = casework.case_of(contract)
    try:
        papers = planning.plan(case, text_on(contract))
    except FieldMissing as lacking:
        raise WordsMissing(clause=lacking.clause, field=lacking.name) from lacking
    return _ask(contract, papers, by=by)


def text_on(contract: Contract) -> Texts:
    """The words that each kind of paper has on the day the contract was prepared."""
    return cache(lambda kind: wording_queries.text(kind, contract.prepared_on))


def ask_sheet(contract: Contract, last: CostSheet, *, reason: str, by: Actor) -> PrintRun | None:
    """The next version of the cost sheet; None when it would say what the last one says. Raises FactMissing or GlyphMissing (422)."""
    case = casework.case_of(contract)
    sheet = planning.sheet_of(case, last.version)
    if [values.to_json(item) for item in last.listed] == sheet["items"]:
        return None
    planned = planning.sheet_planned(case, last.version + 1, text_on(contract)(COST_SHEET).edition)
    return _ask(contract, [planned], reason=reason, by=by)


def ask_again(paper: ContractPaper, *, reason: str, by: Actor) -> PrintRun:
    """The same paper with the next print number, from what was kept of it."""
    kept = Planned(
        kind=paper.kind, template=paper.template, place=paper.place, signer=paper.signer_paper, consent=paper.consent_kind,
        edition=paper.edition, print_number=paper.print_number, data=json.loads(paper.data),
    )
    return _ask(paper.contract, [planning.again(kept)], reason=reason, replaces=paper, by=by)


def _ask(
    contract: Contract, papers: Sequence[Planned], *, reason: str = "", replaces: ContractPaper | None = None, by: Actor,
) -> PrintRun:
    if PrintRun.objects.filter(contract=contract, status="asked").exists():
        raise PapersNotReady(contract=contract.number)
    press.require_glyphs(planning.characters(papers))
    run = PrintRun.objects.create(
        contract=contract, papers=json.dumps([values.to_json(one) for one in papers], ensure_ascii=False), count=len(papers),
        reason=reason[:200], replaces=replaces, asked_at=clock.now(), asked_by_name=by.name,
    )
    jobs.enqueue(JOB, run=run.pk)
    return run


def asked_of(run: PrintRun) -> list[Planned]:
    """What a run is to print."""
    return [values.from_json(Planned, one) for one in json.loads(run.papers)]


def require_printed(contract: Contract) -> None:
    """Raises PapersNotReady while papers are being made, PapersFailed (409) when the last ones could not be."""
    last = PrintRun.objects.filter(contract=contract).order_by("-pk").only("status", "failure").first()
    if last is not None and last.status == "asked":
        raise PapersNotReady(contract=contract.number)
    if last is not None and last.status == "failed":
        raise PapersFailed(contract=contract.number, why=last.failure)


def keep(run: PrintRun, printed: Sequence[Pressed], *, by: Actor) -> list[ContractPaper]:
    """Keep printed papers as papers of record; one that is printed again takes the place of the older."""
    contract, kept = run.contract, []
    signers = {casework.paper_number(row.customer): row for row in contract.parties.select_related("customer")}
    for one in printed:
        planned = one.planned
        file = document_steps.store_printed(
            one.pdf, name=f"{planned.data['title']}-{planned.data['number']}.pdf", subject=contract.subject, category=planned.kind,
            branch_id=contract.branch_id, by=by,
        )
        paper = ContractPaper.objects.create(
            contract=contract, kind=planned.kind, file=file, code=planned.data["code"], printed_at=clock.now(), place=planned.place,
            signer=signers.get(planned.signer), signer_paper=planned.signer, consent_kind=planned.consent, edition=planned.edition,
            print_number=planned.print_number, template=planned.template, data=json.dumps(planned.data, ensure_ascii=False),
            pdf_sha256=file.sha256, page_hashes=list(one.page_hashes), replaces=run.replaces,
        )
        if planned.kind == COST_SHEET and planned.sheet is not None:
            _keep_sheet(contract, paper, planned.sheet)
        kept.append(paper)
    if run.replaces is not None:
        void(run.replaces, run.reason)
    return kept


def _keep_sheet(contract: Contract, paper: ContractPaper, sheet: dict[str, Any]) -> None:
    before = CostSheet.objects.filter(contract=contract).select_related("paper").order_by("-version").first()
    rates = {name: None if sheet[name] is None else Decimal(sheet[name]) for name in ("all_in_simple", "all_in_compound")}
    cost_steps.issue(paper, version=sheet["version"], kind=sheet["kind"], items=sheet["items"], cost=Money(sheet["cost"]), **rates)
    if before is not None:
        void(before.paper, "new version")


def void(paper: ContractPaper, reason: str) -> None:
    """A paper no longer counts: another one took its place."""
    paper.voided_at, paper.void_reason = clock.now(), reason[:200]
    paper.save(update_fields=["voided_at", "void_reason"])
