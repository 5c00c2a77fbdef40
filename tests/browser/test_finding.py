"""Finding one's way: one customer by everything people know of him, masked; and lists that leave the house as sheets."""

from __future__ import annotations

from openpyxl import load_workbook

from chezhe.contracts.models import Contract, Disbursement
from chezhe.customers.models import Customer
from chezhe.kernel.models import AuditEntry
from chezhe.leads.models import Lead
from chezhe.ledger.models import JournalEntry
from chezhe.origination.models import Application
from chezhe.payments.models import BankFile, Payout
from chezhe.servicing.models import Loan
from chezhe.ui.tests.browser import Window, browser_marks
from chezhe.vehicles.models import Vehicle
from chezhe.vehicles.tests.filing import USED
from tests.browser.town import Town
from tests.journeys.walk import BORROWER
from tests.security.populated import omnipotent, populate

pytestmark = browser_marks


class Finding(Town):
    def test_what_is_known_finds_what_is_meant_masked_and_lists_leave_as_sheets(self) -> None:
        """One test, because the loan behind it takes its time."""
        populate(self.team, self.bank)
        omnipotent(self.team)
        self.morning()
        self.a_customer_is_found_by_all_that_is_known_of_him_and_seen_in_full_for_a_reason()
        self.everything_that_carries_a_number_is_found_by_it()
        self.what_has_no_hit_says_so_and_offers_to_make_it()
        self.a_list_leaves_as_a_sheet_in_which_numbers_stay_text()

    def a_customer_is_found_by_all_that_is_known_of_him_and_seen_in_full_for_a_reason(self) -> None:
        lin, wang = self.desk("lin"), Customer.objects.get(name=BORROWER.name)
        contract = Contract.objects.get().number
        for known in (BORROWER.name, "wxm", BORROWER.mobile[-4:], USED.plate, USED.vin[-6:], contract, wang.number):
            hits = search(lin, known)
            assert "王*明" in hits or "帕萨特" in hits, (known, hits)
            assert BORROWER.name not in hits and BORROWER.mobile not in hits and USED.vin not in hits
        lin.page.keyboard.press("Enter")
        lin.arrives(f"/customers/{wang.number}/")
        lin.judge("found")
        assert BORROWER.id_number not in lin.page.content()
        lin.page.get_by_role("button", name="查看完整身份证号").click()
        lin.page.fill("#reveal-reason", "核对身份证原件")
        lin.press("查看", within="#reveal").sees(BORROWER.id_number)
        seen = AuditEntry.objects.filter(verb="customers.reveal_field").latest("id")
        assert (seen.actor_name, seen.subject) == ("Lin", wang.subject) and "核对身份证原件" in str((seen.reason, seen.facts))

    def everything_that_carries_a_number_is_found_by_it(self) -> None:
        omni = self.desk("omni")
        for model in (Lead, Customer, Vehicle, Application, Contract, Disbursement, Loan, Payout, BankFile, JournalEntry):
            number = model.objects.latest("id").number
            assert number in search(omni, number), number
            assert omni.page.locator(f"#palette-results a[href*='/{number}/']").count() == 1, number

    def what_has_no_hit_says_so_and_offers_to_make_it(self) -> None:
        lin = self.desk("lin")
        assert "没有找到" in search(lin, "查无此人")
        lin.press("新建个人客户：查无此人", within="#palette").arrives("/customers/new/person/")

    def a_list_leaves_as_a_sheet_in_which_numbers_stay_text(self) -> None:
        cai = self.desk("cai").go("/servicing/loans/?status=active")
        with cai.page.expect_download() as waiting:
            cai.page.locator("a[download]", has_text="Excel").first.click()
        with open(waiting.value.path(), "rb") as file:
            sheet = load_workbook(file).worksheets[0]
        cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
        assert Loan.objects.get().number in [cell.value for cell in cells]
        assert not [cell.value for cell in cells if cell.data_type == "f"], "no formula"
        assert any(isinstance(cell.value, int | float) and float(cell.value) == 60000 for cell in cells), "money is a number"


def search(window: Window, known: str) -> str:
    """Ctrl+K, type, and what the palette says."""
    window.page.keyboard.press("Control+k")
    box = window.page.locator("#palette input[type=search]")
    before = window.page.locator("#palette-results").inner_html()
    box.fill(known)
    window.page.wait_for_function("before => document.querySelector('#palette-results').innerHTML !== before", arg=before)
    return window.settle().text("#palette-results")
