"""What the bytes of a signed paper prove, and whose certificates count."""

from __future__ import annotations

import asyncio

import pytest
from django.db import DatabaseError, transaction

from chezhe.contracts.models import Signature
from chezhe.contracts.signing import authority, pdf, proving, queries, rules
from chezhe.contracts.tests.conftest import live
from chezhe.contracts.tests.signing_desk import (
    invited,
    ready,
    signs_by_link,
)
from chezhe.contracts.vendors.timestamp import client as timestamp
from chezhe.documents import vault
from chezhe.documents.models import StoredFile
from chezhe.kernel import clock
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU


def test_a_tampered_paper_fails_wherever_it_was_touched(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    signs_by_link(cast, contract, "borrower")
    live(bank, 6)
    paper = contract.papers.get(kind="loan_contract")
    file = queries.current_files([paper])[paper.pk]
    whole = vault.read(file.key)
    assert proving.judge(paper, whole, file.sha256).holds
    for place in (200, len(paper_bytes := vault.read(paper.file.key)) // 2, len(paper_bytes) + 400, len(whole) - 60):
        touched = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        assert not proving.judge(paper, touched, file.sha256).holds
    for other in (whole + b"\n%%EOF\n", whole[:-40], paper_bytes, b"", b"%PDF-1.7"):
        assert not proving.judge(paper, other, file.sha256).holds


def test_a_signature_of_another_authority_is_worth_nothing(cast, signed, bank, tmp_path, settings) -> None:
    contract = ready(cast, signed)
    document = vault.read(contract.papers.get(kind="loan_contract").file.key)
    settings.VAR = tmp_path
    me = authority.issue(authority.Signer("王二", "C26-000001-0"), at=clock.now())
    signed_elsewhere = pdf.sign(document, me, field="x", reason="签署", at=clock.now(), stamp=timestamp.stamp)
    assert pdf.verify(signed_elsewhere, authority.trusted())[0].is_valid
    settings.VAR = tmp_path / "other"
    assert not pdf.verify(signed_elsewhere, authority.trusted())[0].is_valid


def test_it_signs_by_the_frozen_clock_also_where_a_loop_runs_already(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    document = vault.read(contract.papers.get(kind="mortgage_contract").file.key)

    async def beside_a_loop() -> bytes:
        me = authority.issue(authority.Signer("王二", "C26-000001-0"), at=clock.now())
        return pdf.sign(document, me, field="x", reason="签署", at=clock.now(), stamp=timestamp.stamp)

    made = asyncio.run(beside_a_loop())
    found = pdf.verify(made, authority.trusted())
    assert made.startswith(document) and [(one.is_valid, one.signed_at) for one in found] == [(True, clock.now().replace(microsecond=0))]


def test_production_refuses_the_test_authority(settings, tmp_path) -> None:
    settings.VAR, settings.IS_PRODUCTION = tmp_path, True
    for refused in (lambda: authority.issue(authority.Signer("x", "y"), at=clock.now()), authority.stamping, authority.trusted):
        with pytest.raises(authority.AuthorityRefused):
            refused()
    assert not (tmp_path / "secrets" / "signing").exists()


def test_roots_of_others_are_a_setting(settings, tmp_path) -> None:
    settings.VAR = tmp_path
    own = authority.trusted()[0]
    from cryptography.hazmat.primitives.serialization import Encoding

    (tmp_path / "roots.pem").write_bytes(own.public_bytes(Encoding.PEM))
    settings.VAR, settings.IS_PRODUCTION, settings.SIGNING_ROOTS = tmp_path / "elsewhere", True, str(tmp_path / "roots.pem")
    assert list(authority.trusted()) == [own]
    assert (tmp_path / "secrets" / "signing" / "root.pem").stat().st_mode & 0o077 == 0


def test_what_is_signed_electronically_is_not_printed_again(cast, signed, bank) -> None:
    from chezhe.contracts.actions.reprint_paper import PaperSigned, reprint_paper

    contract = ready(cast, signed)
    signs_by_link(cast, contract, "borrower")
    live(bank, 3)
    with pytest.raises(PaperSigned):
        reprint_paper(contract_number=contract.number, code=contract.papers.get(kind="loan_contract").code, reason="丢失", by=cast.he)


def test_nobody_is_invited_while_the_press_is_at_work(cast, signed, bank) -> None:
    from chezhe.contracts.models import PrintRun
    from chezhe.contracts.printing.steps import PapersNotReady

    contract = ready(cast, signed)
    PrintRun.objects.filter(contract=contract).update(status="asked")
    with pytest.raises(PapersNotReady):
        invited(cast, contract, "borrower")


def test_a_signature_stays_as_it_was_written(cast, signed, bank) -> None:
    contract = ready(cast, signed)
    signs_by_link(cast, contract, "borrower")
    live(bank, 3)
    for change in (lambda: Signature.objects.update(device="x"), lambda: Signature.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_every_kind_of_paper_has_signers_and_every_role_a_place() -> None:
    from chezhe.contracts.models import PAPERS, ROLES

    assert {kind for kind, _label in PAPERS} == set(rules.SIGNED_BY)
    assert {role for role, _label in ROLES} == set(rules.ORDER)
    papers = [rules.Paper(1, "loan_contract"), rules.Paper(2, "mortgage_contract"), rules.Paper(3, "consent_letter", signer=8)]
    parties = [rules.Party(9, "mortgagor", True), rules.Party(8, "guarantor"), rules.Party(7, "borrower")]
    assert rules.required(papers, parties) == [(1, 7), (1, 8), (3, 8), (2, 9)]
    assert rules.waits_for("guarantor", ["mortgagor", "borrower", "spouse", "guarantor"]) == ["borrower", "spouse"]


def test_the_signed_copy_is_handed_out_with_signatures_that_hold(cast, signed, bank, browser) -> None:
    contract = ready(cast, signed)
    page = f"/contracts/{contract.number}/papers/loan_contract/signed/"
    over = f"contracts/contracts/{contract.number}/papers/loan_contract/signed"
    browser.acts_as(cast.he)
    early = browser.get(page)
    assert early.status_code == 302 and "/signatures/" in early["Location"], "nobody has signed it"
    assert "还没有电子签名" in browser.get(early["Location"]).content.decode()
    refused = browser.api(over)
    assert (refused.status_code, refused.json()["code"]) == (409, "paper_unsigned")
    assert "下载签署件" not in browser.get(f"/contracts/{contract.number}/").content.decode()
    signs_by_link(cast, contract, "borrower")
    live(bank, 6)
    assert "下载签署件" in browser.get(f"/contracts/{contract.number}/").content.decode()
    for taken in (browser.get(page), browser.api(over)):
        assert (taken.status_code, taken["Content-Type"]) == (200, "application/pdf")
        found = pdf.verify(taken.content, authority.trusted())
        assert found and all(one.is_valid for one in found)
    assert AuditEntry.objects.filter(verb="documents.open_document").count() == 2, "whoever takes a copy stands in the trail"
    assert browser.acts_as(WU).get(page).status_code == 403 and browser.api(over).status_code == 403


def test_a_copy_whose_signatures_do_not_hold_is_not_handed_out(cast, signed, bank, browser) -> None:
    contract = ready(cast, signed)
    signs_by_link(cast, contract, "borrower")
    live(bank, 6)
    paper = contract.papers.get(kind="loan_contract")
    file = queries.current_files([paper])[paper.pk]
    StoredFile.objects.filter(pk=file.pk).update(sha256="0" * 64)
    refused = browser.acts_as(cast.he).api(f"contracts/contracts/{contract.number}/papers/{paper.code}/signed")
    assert (refused.status_code, refused.json()["code"]) == (409, "signatures_broken")
    gone = browser.get(f"/contracts/{contract.number}/papers/{paper.code}/signed/")
    assert gone.status_code == 302 and "下载签署件" not in browser.get(gone["Location"]).content.decode()
