"""借新还旧: a new loan pays off an old one exactly, in one entry; its car goes on to secure the new one; and what is refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from chezhe.compliance.queries import lender
from chezhe.contracts.actions.prepare_disbursement import prepare_disbursement
from chezhe.contracts.actions.record_policy import record_policy
from chezhe.contracts.collateral.insuring import Policy
from chezhe.contracts.errors import ConditionsMissing, PayoutStands
from chezhe.contracts.models import CONTRACT_PREFIX, Contract, Mortgage
from chezhe.customers.tests.filing import OUYANG, person
from chezhe.documents.tests.corpus import image
from chezhe.finmath.ageing import FiveClass
from chezhe.finmath.money import Money
from chezhe.kernel import business_date, numbers, roles, values
from chezhe.kernel.actor import SYSTEM
from chezhe.kernel.errors import NotFound, NotPermitted, WrongState
from chezhe.kernel.testing import WU, moment
from chezhe.ledger import chart
from chezhe.ledger import queries as ledger_queries
from chezhe.origination.models import PREFIX as APPLICATION_PREFIX
from chezhe.origination.models import Application
from chezhe.servicing import queries
from chezhe.servicing.actions.activate_loan import PaidOutDiffers, activate_loan
from chezhe.servicing.actions.fix_refinancing import fix_refinancing
from chezhe.servicing.actions.name_refinancing import name_refinancing
from chezhe.servicing.actions.reverse_repayment import reverse_repayment
from chezhe.servicing.models import Loan
from chezhe.servicing.quality import grading
from chezhe.servicing.refinancing import AnotherNames, NotRefinancing, OtherBorrower, PayoffExceeds
from chezhe.servicing.tests.deciding import someone
from chezhe.servicing.tests.lending import TERMS, Bank, days_pass, lend, pay_instalments, with_plan
from chezhe.servicing.tests.test_doors import at, text_of
from chezhe.servicing.tests.test_life import agrees, journal
from tests.pages.bounds import BOUNDS

pytestmark = pytest.mark.django_db
ON = date(2027, 1, 25)


@pytest.fixture
def old(bank: Bank) -> Loan:
    """AC-11: twelve instalments paid, ten days into the thirteenth line: 72 910.40 settle it."""
    loan = lend(bank)
    pay_instalments(bank, loan, 12)
    days_pass(bank, ON)
    return Loan.objects.get(pk=loan.pk)


def application(bank: Bank, old: Loan, **changes: Any) -> Application:
    today = business_date.current()
    said = {
        "number": numbers.next_number(APPLICATION_PREFIX, today), "status": "accepted", "customer": bank.wang,
        "vehicle": old.contract.vehicle, "product_version": old.product_version, "branch": bank.cast.east, "owner_id": bank.cast.lin.user_id,
        "created_at": moment("2027-01-20 10:00"), "changed_at": moment("2027-01-20 10:00"), "purpose": "consumption",
        "approval_expires_on": date(2027, 3, 1), **changes,
    }
    return Application.objects.create(**said)


def renewal(bank: Bank, old: Loan, fen: int = 15_000_000, on: date = ON) -> Contract:
    """A signed contract on the same car whose application names the old loan."""
    named = name_refinancing(loan_number=old.number, application_number=application(bank, old).number, by=bank.cast.lin)
    terms = with_plan(TERMS, principal_fen=fen, start_date=on)
    made = Contract.objects.create(
        number=numbers.next_number(CONTRACT_PREFIX, ON), status="signed", application=named, customer=bank.wang, vehicle=named.vehicle,
        product_version=named.product_version, account=bank.wang.accounts.get(), branch=bank.cast.east, owner_id=bank.cast.lin.user_id,
        terms={**values.to_json(terms), "observed_months": 12}, principal=Money(fen), annual_rate=terms.plan.annual_rate, periods=36,
        edition="2026", prepared_on=ON, prepared_by_name="何", needs_cost_sheet=False,
    )
    Mortgage.objects.create(contract=made, vehicle=named.vehicle, status="registered", receipt_number="D2", registered_on=ON,
                            follows=old.contract.mortgage)
    insured = Policy(
        insurer="示例财产保险股份有限公司", policy_number="PDAA2027001", beneficiary=lender().name, valid_from=ON, valid_to=date(2030, 2, 1),
        amount=Money(15_000_000))
    evidence = SimpleUploadedFile("保险单.jpg", image(), content_type="image/jpeg")
    record_policy(
        contract_number=made.number, policy=insured, evidence=evidence, business_date=ON, by=someone(bank, "何", roles.COLLATERAL_OPS))
    return made


def paid(contract: Contract, on: date = ON) -> Loan:
    """The bank has paid the rest to the borrower."""
    contract = Contract.objects.get(pk=contract.pk)
    Contract.objects.filter(pk=contract.pk).update(status="effective", effective_on=on)
    return activate_loan(contract_number=contract.number, amount=contract.principal - contract.refinancing.payoff, paid_on=on, by=SYSTEM)


def test_one_entry_begins_the_new_loan_and_pays_off_the_old_one(bank: Bank, old: Loan) -> None:
    contract = renewal(bank, old)
    fixed = fix_refinancing(contract_number=contract.number, by=bank.fang)
    assert (fixed.payoff, fixed.payoff_on) == (Money(7_291_040), ON)
    new = paid(contract)
    assert agrees(old) and agrees(new) and (old.status, old.settled_on) == ("settled", ON)
    assert journal(new) == "2027-01-25 refinancing\n  Dr principal         150,000.00\n  Cr funds in transit  150,000.00"
    assert journal(old).endswith(
        "2027-01-25 refinancing\n"
        "  Dr funds in transit         72,910.40\n"
        "  Cr principal                70,558.46\n"
        "  Cr accrued interest            235.19\n"
        "  Cr early-settlement income   2,116.75"
    )
    assert new.events.get().entry == old.events.get(kind="settled").entry, "one journal"
    sent = sum(ledger_queries.balance(chart.FUNDS_IN_TRANSIT, owner=loan.subject).fen for loan in (old, new))
    assert abs(sent) - 10_000_000 == 15_000_000 - 7_291_040, "the bank pays the rest; the old loan's own payout is the hundred thousand"


def test_the_car_goes_on_and_the_new_loan_is_watched(bank: Bank, old: Loan) -> None:
    contract = renewal(bank, old)
    fix_refinancing(contract_number=contract.number, by=bank.fang)
    new = paid(contract)
    before, after = Mortgage.objects.get(contract=old.contract), Mortgage.objects.get(contract=contract)
    assert (before.status, after.status, after.follows) == ("handed_on", "registered", None)
    assert new.observed_until == date(2028, 1, 25)
    found = grading.quality_of(new, ON)
    assert found is not None and found.asset_class is FiveClass.SPECIAL_MENTION


def test_a_payout_that_fails_touches_nothing_and_another_day_needs_another_figure(bank: Bank, old: Loan) -> None:
    contract = renewal(bank, old)
    before = journal(old)
    fix_refinancing(contract_number=contract.number, by=bank.fang)
    days_pass(bank, date(2027, 1, 26))
    assert agrees(old) and old.status == "active" and journal(old) == before
    with pytest.raises(ConditionsMissing) as missing:
        prepare_disbursement(contract_number=contract.number, business_date=date(2027, 1, 26), by=someone(bank, "付", roles.FUNDING))
    assert missing.value.missing == ("payoff",)
    again = fix_refinancing(contract_number=contract.number, by=bank.fang)
    assert again.payoff == Money(7_291_040 + 2_352), "one more day of 70 558.46 at twelve per cent"


def test_the_bank_may_pay_a_day_later_and_the_old_loan_ends_on_the_day_of_its_figure(bank: Bank, old: Loan) -> None:
    contract = renewal(bank, old)
    fix_refinancing(contract_number=contract.number, by=bank.fang)
    days_pass(bank, date(2027, 1, 26))
    new = paid(contract, date(2027, 1, 26))
    assert agrees(old) and agrees(new) and old.settled_on == ON and new.paid_out_on == date(2027, 1, 26)


def test_taken_back_the_old_loan_runs_again_and_the_sum_is_the_borrowers_cash(bank: Bank, old: Loan) -> None:
    contract = renewal(bank, old)
    fix_refinancing(contract_number=contract.number, by=bank.fang)
    new = paid(contract)
    event = old.events.get(kind="settled")
    reverse_repayment(loan_number=old.number, event_id=event.pk, reason="客户撤销", by=bank.fang)
    assert agrees(old) and agrees(new) and old.status == "active" and old.principal_left == Money(7_055_846)
    assert new.unapplied == Money(7_291_040) and new.principal_left == Money(15_000_000)


def test_what_is_refused(bank: Bank, old: Loan) -> None:
    first = application(bank, old, status="draft")
    for outsider in (bank.cast.mei, WU):
        with pytest.raises((NotFound, NotPermitted)):
            name_refinancing(loan_number=old.number, application_number=first.number, by=outsider)
    contract = renewal(bank, old, 7_291_040)
    with pytest.raises(PayoffExceeds):
        fix_refinancing(contract_number=contract.number, by=bank.fang)
    with pytest.raises(AnotherNames):
        name_refinancing(loan_number=old.number, application_number=first.number, by=bank.cast.lin)
    Application.objects.filter(pk=contract.application_id).update(refinances="")
    with pytest.raises(NotRefinancing):
        fix_refinancing(contract_number=contract.number, by=bank.fang)
    other = application(bank, old, customer=person(OUYANG, bank.cast.lin), status="draft")
    with pytest.raises(OtherBorrower):
        name_refinancing(loan_number=old.number, application_number=other.number, by=bank.cast.lin)
    Loan.objects.filter(pk=old.pk).update(status="written_off")
    with pytest.raises(WrongState):
        name_refinancing(loan_number=old.number, application_number=first.number, by=bank.cast.lin)


def test_the_sum_that_was_paid_must_be_the_rest(bank: Bank, old: Loan) -> None:
    contract = renewal(bank, old)
    fix_refinancing(contract_number=contract.number, by=bank.fang)
    Contract.objects.filter(pk=contract.pk).update(status="effective", effective_on=ON)
    with pytest.raises(PaidOutDiffers):
        activate_loan(contract_number=contract.number, amount=contract.principal, paid_on=ON, by=SYSTEM)
    assert agrees(old) and old.status == "active"
    with pytest.raises(PayoutStands):
        fix_refinancing(contract_number=contract.number, by=bank.fang)


def test_the_page_and_the_api_show_the_entry_before(browser: Any, bank: Bank, old: Loan) -> None:
    page = browser.acts_as(bank.cast.lin).get(at("refinance", old.number))
    assert page.status_code == 200 and "72,910.40" in text_of(page)
    assert browser.post(at("refinance", old.number), {"application": "A99-000001-0"}).status_code == 422
    contract = renewal(bank, old)
    page = text_of(browser.acts_as(bank.fang).get(at("refinance", old.number)))
    assert "77,089.60" in page and "将记的分录" in page and "确认今日结清金额" in page
    assert browser.acts_as(bank.cast.lin).post(at("refinance_fix", old.number)).status_code == 403
    assert browser.acts_as(bank.fang).post(at("refinance_fix", old.number)).status_code == 302
    said = browser.api(f"servicing/loans/{old.number}/refinancing").json()
    assert (said["payoff"], said["net"], said["contract"]) == ("72910.40", "77089.60", contract.number)
    assert browser.api(f"servicing/loans/{old.number}/refinancing/fix", {}).json()["payoff"] == "72910.40"
    assert browser.acts_as(WU).get(at("refinance", old.number)).status_code in (403, 404)
    assert queries.settlement_quote(old, ON).to_pay == Money(7_291_040)


def test_the_application_and_the_loan_show_each_other(browser: Any, bank: Bank, old: Loan) -> None:
    asked = application(bank, old, amount=Money(15_000_000))
    page = reverse("origination:application", args=[asked.number])
    assert "settled-first" not in text_of(browser.acts_as(bank.cast.lin).get(page))
    assert "将由新贷款结清" not in text_of(browser.get(at("loan", old.number)))
    name_refinancing(loan_number=old.number, application_number=asked.number, by=bank.cast.lin)
    panel = at("settled_first") + f"?subject=refinancing:{asked.number}"
    for address in (page, reverse("origination:review", args=[asked.number])):
        assert panel.replace(":A26", "%3AA26").replace(":A27", "%3AA27") in text_of(browser.get(address)), address
    with CaptureQueriesContext(connection) as queried:
        shown = text_of(browser.get(panel))
    assert old.number in shown and "72,910.40" in shown and "77,089.60" in shown and len(queried) <= BOUNDS["servicing:settled_first"]
    for name, address in (("servicing:loan", at("loan", old.number)), ("origination:application", page)):
        with CaptureQueriesContext(connection) as queried:
            seen = text_of(browser.get(address))
        assert len(queried) <= BOUNDS[name], (name, len(queried))
        assert name != "servicing:loan" or (asked.number in seen and "将由新贷款结清" in seen)


def test_who_may_not_see_the_old_loan_reads_no_figure_of_it(browser: Any, bank: Bank, old: Loan) -> None:
    asked = application(bank, old, amount=Money(7_000_000))
    panel = at("settled_first") + f"?subject=refinancing:{asked.number}"
    assert browser.acts_as(bank.cast.lin).get(panel).status_code == 404, "it names no loan"
    name_refinancing(loan_number=old.number, application_number=asked.number, by=bank.cast.lin)
    assert "没有可付给借款人的余额" in text_of(browser.get(panel))
    assert browser.acts_as(WU).get(panel).status_code in (403, 404)
    Loan.objects.filter(pk=old.pk).update(branch=bank.cast.west, owner_id=bank.cast.gao.user_id)
    shown = text_of(browser.acts_as(bank.cast.lin).get(panel))
    assert old.contract.number in shown and "不在您的范围内" in shown and old.number not in shown and "72,910.40" not in shown
