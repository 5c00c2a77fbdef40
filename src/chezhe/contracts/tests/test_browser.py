"""Contracts, the payout desk and the bank file import in a real Chromium: silent, accessible, and the import as people do it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.models import Contract
from chezhe.contracts.tests.conftest import TODAY, Cast, accepted
from chezhe.customers.tests.filing import WANG
from chezhe.kernel import roles
from chezhe.kernel.actor import Actor
from chezhe.kernel.testing import actor
from chezhe.origination.models import Application
from chezhe.payments.models import BankLine
from chezhe.payments.tests.test_bank_files import csv
from chezhe.ui.tests.browser import Window, WithoutSignIn, browser_marks

pytestmark = browser_marks


class CounterInChromium(WithoutSignIn):
    """One person with every duty of the counter, so that all pages open."""

    folder: Path
    cast: Cast
    signed: Callable[..., str]
    gu: Actor

    @pytest.fixture(autouse=True)
    def _cast(self, cast: Cast, signed: Callable[..., str], tmp_path: Path) -> None:
        self.cast, self.signed, self.folder = cast, signed, tmp_path
        duties = (roles.COLLATERAL_OPS, roles.FUNDING, roles.FINANCE)
        self.gu = actor("顾", *duties, user_id=cast.gao.user_id, branch_id=cast.branch.pk)

    def test_a_contract_is_made_and_voided_and_the_pages_are_silent_and_accessible(self) -> None:
        application = accepted(self.cast)
        with self.window(by=self.gu) as gu:
            _a_contract_is_made_and_voided_with_the_mouse(gu, application)
            number = self.signed(application=application)
            payout = prepare_disbursement(contract_number=number, business_date=TODAY, by=self.cast.fang)
            for name, address in _addresses(number, payout.number).items():
                gu.go(address).judge(name)

    def test_a_statement_is_tried_and_then_imported_without_choosing_it_again(self) -> None:
        statement = self.folder / "流水.csv"
        statement.write_bytes(csv().replace(b"2026-03-1", b"2026-08-1"))
        with self.window(reverse("payments:import"), by=self.gu) as gu:
            gu.page.set_input_files("input[type=file]", statement)
            gu.press("试算（不入账）").sees("确认导入 2 行")
            assert not BankLine.objects.exists()
            gu.judge("preview").press("试算（不入账）").settle().press("确认导入 2 行").arrives("/payments/files/F26-*/")
            assert BankLine.objects.count() == 2
            gu.judge("file")

    def test_the_wrong_rows_of_a_statement_come_back_as_a_file(self) -> None:
        statement = self.folder / "流水.csv"
        statement.write_bytes(csv("2026-08-99,1.00,S3,,,\n"))
        with self.window(reverse("payments:import"), by=self.gu) as gu:
            gu.page.set_input_files("input[type=file]", statement)
            gu.press("试算（不入账）").sees("下载错误行")
            with gu.page.expect_download() as waiting:
                gu.press("下载错误行")
            assert "2026-08-99" in Path(waiting.value.path()).read_text(encoding="utf-8-sig")


def _a_contract_is_made_and_voided_with_the_mouse(gu: Window, application: Application) -> None:
    gu.go(reverse("contracts:prepare", args=[application.number])).press("制作合同").arrives("/contracts/K26-*/")
    assert Contract.objects.get().number in gu.text() and WANG.name not in gu.page.content()
    gu.judge("prepared").press("作废").fill(reason="利率录错").press("确认作废").sees("合同已作废")
    assert Contract.objects.get().status == "void"


def _addresses(number: str, payout: str) -> dict[str, Any]:
    return {
        "contracts": reverse("contracts:contracts"), "contract": reverse("contracts:contract", args=[number]),
        "paper": reverse("contracts:paper", args=[number, "loan_contract"]), "board": reverse("contracts:board"),
        "disbursement": reverse("contracts:disbursement", args=[payout]), "waiting": reverse("contracts:waiting"),
        "register": reverse("contracts:register", args=[number]), "payouts": reverse("payments:payouts"),
        "notices": reverse("payments:notices"), "files": reverse("payments:files"), "lines": reverse("payments:lines"),
        "import": reverse("payments:import"),
    }
