"""The loan pages in a real Chromium: silent, accessible, and money taken with the mouse."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

from django.test import override_settings
from django.urls import reverse

from chezhe.compliance.seeds import parameters
from chezhe.kernel.actor import SYSTEM
from chezhe.servicing.actions.compute_provision import compute_provision
from chezhe.servicing.actions.compute_vat import compute_vat
from chezhe.servicing.actions.post_funding import post_funding
from chezhe.servicing.actions.request_invoice import request_invoice
from chezhe.servicing.actions.run_provision import run_provision
from chezhe.servicing.actions.run_vat import run_vat
from chezhe.servicing.models import Loan
from chezhe.servicing.tax.invoices.requests import Title
from chezhe.servicing.tests.lending import Bank, days_pass, lend, make_bank, pay_instalments
from chezhe.servicing.tests.test_bank_files import imported
from chezhe.servicing.tests.test_life import agrees
from chezhe.ui.tests.browser import Window, WithoutSignIn, browser_marks

DAY = date(2026, 5, 20)
pytestmark = browser_marks


class LoansInChromium(WithoutSignIn):
    def test_the_loan_pages_in_a_real_browser(self) -> None:
        parameters.sow()
        bank = make_bank()
        loan = lend(bank, product="P01")
        pay_instalments(bank, loan, 2)
        days_pass(bank, DAY)
        folder = self.enterContext(tempfile.TemporaryDirectory())
        with override_settings(MEDIA_ROOT=Path(folder)), self.window(by=bank.fang) as fang:
            file = imported(bank, "2026-05-19,50.00,S3,李四,,房租")
            _money_is_taken_and_taken_back_with_the_mouse(fang, loan)
            _the_pages_are_silent_and_accessible(fang, bank, loan, file.number)
        assert agrees(loan)


def _money_is_taken_and_taken_back_with_the_mouse(fang: Window, loan: Loan) -> None:
    fang.go(reverse("servicing:loan", args=[loan.number])).follow("收款")
    fang.fill(amount="4000", reference="HD-9").press("预览")
    fang.page.get_by_role("button", name="确认收款").wait_for()
    fang.judge("repay").press("确认收款").sees("已登记还款 4000.00 元").settle()
    fang.follow("冲正", within="#tab-panel").fill(reason="记错贷款").judge("reverse")
    fang.press("确认冲正").sees("原分录与冲正分录都保留").sees("已冲正", within="#tab-panel")
    fang.judge("events")


def _provided(bank: Bank) -> str:
    run = run_provision(as_of=date(2026, 4, 30), by=bank.fang)
    return compute_provision(provision_number=run.number, by=SYSTEM).number


def _taxed(bank: Bank) -> str:
    run = run_vat(as_of=date(2026, 4, 30), by=bank.fang)
    return compute_vat(vat_number=run.number, by=SYSTEM).number


def _invoiced(bank: Bank, loan: Loan) -> str:
    title = Title(kind="company", name="上海申通汽车销售有限公司", tax_number="91310115MA1TEYT17L")
    return request_invoice(loan_number=loan.number, title=title, lines={(1, "interest"): None}, by=bank.fang).number


def _funded(bank: Bank) -> str:
    return post_funding(as_of=date(2026, 4, 30), by=bank.fang).number


def _the_pages_are_silent_and_accessible(fang: Window, bank: Bank, loan: Loan, file_number: str) -> None:
    run_number, vat_number = _provided(bank), _taxed(bank)
    addresses = {
        "loan": reverse("servicing:loan", args=[loan.number]), "loan-journal": reverse("servicing:loan", args=[loan.number]) + "?tab=journal",
        "loan-track": reverse("servicing:loan", args=[loan.number]) + "?tab=track", "loans": reverse("servicing:loans") + "?bucket=overdue",
        "settlement": reverse("servicing:settlement", args=[loan.number]) + "?on=2026-05-20",
        "sheet": reverse("servicing:settlement_sheet", args=[loan.number]), "prepay": reverse("servicing:prepay", args=[loan.number]),
        "charge": reverse("servicing:charge", args=[loan.number]), "waiver": reverse("servicing:waiver", args=[loan.number]),
        **{name: reverse(f"servicing:{name}", args=[loan.number]) for name in ("due_day", "holiday", "extension", "restructuring", "rate_change",
            "acceleration", "write_off", "deposit", "deposit_use", "deposit_return", "insurance", "subsidy")},
        "refund": reverse("servicing:refund", args=[loan.number]), "changes": reverse("servicing:changes"),
        "loan-changes": reverse("servicing:loan", args=[loan.number]) + "?tab=changes",
        "files": reverse("servicing:files"), "file": reverse("servicing:file", args=[file_number]),
        "match": reverse("servicing:match", args=["S3"]), "day": reverse("servicing:day"), "proof": reverse("servicing:proof") + "?loan_number=",
        "loan-quality": reverse("servicing:loan", args=[loan.number]) + "?tab=quality", "downgrades": reverse("servicing:downgrades"),
        "provisions": reverse("servicing:provisions"), "provision": reverse("servicing:provision", args=[run_number]),
        "provision-lines": reverse("servicing:provision_lines", args=[run_number]),
        "vats": reverse("servicing:vats"), "vat": reverse("servicing:vat", args=[vat_number]),
        "vat-lines": reverse("servicing:vat_lines", args=[vat_number]),
        "invoices": reverse("servicing:invoices"), "request-invoice": reverse("servicing:request_invoice", args=[loan.number]),
        "invoice": reverse("servicing:invoice", args=[_invoiced(bank, loan)]),
        "loan-invoices": reverse("servicing:loan", args=[loan.number]) + "?tab=invoices",
        "fundings": reverse("servicing:fundings"), "funding": reverse("servicing:funding", args=[_funded(bank)]),
        "profit": reverse("servicing:profit"), "loan-profit": reverse("servicing:loan", args=[loan.number]) + "?tab=profit",
        "customer-loans": reverse("customers:customer", args=[bank.wang.number]) + "?tab=loans",
    }
    for name, address in addresses.items():
        fang.go(address).judge(name)
