"""Who stands for the debt of another consents on paper before it lasts longer."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from chezhe.contracts.models import ContractParty
from chezhe.customers.models import Customer
from chezhe.customers.tests.filing import SHAN, person
from chezhe.documents.actions.upload_document import upload_document
from chezhe.documents.tests.corpus import image
from chezhe.servicing.actions.request_extension import request_extension
from chezhe.servicing.consents import CONSENT, ConsentMissing
from chezhe.servicing.models import Loan, LoanChange
from chezhe.servicing.tests.deciding import agree, risk
from chezhe.servicing.tests.lending import Bank
from chezhe.servicing.tests.test_doors import at, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def li(bank: Bank) -> Customer:
    return person(SHAN, bank.cast.lin)


def stands_for(loan: Loan, who: Customer, role: str = "guarantor") -> None:
    ContractParty.objects.create(contract=loan.contract, customer=who, role=role)


def extend(bank: Bank, loan: Loan, months: int = 3) -> LoanChange:
    return request_extension(loan_number=loan.number, months=months, annual_rate=None, reason="收入下降", by=bank.fang)


def file_consent(bank: Bank, subject: str) -> None:
    scan = SimpleUploadedFile("同意书.jpg", image(), content_type="image/jpeg")
    upload_document(subject=subject, category_code=CONSENT, upload=scan, by=bank.cast.lin)


@pytest.mark.parametrize("role", ["guarantor", "mortgagor"])
def test_a_guarantor_or_mortgagor_must_have_signed_and_for_each_extension_anew(bank: Bank, loan: Loan, li: Customer, role: str) -> None:
    stands_for(loan, li, role)
    with pytest.raises(ConsentMissing, match=f"{li.masked_name[0]}"):
        extend(bank, loan)
    file_consent(bank, loan.subject)
    agree(extend(bank, loan), bank.cast.gao, risk(bank))
    with pytest.raises(ConsentMissing):
        extend(bank, Loan.objects.get(pk=loan.pk))


def test_it_is_asked_for_again_in_the_deciding_vote(bank: Bank, loan: Loan, li: Customer) -> None:
    asked = agree(extend(bank, loan), bank.cast.gao)
    stands_for(loan, li)
    with pytest.raises(ConsentMissing):
        agree(asked, risk(bank))
    file_consent(bank, loan.contract.subject)
    assert agree(asked, risk(bank)).status == "applied"


def test_who_stands_alone_needs_no_paper(bank: Bank, loan: Loan, li: Customer) -> None:
    stands_for(loan, loan.customer, "mortgagor")
    stands_for(loan, li, "co_borrower")
    assert extend(bank, loan).status == "proposed"


def test_the_page_and_the_program_say_what_is_missing(browser: Any, bank: Bank, loan: Loan, li: Customer) -> None:
    stands_for(loan, li)
    browser.acts_as(bank.fang)
    page = browser.post(at("extension", loan.number), {"months": "3", "annual_rate": "", "reason": "收入下降"})
    assert page.status_code == 422 and "展期同意书" in text_of(page)
    said = browser.api(f"servicing/loans/{loan.number}/extensions", {"months": 3, "reason": "收入下降"})
    assert (said.status_code, said.json()["code"]) == (409, "extension_consent_missing")
    assert not LoanChange.objects.exists()
