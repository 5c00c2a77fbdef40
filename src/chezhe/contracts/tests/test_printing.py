"""The press in the background: fixed when asked, printed once, numbered when printed again."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from chezhe.contracts import errors
from chezhe.contracts.actions.keep_printed_set import keep_printed_set
from chezhe.contracts.actions.note_printing_failed import note_printing_failed
from chezhe.contracts.actions.prepare_contract import prepare_contract
from chezhe.contracts.actions.remake_papers import PapersMade, remake_papers
from chezhe.contracts.actions.reprint_paper import ContractOver, SheetIsRenewed, reprint_paper
from chezhe.contracts.actions.sign_contract import sign_contract
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.models import Contract, ContractPaper, CostSheet, PrintRun
from chezhe.contracts.papers import forms
from chezhe.contracts.printing import planning, pressing, steps
from chezhe.contracts.tasks.printing import print_set
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, scan
from chezhe.contracts.tests.printing import printed
from chezhe.documents.papers.press import GlyphMissing
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import Invalid, NotFound, NotPermitted
from chezhe.kernel.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(cast: Cast) -> PrintRun:
    prepare_contract(application_number=accepted(cast).number, business_date=TODAY, by=cast.he)
    return PrintRun.objects.get()


def test_what_papers_say_is_fixed_when_they_are_asked_for(asked: PrintRun, cast: Cast) -> None:
    customer = asked.contract.customer
    customer.address = "搬家了"
    customer.save()
    printed(asked.contract.number)
    said = json.loads(ContractPaper.objects.get(kind="loan_contract").data)
    assert "搬家了" not in json.dumps(said, ensure_ascii=False)
    run = PrintRun.objects.get()
    assert (run.status, run.papers) == ("printed", "[]") and run.millis is not None and run.count == ContractPaper.objects.count()
    assert Event.objects.filter(name="contract.papers_printed").exists() and CostSheet.objects.get().paper.kind == forms.COST_SHEET


def test_a_job_that_runs_twice_prints_once(asked: PrintRun) -> None:
    printing = pressing.pressed(steps.asked_of(asked))
    print_set(run=asked.pk)
    count = ContractPaper.objects.count()
    print_set(run=asked.pk)
    keep_printed_set(contract_number=asked.contract.number, run_id=asked.pk, printed=printing, millis=1, by=SYSTEM)
    assert ContractPaper.objects.count() == count
    assert note_printing_failed(contract_number=asked.contract.number, run_id=asked.pk, failure="x", by=SYSTEM).status == "printed"


def test_each_paper_knows_its_signer_its_words_and_its_pages(asked: PrintRun) -> None:
    printed(asked.contract.number)
    borrower = asked.contract.parties.get(role="borrower")
    for paper in ContractPaper.objects.all():
        own = paper.kind in ("consent_letter", "address_confirmation", "mortgage_contract", "insurance_undertaking")
        assert paper.signer == (borrower if own else None), paper.kind
        assert paper.pdf_sha256 == paper.file.sha256 and len(paper.page_hashes) == paper.file.pages and paper.edition
    assert set(ContractPaper.objects.filter(kind="consent_letter").values_list("consent_kind", flat=True)) == set(forms.CONSENTS)


def test_nobody_signs_before_the_papers_are_made(asked: PrintRun, cast: Cast) -> None:
    number = asked.contract.number
    with pytest.raises(steps.PapersNotReady):
        sign_contract(contract_number=number, signers=["x"], signed_on=TODAY, channel="counter", evidence=scan(), business_date=TODAY, by=cast.he)


def test_a_void_contract_gets_no_papers(asked: PrintRun, cast: Cast) -> None:
    void_contract(contract_number=asked.contract.number, reason="录错", by=cast.he)
    printed(asked.contract.number)
    assert PrintRun.objects.get().status == "failed" and not ContractPaper.objects.exists()


def test_a_press_that_fails_says_why_and_is_tried_again(asked: PrintRun, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    number = asked.contract.number

    def broken(_planned: Any) -> Any:
        raise GlyphMissing(text="\U00030000")

    with monkeypatch.context() as patch:
        patch.setattr(pressing, "pressed", broken)
        printed(number)
    run = PrintRun.objects.get()
    assert run.status == "failed" and "\U00030000" in run.failure and Event.objects.filter(name="contract.printing_failed").exists()
    with pytest.raises(steps.PapersFailed):
        sign_contract(contract_number=number, signers=["x"], signed_on=TODAY, channel="counter", evidence=scan(), business_date=TODAY, by=cast.he)
    remake_papers(contract_number=number, by=cast.he)
    with pytest.raises(steps.PapersNotReady):
        remake_papers(contract_number=number, by=cast.he)
    printed(number)
    with pytest.raises(PapersMade):
        remake_papers(contract_number=number, by=cast.he)


def test_a_reprint_counts_and_takes_the_place_of_the_older(asked: PrintRun, cast: Cast) -> None:
    number = printed(asked.contract.number)
    old = ContractPaper.objects.get(kind="loan_contract")
    with pytest.raises(Invalid):
        reprint_paper(contract_number=number, code=old.code, reason=" ", by=cast.he)
    with pytest.raises(NotPermitted):
        reprint_paper(contract_number=number, code=old.code, reason="污损", by=cast.lin)
    with pytest.raises(NotFound):
        reprint_paper(contract_number=number, code="AAAA-AAAA-AAAA-AAAA", reason="污损", by=cast.he)
    with pytest.raises(SheetIsRenewed):
        reprint_paper(contract_number=number, code=forms.COST_SHEET, reason="污损", by=cast.he)
    reprint_paper(contract_number=number, code=old.code, reason="污损", by=cast.he)
    old.refresh_from_db()
    assert old.voided_at is None, "the old one counts until the new one is made"
    printed(number)
    old.refresh_from_db()
    new = ContractPaper.objects.get(kind="loan_contract", print_number=2)
    assert new.replaces == old and old.void_reason == "污损" and new.code != old.code
    assert Event.objects.filter(name="contract.paper_reprinted").exists()
    with pytest.raises(errors.PaperVoid):
        reprint_paper(contract_number=number, code=old.code, reason="再来", by=cast.he)
    void_contract(contract_number=number, reason="录错", by=cast.he)
    with pytest.raises(ContractOver):
        reprint_paper(contract_number=number, code=new.code, reason="再来", by=cast.he)


def test_words_that_name_what_the_case_lacks_are_refused_by_name(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    from dataclasses import replace

    from chezhe.contracts.wording import shipped
    from chezhe.contracts.wording.rules import Use

    said = shipped.wording("loan_contract")
    first = replace(said.articles[0], clauses=(*said.articles[0].clauses, Use(clause="x", version=1, body="参考{{reference_rate}}")))
    text = forms.Text("x-v2", replace(said, articles=(first, *said.articles[1:])))
    monkeypatch.setattr(steps, "text_on", lambda _contract: lambda kind: text if kind == "loan_contract" else forms.shipped_text(kind))
    with pytest.raises(steps.WordsMissing) as refused:
        prepare_contract(application_number=accepted(cast).number, business_date=TODAY, by=cast.he)
    assert refused.value.facts["field"] == "reference_rate" and not Contract.objects.exists() and not PrintRun.objects.exists()


def test_by_page_and_by_api(asked: PrintRun, cast: Cast, browser: Any) -> None:
    number = printed(asked.contract.number)
    browser.acts_as(cast.he)
    paper = ContractPaper.objects.get(kind="mortgage_contract")
    address = reverse("contracts:reprint", args=[number, paper.code])
    assert browser.post(address, {"reason": "", "_once": uuid4().hex}).status_code == 422
    assert browser.post(address, {"reason": "污损", "_once": uuid4().hex}).status_code == 302
    printed(number)
    page = browser.get(reverse("contracts:contract", args=[number])).content.decode()
    assert "已替代" in page and "第 2 次" in page
    loan = ContractPaper.objects.get(kind="loan_contract")
    answer = browser.api(f"contracts/contracts/{number}/papers/{loan.code}/reprint", {"reason": "污损"})
    assert answer.status_code == 202 and answer.json()["papers_status"] == "asked"
    assert browser.api(f"contracts/contracts/{number}/papers", {}).json()["code"] == "papers_made"
    again = browser.post(reverse("contracts:remake", args=[number]), {"_once": uuid4().hex})
    assert again.status_code == 302 and "补打" in browser.get(again.url).content.decode()


def test_the_characters_of_all_papers_are_asked_once(asked: PrintRun) -> None:
    every = planning.characters(steps.asked_of(asked))
    assert len(every) == len(set(every)) > 300
