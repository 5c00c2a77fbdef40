"""A character outside the ordinary plane (𠮷), and a rare one inside it (㙓), from the file to the printed contract and back by search."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from django.urls import reverse
from pypdf import PdfReader

from chezhe.contracts.actions.check_disbursement import check_disbursement
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.models import Contract, ContractPaper
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted, live
from chezhe.customers.tests import filing
from chezhe.documents import vault
from chezhe.payments.models import Payout

pytestmark = pytest.mark.django_db
NAME = "𠮷㙓明"


def test_it_is_filed_over_the_api_and_found_by_every_part_of_it(cast: Cast, browser: Any) -> None:
    client = browser.acts_as(cast.lin)
    filed = client.api("customers/persons", {"name": NAME, "id_number": filing.WANG.id_number, "mobile": filing.WANG.mobile})
    assert filed.status_code == 201 and filed.json()["name"] == "𠮷*明"
    for typed in ("𠮷", "㙓", "𠮷㙓", NAME):
        hits = client.api("customers/search", {"text": typed}).json()
        assert [hit["number"] for hit in hits] == [filed.json()["number"]], typed
    assert client.api("customers/search", {"text": "吉"}).json() == []
    page = client.get(reverse("customers:customers"), {"q": NAME}).content.decode()
    assert filed.json()["number"] in page


def test_it_is_printed_in_the_contract_and_paid_under_that_name(cast: Cast, signed: Any, bank: Any, browser: Any) -> None:
    number = signed(application=accepted(cast, who=replace(filing.WANG, name=NAME)))
    paper = ContractPaper.objects.get(kind="loan_contract")
    pages = PdfReader(io.BytesIO(vault.read(paper.file.key))).pages
    assert NAME in re.sub(r"\s", "", "".join(page.extract_text() for page in pages))
    found = browser.acts_as(cast.he).api(f"contracts/contracts/{number}").json()
    assert found["number"] == number and "\ufffd" not in str(found)
    made = prepare_disbursement(contract_number=number, business_date=TODAY, by=cast.fang)
    check_disbursement(disbursement_number=made.number, business_date=TODAY, by=cast.gao)
    live(bank)
    payout = Payout.objects.get()
    assert (payout.payee_name, payout.status, Contract.objects.get().status) == (NAME, "paid", "effective")
    (order,) = bank.simulators["bank"].state.values()
    assert order["payee_name"] == NAME
