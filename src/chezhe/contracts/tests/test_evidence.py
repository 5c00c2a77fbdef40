"""A paper is verified by whoever holds it, and everything that proves a contract comes as one archive."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from chezhe.contracts.actions.export_evidence import export_evidence
from chezhe.contracts.actions.void_contract import void_contract
from chezhe.contracts.models import ContractPaper
from chezhe.contracts.printing import pressing
from chezhe.contracts.tests.conftest import Cast
from chezhe.documents import vault
from chezhe.kernel import clock
from chezhe.kernel.errors import NotFound, NotPermitted
from chezhe.kernel.models import AuditEntry
from chezhe.kernel.testing import WU

pytestmark = pytest.mark.django_db
DOOR = "/contracts/verify/"


@pytest.fixture
def paper(signed: Any) -> ContractPaper:
    return ContractPaper.objects.select_related("file").get(contract__number=signed(until="prepared"), kind="loan_contract")


def test_a_stranger_learns_that_a_paper_is_ours_and_nothing_else(paper: ContractPaper) -> None:
    said = Client().get(DOOR, {"code": paper.code.lower()})
    page = said.content.decode()
    assert said.status_code == 200 and "文本有效" in page and pressing.marks(paper.code)[0] in page and "no-store" in said["Cache-Control"]
    assert "王小明" not in page and "60,000" not in page and paper.contract.number not in page
    assert "核验码" in Client().get(DOOR).content.decode()


def test_the_code_on_the_paper_is_the_one_that_the_picture_leads_to(paper: ContractPaper) -> None:
    assert f"{DOOR}?code={paper.code}" in pressing.address_of(paper.code)


def test_the_file_is_compared_byte_by_byte(paper: ContractPaper) -> None:
    pdf = vault.read(paper.file.key)
    for data, words in ((pdf, "逐字节一致"), (pdf + b" ", "不一致")):
        said = Client().post(DOOR, {"code": paper.code, "file": SimpleUploadedFile("合同.pdf", data)})
        assert words in said.content.decode()


def test_a_paper_that_was_replaced_or_whose_contract_is_void_counts_no_more(paper: ContractPaper, cast: Cast) -> None:
    void_contract(contract_number=paper.contract.number, reason="录错", by=cast.he)
    assert "文本已失效" in Client().get(DOOR, {"code": paper.code}).content.decode()


def test_five_wrong_codes_and_it_waits(paper: ContractPaper) -> None:
    stranger = Client()
    assert [stranger.get(DOOR, {"code": f"AAAA-{n}"}).status_code for n in range(5)] == [404] * 5
    assert stranger.get(DOOR, {"code": paper.code}).status_code == 429
    assert stranger.get(DOOR).status_code == 200
    clock.tick(16 * 60)
    assert stranger.get(DOOR, {"code": paper.code}).status_code == 200


def test_the_archive_lists_what_it_holds_with_its_digests(signed: Any, cast: Cast) -> None:
    number = signed()
    pack = export_evidence(contract_number=number, by=cast.he)
    with zipfile.ZipFile(io.BytesIO(pack.data)) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert hashlib.sha256(archive.read("manifest.json")).hexdigest() == pack.digest
        assert {row["name"] for row in manifest["files"]} | {"manifest.json"} == set(archive.namelist())
        assert all(hashlib.sha256(archive.read(row["name"])).hexdigest() == row["sha256"] for row in manifest["files"])
    held = {row["sha256"] for row in manifest["files"]}
    assert {paper["sha256"] for paper in manifest["papers"]} <= held and len(manifest["papers"]) == 10
    confirmed = manifest["cost_sheets"][0]["confirmation"]
    assert confirmed["evidence_sha256"] in held and confirmed["digest"]
    assert [move["verb"] for move in manifest["moves"]][:2] == ["prepare", "confirm_cost_sheet"]
    assert any(row["verb"] == "contracts.sign_contract" for row in manifest["trail"])
    assert AuditEntry.objects.filter(verb="contracts.export_evidence", subject=f"contract:{number}").count() == 1


def test_by_page_and_by_api_only_who_may_and_only_what_they_see(signed: Any, cast: Cast, browser: Any) -> None:
    number = signed()
    with pytest.raises(NotPermitted):
        export_evidence(contract_number=number, by=cast.lin)
    with pytest.raises(NotFound):
        export_evidence(contract_number="K26-999999-9", by=cast.he)
    for who, status in ((cast.he, 200), (cast.fang, 403), (WU, 403)):
        assert browser.acts_as(who).get(reverse("contracts:evidence", args=[number])).status_code == status
        assert browser.api(f"contracts/contracts/{number}/evidence").status_code == status
    assert "导出证据包" in browser.acts_as(cast.he).get(reverse("contracts:contract", args=[number])).content.decode()
